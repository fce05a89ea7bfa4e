"""layer: one message-passing layer, forward and training, over 128 of the lattices."""

import pytest
import torch

from bench.support import operations
from bench.support.lattices import sample
from bench.support.network import built
from bench.support.timing import measure
from fastlattice import ops
from fastlattice.models.inputs import inputs_of
from tests.support.tolerances import OP_FORWARD, OP_GRADIENT, difference


def inputs(network, batch, l_in):
    """Features of size one, harmonics, lengths, radii, the graph."""
    head, like = network.stiffness_head, network.node_ft_embedding.weight
    graph, lmax = inputs_of(batch, like), head.config.lmax
    sh, length = ops.edge_sh(graph.positions, graph.edge_index, graph.shifts, lmax, graph.reverse)
    rng = torch.Generator().manual_seed(0)
    shape = (len(graph.positions), (l_in + 1) ** 2, head.config.channels)
    features = torch.randn(shape[1:], generator=rng).expand(shape) if l_in == 0 else torch.randn(shape, generator=rng)
    return features.contiguous(), sh, length[graph.first_edge], graph.radius[graph.first_edge], graph


def runner(network, t):
    """Layer t as the network runs it: a function of `inputs` and the backend."""
    config, layer = network.config, network.stiffness_head.layers[t]
    degrees = (0, 2, 4) if t + 1 == config.message_passes else range(config.lmax + 1)
    sizes = network.stiffness_head.sizes

    def run(features, sh, length, radius, graph, backend):
        edges = ops.Edges(sh, length, radius, graph.edge_index, graph.strut)
        return ops.layer(features, edges, layer.op_parameters(), sizes, degrees, t > 0, backend=backend)

    return run, degrees


def gradients(run, weight, given, backend):
    features = given[0].clone().requires_grad_()
    # Of the contraction, weights into degrees that are not asked for have no gradients.
    return torch.autograd.grad(run(features, *given[1:], backend).sin().sum(), [features, weight])


@pytest.mark.parametrize("direction", ["forward", "training"])
@pytest.mark.parametrize(
    ("backend", "count", "first", "threads"),
    [
        ("native", 1, False, 1),
        ("native", 128, True, 1),
        ("native", 128, False, 1),
        ("native", 128, False, 2),
        ("torch", 8, False, 1),
    ],
    indirect=["threads"],
)
def test_layer(benchmark, backend, count, first, threads, direction):
    network = built()
    config, layer = network.config, network.stiffness_head.layers[0 if first else 1]
    run, degrees = runner(network, 0 if first else 1)
    l_in = 0 if first else config.lmax
    given = inputs(network, sample(2), l_in)  # nothing is timed that is not right
    with torch.no_grad():
        assert difference(run(*given, backend), run(*given, "torch")) <= OP_FORWARD[torch.float32]
    weight = layer.interaction.linear.weight
    for pair in zip(gradients(run, weight, given, backend), gradients(run, weight, given, "torch"), strict=True):
        assert difference(*pair) <= 4 * OP_GRADIENT[torch.float32]

    batch = sample(count)
    given = inputs(network, batch, l_in)
    nodes, edges = len(given[0]), len(given[1])
    radial = config.num_edge_bases, config.inter_MLP_dim, config.inter_MLP_layers - 1, config.correlation
    sizes = nodes, edges, config.channels, l_in, config.lmax, *radial, degrees
    row = {
        "op": f"layer {direction}" if direction == "forward" else f"layer backward, {direction}",
        "backend": backend,
        "shapes": f"{nodes:,} nodes, {edges:,} edges, {config.channels} channels, l {l_in} to {config.lmax}",
        "multiply_adds": sum(operations.layer(*sizes, direction).values()),
        "lattices": count,
    }
    rounds = 3 if backend == "torch" else 60 if count == 1 else 9
    if direction == "forward":
        with torch.no_grad():
            measure(benchmark, lambda: run(*given, backend), rounds, **row)
        return
    features = given[0].requires_grad_()
    leaves = [features, *(p for p in layer.parameters() if p.requires_grad)]
    out = run(*given, backend)
    cotangent = torch.ones_like(out)

    def backward():
        return torch.autograd.grad(out, leaves, cotangent, retain_graph=True, allow_unused=True)

    measure(benchmark, backward, rounds, **row)
