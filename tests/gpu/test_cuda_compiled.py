"""The CUDA kernels, compiled by nvcc for sm_80, sm_90 and sm_100: none spills; the forward ones take 128 registers."""

import os
import subprocess
import sys
import warnings

import pytest

from tests.gpu.compiled import CAPABILITIES
from tests.gpu.cuda_sources import NVCC, ROOT, contraction_usages

needs_nvcc = pytest.mark.skipif(NVCC is None, reason="needs nvcc: this runs where CUDACXX names it")


def check(usages):
    """In fp32 no kernel spills; in fp64 those that do are named: fp64 is for verification."""
    names = [f"{u.kernel} order {u.order} degrees {u.degrees:b} {u.dtype}: {u.stack} B" for u in usages if u.spills]
    if usages[0].dtype == "fp64":
        if names:
            warnings.warn("registers do not suffice in\n" + "\n".join(names), stacklevel=2)
        return
    assert names == []
    assert max(usage.registers for usage in usages if usage.kernel == "forward") <= 128


@needs_nvcc
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_kernels_of_the_paper_s_network(capability, tmp_path):
    usages = contraction_usages(4, [3], "fp32", capability, tmp_path)
    # Both sets of degrees; the linear terms' l12, and each of the others once or twice.
    assert [u.kernel for u in usages if u.degrees == 0b11111] == [u.kernel for u in usages if u.degrees == 0b10101]
    assert len({u.kernel for u in usages}) == 8
    assert all(u.operations > 100 for u in usages)
    check(usages)


@needs_nvcc
@pytest.mark.skipif("FASTLATTICE_GPU_PROOFS" not in os.environ, reason="runs in `make gpu-proofs`")
@pytest.mark.parametrize("capability", CAPABILITIES)
@pytest.mark.parametrize("dtype", ["fp32", "fp64"])
@pytest.mark.parametrize("lmax", [1, 2, 3, 4])
def test_every_kernel(lmax, dtype, capability, tmp_path):
    check(contraction_usages(lmax, [1, 2, 3], dtype, capability, tmp_path))


def test_a_build_that_lacks_nvcc_says_so(tmp_path):
    """Where the CUDA library is asked for, before anything is compiled."""
    environment = {**os.environ, "FASTLATTICE_CUDA": "1", "CUDACXX": str(tmp_path / "nvcc")}
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", tmp_path, "--build-temp", tmp_path]
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert built.returncode != 0
    assert f"needs nvcc, which is not at {tmp_path}/nvcc" in built.stderr
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
