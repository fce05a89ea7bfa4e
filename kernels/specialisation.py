"""What is compiled ahead: a kernel with the types of its arguments and its compile-time constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Specialisation:
    """One compilation of a Triton kernel.

    Every kernel file has `specialisations(...)`, which lists exactly what its launches compile: that list is what the
    proofs compile for devices that are not there, and what `fastlattice.warmup` compiles for one that is.

    Attributes:
        name: the op, the direction and what distinguishes it, for tables: "edge_conv backward l1=2 lmax=4 fp32".
        function: the `triton.jit` function.
        signature: type of each argument that is not constant, in Triton's notation: "*fp32", "*i64", "i64".
        constants: value of each constexpr argument.
        num_warps: warps of a program.
    """

    name: str
    function: Any
    signature: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    num_warps: int = 4
