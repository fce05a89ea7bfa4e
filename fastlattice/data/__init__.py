"""Data for networks: base lattices, what is held out of them, streams and batches of labelled lattices, test sets.

Stands on lattice, topologies, fe, io.
"""

from fastlattice.data.augmentation import augment
from fastlattice.data.bases import Bases, as_bases, bases, collect_bases
from fastlattice.data.batches import Batches, Drawn
from fastlattice.data.classes import net_classes
from fastlattice.data.datasets import LatticeDataset, StreamDataset
from fastlattice.data.random_nets import random_nets
from fastlattice.data.recipe import Range, Recipe
from fastlattice.data.sets import test_set
from fastlattice.data.splits import held_out, sides
from fastlattice.data.stream import Stream

__all__ = [
    "Bases",
    "Batches",
    "Drawn",
    "LatticeDataset",
    "Range",
    "Recipe",
    "Stream",
    "StreamDataset",
    "as_bases",
    "augment",
    "bases",
    "collect_bases",
    "held_out",
    "net_classes",
    "random_nets",
    "sides",
    "test_set",
]
