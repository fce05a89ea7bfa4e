"""The golden values: forward pass and gradients of the released network of Grega et al. (ICLR 2024) in fp64."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from fastlattice import LatticeMACE
from fastlattice.elasticity import unpack21
from fastlattice.models import StiffnessModel
from tests.support.published import GOLDEN
from tests.support.tolerances import GOLDEN_GRADIENT, GOLDEN_OUTPUT

COMMITTED = {"energy_equiv_gnn_E", "energy_equiv_gnn_F", "cgc_vanilla_E", "nnconv_E"}
NAMES = "ABCDEF"
OTHERS = ("cgc_A_min_none", "cgc_E_max_square", "cgc_E_mean_none", "cgc_E_mean_square", "cgc_vanilla_E", "nnconv_E")
"""Of the networks that the released code compares with."""


@dataclass
class Golden:
    """One file: configuration, parameters, input graph and what the released network made of them."""

    config: dict[str, Any]
    parameters: dict[str, torch.Tensor]
    graph: SimpleNamespace
    stiffness: torch.Tensor
    cotangent: torch.Tensor
    gradients: dict[str, torch.Tensor]
    grad_positions: torch.Tensor
    buffers: list[str]


def load_golden(name: str) -> Golden:
    """Golden file `name`, one of NAMES or OTHERS; those that are not committed are skipped where they are absent."""
    stem = f"energy_equiv_gnn_{name}" if name in NAMES else name
    if stem in COMMITTED:
        path = Path(__file__).parents[1] / "data" / f"{stem}.npz"
    else:
        path = GOLDEN / f"{stem}.npz"
        if not path.exists():
            pytest.skip(f"golden file {name} does not come with the project: this runs where it is {path}")
    with np.load(path, allow_pickle=False) as data:
        arrays = {key: data[key] for key in data.files}

    def group(prefix: str) -> dict[str, torch.Tensor]:
        return {k[len(prefix) :]: torch.as_tensor(v) for k, v in arrays.items() if k.startswith(prefix)}

    graph, out = group("in/"), group("out/")
    stiffness, cotangent = out["stiffness"], out["cotangent"]
    return Golden(
        config=ast.literal_eval(str(arrays["meta/params"])),
        parameters=group("param/"),
        graph=SimpleNamespace(**{**graph, "num_graphs": int(graph["num_graphs"])}),
        stiffness=stiffness if stiffness.ndim == 3 else unpack21(stiffness),
        cotangent=cotangent if cotangent.ndim == 3 else _upper(cotangent),
        gradients=group("grad/"),
        grad_positions=out["grad_positions"],
        buffers=[str(b) for b in arrays.get("meta/buffers", [])],
    )


def _upper(cotangent: torch.Tensor) -> torch.Tensor:
    """[B, 6, 6] of the upper triangle [B, 21]: each of the 21 numbers counts once."""
    rows, columns = torch.triu_indices(6, 6)
    found = cotangent.new_zeros(len(cotangent), 6, 6)
    found[:, rows, columns] = cotangent
    return found


def run_golden(name: str, backend: str = "auto", kind: type[StiffnessModel] = LatticeMACE) -> None:
    """Runs the network of a golden file forward and backward by a backend, and compares everything."""
    golden = load_golden(name)
    model = kind.from_original(golden.parameters, golden.config, backend=backend)
    golden.graph.positions.requires_grad_()
    stiffness = model(golden.graph)["stiffness"]
    (stiffness * golden.cotangent).sum().backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    assert_golden(golden, stiffness, gradients, golden.graph.positions.grad)


def assert_golden(
    golden: Golden,
    stiffness: torch.Tensor,
    gradients: dict[str, torch.Tensor],
    grad_positions: torch.Tensor,
) -> None:
    """Output, every gradient, and the exact zeros of the gradients agree with the golden values."""
    largest = golden.stiffness.abs().max()
    assert (stiffness - golden.stiffness).abs().max() <= GOLDEN_OUTPUT * largest
    largest = max(g.abs().max() for g in golden.gradients.values())
    assert gradients.keys() == golden.gradients.keys()
    for name, expected in golden.gradients.items():
        assert (gradients[name] - expected).abs().max() <= GOLDEN_GRADIENT * largest, name
        # Cubic paths whose symmetric part vanishes have gradients of pure rounding, some of which hit zero by chance:
        # in weights.3 only a whole tensor of zeros means something.
        if not name.endswith("weights.3") or not expected.any():
            assert not gradients[name][expected == 0].any(), f"{name}: exact zeros"
    assert (grad_positions - golden.grad_positions).abs().max() <= GOLDEN_GRADIENT * largest
