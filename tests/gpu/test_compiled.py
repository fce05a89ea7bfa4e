"""Compiled ahead of time for sm_80, sm_90 and sm_100: no kernel spills, none computes in tf32."""

import pytest

pytest.importorskip("triton")

from tests.gpu.compiled import Request, reports

TOYS = "tests.gpu.toy_kernels"


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


def test_reports_are_kept_by_what_they_depend_on(no_cache):
    request = Request(TOYS, {"kernels": ["sound"]})
    first = reports([request], [80, 90])
    assert len(list(no_cache.iterdir())) == 2
    assert reports([request, request], [80, 90]) == first
    assert [report.capability for report in first] == [80, 90]
