"""The part of `make bench-gpu` that a dry run leaves out, with a device that does nothing and takes 2 ms for it."""

from types import SimpleNamespace

import pytest
import torch

from bench import gpu
from bench.support import gpu_peers, isolated
from fastlattice import LatticeBatch, MACEConfig, unit_cell
from fastlattice.models.mace.config import uniform_irreps


class Event:
    def __init__(self, enable_timing):
        assert enable_timing

    def record(self):
        pass

    def synchronize(self):
        pass

    def elapsed_time(self, end):
        return 2.0


@pytest.fixture
def device(monkeypatch):
    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: SimpleNamespace(L2_cache_size=64))
    return torch.device("cpu")


@pytest.fixture
def peer(monkeypatch):
    """A peer of 1 ms, and what is asked of it."""
    asked = []

    def run(function, *arguments, **limits):
        asked.append((function, arguments))
        if "tensor" in function:
            raise isolated.StoppedError("not finished after 600 s")
        return {"build": 1.0, "quantiles": [[0.001, 0.001, 0.001] for _ in arguments[0]]}

    monkeypatch.setattr(isolated, "run", run)
    return asked


def test_times_are_seconds_and_a_cold_cache_is_overwritten(device):
    clock, calls = gpu.Clock(device, dry=False), []
    clock._flush.fill_(1)
    times = clock.times(lambda: calls.append(clock._flush.any().item()), cold=True)
    assert times == [0.002] * 300
    assert calls[0]  # the warm-up call
    assert not any(calls[1:])
    calls.clear()
    clock._flush.fill_(1)
    assert len(clock.times(lambda: calls.append(clock._flush.any().item()), cold=False)) == 300
    assert all(calls)


def test_rows_hold_quantiles_and_rates(device):
    row = gpu.summary({"lattices": 10}, [0.001, 0.002, 0.003])
    assert row["p50"] == pytest.approx(0.002)
    assert row["lattices_per_second"] == pytest.approx(5000)


def test_wall_clock_calls_are_timed(device):
    assert len(gpu.Clock(device, dry=False).wall(lambda: None)) >= 5


def test_a_peer_that_does_not_finish_is_a_row(peer):
    config = MACEConfig(uniform_irreps(2, 2), uniform_irreps(2, 2), max_edge_radius=0.1, lmax=2)
    batch = LatticeBatch.from_lattices([unit_cell("simple_cubic"), unit_cell("bcc")])
    rows = gpu_peers.measured(config, [1, 2, 4], batch, "cuda", lambda line: None)
    assert peer[0] == ("bench.support.gpu_peers:symmetric_contraction", ([1, 3, 6], 2, 2, 3, "cuda"))
    assert peer[1] == ("bench.support.gpu_peers:tensor_product", ([6, 22, 44], 2, 2, "cuda"))
    assert [row.get("p50") for row in rows] == [0.001] * 3 + [None]
    assert rows[-1]["error"] == "not finished after 600 s"


def test_a_peer_s_quantiles(device):
    measured = gpu_peers._measured(lambda: torch.add, lambda module, n: (torch.ones(n), torch.ones(n)), [1, 2])
    assert measured["quantiles"] == [[0.002] * 3] * 2


def test_out_of_memory_is_a_row(device, monkeypatch):
    def rows_of(model, batch, clock):
        if len(batch) > 1:
            raise torch.OutOfMemoryError
        yield {"op": "mandel", "direction": "forward", "backend": "triton", "cache": "warm", "p50": None}

    monkeypatch.setattr(gpu, "rows_of", rows_of)
    monkeypatch.setattr(gpu, "verification", lambda model, batch: iter(()))
    result = gpu.run(device, [1, 2], True, lambda line: None)
    assert [row.get("error") for row in result["rows"]] == [None, "out of memory"]


def test_nothing_is_timed_when_a_kernel_is_wrong(device, monkeypatch):
    wrong = {"op": "mandel", "backend": "triton", "dtype": "float32", "forward": 1.0, "gradient": 0.0, "passed": False}
    monkeypatch.setattr(gpu, "verification", lambda model, batch: iter([wrong]))
    said = []
    assert "rows" not in gpu.run(device, [1], True, said.append)
    assert said[0].startswith("WRONG  mandel, triton, float32")
