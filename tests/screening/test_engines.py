import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest
import torch
from scipy import stats

from fastlattice import LatticeBatch, LatticeMACE, homogenise, rcsr_net
from fastlattice.errors import CheckpointError, FastlatticeError
from fastlattice.models import predict
from fastlattice.screening import job_of, open_engine, open_source, parsed, run
from fastlattice.screening.closing import lattices_of, rank_correlation, results_files
from fastlattice.screening.properties import STIFFNESS
from tests.support.network import config

SPEC = "nets:pcu,dia?level=0.05&density=0.001..0.1&count=300&seed=1"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    LatticeMACE(config(lmax=2, channels=4)).save(path)
    return str(path)


def stiffness_of(table: object, suffix: str = "") -> np.ndarray:
    return np.stack([table.column(name + suffix).to_numpy() for name in STIFFNESS], axis=1)  # type: ignore[attr-defined]


def upper(stiffness: torch.Tensor) -> np.ndarray:
    return stiffness.numpy()[(slice(None), *np.triu_indices(6))]


def test_both_numbers_stand_beside_each_other(weights: str, tmp_path: Path) -> None:
    engine, source = open_engine(f"fe+{weights}"), open_source(SPEC)
    job = job_of(source, engine, parsed(both=True), 128)
    run(job, tmp_path)
    table = parquet.read_table(results_files(tmp_path))
    lattices = lattices_of(job.source, np.arange(300))
    exact, predicted = homogenise(lattices).stiffness, predict(LatticeMACE.load(weights), lattices).stiffness
    assert np.array_equal(stiffness_of(table), upper(exact), equal_nan=True)
    np.testing.assert_allclose(stiffness_of(table, "_predicted"), upper(predicted), rtol=0, atol=5e-6)
    apart = (torch.linalg.matrix_norm(predicted - exact) / torch.linalg.matrix_norm(exact)).numpy()
    np.testing.assert_allclose(table.column("disagreement").to_numpy(), apart, rtol=5e-6)
    summary = json.loads((tmp_path / "complete.json").read_text())["comparison"]
    assert summary["worst"]["id"] == int(np.nanargmax(apart))
    both = [table.column(name).to_numpy() for name in ("E_x", "E_x_predicted")]
    known = ~np.isnan(both).any(axis=0)
    assert summary["rank_correlation"]["E_x"] == pytest.approx(stats.spearmanr(*(each[known] for each in both))[0])


def test_the_best_of_a_network_are_certified(weights: str, tmp_path: Path) -> None:
    job = job_of(open_source(SPEC), open_engine(weights), parsed(by="C_11", certify=20), 128)
    run(job, tmp_path)
    table = parquet.read_table(tmp_path / "certified.parquet")
    ids = table.column("id").to_numpy()
    lattices = lattices_of(job.source, np.arange(300))
    predicted, exact = (
        upper(predict(LatticeMACE.load(weights), lattices).stiffness),
        upper(homogenise(lattices).stiffness),
    )
    assert set(ids) == set(np.argsort(-predicted[:, 0])[:20])
    np.testing.assert_allclose(table.column("C_11").to_numpy(), predicted[ids, 0], rtol=5e-6)
    assert (table.column("C_11_fe").to_numpy() == exact[ids, 0]).all()
    assert (np.diff(table.column("C_11_fe").to_numpy()) <= 0).all()


def test_weights_are_part_of_the_job(weights: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    other = tmp_path / "small.safetensors"
    LatticeMACE(config(lmax=2, channels=4)).save(other)
    source = open_source(SPEC)
    one, two = (job_of(source, open_engine(str(each)), parsed()) for each in (weights, other))
    assert one.fingerprint != two.fingerprint


def test_auto_says_what_it_takes_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine("auto", open_source(SPEC))
    assert engine.name == "fe"
    assert "nodes" in engine.choice
    large = LatticeBatch.from_lattices([rcsr_net("dia").supercell((8, 8, 8))])  # 1,024 nodes
    assert open_engine("auto", open_source(large)).name == "hybrid"
    monkeypatch.setattr("fastlattice.screening.engines.pretrained_names", tuple)
    assert "no network comes" in open_engine("auto", open_source(SPEC)).choice


def test_what_there_is_not_is_refused(weights: str) -> None:
    with pytest.raises(CheckpointError, match="nosuch"):
        open_engine("nosuch")
    with pytest.raises(FastlatticeError, match="device"):
        open_engine(weights, device="cuda:77")
    for wrong in ({"top": 5}, {"by": "E_x"}, {"pareto": "E_x"}, {"top": 3, "by": "E_x", "pareto": "rho,E_x"}):
        with pytest.raises(FastlatticeError):
            parsed(**wrong)


def test_rank_correlation_is_spearmans() -> None:
    values = np.random.default_rng(0).integers(0, 9, size=(2, 100)).astype(float)
    assert rank_correlation(*values) == pytest.approx(stats.spearmanr(*values)[0], rel=1e-12)
    assert rank_correlation(np.ones(5), np.arange(5.0)) is None
