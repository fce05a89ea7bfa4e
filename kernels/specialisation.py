"""What is compiled ahead: a kernel with the types of its arguments and its compile-time constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OPTIONS = {"enable_fp_fusion": True}
"""What every launch passes, so that no default of Triton's decides it."""


@dataclass(frozen=True)
class Specialisation:
    """One compilation of a Triton kernel.

    Every kernel file has `specialisations(...)`, which lists exactly what its launches compile: that list is what the
    proofs compile for devices that are not there, and what `fastlattice.warmup` compiles for one that is.

    Attributes:
        name: the op, the direction and what distinguishes it, for tables: "edge_conv backward l1=2 lmax=4 fp32".
        function: the `triton.jit` function. Integers among its arguments are annotated and not specialised, so that no
            size of a batch compiles anew.
        signature: type of each argument that is not constant, in Triton's notation: "*fp32", "*i64", "i64".
        constants: value of each constexpr argument.
        num_warps: warps of a program.
    """

    name: str
    function: Any
    signature: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    num_warps: int = 4

    def compile(self) -> Any:
        """Triton's compiled kernel for the current device, from its cache or made now, exactly as a launch does it.

        Pointers count as multiples of 16 bytes, as those of torch's allocator are; for others, a launch compiles anew.
        """
        arguments = {name: _example(kind) for name, kind in self.signature.items()}
        return self.function.warmup(**arguments, **self.constants, grid=(1,), num_warps=self.num_warps, **OPTIONS)


def _example(kind: str) -> Any:
    """An argument of a type in Triton's notation, without memory behind it."""
    import torch
    from triton.runtime.jit import MockTensor

    dtypes = {"fp32": torch.float32, "fp64": torch.float64, "i32": torch.int32, "i64": torch.int64}
    return MockTensor(dtypes[kind[1:]]) if kind.startswith("*") else 3
