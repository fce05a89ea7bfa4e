"""radial_mlp beside the Triton kernels: its products are the library's, so the portable implementation serves."""

from __future__ import annotations

from fastlattice.ops.backends.triton import refusal
from fastlattice.ops.dispatch import implements
from fastlattice.ops.radial_mlp.portable import radial_mlp

implements("radial_mlp", "triton", refusal)(radial_mlp)
