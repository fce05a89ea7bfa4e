"""fastlattice: homogenised elastic stiffness of periodic strut lattices.

Conventions: stiffness is a 6x6 Mandel matrix in the order 11, 22, 33, 23, 13, 12 and in units of the solid's
Young's modulus; rows of a cell are its lattice vectors; struts (i, j, s) are stored once.
"""

from fastlattice._version import __version__
from fastlattice.errors import (
    ArgumentError,
    BackendError,
    CatalogueError,
    CheckpointError,
    ConfigError,
    DesignError,
    ElasticityError,
    FastlatticeError,
    GraphError,
    LatticeError,
    MissingExtraError,
)
from fastlattice.fe import Homogenised, Status, homogenise
from fastlattice.inverse import Constraints, Designs, design
from fastlattice.io.cgd import read_cgd
from fastlattice.io.files import read, write
from fastlattice.io.lat import CatalogueWriter, iter_catalogue, read_catalogue, write_catalogue
from fastlattice.lattice import Graph, Lattice, LatticeBatch, StringColumn
from fastlattice.models.conventions import Conventions
from fastlattice.models.mace.config import MACEConfig
from fastlattice.models.mace.model import LatticeMACE
from fastlattice.models.pretrained import predict, pretrained_names
from fastlattice.topologies.cells import unit_cell, unit_cell_names
from fastlattice.topologies.nets import rcsr_batch, rcsr_names, rcsr_net
from fastlattice.warmup import warmup

__all__ = [
    "ArgumentError",
    "BackendError",
    "CatalogueError",
    "CatalogueWriter",
    "CheckpointError",
    "ConfigError",
    "Constraints",
    "Conventions",
    "DesignError",
    "Designs",
    "ElasticityError",
    "FastlatticeError",
    "Graph",
    "GraphError",
    "Homogenised",
    "Lattice",
    "LatticeBatch",
    "LatticeError",
    "LatticeMACE",
    "MACEConfig",
    "MissingExtraError",
    "Status",
    "StringColumn",
    "__version__",
    "design",
    "homogenise",
    "iter_catalogue",
    "predict",
    "pretrained_names",
    "rcsr_batch",
    "rcsr_names",
    "rcsr_net",
    "read",
    "read_catalogue",
    "read_cgd",
    "unit_cell",
    "unit_cell_names",
    "warmup",
    "write",
    "write_catalogue",
]
