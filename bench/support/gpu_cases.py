"""What `bench.gpu` runs: each op with inputs of the sizes that a network gives it, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch

from fastlattice import LatticeBatch, LatticeMACE, MACEConfig, ops
from fastlattice.models.inputs import Inputs, inputs_of
from fastlattice.ops import constants
from tests.support.tolerances import MODEL_FORWARD, MODEL_GRADIENT, OP_FORWARD, OP_GRADIENT, difference


@dataclass(frozen=True)
class Case:
    """An op with its arguments.

    Attributes:
        name: the op and what distinguishes the case.
        stem: name of the op in `fastlattice.ops`.
        inputs: arguments by name; a tensor, a list of tensors, or anything else.
        leaves: names of those that get gradients.
    """

    name: str
    stem: str
    inputs: dict[str, Any]
    leaves: tuple[str, ...]

    def forward(self, backend: str) -> tuple[torch.Tensor, ...]:
        """What the op returns."""
        out = getattr(ops, self.stem)(**self.inputs, backend=backend)
        return (out,) if isinstance(out, torch.Tensor) else out

    def differentiable(self) -> tuple[Case, list[torch.Tensor]]:
        """The same with leaves that require gradients, and those leaves."""
        inputs, flat = dict(self.inputs), []
        for name in self.leaves:
            value = self.inputs[name]
            tensors = [t.detach().requires_grad_() for t in (value if isinstance(value, list) else [value])]
            inputs[name] = tensors if isinstance(value, list) else tensors[0]
            flat += tensors
        return replace(self, inputs=inputs), flat

    def double(self) -> Case:
        """The same in fp64."""

        def convert(value: Any) -> Any:
            if isinstance(value, list):
                return [convert(v) for v in value]
            return value.double() if isinstance(value, torch.Tensor) and value.is_floating_point() else value

        return replace(self, inputs={name: convert(value) for name, value in self.inputs.items()})

    def backward(self, backend: str) -> Callable[[], tuple[torch.Tensor, ...]]:
        """A call that runs the backward pass alone: gradients of all leaves for cotangents of one kind."""
        case, leaves = self.differentiable()
        outputs = case.forward(backend)
        cotangents = [torch.linspace(-1, 1, out.numel(), device=out.device).to(out).view_as(out) for out in outputs]
        return lambda: torch.autograd.grad(outputs, leaves, cotangents, retain_graph=True)


def cases(batch: LatticeBatch, config: MACEConfig, like: torch.Tensor) -> Iterator[Case]:
    """Every op that a network of this configuration runs on a batch, in the dtype and on the device of `like`."""
    generator = torch.Generator(like.device).manual_seed(0)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=like.dtype, device=like.device)

    graph = inputs_of(batch, like)
    lmax, channels, width = config.lmax, config.channels, config.inter_MLP_dim
    nodes, components, bases = len(graph.positions), (lmax + 1) ** 2, 2 * config.num_edge_bases
    inputs = {"positions": graph.positions, "edge_index": graph.edge_index, "shifts": graph.shifts, "lmax": lmax}
    yield Case("edge_sh", "edge_sh", {**inputs, "reverse": graph.reverse}, ("positions", "shifts"))
    sh, length = (t.detach() for t in ops.edge_sh(graph.positions, graph.edge_index, graph.shifts, lmax))
    length, radius = length[graph.first_edge], graph.radius[graph.first_edge]

    sizes = [bases] + [width] * (config.inter_MLP_layers - 1)
    weights = [normal(m, n) / n**0.5 for n, m in pairwise(sizes)]
    inputs = {"length": length, "radius": radius, "weights": weights, "biases": [normal(width) for _ in weights]}
    inputs |= {"max_length": config.max_edge_length, "max_radius": config.max_edge_radius}
    yield Case("radial_mlp", "radial_mlp", inputs, ("length", "radius", "weights", "biases"))

    for l_in in (0, lmax):
        paths = len(constants.edge_paths(l_in, lmax))
        inputs = {
            "features": normal(nodes, (l_in + 1) ** 2, channels),
            "sh": sh,
            "hidden": normal(len(length), width),
            "weight": normal(paths * channels, width) / width**0.5,
            "linear_weight": normal(paths * channels * channels),
            "linear_bias": normal(channels),
        }
        graph_inputs = {"edge_index": graph.edge_index, "agg_norm": config.agg_norm_const, "strut": graph.strut}
        yield Case(f"edge_conv from degree {l_in}", "edge_conv", {**inputs, **graph_inputs}, tuple(inputs))

    folded = sum(constants.folded_counts(lmax, config.correlation))
    inputs = {"features": normal(nodes, components, channels), "weights": normal(folded, channels) / folded**0.5}
    for degrees in (range(lmax + 1), range(0, lmax + 1, 2)):
        name = f"symmetric_contraction to {', '.join(map(str, degrees))}"
        order = {"correlation": config.correlation, "output_degrees": list(degrees)}
        yield Case(name, "symmetric_contraction", {**inputs, **order}, ("features", "weights"))

    inputs = {"coefficients": normal(graph.num_graphs, 21) / 4, "positive_function": config.positive_function}
    yield Case("mandel", "mandel", inputs, ("coefficients",))


def verify_case(case: Case, backend: str) -> dict[str, Any]:
    """Largest differences of a backend from plain torch in fp64, of results and of gradients, and what they may be."""
    dtype = next(t.dtype for t in case.inputs.values() if isinstance(t, torch.Tensor) and t.is_floating_point())
    row: dict[str, Any] = {"op": case.name, "backend": backend, "dtype": str(dtype).removeprefix("torch.")}
    exact = case.double()
    row["forward"] = _worst(case.forward(backend), exact.forward("torch"))
    row["gradient"] = _worst(case.backward(backend)(), exact.backward("torch")())
    row["passed"] = row["forward"] <= OP_FORWARD[dtype] and row["gradient"] <= OP_GRADIENT[dtype]
    return row


def verify_network(model: LatticeMACE, batch: LatticeBatch, backend: str) -> dict[str, Any]:
    """The same for the whole network: stiffness, and the gradients of its parameters."""
    weight = model.node_ft_embedding.weight
    row: dict[str, Any] = {"op": "LatticeMACE", "backend": backend}
    row["dtype"] = str(weight.dtype).removeprefix("torch.")
    found, gradients = _network(model, inputs_of(batch, weight), backend)
    exact = LatticeMACE(model.config).to(weight.device, torch.float64)
    exact.load_state_dict({name: value.double() for name, value in model.state_dict().items()})
    expected, exact_slopes = _network(exact, inputs_of(batch, exact.node_ft_embedding.weight), "torch")
    row["forward"] = difference(found.double(), expected)
    # Gradients of rounding only, which vanish in exact arithmetic, are measured by the largest of all.
    flat, exact_flat = (torch.cat([s.flatten() for s in side]) for side in (gradients, exact_slopes))
    row["gradient"] = difference(flat.double(), exact_flat)
    row["passed"] = row["forward"] <= MODEL_FORWARD[weight.dtype] and row["gradient"] <= MODEL_GRADIENT[weight.dtype]
    return row


def _network(model: LatticeMACE, graph: Inputs, backend: str) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
    model.backend = backend
    stiffness = model.raw(graph)
    parameters = list(model.parameters())
    return stiffness, torch.autograd.grad(stiffness.square().sum(), parameters, materialize_grads=True)


def _worst(found: tuple[torch.Tensor, ...], expected: tuple[torch.Tensor, ...]) -> float:
    return max(difference(f.double(), e) for f, e in zip(found, expected, strict=True))
