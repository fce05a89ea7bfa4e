"""A network that learns from exact elements: a loop of one's own from the building blocks of `fastlattice.training`."""

import torch

import fastlattice
from fastlattice.training import Averaged, metrics, relative_frobenius, training_step

torch.manual_seed(0)
bases = [fastlattice.unit_cell(name, 0.02) for name in ("octet", "bcc", "diamond", "kelvin")]
lattices = fastlattice.LatticeBatch.from_lattices(base.perturb(0.03, seed) for base in bases for seed in range(16))
data = lattices.with_columns(target=fastlattice.homogenise(lattices).stiffness)

config = fastlattice.MACEConfig(
    "8x0e+8x1o+8x2e+8x3o+8x4e", "4x0e+4x1o+4x2e+4x3o+4x4e", max_edge_radius=0.1, correlation=2
)
model = fastlattice.LatticeMACE(config, fastlattice.Conventions("C/density"))
optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
averaged = Averaged(model, decay=0.95)
for epoch in range(6):
    total = 0.0
    for rows in torch.randperm(len(data)).split(8):
        step = training_step(model, data[rows], relative_frobenius, optimiser, clip_norm=1.0)
        averaged.update_parameters(model)
        total += float(step.losses.sum())
    print(f"epoch {epoch}: mean relative error {total / len(data):.3f}")
error = metrics(averaged.module.predict(data), data.columns["target"])["L_dir_rel (sqrt gamma)"]
print(f"averaged weights: L_dir_rel (sqrt gamma) {error.mean():.3f}")
averaged.module.save("trained.safetensors")
