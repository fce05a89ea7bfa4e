"""What is compiled ahead: a kernel with the types of its arguments and its compile-time constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import triton

OPTIONS = {"enable_fp_fusion": True}
"""What every launch passes, so that no default of Triton's decides it."""

_SPARING = tuple(map(int, triton.__version__.split(".")[:2])) < (3, 8)


def unspilled() -> dict[str, int]:
    """What launches of some kernels pass besides, on the current device; nothing but on sm_100 with Triton before 3.8.

    The assembler of those rather puts some bytes of a thread on the stack than miss the next number of registers at
    which one more program fits beside the others, unless it is told a limit: here all the registers that there are.
    """
    if not _SPARING or triton.knobs.runtime.interpret:
        return {}
    target = triton.runtime.driver.active.get_current_target()
    return {"maxnreg": 255} if target.backend == "cuda" and target.arch >= 100 else {}


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
        options: what its launches pass besides OPTIONS on the current device.
    """

    name: str
    function: Any
    signature: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    num_warps: int = 4
    options: Callable[[], Mapping[str, int]] = dict

    def compile(self) -> Any:
        """Triton's compiled kernel for the current device, from its cache or made now, exactly as a launch does it.

        Pointers count as multiples of 16 bytes, as those of torch's allocator are; for others, a launch compiles anew.
        """
        arguments = {name: _example(kind) for name, kind in self.signature.items()}
        options = {"num_warps": self.num_warps, **OPTIONS, **self.options()}
        return self.function.warmup(**arguments, **self.constants, grid=(1,), **options)


def _example(kind: str) -> Any:
    """An argument of a type in Triton's notation, without memory behind it."""
    import torch
    from triton.runtime.jit import MockTensor

    dtypes = {"fp32": torch.float32, "fp64": torch.float64, "i32": torch.int32, "i64": torch.int64}
    return MockTensor(dtypes[kind[1:]]) if kind.startswith("*") else 3
