"""Data for networks: streams of labelled lattices."""

from fastlattice.data.recipe import Range, Recipe
from fastlattice.data.stream import Drawn, Stream

__all__ = ["Drawn", "Range", "Recipe", "Stream"]
