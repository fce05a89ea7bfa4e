"""Data for networks: base lattices, and what is held out of them."""

from fastlattice.data.bases import Bases, as_bases, bases, collect_bases
from fastlattice.data.classes import net_classes
from fastlattice.data.splits import held_out, sides

__all__ = ["Bases", "as_bases", "bases", "collect_bases", "held_out", "net_classes", "sides"]
