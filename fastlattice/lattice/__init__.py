"""What a lattice is: one, many, and the periodic graph that a network sees. No file format is known here."""

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.graph import Graph
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.strings import StringColumn

__all__ = ["Graph", "Lattice", "LatticeBatch", "StringColumn"]
