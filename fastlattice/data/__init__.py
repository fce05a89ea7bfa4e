"""Data for networks: streams of labelled lattices, and what makes batches of them."""

from fastlattice.data.augmentation import augment
from fastlattice.data.batches import Batches, Drawn
from fastlattice.data.datasets import LatticeDataset, StreamDataset
from fastlattice.data.recipe import Range, Recipe
from fastlattice.data.stream import Stream

__all__ = ["Batches", "Drawn", "LatticeDataset", "Range", "Recipe", "Stream", "StreamDataset", "augment"]
