"""Loading the native library: the instruction set in use, asking for one, and what failures say."""

import os
import subprocess
import sys

import pytest
import torch

from fastlattice import _native


def run_with(isa: str, code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FASTLATTICE_ISA": isa}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("isa", _native.available_instruction_sets())
def test_each_available_instruction_set_loads_when_asked_for(isa: str) -> None:
    shown = run_with(isa, "from fastlattice import _native; print(_native.instruction_set(), _native.library()._name)")
    assert shown.stdout.split()[0] == isa, shown.stderr
    assert f"libfastlattice_{isa}.so" in shown.stdout


def test_a_missing_instruction_set_is_refused() -> None:
    shown = run_with("sse9", "from fastlattice import _native; _native.library()")
    assert shown.returncode != 0
    assert "FASTLATTICE_ISA=sse9 is not available here" in shown.stderr


def test_the_library_takes_contiguous_cpu_tensors_only() -> None:
    with pytest.raises(ValueError, match="contiguous CPU tensors"):
        _native.call("fl_instruction_sets", torch.zeros(4, 4).T)
