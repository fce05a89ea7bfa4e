"""`make bench-gpu` works before it meets a GPU: everything but the timing runs on the interpreter."""

import json
import os
import subprocess
import sys

import pytest
import torch

pytest.importorskip("triton")

from tests.gpu.compiled import ROOT
from tests.support.tolerances import OP_FORWARD


def bench(*arguments, **environment):
    command = [sys.executable, "-m", "bench.gpu", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)


def test_dry_run(tmp_path):
    path = tmp_path / "gpu.json"
    finished = bench("--dry-run", "--output", path)
    assert finished.returncode == 0, finished.stdout[-2000:] + finished.stderr[-2000:]
    result = json.loads(path.read_text())
    assert result["dry_run"]
    assert result["environment"]["device"] == "CPU, interpreter"
    assert not result["environment"]["tf32"]
    checked = {(row["op"].split()[0], row["dtype"]) for row in result["verification"] if row["backend"] == "triton"}
    ops = {"edge_sh", "radial_mlp", "edge_conv", "symmetric_contraction", "mandel", "LatticeMACE"}
    assert checked == {(op, dtype) for op in ops for dtype in ("float32", "float64")}
    assert all(row["passed"] for row in result["verification"])
    assert {row["direction"] for row in result["rows"]} == {"forward", "backward", "training", "predict"}
    assert all(row["p50"] is None for row in result["rows"])


def test_a_wrong_kernel_is_found(monkeypatch):
    from fastlattice.ops import dispatch

    gpu_cases = pytest.importorskip("bench.support.gpu_cases")
    inputs = {"coefficients": torch.linspace(-1, 1, 42).view(2, 21), "positive_function": "none"}
    case = gpu_cases.Case("mandel", "mandel", inputs, ("coefficients",))
    right = dispatch._IMPLEMENTATIONS["mandel"]["torch"].function

    def wrong(coefficients, function):
        return right(coefficients, function) * (1 + 10 * OP_FORWARD[torch.float32])

    table = {op: dict(backends) for op, backends in dispatch._IMPLEMENTATIONS.items()}
    monkeypatch.setattr(dispatch, "_IMPLEMENTATIONS", table)
    dispatch.implements("mandel", "native")(right)
    assert gpu_cases.verify_case(case, "native")["passed"]
    dispatch.implements("mandel", "native")(wrong)
    assert not gpu_cases.verify_case(case, "native")["passed"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_what_can_be_done():
    finished = bench()
    assert finished.returncode == 2
    assert "--dry-run runs everything but the timing on the CPU" in finished.stderr
