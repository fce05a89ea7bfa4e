"""Data for networks: base lattices, what is held out of them, and the sets that networks are compared by."""

from fastlattice.data.bases import Bases, as_bases, bases, collect_bases
from fastlattice.data.classes import net_classes
from fastlattice.data.random_nets import random_nets
from fastlattice.data.sets import test_set
from fastlattice.data.splits import held_out, sides

__all__ = ["Bases", "as_bases", "bases", "collect_bases", "held_out", "net_classes", "random_nets", "sides", "test_set"]
