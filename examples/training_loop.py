"""A network that learns from exact elements: a plain loop of torch over a DataLoader of lattices."""

import torch
from torch.utils.data import DataLoader

import fastlattice

torch.manual_seed(0)
bases = [fastlattice.unit_cell(name, 0.02) for name in ("octet", "bcc", "diamond", "kelvin")]
lattices = fastlattice.LatticeBatch.from_lattices(base.perturb(0.03, seed) for base in bases for seed in range(16))
labels = fastlattice.homogenise(lattices).stiffness / lattices.relative_density[:, None, None]
data = lattices.with_columns(target=labels.float())

config = fastlattice.MACEConfig(
    "8x0e+8x1o+8x2e+8x3o+8x4e", "4x0e+4x1o+4x2e+4x3o+4x4e", max_edge_radius=0.1, correlation=2
)
model = fastlattice.LatticeMACE(config, fastlattice.Conventions("C/density"))
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
for epoch in range(6):
    total = 0.0
    for batch in DataLoader(data, batch_size=8, shuffle=True):  # each a LatticeBatch with its target
        target = batch.columns["target"]
        error = torch.linalg.matrix_norm(model(batch)["stiffness"] - target) / torch.linalg.matrix_norm(target)
        optimiser.zero_grad()
        error.mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        total += float(error.sum().detach())
    print(f"epoch {epoch}: mean relative error {total / len(data):.3f}")
model.save("trained.safetensors")
