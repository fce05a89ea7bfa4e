"""What stands in for a GPU where there is none: enough for Triton to compile, nothing to launch on."""

from __future__ import annotations

from triton.backends.compiler import GPUTarget
from triton.runtime import driver


class Target:
    """A driver for a device of some compute capability."""

    def __init__(self, capability: int) -> None:
        self.target = GPUTarget("cuda", capability, 32)

    def get_current_target(self) -> GPUTarget:
        return self.target

    def get_current_device(self) -> int:
        return self.target.arch  # the kernels of every capability are kept apart, as those of devices are

    def get_current_stream(self, device: int) -> int:
        return 0


def compile_for(capability: int) -> None:
    """From now on, Triton compiles for this compute capability (times ten)."""
    driver.set_active(Target(capability))
