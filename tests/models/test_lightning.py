"""The network under Lightning's own mixed precision: what it computes stays in its own."""

import os
from unittest import mock

import pytest
import torch
from torch.utils.data import DataLoader

import fastlattice
from fastlattice.training import relative_frobenius

with mock.patch.dict(os.environ):  # Lightning sets variables that change what torch says in the tests that follow
    lightning = pytest.importorskip("lightning", reason="lightning is in the extra `test`")

IRREPS = "4x0e+4x1o+4x2e+4x3o+4x4e"


class Module(lightning.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        config = fastlattice.MACEConfig(IRREPS, IRREPS, max_edge_radius=0.1, correlation=2)
        self.model = fastlattice.LatticeMACE(config, fastlattice.Conventions("C/density"))
        self.losses: list[float] = []

    def training_step(self, batch: fastlattice.LatticeBatch, index: int) -> torch.Tensor:
        stiffness = self.model.stiffness(batch)
        with torch.autocast("cpu", enabled=False):
            loss = relative_frobenius(stiffness, batch.columns["target"]).mean()
        self.losses.append(float(loss.detach()))
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=3e-3)


def losses(precision: str) -> list[float]:
    cells = [fastlattice.unit_cell(name, 0.02).perturb(0.03, 0) for name in ("octet", "bcc", "diamond", "kelvin")]
    lattices = fastlattice.LatticeBatch.from_lattices(cells)
    data = lattices.with_columns(target=fastlattice.homogenise(lattices).stiffness)
    quiet = dict.fromkeys(("logger", "enable_progress_bar", "enable_checkpointing", "enable_model_summary"), False)
    module = Module()
    trainer = lightning.Trainer(max_epochs=4, accelerator="cpu", precision=precision, **quiet)
    trainer.fit(module, DataLoader(data, batch_size=2))
    return module.losses


def test_mixed_precision_trains_with_the_same_bits() -> None:
    found, expected = losses("bf16-mixed"), losses("32-true")
    assert len(found) == 8
    assert found[-2:] != found[:2], "it learns"
    assert found == expected
