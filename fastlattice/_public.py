"""The names of `fastlattice` that need torch; `fastlattice` imports this module when one of them is asked for."""

from fastlattice._warmup import warmup as warmup
from fastlattice.fe import Homogenised as Homogenised
from fastlattice.fe import Status as Status
from fastlattice.fe import homogenise as homogenise
from fastlattice.io.cgd import read_cgd as read_cgd
from fastlattice.io.files import read as read
from fastlattice.io.files import write as write
from fastlattice.io.lat import CatalogueWriter as CatalogueWriter
from fastlattice.io.lat import iter_catalogue as iter_catalogue
from fastlattice.io.lat import read_catalogue as read_catalogue
from fastlattice.io.lat import write_catalogue as write_catalogue
from fastlattice.lattice import Graph as Graph
from fastlattice.lattice import Lattice as Lattice
from fastlattice.lattice import LatticeBatch as LatticeBatch
from fastlattice.lattice import StringColumn as StringColumn
from fastlattice.models.conventions import Conventions as Conventions
from fastlattice.models.mace.config import MACEConfig as MACEConfig
from fastlattice.models.mace.model import LatticeMACE as LatticeMACE
from fastlattice.topologies.cells import unit_cell as unit_cell
from fastlattice.topologies.cells import unit_cell_names as unit_cell_names
from fastlattice.topologies.nets import rcsr_batch as rcsr_batch
from fastlattice.topologies.nets import rcsr_names as rcsr_names
from fastlattice.topologies.nets import rcsr_net as rcsr_net
