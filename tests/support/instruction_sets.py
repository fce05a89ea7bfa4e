"""Instruction sets of this machine that the suite does not run with anyway."""

from fastlattice import _native

OTHERS = [name for name in _native.available_instruction_sets() if name != _native.instruction_set()]
