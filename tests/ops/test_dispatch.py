"""Choice of the backend: explicit, by the environment, automatic with reasons."""

import pytest
import torch

from fastlattice import ops
from fastlattice.errors import BackendError
from fastlattice.ops import dispatch

OPS = {"edge_sh", "radial_mlp", "edge_conv", "symmetric_contraction", "layer", "readout", "mandel", "network"}
ZERO = torch.zeros(1, 21)


@pytest.fixture
def fake(monkeypatch):
    """A faster backend that only knows mandel, and only in fp32."""
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    table = {op: dict(backends) for op, backends in dispatch._IMPLEMENTATIONS.items()}
    monkeypatch.setattr(dispatch, "_IMPLEMENTATIONS", table)
    monkeypatch.setattr(dispatch, "BACKENDS", ("fake", "torch"))

    def refusal(device, dtype):
        return None if dtype == torch.float32 else "fp32 only"

    dispatch.implements("mandel", "fake", refusal)(lambda coefficients, function: "fake")


def test_every_op_has_a_portable_backend():
    """The torch backend takes whatever nothing faster takes."""
    taken = {choice.op: choice for choice in ops.choices(dtype=torch.bfloat16)}
    assert taken.keys() == OPS
    assert all(choice.backend == "torch" for choice in taken.values())


def test_auto_takes_the_fastest_that_can(fake):
    assert ops.mandel(ZERO, "none") == "fake"
    assert isinstance(ops.mandel(ZERO.double(), "none"), torch.Tensor)


def test_explicit_wins(fake, monkeypatch):
    assert isinstance(ops.mandel(ZERO, "none", backend="torch"), torch.Tensor)
    monkeypatch.setenv("FASTLATTICE_BACKEND", "torch")
    assert isinstance(ops.mandel(ZERO, "none"), torch.Tensor)
    assert ops.mandel(ZERO, "none", backend="fake") == "fake"


def test_nothing_falls_back_silently(fake, monkeypatch):
    with pytest.raises(BackendError, match=r"backend=fake cannot run mandel on cpu in torch.float64: fp32 only"):
        ops.mandel(ZERO.double(), "none", backend="fake")
    with pytest.raises(BackendError, match="backend=cuda does not exist; choose from auto, fake, torch"):
        ops.mandel(ZERO, "none", backend="cuda")
    monkeypatch.setenv("FASTLATTICE_BACKEND", "fake")
    with pytest.raises(BackendError, match=r"FASTLATTICE_BACKEND=fake cannot run edge_sh .* not implemented"):
        ops.edge_sh(torch.zeros(1, 3), torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0, 3), 2)


def test_choices_say_why(fake, monkeypatch):
    taken = {choice.op: choice for choice in ops.choices()}
    assert (taken["mandel"].backend, taken["mandel"].declined) == ("fake", {})
    assert (taken["edge_sh"].backend, taken["edge_sh"].declined) == ("torch", {"fake": "not implemented"})
    double = {choice.op: choice for choice in ops.choices(dtype=torch.float64)}
    assert double["mandel"].declined == {"fake": "fp32 only"}
    monkeypatch.setenv("FASTLATTICE_BACKEND", "torch")
    asked = {choice.op: choice for choice in ops.choices()}
    assert asked["mandel"].declined == {"fake": "FASTLATTICE_BACKEND asks for another"}
