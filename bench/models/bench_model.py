"""The whole network beside exact finite elements and the e3nn reference, on the same lattices in one run.

32 channels, lmax 4, three factors, two layers, fp32, random weights: time does not depend on what a network has learnt.
"""

import pytest
import torch

from bench import inside
from bench.support import isolated, operations
from bench.support.lattices import sample
from bench.support.network import built, config_text
from bench.support.timing import measure, median_seconds, record
from fastlattice import homogenise, reference
from fastlattice.models import predict
from fastlattice.training import relative_frobenius, training_step

TESTS = ["models/test_*.py"]


@pytest.fixture
def network():
    return built()


def reference_stiffness(network, batch):
    graph = batch.graph()
    for name, column in vars(graph).items():
        if isinstance(column, torch.Tensor) and column.is_floating_point():
            object.__setattr__(graph, name, column.float())
    return reference.lattice_mace(network.config, dict(network.named_parameters()), graph)["stiffness"]


def check(network, batch):
    """Nothing is timed that is not right."""
    expected = reference_stiffness(network, batch).detach()
    assert (network.predict(batch) - expected).abs().max() <= 1e-4 * expected.abs().max()


def row_of(network, op, batch, backend="native", direction="forward"):
    nodes, struts = len(batch.positions), len(batch.struts)
    size = "1 lattice" if len(batch) == 1 else f"{len(batch):,} lattices"
    return {
        "op": f"LatticeMACE, {op}",
        "backend": backend,
        "shapes": f"{size}: {nodes:,} nodes, {struts:,} struts; {config_text(network.config)}",
        "multiply_adds": operations.network(network.config, nodes, struts, len(batch), direction),
        "lattices": len(batch),
    }


@pytest.mark.parametrize(("backend", "count", "rounds"), [("native", 1024, 9), ("torch", 64, 3)])
@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_inference(benchmark, network, backend, count, rounds, threads):
    """From a LatticeBatch to 6x6 matrices; beside it what exact finite elements take for the same."""
    network.backend = backend
    batch = sample(count)
    check(network, sample(4))
    row = row_of(network, "inference", batch, backend)
    p50 = measure(benchmark, lambda: network.predict(batch), rounds, warmup=1, **row)["p50"]
    exact = median_seconds(lambda: homogenise(batch, threads=threads), 15)
    benchmark.extra_info["times_of_exact_fe"] = p50 / exact


@pytest.mark.parametrize("direction", inside.LATTICES)
def test_profile(benchmark, network, direction):
    """Where the time goes, Python and the native code's parts: shares of the samples of Linux perf."""
    found = []
    try:
        benchmark.pedantic(lambda: found.append(inside.shares(direction)), rounds=1)
    except inside.NoProfilerError as error:
        pytest.skip(str(error))
    row = (f"LatticeMACE, profile of {direction}", "native", config_text(network.config))
    record(benchmark, [], *row, profile=found[0])


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_training_step(benchmark, network, threads):
    """Forward, backward and AdamW over 64 lattices."""
    batch, optimiser = sample(64), torch.optim.AdamW(network.parameters(), fused=True)
    check(network, sample(4))
    batch = batch.with_columns(target=homogenise(batch).stiffness)

    def step():
        training_step(network, batch, relative_frobenius, optimiser)

    measure(benchmark, step, 9, **row_of(network, "training step", batch, direction="training"))


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_gradient_of_the_geometry(benchmark, network, threads):
    """The stiffness and its gradient with respect to positions and radii, beside the stiffness alone."""
    network.requires_grad_(False)
    batch = sample(64)
    check(network, sample(4))
    positions, radii = (x.clone().requires_grad_() for x in (batch.positions, batch.radii))
    arrays = (batch.cell, positions, batch.struts, batch.shifts, radii, batch.node_offsets, batch.strut_offsets)
    moving = type(batch)(*arrays)

    def both():
        out = network.stiffness(moving)
        return torch.autograd.grad(out, [positions, radii], torch.ones_like(out))

    row = row_of(network, "stiffness and its gradient (positions, radii)", batch)
    del row["multiply_adds"]
    p50 = measure(benchmark, both, 15, **row)["p50"]
    forward = median_seconds(lambda: network.predict(batch), 15)
    benchmark.extra_info.update(forward=forward, of_forward=p50 / forward)


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_one_lattice(benchmark, network, threads):
    """The delay of a single answer."""
    batch = sample(1)
    check(network, batch)
    measure(benchmark, lambda: network.predict(batch), 100, warmup=10, **row_of(network, "one lattice alone", batch))


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
def test_one_lattice_frozen(benchmark, network, threads):
    """The same by a frozen network; beside it what `predict`, whose bits it gives, takes."""
    batch, frozen = sample(1), network.frozen()
    check(network, batch)
    assert torch.equal(frozen(batch).stiffness, predict(network, batch).stiffness)
    row = row_of(network, "one lattice alone, frozen", batch)
    p50 = measure(benchmark, lambda: frozen(batch), 100, warmup=10, **row)["p50"]
    benchmark.extra_info["of_predict"] = p50 / median_seconds(lambda: predict(network, batch), 100)


def test_peer_reference(benchmark, network):
    """The plain e3nn forward pass, the way of the released code."""
    batch = sample(4)
    network.requires_grad_(False)
    row = row_of(network, "inference", batch, "e3nn")
    measure(benchmark, lambda: reference_stiffness(network, batch), 3, warmup=1, **row)


def test_peer_reference_training(benchmark, network):
    """A training step in e3nn."""
    batch, optimiser = sample(4), torch.optim.AdamW(network.parameters())

    def step():
        optimiser.zero_grad()
        reference_stiffness(network, batch).square().mean().backward()
        optimiser.step()

    measure(benchmark, step, 3, warmup=1, **row_of(network, "training step", batch, "e3nn", "training"))


def test_peak_memory(benchmark, network):
    """Of a process that predicts 4,096 lattices, above what it held after its imports."""
    found = []
    benchmark.pedantic(lambda: found.append(isolated.run("bench.support.network:inference_memory", 4096)), rounds=1)
    row = ("LatticeMACE, peak memory of inference", "native", f"4,096 lattices; {config_text(network.config)}")
    info = {"gigabytes": found[0]["above_import"] / 1e9, "gigabytes_of_import": found[0]["import"] / 1e9}
    record(benchmark, [], *row, threads=found[0]["threads"], **info)


def test_building(benchmark, network):
    """The first network of a process: tables are read, parameters drawn."""
    found = []
    benchmark.pedantic(lambda: found.append(isolated.run("bench.support.network:seconds_to_build")), rounds=5)
    record(benchmark, found, "LatticeMACE, building the model", "native", config_text(network.config))
