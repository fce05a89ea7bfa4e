"""The network in Lightning: a module of ten lines, fed by a torch DataLoader of lattices (pip install lightning)."""

import lightning
import torch
from torch.utils.data import DataLoader

import fastlattice
from fastlattice.training import relative_frobenius


class Stiffness(lightning.LightningModule):
    """A LatticeMACE with its loss."""

    def __init__(self, config: fastlattice.MACEConfig) -> None:
        super().__init__()
        self.model = fastlattice.LatticeMACE(config, fastlattice.Conventions("C/density"))

    def training_step(self, batch: fastlattice.LatticeBatch, index: int) -> torch.Tensor:
        """Mean loss of a batch."""
        loss = relative_frobenius(self.model.stiffness(batch), batch.columns["target"]).mean()
        self.log("loss", loss, on_step=False, on_epoch=True, batch_size=len(batch))
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW."""
        return torch.optim.AdamW(self.parameters(), lr=3e-3)


lightning.seed_everything(0, verbose=False)
bases = [fastlattice.unit_cell(name, 0.02) for name in ("octet", "bcc", "diamond", "kelvin")]
lattices = fastlattice.LatticeBatch.from_lattices(base.perturb(0.03, seed) for base in bases for seed in range(16))
data = lattices.with_columns(target=fastlattice.homogenise(lattices).stiffness)
irreps = "4x0e+4x1o+4x2e+4x3o+4x4e"
module = Stiffness(fastlattice.MACEConfig(irreps, irreps, max_edge_radius=0.1, correlation=2))
quiet = {"logger": False, "enable_progress_bar": False, "enable_checkpointing": False, "enable_model_summary": False}
trainer = lightning.Trainer(max_epochs=4, accelerator="cpu", gradient_clip_val=1.0, **quiet)
trainer.fit(module, DataLoader(data, batch_size=8, shuffle=True))
print(f"loss {trainer.callback_metrics['loss']:.3f}")
