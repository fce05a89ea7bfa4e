"""The user's own checks: they pass here, and they notice what is wrong."""

import builtins

import pytest
import torch

from fastlattice import verify
from fastlattice.errors import BackendError
from fastlattice.ops import dispatch
from tests.support.network import network


def test_everything_passes():
    pytest.importorskip("e3nn")
    rows = verify.run_checks(backend="torch")
    assert [row for row in rows if row.passed is not True] == []
    names = " ".join(row.name for row in rows)
    for op in (
        "edge_sh",
        "radial_mlp",
        "edge_conv",
        "symmetric_contraction",
        "layer",
        "readout",
        "network",
        "mandel matrix_exp",
    ):
        assert f"{op}: torch and reference (float32)" in names
    for what in ("whole network and reference", "rotation and reflection", "larger cell", "negative eigenvalues"):
        assert what in names


def test_a_network_of_the_user():
    model = network(lmax=2, dtype=torch.float32, positive_function="none", correlation=1)
    rows = verify.run_checks(model)
    assert all(row.passed in (True, None) for row in rows)
    assert not any("eigenvalues" in row.name for row in rows)
    assert next(model.parameters()).dtype == torch.float32


def test_a_wrong_backend_is_noticed(monkeypatch):
    pytest.importorskip("e3nn")
    table = {op: dict(backends) for op, backends in dispatch._IMPLEMENTATIONS.items()}
    right = table["symmetric_contraction"]["torch"].function
    monkeypatch.delenv("FASTLATTICE_BACKEND", raising=False)
    monkeypatch.setattr(dispatch, "_IMPLEMENTATIONS", table)
    monkeypatch.setattr(dispatch, "BACKENDS", ("wrong", "torch"))
    dispatch.implements("symmetric_contraction", "wrong")(lambda *inputs: right(*inputs) * 1.001)
    rows = {row.name: row for row in verify.run_checks(network(correlation=2))}
    assert rows["symmetric_contraction: wrong and reference (float64)"].passed is False
    assert rows["whole network and reference (float64)"].passed is False
    assert rows["edge_conv: torch and reference (float64)"].passed is True


def test_broken_symmetry_is_noticed(monkeypatch):
    table = {op: dict(backends) for op, backends in dispatch._IMPLEMENTATIONS.items()}
    right = table["edge_sh"]["torch"].function

    def crooked(*inputs):
        sh, length = right(*inputs)
        return sh * torch.linspace(1, 1.01, sh.shape[1], dtype=sh.dtype), length

    monkeypatch.setattr(dispatch, "_IMPLEMENTATIONS", table)
    monkeypatch.setitem(table["edge_sh"], "torch", dispatch.Implementation(crooked, lambda device, dtype: None))
    rows = {row.name: row for row in verify.run_checks(network(correlation=2), backend="torch")}
    assert rows["equivariance under rotation (float64)"].passed is False


def test_not_a_number_fails():
    row = verify.Check("x", verify._difference(torch.tensor([float("nan")]), torch.ones(1)), 1.0)
    assert row.passed is False


def test_without_e3nn(monkeypatch):
    """The other checks still run, and one row says what is missing."""
    import sys

    original = builtins.__import__

    def without(name, *arguments, **keywords):
        if name.split(".")[0] == "e3nn":
            raise ImportError(name)
        return original(name, *arguments, **keywords)

    for name in [name for name in sys.modules if name.startswith(("fastlattice.reference", "e3nn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delattr("fastlattice.reference", raising=False)
    rows = verify.run_checks(network(correlation=1))
    skipped = [row for row in rows if row.passed is None]
    assert len(skipped) == 2
    assert all("fastlattice[reference]" in row.note and row.measured is None for row in skipped)
    assert len(rows) > 6


def test_backend_that_does_not_exist():
    with pytest.raises(BackendError, match="backend=abacus does not exist"):
        verify.run_checks(network(correlation=1), backend="abacus")
