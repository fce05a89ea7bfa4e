"""Exact homogenisation: throughput, gradient, cost against nodes, and other people's solvers, in one run."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch

from bench.support.lattices import NETS, sample
from bench.support.timing import median_seconds, record
from fastlattice import LatticeBatch, homogenise, rcsr_net, unit_cell
from tests.support.peers import opensees


def check(batch, every=97):
    """Nothing is timed that is not right."""
    from tests.support.frame_reference import dense_stiffness

    result = homogenise(batch)
    assert result.failures() == []
    for b in range(0, len(batch), every):
        C = dense_stiffness(batch[b])
        assert np.abs(result.stiffness[b].numpy() - C).max() < 1e-10 * np.abs(C).max()


def timed(benchmark, call, rounds, op, batch, backend="native", threads=1, warmup=0, **info):
    """Times a call that takes a batch; all of it is fp64."""
    benchmark.pedantic(call, rounds=rounds, warmup_rounds=warmup)
    size = f"{len(batch):,} lattices: " if len(batch) > 1 else ""
    shapes = f"{size}{len(batch.positions):,} nodes, {len(batch.struts):,} struts"
    info = {"lattices": len(batch), "nodes": len(batch.positions), **info}
    return record(benchmark, benchmark.stats.stats.data, op, backend, shapes, torch.float64, threads, **info)


@pytest.mark.parametrize("threads", [1, 2])
def test_throughput(benchmark, lattices, threads):
    """Lattices a second: checks, ordering, symbolic analysis, assembly and factorisation of each."""
    check(lattices)

    def call(count=threads):
        return homogenise(lattices, threads=count)

    row = timed(benchmark, call, 40, "exact stiffness", lattices, threads=threads, warmup=5)
    # Processor time, all threads together: what a lattice costs when other programs share the cores.
    processor = median_seconds(call, 40, time.process_time)
    row["processor_microseconds_a_lattice"] = processor / len(lattices) * 1e6
    if threads > 1:
        # Interleaved, so that whatever else the machine does weighs on both alike.
        pairs = [[median_seconds(lambda n=n: call(n), 1) for n in (1, threads)] for _ in range(30)]
        one, many = np.median(pairs, axis=0)
        row["speed_up"] = float(one / many)


def realisations():
    """64 each of 64 nets of the sample, their nodes and radii moved, in an order without any."""
    nets = [rcsr_net(name).with_relative_density(0.01) for name in NETS.read_text().split()[:64]]
    generator = np.random.default_rng(0)
    order = generator.permutation(64 * len(nets)) % len(nets)
    batch = LatticeBatch.from_lattices([nets[k] for k in order])
    edge = batch.cell.norm(dim=2).amax(1).repeat_interleave(batch.node_offsets.diff())
    moves = 0.03 * torch.from_numpy(generator.standard_normal(batch.positions.shape)) * edge[:, None]
    widths = torch.from_numpy(generator.uniform(0.7, 1.3, len(batch.radii)))
    return batch.replace(positions=batch.positions + moves, radii=batch.radii * widths)


def test_throughput_of_realisations(benchmark):
    """Lattices a second where many of a batch have one topology."""
    batch = realisations()
    check(batch, every=997)
    row = timed(benchmark, lambda: homogenise(batch, threads=1), 10, "exact stiffness, 64 realisations a net", batch)
    row["processor_microseconds_a_lattice"] = (
        median_seconds(lambda: homogenise(batch, threads=1), 10, time.process_time) / len(batch) * 1e6
    )


def test_one_lattice(benchmark):
    """One call for one small lattice: what Python and autograd add."""
    batch = LatticeBatch.from_lattices([unit_cell("octet")])
    timed(benchmark, lambda: homogenise(batch, threads=1), 200, "exact stiffness, octet truss alone", batch, warmup=5)


def differentiable(batch):
    leaves = [t.clone().requires_grad_() for t in (batch.cell, batch.positions, batch.radii)]
    cell, positions, radii = leaves
    return leaves, LatticeBatch(
        cell, positions, batch.struts, batch.shifts, radii, batch.node_offsets, batch.strut_offsets
    )


def time_backward(benchmark, batch, rounds):
    leaves, moving = differentiable(batch)
    C = homogenise(moving, threads=1).stiffness
    cotangent = torch.ones_like(C)

    def backward():
        return torch.autograd.grad(C, leaves, cotangent, retain_graph=True)

    row = timed(benchmark, backward, rounds, "gradient of the exact stiffness", batch, warmup=2)
    forward = median_seconds(lambda: homogenise(batch, threads=1), rounds)
    with_displacements = median_seconds(lambda: homogenise(moving, threads=1), rounds)
    row.update(
        forward=with_displacements,
        backward_of_forward=row["p50"] / with_displacements,
        both_of_plain_forward=(row["p50"] + with_displacements) / forward,
    )


def test_backward(benchmark, lattices):
    """Gradients with respect to cell, positions and radii, beside the forward pass that prepares them."""
    time_backward(benchmark, lattices, 30)


def test_backward_of_a_large_cell(benchmark):
    time_backward(benchmark, LatticeBatch.from_lattices([unit_cell("diamond").supercell(6)]), 5)


def peak_memory(call):
    """Megabytes that a call adds to the process at its peak (Linux), else NaN."""
    status, clear = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not clear.exists():
        return float("nan")

    def kilobytes(key):
        return int(next(line for line in status.read_text().splitlines() if line.startswith(key)).split()[1])

    clear.write_text("5")
    before = kilobytes("VmRSS")
    call()
    return (kilobytes("VmHWM") - before) / 1024


CELLS = [
    ("diamond", 1),
    ("diamond", 2),
    ("diamond", 3),
    ("diamond", 4),
    ("diamond", 6),
    ("diamond", 10),
    ("diamond", 13),
]
CELLS += [("bcc", 1), ("bcc", 3), ("bcc", 5), ("bcc", 8), ("bcc", 10)]


@pytest.mark.parametrize(("name", "size"), CELLS)
def test_cost_against_nodes(benchmark, name, size):
    """Supercells of 4 (diamond) and 8 (bcc) struts a node, up to 17,576 nodes."""
    base = unit_cell(name)
    lattice = base.supercell(size)
    batch = LatticeBatch.from_lattices([lattice])
    memory = peak_memory(lambda: homogenise(batch, threads=1))
    expected, found = (homogenise(x, threads=1).stiffness for x in (base, batch)) if size < 10 else (torch.ones(1),) * 2
    assert (expected - found).abs().max() < 1e-10 * expected.abs().max()
    rounds = 1 if lattice.num_nodes > 5000 else 3 if lattice.num_nodes > 500 else 30
    op = f"exact stiffness, {name} {size}x{size}x{size}"
    row = timed(benchmark, lambda: homogenise(batch, threads=1), rounds, op, batch, megabytes=memory)
    row["microseconds_a_node"] = row["p50"] / lattice.num_nodes * 1e6


def test_threads_share_a_large_cell(benchmark):
    batch = LatticeBatch.from_lattices([unit_cell("diamond").supercell(8)])
    call, op = lambda: homogenise(batch, threads=2), "exact stiffness, diamond 8x8x8"
    row = timed(benchmark, call, 3, op, batch, threads=2)
    row["speed_up"] = median_seconds(lambda: homogenise(batch, threads=1), 3) / row["p50"]


@pytest.fixture(scope="module")
def some_lattices():
    return sample(10)


def run_peer(benchmark, name, solve, cases, batch, rounds=3):
    for case, C in zip(cases, homogenise(batch).stiffness.numpy(), strict=True):
        assert np.abs(solve(case) - C).max() < 1e-9 * np.abs(C).max()
    timed(benchmark, lambda: [solve(case) for case in cases], rounds, "exact stiffness", batch, name)


def each(batch):
    return [batch[b] for b in range(len(batch))]


def test_peer_numpy(benchmark, some_lattices):
    """Dense assembly in Python and numpy.linalg.solve."""
    from tests.support.frame_reference import dense_stiffness

    run_peer(benchmark, "numpy", dense_stiffness, each(some_lattices), some_lattices)


def test_peer_lapack(benchmark, some_lattices):
    """LAPACK's dense Cholesky of the assembled matrix, assembly not counted."""
    from scipy.linalg import cho_factor, cho_solve

    from tests.support.frame_reference import assemble

    def solve(case):
        K, G, W, volume = case
        return (W - G.T @ cho_solve(cho_factor(K, check_finite=False), G, check_finite=False)) / volume

    cases = [(K.toarray(), G, W, x.volume) for x in each(some_lattices) for K, G, W in [assemble(x)]]
    run_peer(benchmark, "LAPACK", solve, cases, some_lattices, rounds=20)


def test_peer_opensees(benchmark, some_lattices):
    """OpenSeesPy assembles, numpy condenses (dense)."""
    run_peer(benchmark, "OpenSeesPy", opensees().opensees_stiffness, each(some_lattices), some_lattices)


def superlu(K, G):
    from scipy.sparse.linalg import splu

    options = {"SymmetricMode": True}
    return splu(K.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0, options=options).solve(G)


def cholmod(K, G):
    from cvxopt import cholmod, matrix, spmatrix

    cholmod.options["supernodal"] = 2
    lower, x = K.tocoo(), matrix(G)
    A = spmatrix(lower.data, lower.row, lower.col, K.shape)
    cholmod.linsolve(A, x)
    return np.array(x)


def pardiso(K, G):
    from pypardiso import PyPardisoSolver
    from scipy.sparse import triu

    solver = PyPardisoSolver(mtype=2)
    upper = triu(K).tocsr()
    solver.factorize(upper)
    x = solver.solve(upper, G)
    solver.free_memory(everything=True)
    return x


@pytest.mark.parametrize("size", [3, 6, 10])
@pytest.mark.parametrize(("solve", "module"), [(superlu, "scipy"), (cholmod, "cvxopt"), (pardiso, "pypardiso")])
def test_peer_sparse(benchmark, solve, module, size):
    """Sparse libraries on the assembled matrix of diamond supercells, assembly not counted."""
    pytest.importorskip(module)
    from tests.support.frame_reference import assemble

    lattice = unit_cell("diamond").supercell(size)
    if solve is superlu and lattice.num_nodes > 2000:
        pytest.skip("takes minutes")
    batch = LatticeBatch.from_lattices([lattice])
    K, G, W = assemble(lattice)
    solutions = []
    op = f"exact stiffness, diamond {size}x{size}x{size}"
    rounds = 3 if lattice.num_nodes < 500 else 1
    row = timed(benchmark, lambda: solutions.append(solve(K, G)), rounds, op, batch, solve.__name__)
    row["of_ours"] = row["p50"] / median_seconds(lambda: homogenise(batch, threads=1), 1)
    C = homogenise(batch).stiffness[0].numpy()
    assert np.abs((W - G.T @ solutions[0]) / lattice.volume - C).max() < 1e-9 * np.abs(C).max()
