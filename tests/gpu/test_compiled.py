"""Compiled ahead of time for sm_80, sm_90 and sm_100: no kernel spills, none computes in tf32."""

import os

import pytest

pytest.importorskip("triton")

from tests.gpu.compiled import CAPABILITIES, Request, reports
from tests.gpu.grid import FULL, REPRESENTATIVE
from tests.gpu.matrix import faults

TOYS = "tests.gpu.toy_kernels"
FP64_STACK = 2048  # bytes of a thread; Triton 3.9 takes up to 1,144


@pytest.fixture
def no_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FASTLATTICE_PROOF_CACHE", str(tmp_path))
    return tmp_path


def test_the_proof_finds_spills_tf32_and_wrong_types(no_cache):
    request = Request(TOYS, {"kernels": ["sound", "spilling", "rounding", "short"]})
    sound, spilling, rounding, short = reports([request], [80])
    assert not sound.error
    assert sound.registers > 0
    assert sound.operations == {"FFMA": 1}
    assert not sound.spills
    assert not sound.tf32
    assert spilling.stack > 0
    assert spilling.loads_local > 0
    assert spilling.stores_local > 0
    assert rounding.tf32
    assert "a launch compiles {'x': '*fp32', 'y': '*fp32', 'n': 'i32'" in short.error
    assert faults([sound]) == []
    spills, tf32, error = faults([sound, spilling, rounding, short])
    assert spills.startswith(f"spilling sm_80: {spilling.stack} bytes of stack")
    assert tf32 == "rounding sm_80: tf32"
    assert error.startswith("short sm_80: ValueError")


def test_reports_are_kept_by_what_they_depend_on(no_cache):
    request = Request(TOYS, {"kernels": ["sound"]})
    first = reports([request], [80, 90])
    assert len(list(no_cache.iterdir())) == 2
    assert reports([request, request], [80, 90]) == first
    assert [report.capability for report in first] == [80, 90]


def check(found):
    """No compiler's error, no tf32; in fp32 no spill, in fp64, which is for verification, little stack."""
    errors = [f"{r.name} sm_{r.capability}: {r.error}" for r in found if r.error]
    assert not errors, "\n".join(errors)
    assert [r.name for r in found if r.tf32] == []
    spills = {
        f"{r.name} sm_{r.capability}: {r.stack} bytes of stack" for r in found if r.spills and "fp64" not in r.name
    }
    assert spills == set()
    assert max((r.stack for r in found), default=0) <= FP64_STACK


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_kernels_of_the_paper_s_network(capability):
    check(reports(REPRESENTATIVE[capability], [capability]))


@pytest.mark.skipif("FASTLATTICE_GPU_PROOFS" not in os.environ, reason="runs in `make gpu-proofs`")
@pytest.mark.parametrize(("op", "dtype"), FULL)
def test_every_kernel(op, dtype):
    check(reports(FULL[op, dtype]))


@pytest.mark.skipif("FASTLATTICE_GPU_PROOFS" not in os.environ, reason="runs in `make gpu-proofs`")
def test_the_tables_of_the_documentation_are_current():
    from bench import gpu_bounds

    text = gpu_bounds.DOCUMENT.read_text(encoding="utf-8")
    assert gpu_bounds.written(text, gpu_bounds.tables()) == text, "run python -m bench.gpu_bounds"
