"""The whole network beside exact finite elements and the e3nn reference, on the same lattices in one run.

32 channels, lmax 4, three factors, two layers, fp32, random weights: time does not depend on what a network has learnt.
"""

import timeit

import pytest
import torch

from fastlattice import LatticeBatch, LatticeMACE, homogenise, reference, unit_cell
from fastlattice.config import uniform_irreps

CONFIG = {
    "hidden_irreps": uniform_irreps(32, 4),
    "readout_irreps": uniform_irreps(16, 4),
    "max_edge_radius": 0.1,
}


@pytest.fixture
def network():
    torch.manual_seed(0)
    return LatticeMACE(CONFIG)


@pytest.fixture
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def reference_stiffness(network, batch):
    graph = batch.graph()
    for name, column in vars(graph).items():
        if isinstance(column, torch.Tensor) and column.is_floating_point():
            object.__setattr__(graph, name, column.float())
    return reference.lattice_mace(network.config, dict(network.named_parameters()), graph)["stiffness"].detach()


def check(network, batch):
    """Nothing is timed that is not right."""
    expected = reference_stiffness(network, batch[:4])
    assert (network.predict(batch[:4]) - expected).abs().max() <= 1e-4 * expected.abs().max()


@pytest.mark.parametrize(("backend", "lattices", "rounds"), [("native", 512, 7), ("torch", 128, 3)])
@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_inference(benchmark, network, real_lattices, backend, lattices, rounds, threads):
    """From a LatticeBatch to 6x6 matrices; beside it what exact finite elements take for the same."""
    network.backend = backend
    batch = real_lattices[:lattices]
    check(network, batch)
    benchmark.extra_info.update(threads=threads, lattices=lattices, items=lattices)
    benchmark.pedantic(network.predict, (batch,), rounds=rounds, warmup_rounds=1)
    exact = min(timeit.repeat(lambda: homogenise(batch), number=1, repeat=7))
    benchmark.extra_info["times_of_exact_fe"] = benchmark.stats.stats.median / exact


@pytest.mark.parametrize("size", [1, 2, 4, 6, 8, 10])
@pytest.mark.parametrize("threads", [1], indirect=True)
def test_crossover(benchmark, network, size, threads):
    """One cell of ever more nodes: where the network becomes faster than exact finite elements."""
    batch = LatticeBatch.from_lattices([unit_cell("diamond").supercell(size).perturb(0.01, seed=1)])
    benchmark.extra_info.update(threads=threads, nodes=batch[0].num_nodes)
    benchmark.pedantic(network.predict, (batch,), rounds=5, warmup_rounds=1)
    exact = min(timeit.repeat(lambda: homogenise(batch), number=1, repeat=3))
    benchmark.extra_info["times_of_exact_fe"] = benchmark.stats.stats.median / exact


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_training_step(benchmark, network, real_lattices, threads):
    """Forward, backward and AdamW over 64 lattices."""
    batch, optimiser = real_lattices[:64], torch.optim.AdamW(network.parameters())

    def step():
        optimiser.zero_grad()
        network(batch)["stiffness"].square().mean().backward()
        optimiser.step()

    benchmark.extra_info.update(threads=threads, lattices=len(batch), items=len(batch))
    benchmark.pedantic(step, rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_one_lattice(benchmark, network, real_lattices, threads):
    """The delay of a single answer, for the lattice nearest to 20 nodes."""
    index = int((real_lattices.node_counts - 20).abs().argmin())
    batch = LatticeBatch.from_lattices([real_lattices[index]])
    benchmark.extra_info.update(threads=threads, nodes=batch[0].num_nodes)
    benchmark.pedantic(network.predict, (batch,), rounds=50, warmup_rounds=5)


def test_peer_reference(benchmark, network, real_lattices):
    """The plain e3nn forward pass, the way of the released code."""
    batch = real_lattices[:4]
    benchmark.extra_info.update(threads=torch.get_num_threads(), lattices=len(batch), items=len(batch))
    benchmark.pedantic(reference_stiffness, (network, batch), rounds=3, warmup_rounds=1)
