"""What a lattice is: one, many, and the periodic graph that a network sees. No file format is known here.

Stands on no other room; methods that turn labels or write Parquet import elasticity and io when they are called.
"""

import torch
from torch.utils.data._utils.collate import default_collate_fn_map

from fastlattice.lattice.batch import LatticeBatch, collated
from fastlattice.lattice.graph import Graph
from fastlattice.lattice.lattice import Lattice, lattice_from_bytes
from fastlattice.lattice.strings import StringColumn

__all__ = ["Graph", "Lattice", "LatticeBatch", "StringColumn"]

# As torch documents for types of a library's own: default_collate joins them, and torch.load reads them back with
# weights_only, since making them checks what it is given and runs nothing else.
default_collate_fn_map.update({Lattice: collated, LatticeBatch: collated})
torch.serialization.add_safe_globals([Graph, LatticeBatch, StringColumn, lattice_from_bytes])
