"""Data for networks: base lattices and what is held out of them, streams of labelled lattices, batches of both."""

from fastlattice.data.augmentation import augment
from fastlattice.data.bases import Bases, as_bases, bases, collect_bases
from fastlattice.data.batches import Batches, Drawn
from fastlattice.data.classes import net_classes
from fastlattice.data.datasets import LatticeDataset, StreamDataset
from fastlattice.data.recipe import Range, Recipe
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
    "sides",
]
