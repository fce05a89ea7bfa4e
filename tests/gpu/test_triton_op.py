"""Where the Triton backend runs, and why not elsewhere; what `import fastlattice` costs."""

import re
import subprocess
import sys

import pytest
import torch

from fastlattice import ops
from fastlattice.cli import main
from fastlattice.errors import BackendError, MissingExtraError
from fastlattice.ops import dispatch
from fastlattice.ops.backends import cuda, triton
from tests.gpu.compiled import ROOT

CPU, CUDA = torch.device("cpu"), torch.device("cuda", 1)


def there_is(monkeypatch, capability):
    """CUDA devices of some compute capability."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)


@pytest.fixture
def installed(monkeypatch):
    """Triton, and a device for it."""
    monkeypatch.setattr(triton, "INSTALLED", True)
    there_is(monkeypatch, (9, 0))


def test_runs_on_any_cuda_device(installed):
    assert triton.refusal(CUDA, torch.float32) is None
    assert triton.refusal(CUDA, torch.float64) is None


def test_runs_on_the_cpu_under_the_interpreter_only(installed, monkeypatch):
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    assert triton.refusal(CPU, torch.float64) is None
    monkeypatch.setenv("TRITON_INTERPRET", "0")
    assert "only under TRITON_INTERPRET=1" in triton.refusal(CPU, torch.float64)
    with pytest.raises(BackendError, match="backend=triton cannot run mandel on cpu"):
        ops.mandel(torch.zeros(1, 21), "none", backend="triton")


def test_declines_other_devices_and_dtypes(installed):
    assert "CUDA devices" in triton.refusal(torch.device("mps"), torch.float32)
    for dtype in (torch.float16, torch.bfloat16):
        assert "float32 and float64" in triton.refusal(CUDA, dtype)


@pytest.mark.parametrize(("capability", "taken"), [((7, 5), "torch"), ((8, 0), "cuda"), ((10, 0), "cuda")])
def test_devices_of_old_are_declined(installed, monkeypatch, capability, taken):
    there_is(monkeypatch, capability)
    monkeypatch.setattr(cuda, "built", lambda: True)
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    choices = {choice.op: choice for choice in ops.choices(CUDA)}
    assert choices["symmetric_contraction"].backend == taken
    assert choices["mandel"].backend == ("torch" if taken == "torch" else "triton")
    if taken == "torch":
        reason = "the GPU kernels need compute capability 8.0; that of cuda:1 is 7.5"
        assert choices["symmetric_contraction"].declined.items() >= {"cuda": reason, "triton": reason}.items()
        assert choices["edge_conv"].declined["triton"] == reason
        with pytest.raises(BackendError, match=re.escape(reason)):
            dispatch.choose("mandel", "triton", CUDA, torch.float32)


def test_without_triton(monkeypatch):
    monkeypatch.setattr(triton, "INSTALLED", False)
    assert "pip install 'fastlattice[gpu]'" in triton.refusal(CUDA, torch.float32)
    with pytest.raises(MissingExtraError, match=r"the Triton kernel of mandel needs .* 'fastlattice\[gpu\]'"):
        triton.kernels("mandel")


def test_a_triton_that_cannot_compile_the_kernels_is_declined(installed, monkeypatch, capsys):
    monkeypatch.setattr(triton, "VERSION", (3, 3, 1))
    monkeypatch.setattr(cuda, "built", lambda: False)
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    reason = "the GPU kernels need Triton 3.4 or newer, as torch 2.8 brings it; 3.3.1 is installed"
    choices = {choice.op: choice for choice in ops.choices(CUDA)}
    assert choices["edge_conv"].backend == "torch"
    assert choices["edge_conv"].declined["triton"] == reason
    with pytest.raises(BackendError, match=re.escape(reason)):
        dispatch.choose("mandel", "triton", CUDA, torch.float32)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (row,) = [line for line in lines if line.startswith("triton")]
    assert row.endswith(f": {reason}")
    assert any(line.startswith("op edge_conv") and f"not triton: {reason}" in line for line in lines)


def test_the_version_is_that_of_the_package():
    installed = pytest.importorskip("triton").__version__
    assert ".".join(map(str, triton.VERSION)) == installed
    oldest = ".".join(map(str, triton.OLDEST))
    assert f'"triton>={oldest};' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_on_a_cuda_device_triton_comes_before_torch(installed):
    taken = {choice.op: choice for choice in ops.choices(CUDA)}
    assert taken["mandel"].backend in ("cuda", "triton")
    if taken["mandel"].backend == "triton":
        assert taken["mandel"].declined["native"] == "the native library runs on the CPU"


def test_importing_the_package_imports_no_triton_and_no_compiler():
    code = "import sys, fastlattice; print([m for m in ('triton', 'torch._dynamo', 'e3nn') if m in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"
