"""Small networks of the kinds that LatticeMACE is compared with."""

from __future__ import annotations

import torch

from fastlattice import CGC, MCGC, NNConv
from fastlattice.models import StiffnessModel
from tests.support.network import FLOAT

NETWORKS = {
    "CGC mean": (CGC, {}),
    "CGC sum": (CGC, {"interaction_reduction": "sum", "positive": "square"}),
    "CGC min": (CGC, {"interaction_reduction": "min", "global_reduction": "max"}),
    "CGC max": (CGC, {"interaction_reduction": "max", "global_reduction": "min"}),
    "NNConv": (NNConv, {}),
    "NNConv square": (NNConv, {"positive": "square"}),
    "MCGC": (MCGC, {}),
    "MCGC primal": (MCGC, {"graph": "primal"}),
    "MCGC dual": (MCGC, {"graph": "dual", "positive": "square"}),
    "MCGC max": (MCGC, {"interaction_reduction": "max"}),
}
"""Their answer is the material's: no positions among the inputs, and no sum over the nodes of a cell."""


def network(
    kind: type[StiffnessModel], seed: int = 0, dtype: torch.dtype = FLOAT, **settings: object
) -> StiffnessModel:
    """A network of 6 channels and 3 layers with random weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = kind({"hidden_irreps": 6, "message_passes": 3, **settings}).to(dtype)
        for name, parameter in model.named_parameters():  # answers that differ from lattice to lattice
            if name.endswith("weight"):
                parameter.data *= 2
    return model
