"""Checks on the user's own machine: active backends against the reference, and the symmetries of the network."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch

from fastlattice import ops
from fastlattice.elasticity import rotate
from fastlattice.errors import MissingExtraError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import Lattice
from fastlattice.models.inputs import inputs_of
from fastlattice.models.mace.config import MACEConfig, uniform_irreps
from fastlattice.models.mace.model import LatticeMACE
from fastlattice.ops import constants
from fastlattice.ops.mandel import POSITIVE_FUNCTIONS
from fastlattice.topologies.cells import unit_cell

# Largest differences allowed, relative to the largest entry: of one op and of a whole network.
TOLERANCES = {torch.float64: (1e-12, 1e-10), torch.float32: (5e-6, 1e-4)}
POSITIVE = 1e-6  # smallest eigenvalue over largest, below zero: rounding of the PSD function in fp32


@dataclass(frozen=True)
class Check:
    """One row of the table.

    Attributes:
        name: what was compared.
        measured: the largest difference, relative to the largest entry; None if the check could not run.
        tolerance: what it may be.
        note: why the check could not run, or "".
    """

    name: str
    measured: float | None
    tolerance: float
    note: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the difference is allowed; None if the check could not run."""
        return None if self.measured is None else self.measured <= self.tolerance


def run_checks(
    model: LatticeMACE | None = None, device: torch.device | str = "cpu", backend: str = "auto"
) -> list[Check]:
    """Compares what this machine computes with the reference, and with what symmetry demands.

    Args:
        model: a network to check, e.g. one that was loaded; None checks one with 8 channels and random weights.
        device: where to compute.
        backend: "auto" or the name of a backend of `fastlattice.ops`.

    Returns:
        One row per check, in fp64 and fp32. Without e3nn (extra "reference") the comparisons with the reference come
        as one row that says so.

    Raises:
        BackendError: the backend asked for does not exist or cannot run here.
    """
    if model is None:
        model = _random_model()
    rows: list[Check] = []
    for dtype, (op_tolerance, model_tolerance) in TOLERANCES.items():
        label = str(dtype).removeprefix("torch.")
        here = copy.deepcopy(model).to(device=torch.device(device), dtype=dtype).requires_grad_(False)
        here.backend = backend
        try:
            rows += _against_reference(here, f" ({label})", op_tolerance, model_tolerance)
        except MissingExtraError as error:
            rows.append(Check(f"backends and reference ({label})", None, op_tolerance, str(error)))
        rows += _symmetries(here, f" ({label})", model_tolerance)
    return rows


def lattices() -> list[Lattice]:
    """Lattices that have what goes wrong easily: one node, self-struts, multi-struts, no symmetry."""
    return [
        unit_cell("simple_cubic"),
        unit_cell("bcc").supercell((1, 2, 1)).perturb(0.05, seed=1),
        unit_cell("kelvin").perturb(0.03, seed=2),
        unit_cell("octet").with_relative_density(0.03),
    ]


def _random_model() -> LatticeMACE:
    config = MACEConfig(uniform_irreps(8, 4), uniform_irreps(4, 4), max_edge_radius=0.1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LatticeMACE(config)


def _difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    """Largest difference over the largest entry; infinite where something is not finite."""
    scale = expected.abs().max().clamp_min(torch.finfo(expected.dtype).tiny)
    return float(((found - expected).abs().max() / scale).detach().nan_to_num(float("inf")))


def _against_reference(model: LatticeMACE, label: str, op_tolerance: float, model_tolerance: float) -> Iterator[Check]:
    from fastlattice import reference

    batch = LatticeBatch.from_lattices(lattices())
    like = next(model.parameters())
    choices = {choice.op: choice.backend for choice in ops.choices(like.device, like.dtype)}
    functions: Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        name: (getattr(ops, name), getattr(reference, name)) for name in choices
    }
    for name, inputs in op_inputs(model.config, batch, like):
        op, twin = functions[name]
        found, expected = op(*inputs, backend=model.backend), twin(*inputs)
        if isinstance(found, torch.Tensor):
            found, expected = (found,), (expected,)
        worst = max(_difference(f, e) for f, e in zip(found, expected, strict=True))
        taken = choices[name] if model.backend == "auto" else model.backend
        what = f" {inputs[-1]}" if name == "mandel" else ""
        yield Check(f"{name}{what}: {taken} and reference{label}", worst, op_tolerance)

    # The whole network in fp64 is right; what the dtype loses is part of the measurement.
    parameters = {name: tensor.detach().double() for name, tensor in model.named_parameters()}
    graph = batch.graph()
    positions = graph.positions.requires_grad_()
    columns = {**vars(graph), "positions": positions}
    moved = {k: v.to(like.device) if isinstance(v, torch.Tensor) else v for k, v in columns.items()}
    expected = reference.lattice_mace(model.config, parameters, SimpleNamespace(**moved))["stiffness"]
    (gradient,) = torch.autograd.grad(expected.square().sum(), positions)
    own = LatticeBatch.from_lattices(lattices())
    own.positions.requires_grad_()
    found = model(own)["stiffness"]
    (own_gradient,) = torch.autograd.grad(found.square().sum(), own.positions)
    yield Check(f"whole network and reference{label}", _difference(found.double(), expected), model_tolerance)
    yield Check(
        f"gradient by positions and reference{label}", _difference(own_gradient, gradient), 10 * model_tolerance
    )


def op_inputs(config: MACEConfig, batch: LatticeBatch, like: torch.Tensor) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Arguments of every op on real graphs, in the sizes of a configuration; parameters are random numbers.

    Args:
        config: of a network.
        batch: whose graph the ops run on.
        like: a tensor with the dtype and the device.

    Yields:
        The name of an op, and positional arguments for it and for its twin in `fastlattice.reference`.
    """
    random, graph, lmax = _Random(config, like), inputs_of(batch, like), config.lmax
    yield "edge_sh", (graph.positions, graph.edge_index, graph.shifts, lmax)
    sh, length = ops.edge_sh(graph.positions, graph.edge_index, graph.shifts, lmax, backend="torch")
    edges, owners = ops.Edges(sh, length, graph.radius, graph.edge_index), (graph.batch, graph.num_graphs)
    last = config.max_edge_length, config.max_edge_radius
    sizes = ops.NetworkSizes(*last, config.agg_norm_const, config.correlation)
    nodes, every = len(graph.positions), range(lmax + 1)
    layer, first = random.layer(lmax), random.layer(0)
    yield "radial_mlp", (length, graph.radius, layer.hidden_weights, layer.hidden_biases, *last)
    messages = layer.radial, graph.edge_index, layer.linear_weight, layer.linear_bias, config.agg_norm_const
    hidden = random(len(length), config.inter_MLP_dim)
    yield "edge_conv", (random.features(nodes, lmax), sh, hidden, *messages)
    yield (
        "symmetric_contraction",
        (random.features(nodes, lmax), layer.contraction, config.correlation, every),
    )
    yield "layer", (random.features(nodes, lmax), edges, layer, sizes, every, True)
    readout = random.readout()
    maps = readout.gate, readout.weight, readout.bias, readout.multiplicities
    yield "readout", (random.features(nodes, lmax), *owners, *maps)
    yield "network", (random.features(nodes, 0), edges, *owners, [first, layer], readout, sizes)
    for function in POSITIVE_FUNCTIONS:
        yield "mandel", (random(8, 21) / 4, function)


class _Random:
    """Random numbers, and parameters of a network's layers and readout made of them."""

    def __init__(self, config: MACEConfig, like: torch.Tensor) -> None:
        self.config, self.like, self.generator = config, like, torch.Generator().manual_seed(0)

    def __call__(self, *shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=self.generator, dtype=torch.float64).to(self.like)

    def features(self, nodes: int, lmax: int) -> torch.Tensor:
        return self(nodes, (lmax + 1) ** 2, self.config.channels)

    def layer(self, l_in: int) -> ops.LayerParameters:
        lmax, channels, width = self.config.lmax, self.config.channels, self.config.inter_MLP_dim
        paths, block, bases = len(constants.edge_paths(l_in, lmax)), channels**2, 2 * self.config.num_edge_bases
        return ops.LayerParameters(
            up=self((l_in + 1) * block),
            radial=self(paths * channels, width) / width**0.5,
            linear_weight=self(paths * block),
            linear_bias=self(channels),
            contraction=[
                self(count, channels) / count for count in constants.weight_counts(lmax, self.config.correlation)
            ],
            product=self((lmax + 1) * block),
            hidden_weights=[self(width, bases) / bases**0.5, self(width, width) / width**0.5],
            hidden_biases=[self(width), self(width)],
        )

    def readout(self) -> ops.ReadoutParameters:
        lmax, channels = self.config.lmax, self.config.channels
        multiplicities = dict.fromkeys(range(lmax + 1), self.config.readout_channels)
        weight = self(channels * sum(multiplicities.values()))
        return ops.ReadoutParameters(
            self((2 * lmax + 1) * channels**2), weight, self(multiplicities[0]), multiplicities
        )


def _symmetries(model: LatticeMACE, label: str, tolerance: float) -> Iterator[Check]:
    originals = lattices()

    def stiffness(changed: list[Lattice]) -> torch.Tensor:
        return model(LatticeBatch.from_lattices(changed))["stiffness"].cpu()

    expected = stiffness(originals)
    turn = _rotation()
    for name, matrix in (("rotation", turn), ("rotation and reflection", -turn)):
        turned = stiffness([lattice.rotate(matrix.numpy()) for lattice in originals])
        rotated = rotate(expected, matrix, notation="mandel")
        yield Check(f"equivariance under {name}{label}", _difference(turned, rotated), tolerance)
    supercells = stiffness([lattice.supercell((2, 1, 2)) for lattice in originals])
    yield Check(f"invariance under a larger cell{label}", _difference(supercells, expected), tolerance)
    if model.config.positive_function != "none":
        eigenvalues = torch.linalg.eigvalsh(expected.double())
        lowest = float((-eigenvalues[:, 0] / eigenvalues[:, -1]).max().clamp_min(0))
        yield Check(f"negative eigenvalues{label}", lowest, POSITIVE)


def _rotation() -> torch.Tensor:
    """A proper rotation without special directions."""
    generator = torch.Generator().manual_seed(3)
    q, _ = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64, generator=generator))
    return q * torch.linalg.det(q)
