"""The networks that LatticeMACE is compared with are trained by the same loop."""

from pathlib import Path
from typing import Any

import pytest
import torch

from fastlattice import CGC, MCGC, NNConv, read
from fastlattice.models import StiffnessModel
from fastlattice.training.config import TrainingConfig
from fastlattice.training.loop import Training, train
from fastlattice.training.metrics import L_DIR_REL, metrics
from tests.support.training import configuration, same_weights

pytest.importorskip("yaml")
pytest.importorskip("pyarrow")
WIDTH = {"hidden_irreps": 16, "message_passes": 2}


def config(folder: Path, network: str, **settings: Any) -> TrainingConfig:
    model = {"network": network, "settings": {**WIDTH, **settings}}
    entries = configuration(folder, model=model, schedule={"steps": 40}, validation={"every": 20})
    return TrainingConfig.from_mapping(entries)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [(CGC, {}), (CGC, {"positive": "square"}), (NNConv, {}), (MCGC, {}), (MCGC, {"graph": "dual"})],
)
def test_each_learns(kind: type[StiffnessModel], settings: dict[str, Any], tmp_path: Path) -> None:
    run = tmp_path / "run"
    outcome = train(config(tmp_path, kind.__name__, **settings), run, progress=False)
    assert (outcome.reason, outcome.steps) == ("done", 40)
    losses = [float(line.split(",")[3]) for line in (run / "training.csv").read_text().splitlines()[1:]]
    assert losses[-1] < 0.8 * losses[0]
    model, batch = StiffnessModel.load(outcome.weights), read(tmp_path / "validation.parquet")
    assert type(model) is kind
    found = metrics(model.predict(batch), batch.columns["target"])[L_DIR_REL].mean()
    assert float(found) == pytest.approx(outcome.best, rel=1e-4)


def test_a_vanilla_network_takes_the_range_of_its_training_set(tmp_path: Path) -> None:
    """Minima and maxima of C / density over the samples; a resumed run has the same."""
    settings = config(tmp_path, "CGC", form="vanilla")
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    train(settings, whole, progress=False)
    model = CGC.load(whole / "last.safetensors")
    batch = read(tmp_path / "training.parquet")
    trace = (batch.columns["target"] / batch.relative_density[:, None, None]).diagonal(dim1=1, dim2=2).sum(1)
    corners = [0, 6, 11, 15, 18, 20]  # of the diagonal, among the 21 numbers
    assert sum(model.config.maxima[k] for k in corners) >= float(trace.max())  # turned samples: the trace is theirs
    assert sum(model.config.minima[k] for k in corners) <= float(trace.min())

    def stop_after(self: Training, step: Any, original: Any = Training._step) -> bool:
        return original(self, step) or self.progress.step == 7

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Training, "_step", stop_after)
        assert train(settings, stopped, progress=False).reason == "signal"
    torch.manual_seed(99)
    train(settings, stopped, resume=True, progress=False)
    assert same_weights(stopped / "last.safetensors", whole / "last.safetensors")
    assert CGC.load(stopped / "last.safetensors").config == model.config
