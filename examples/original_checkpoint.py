"""A Lightning checkpoint of the network of Grega et al. (2024): predictions, and what became of each lattice."""

import sys
from pathlib import Path

import torch

import fastlattice
from fastlattice.models import predict

if len(sys.argv) > 1:
    path = Path(sys.argv[1])
else:  # a stand-in with random weights, laid out as training leaves it
    config = fastlattice.MACEConfig("4x0e+4x1o+4x2e+4x3o+4x4e", "2x0e+2x1o+2x2e+2x3o+2x4e", max_edge_radius=0.03)
    parameters = fastlattice.LatticeMACE(config).state_dict()
    state = {f"model.{name}": value for name, value in parameters.items()}
    path = Path("original.ckpt")
    torch.save({"state_dict": state, "hyper_parameters": {**config.to_dict(), "lr": 1e-3}, "epoch": 3}, path)

# Trained on 10 C / rho, with the radii of catalogues without radii: these are not in the file.
conventions = fastlattice.Conventions("C/density", scale=0.1, radii="both_directions")
model = fastlattice.LatticeMACE.from_original(path, conventions=conventions)
result = predict(model, [fastlattice.unit_cell("octet", 0.02), fastlattice.rcsr_net("srs", 0.02)])
for name, status, stiffness in zip(result.names, result.status.tolist(), result.stiffness, strict=True):
    print(f"{name}: {fastlattice.Status(status).description}, C11 = {stiffness[0, 0]:.2e} E_s")
model.save("network.safetensors")  # with its configuration and conventions
