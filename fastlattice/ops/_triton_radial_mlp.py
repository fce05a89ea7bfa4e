"""radial_mlp beside the Triton kernels: its products are the library's, so the portable implementation serves."""

from __future__ import annotations

from fastlattice.ops._dispatch import implements
from fastlattice.ops._triton_op import refusal
from fastlattice.ops.radial_mlp import _torch

implements("radial_mlp", "triton", refusal)(_torch)
