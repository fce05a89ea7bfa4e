"""The network in Accelerate, which spreads the loop over devices and processes (pip install accelerate)."""

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch.utils.data import DataLoader

import fastlattice
from fastlattice.training import relative_frobenius

set_seed(0)
bases = [fastlattice.unit_cell(name, 0.02) for name in ("octet", "bcc", "diamond", "kelvin")]
lattices = fastlattice.LatticeBatch.from_lattices(base.perturb(0.03, seed) for base in bases for seed in range(16))
data = lattices.with_columns(target=fastlattice.homogenise(lattices).stiffness)
irreps = "4x0e+4x1o+4x2e+4x3o+4x4e"
config = fastlattice.MACEConfig(irreps, irreps, max_edge_radius=0.1, correlation=2)
model = fastlattice.LatticeMACE(config)
accelerator = Accelerator(cpu=True)
model, optimiser, loader = accelerator.prepare(
    model, torch.optim.AdamW(model.parameters(), lr=3e-3), DataLoader(data, batch_size=8, shuffle=True)
)
for epoch in range(4):
    losses = []
    for batch in loader:
        loss = relative_frobenius(model(batch)["stiffness"], batch.columns["target"]).mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    print(f"epoch {epoch}: mean relative error {sum(losses) / len(losses):.3f}")
