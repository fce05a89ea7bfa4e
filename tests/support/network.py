"""Graphs, random inputs of the ops and small networks that the tests of ops and model share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from fastlattice import LatticeBatch, LatticeMACE, MACEConfig, ops, unit_cell
from fastlattice.models import StiffnessModel
from fastlattice.models.mace.config import uniform_irreps
from fastlattice.ops import constants
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference

FLOAT = torch.float64


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def with_threads(count: int, function, *arguments):
    """Calls a function while torch's number of threads is `count`."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        return function(*arguments)
    finally:
        torch.set_num_threads(before)


def random_graph(nodes: int, edges: int, seed: int = 0, dtype: torch.dtype = FLOAT, graphs: int = 1) -> SimpleNamespace:
    """A periodic graph from outside: edges one way only, self-edges and multi-edges, node_attrs that are not ones."""
    rng = generator(seed)

    def uniform(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=rng, dtype=FLOAT)

    owner = torch.arange(nodes) * graphs // max(nodes, 1)
    first = torch.searchsorted(owner, owner)
    size = torch.bincount(owner, minlength=graphs)[owner]
    sender = torch.randint(0, max(nodes, 1), (edges,), generator=rng)
    receiver = first[sender] + (uniform(edges) * size[sender]).long()
    return SimpleNamespace(
        positions=uniform(nodes, 3).to(dtype),
        edge_index=torch.stack([sender, receiver]),
        shifts=(uniform(edges, 3) + 0.1).to(dtype),
        edge_attr=(0.01 + 0.02 * uniform(edges, 1)).to(dtype),
        node_attrs=(0.5 + uniform(nodes, 1)).to(dtype),
        batch=owner,
        num_graphs=graphs,
    )


def conv_inputs(
    nodes: int,
    edges: int,
    channels: int,
    l_in: int,
    lmax: int,
    width: int = 8,
    seed: int = 0,
    dtype: torch.dtype = FLOAT,
) -> dict[str, object]:
    """Arguments of edge_conv by name, of size one each."""
    rng, graph = generator(seed), random_graph(nodes, edges, seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=rng, dtype=FLOAT).to(dtype)

    paths = len(constants.edge_paths(l_in, lmax))
    return {
        "features": normal(nodes, (l_in + 1) ** 2, channels),
        "sh": normal(edges, (lmax + 1) ** 2),
        "hidden": normal(edges, width),
        "weight": normal(paths * channels, width) / width**0.5,
        "edge_index": graph.edge_index,
        "linear_weight": normal(paths * channels * channels),
        "linear_bias": normal(channels),
        "agg_norm": 3.0,
    }


def layer_inputs(
    nodes: int,
    edges: int,
    channels: int,
    l_in: int,
    lmax: int,
    *,
    correlation: int = 3,
    output_degrees: Sequence[int] | None = None,
    residual: bool = False,
    width: int = 8,
    struts: int | None = None,
    seed: int = 0,
    dtype: torch.dtype = FLOAT,
) -> dict[str, object]:
    """Arguments of layer by name; the parameters are single entries, see `compute`. `struts`: rows that edges share."""
    rng, graph = generator(seed), random_graph(nodes, edges, seed)
    return {
        "features": _normal(rng, dtype, nodes, (l_in + 1) ** 2, channels),
        **_edge_columns(rng, edges, lmax, struts, dtype),
        "edge_index": graph.edge_index,
        **_layer_parameters(rng, channels, l_in, lmax, correlation, width, dtype),
        "max_length": 0.6,
        "max_radius": 0.03,
        "agg_norm": 3.0,
        "correlation": correlation,
        "output_degrees": tuple(range(lmax + 1) if output_degrees is None else output_degrees),
        "residual": residual,
    }


def _normal(rng: torch.Generator, dtype: torch.dtype, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=rng, dtype=FLOAT).to(dtype)


def _edge_columns(
    rng: torch.Generator, edges: int, lmax: int, struts: int | None, dtype: torch.dtype
) -> dict[str, object]:
    """Harmonics of edges; lengths and radii of the struts that they share, or of their own."""
    rows = edges if struts is None else struts

    def between(low: float, high: float) -> torch.Tensor:
        return (low + (high - low) * torch.rand(rows, generator=rng, dtype=FLOAT)).to(dtype)

    return {
        "sh": _normal(rng, dtype, edges, (lmax + 1) ** 2),
        "length": between(0.05, 0.6),
        "radius": between(0.005, 0.03),
        "strut": None if struts is None else torch.randint(0, max(struts, 1), (edges,), generator=rng),
    }


def _layer_parameters(
    rng: torch.Generator, channels: int, l_in: int, lmax: int, correlation: int, width: int, dtype: torch.dtype
) -> dict[str, object]:
    def normal(*shape: int) -> torch.Tensor:
        return _normal(rng, dtype, *shape)

    paths, block = len(constants.edge_paths(l_in, lmax)), channels**2
    return {
        "up": normal((l_in + 1) * block),
        "radial": normal(paths * channels, width) / width**0.5,
        "linear_weight": normal(paths * block),
        "linear_bias": normal(channels),
        "contraction": normal(sum(constants.folded_counts(lmax, correlation)), channels) / 10,
        "product": normal((lmax + 1) * block),
        "hidden_weights": [normal(width, 10) / 10**0.5, normal(width, width) / width**0.5],
        "hidden_biases": [normal(width), normal(width)],
    }


def network_inputs(
    nodes: int,
    edges: int,
    channels: int,
    lmax: int,
    layers: int = 2,
    *,
    graphs: int = 1,
    multiplicities: dict[int, int] | None = None,
    correlation: int = 3,
    released: Sequence[int] = (),
    width: int = 8,
    struts: int | None = None,
    seed: int = 0,
    dtype: torch.dtype = FLOAT,
) -> dict[str, object]:
    """Arguments of network by name; the parameters of layer t are entries "t.name", see `compute`.

    `released`: layers whose weights of the contraction are those of the released network.
    """
    rng, graph = generator(seed), random_graph(nodes, edges, seed, graphs=graphs)
    multiplicities = {0: 2, lmax: 1} if multiplicities is None else multiplicities
    parameters: dict[str, object] = {}
    for t in range(layers):
        own = _layer_parameters(rng, channels, lmax if t else 0, lmax, correlation, width, dtype)
        if t in released:
            own["contraction"] = contraction_weights(lmax, correlation, channels, seed=t, dtype=dtype)
        own["product"] = own["product"] / 3  # powers of powers: features stay of size one
        parameters.update({f"{t}.{name}": value for name, value in own.items()})
    return {
        "features": _normal(rng, dtype, nodes, 1, channels),
        **_edge_columns(rng, edges, lmax, struts, dtype),
        "edge_index": graph.edge_index,
        "batch": graph.batch,
        "num_graphs": graphs,
        **parameters,
        "gate": _normal(rng, dtype, (2 * lmax + 1) * channels**2),
        "weight": _normal(rng, dtype, channels * sum(multiplicities.values())),
        "bias": _normal(rng, dtype, multiplicities[0]),
        "multiplicities": multiplicities,
        "max_length": 0.6,
        "max_radius": 0.03,
        "agg_norm": 3.0,
        "correlation": correlation,
    }


def on_lattices(inputs, *arguments, batch: LatticeBatch | None = None, **options) -> dict[str, object]:
    """`layer_inputs` or `network_inputs` on lattices: pairs of edges that share a strut, sorted by receiver."""
    graph = (batch or LatticeBatch.from_lattices(lattices())).graph()
    edges = len(graph.strut)
    given = inputs(len(graph.positions), edges, *arguments, struts=edges // 2, **options)
    return {**given, **{name: getattr(graph, name) for name in given.keys() & set(COLUMNS)}}


COLUMNS = ("edge_index", "strut", "batch", "num_graphs")


def ring(nodes: int) -> dict[str, torch.Tensor]:
    """`edge_index` and `strut` of a lattice with a strut from every node to the next, both ways."""
    node = torch.arange(nodes)
    following = node.roll(-1)
    edge_index = torch.stack([torch.cat([node, following]), torch.cat([following, node])])
    return {"edge_index": edge_index, "strut": node.repeat(2)}


def parameters_in(given: dict[str, object], prefix: str = "") -> ops.LayerParameters:
    """The entries of a layer's parameters."""
    return ops.LayerParameters(**{name: given.get(prefix + name) for name in LAYER_PARAMETERS})


LAYER_PARAMETERS = tuple(ops.LayerParameters.__dataclass_fields__)


def compute(given: dict[str, Any], backend: str = "auto") -> torch.Tensor:
    """`ops.layer` or `ops.network` of such arguments; "reference": its twin."""
    functions: Any = pytest.importorskip("fastlattice.reference") if backend == "reference" else ops
    options = {} if backend == "reference" else {"backend": backend}
    edges = ops.Edges(*(given[name] for name in ("sh", "length", "radius", "edge_index", "strut")))
    sizes = ops.NetworkSizes(*(given[name] for name in ("max_length", "max_radius", "agg_norm", "correlation")))
    if "up" in given:
        last = sizes, given["output_degrees"], given["residual"]
        return functions.layer(given["features"], edges, parameters_in(given), *last, **options)
    readout = ops.ReadoutParameters(*(given[name] for name in ("gate", "weight", "bias", "multiplicities")))
    owners = given["batch"], given["num_graphs"]
    return functions.network(given["features"], edges, *owners, layers_in(given), readout, sizes, **options)


def layers_in(given: dict[str, object]) -> list[ops.LayerParameters]:
    """The parameters of each layer among arguments of network."""
    return [parameters_in(given, f"{t}.") for t in range(sum(name.endswith(".up") for name in given))]


def with_gradients(
    given: dict[str, object], backend: str, names: Sequence[str] | None = None
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """The result, and its gradients by name: of all floating-point tensors, or of `names`."""
    leaves = {name: leaf for name, leaf in leaves_of(given).items() if names is None or name in names}
    out = compute(with_leaves(given, leaves), backend)
    cotangent = cotangent_of(out)
    gradients = torch.autograd.grad(out, list(leaves.values()), cotangent, allow_unused=True, materialize_grads=True)
    return out.detach(), dict(zip(leaves, gradients, strict=True))


def cotangent_of(out: torch.Tensor) -> torch.Tensor:
    return _normal(generator(9), out.dtype, *out.shape)


def assert_agreement(
    given: dict[str, object], backend: str, other: str, names: Sequence[str] | None = None, exact: bool = True
) -> None:
    """Result and gradients of two backends; `exact`: the other's are in double precision."""
    dtype = given["features"].dtype
    out, gradients = with_gradients(given, backend, names)
    expected, others = with_gradients({n: double(v) for n, v in given.items()} if exact else given, other, names)
    assert out.dtype == dtype
    assert difference(out.to(expected.dtype), expected) <= OP_FORWARD[dtype]
    others = _with_whole_contractions(others)
    for name, gradient in _with_whole_contractions(gradients).items():
        assert difference(gradient.to(expected.dtype), others[name]) <= OP_GRADIENT[dtype], name


def _with_whole_contractions(gradients: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The gradients of a layer's released weights as one tensor: in some of its parts they all but cancel."""
    found: dict[str, list[torch.Tensor]] = {}
    for name, gradient in gradients.items():
        whole = name.split("[")[0]
        found.setdefault(whole if whole.endswith("contraction") else name, []).append(gradient.flatten())
    return {name: torch.cat(parts) for name, parts in found.items()}


def assert_same_bits(results, others) -> None:
    """Of what `with_gradients` returns."""
    assert torch.equal(results[0], others[0])
    for name, gradient in results[1].items():
        assert torch.equal(gradient, others[1][name]), name


def double(value):
    """In double precision, if it is a floating-point tensor or holds some."""
    if isinstance(value, list):
        return [double(one) for one in value]
    return value.to(FLOAT) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def leaves_of(given: dict[str, object]) -> dict[str, torch.Tensor]:
    """Copies of the floating-point tensors among arguments, by name, which require gradients."""
    tensors: dict[str, torch.Tensor] = {}
    for name, value in given.items():
        if isinstance(value, list):
            tensors.update({f"{name}[{n}]": one for n, one in enumerate(value)})
        elif isinstance(value, torch.Tensor) and value.is_floating_point():
            tensors[name] = value
    return {name: tensor.detach().clone().requires_grad_() for name, tensor in tensors.items()}


def with_leaves(given: dict[str, object], leaves: dict[str, torch.Tensor]) -> dict[str, object]:
    """The arguments with `leaves` in their places."""
    found = {**given, **{name: leaf for name, leaf in leaves.items() if name in given}}
    for name, value in given.items():
        if isinstance(value, list):
            found[name] = [leaves.get(f"{name}[{n}]", one) for n, one in enumerate(value)]
    return found


def readout_inputs(
    nodes: int,
    graphs: int,
    channels: int,
    lmax: int,
    multiplicities: dict[int, int],
    seed: int = 0,
    dtype: torch.dtype = FLOAT,
) -> dict[str, object]:
    """Arguments of readout by name; nodes of a lattice are not neighbours."""
    rng = generator(seed)
    normal = partial(_normal, rng, dtype)
    owner = torch.cat([torch.arange(graphs), torch.randint(0, max(graphs, 1), (nodes - graphs,), generator=rng)])
    return {
        "features": normal(nodes, (lmax + 1) ** 2, channels),
        "batch": owner[torch.randperm(nodes, generator=rng)],
        "num_graphs": graphs,
        "gate": normal((2 * lmax + 1) * channels**2),
        "weight": normal(channels * sum(multiplicities.values())),
        "bias": normal(multiplicities[0]),
        "multiplicities": multiplicities,
    }


def contraction_weights(lmax: int, correlation: int, channels: int, seed: int = 0, dtype: torch.dtype = FLOAT):
    """The released network's weights for each L and number of factors."""
    rng = generator(seed)
    return [_normal(rng, dtype, count, channels) / count for count in constants.weight_counts(lmax, correlation)]


def config(lmax: int = 4, channels: int = 4, **entries: object) -> MACEConfig:
    """A small configuration."""
    defaults = {"max_edge_radius": 0.05, "inter_MLP_dim": 16, "num_edge_bases": 5}
    irreps = {"hidden_irreps": uniform_irreps(channels, lmax), "readout_irreps": uniform_irreps(2, lmax)}
    return MACEConfig(lmax=lmax, **{**irreps, **defaults, **entries})


def network(seed: int = 0, dtype: torch.dtype = FLOAT, **entries: object) -> LatticeMACE:
    """A small network with random weights, biases among them."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LatticeMACE(config(**entries)).to(dtype)
        for name, parameter in model.named_parameters():
            if name.endswith("linear.bias"):
                torch.nn.init.normal_(parameter, std=0.3)
    return model


def lattices():
    """One node with self-struts; multi-struts between nodes; no symmetry at all; many struts at a node."""
    return [
        unit_cell("simple_cubic"),
        unit_cell("bcc").perturb(0.04, seed=1),
        unit_cell("diamond").perturb(0.05, seed=2),
        unit_cell("octet").with_relative_density(0.03).perturb(0.02, seed=3),
    ]


def rotation(proper: bool, seed: int = 0) -> torch.Tensor:
    """A random orthogonal matrix."""
    q, _ = torch.linalg.qr(torch.randn(3, 3, dtype=FLOAT, generator=generator(seed)))
    q = q * torch.linalg.det(q)
    return q if proper else -q


def wigner(lmax: int, matrix: torch.Tensor) -> torch.Tensor:
    """[S, S] matrix that turns features of every degree up to lmax (extra "reference")."""
    from e3nn import o3

    before = torch.get_default_dtype()
    torch.set_default_dtype(FLOAT)  # e3nn's constants would be in fp32
    try:
        return o3.Irreps([(1, (l, (-1) ** l)) for l in range(lmax + 1)]).D_from_matrix(matrix)
    finally:
        torch.set_default_dtype(before)


def assert_gradients(model: StiffnessModel, graph: SimpleNamespace) -> None:
    """First and second derivatives by all columns of a graph, against differences."""
    names = ("positions", "shifts", "edge_attr", "node_attrs")

    def function(*columns: torch.Tensor) -> torch.Tensor:
        return model(SimpleNamespace(**{**vars(graph), **dict(zip(names, columns, strict=True))}))["stiffness"]

    leaves = [getattr(graph, name).requires_grad_() for name in names]
    assert torch.autograd.gradcheck(function, leaves, fast_mode=True)
    assert torch.autograd.gradgradcheck(function, leaves, fast_mode=True)
