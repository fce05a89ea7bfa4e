"""Bounds by hand, and tables that find their place."""

import pytest

pytest.importorskip("triton")

from bench import gpu_bounds
from bench.gpu_bounds import A100, H100
from bench.support.gpu_work import Work, backward, forward
from tests.gpu.compiled import Report
from tests.gpu.grid import PAPER


@pytest.mark.parametrize(
    ("registers", "num_warps", "warps"),
    [(32, 4, 64), (128, 4, 16), (168, 1, 12), (168, 4, 12), (255, 4, 8), (32, 1, 32)],
)
def test_occupancy(registers, num_warps, warps):
    """As NVIDIA's occupancy calculator has it; programs of one warp meet the limit of 32 programs."""
    report = Report("", 80, registers=registers, num_warps=num_warps)
    assert A100.occupancy(report) == warps
    assert H100.occupancy(report) == warps


def test_shared_memory_limits_occupancy():
    report = Report("", 80, registers=32, num_warps=4, shared=81 * 1024)
    assert A100.occupancy(report) == 8
    assert H100.occupancy(report) == 8


def test_peak_rates_are_those_of_the_data_sheets():
    """19.5 and 67 TFLOP/s, two for each multiply-add."""
    assert 2 * A100.operations == pytest.approx(19.5e12, rel=0.01)
    assert 2 * H100.operations == pytest.approx(67e12, rel=0.01)


def test_a_bound_by_hand():
    found = {("k", 80): Report("k", 80, operations={"FFMA": 90, "FADD": 10})}
    limit = gpu_bounds.bound(Work("", ("k",), lanes=32, bytes=2039), A100, found)
    assert limit.operations == 3200
    assert limit.memory == pytest.approx(1e-9)
    assert limit.compute == pytest.approx(3200 / (108 * 64 * 1.41e9))
    assert limit.seconds == limit.memory


def test_the_work_names_kernels_that_exist():
    """All of the paper's network but those of the geometry's gradient."""
    listed = {one.name for request in PAPER for one in request.specialisations()}
    named = {name for work in (*forward(), *backward()) for name in work.kernels}
    assert named <= listed
    left = {name for name in listed - named if not name.startswith("sum_rows")}
    assert all("with sh" in name or name.startswith("edge_sh backward") for name in left), left


def test_tables_are_written_between_their_marks():
    begin = gpu_bounds.BEGIN.format(name="kernels")
    text = f"before\n{begin}\nold\n{gpu_bounds.END}\nafter"
    assert gpu_bounds.written(text, {"kernels": "new"}) == f"before\n{begin}\nnew\n{gpu_bounds.END}\nafter"
