"""The networks of Grega et al. (2024) side by side: what a rotated lattice's answer is, and what it should be."""

import math

import torch

import fastlattice
from fastlattice.elasticity import rotate

torch.manual_seed(0)
width = {"hidden_irreps": 32, "message_passes": 2}
networks = [  # untrained: how they answer to a rotation is in their structure
    fastlattice.CGC({**width, "positive": "square"}),
    fastlattice.NNConv({**width, "positive": "square"}),
    fastlattice.MCGC({**width, "positive": "square"}),
    fastlattice.LatticeMACE(
        fastlattice.MACEConfig("8x0e+8x1o+8x2e+8x3o+8x4e", "4x0e+4x1o+4x2e+4x3o+4x4e", max_edge_radius=0.1)
    ),
]
lattices = [fastlattice.rcsr_net(name, 0.02) for name in ("srs", "dia", "pcu", "nbo")]
cosine, sine = math.cos(0.7), math.sin(0.7)
turn = torch.tensor([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]], dtype=torch.float64)
for network in networks:
    expected = rotate(network.predict(lattices).double(), turn, notation="mandel")
    found = network.predict([lattice.rotate(turn.numpy()) for lattice in lattices]).double()
    error = float((found - expected).norm() / expected.norm())
    parameters = sum(parameter.numel() for parameter in network.parameters())
    print(f"{type(network).__name__:11s} {parameters:7,d} parameters, equivariance error {error:.0e}")
