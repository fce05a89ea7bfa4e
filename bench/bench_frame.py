"""Exact homogenisation: throughput, gradient, cost against nodes, and other people's solvers, in one run."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import LatticeBatch, homogenise, unit_cell


def check(batch, every=97):
    """Nothing is timed that is not right."""
    from tests.frame_reference import dense_stiffness

    result = homogenise(batch)
    assert result.failures() == []
    for b in range(0, len(batch), every):
        C = dense_stiffness(batch[b])
        assert np.abs(result.stiffness[b].numpy() - C).max() < 1e-10 * np.abs(C).max()


def seconds(call, rounds, clock=time.perf_counter):
    """Median time of a call."""
    times = []
    for _ in range(rounds):
        start = clock()
        call()
        times.append(clock() - start)
    return float(np.median(times))


@pytest.mark.parametrize("threads", [1, 2])
def test_throughput(benchmark, real_lattices, threads):
    """Lattices a second: checks, ordering, symbolic analysis, assembly and factorisation of each."""
    check(real_lattices)
    benchmark.extra_info.update(threads=threads, lattices=len(real_lattices), items=len(real_lattices))
    benchmark.pedantic(homogenise, (real_lattices,), {"threads": threads}, rounds=60, warmup_rounds=5)
    # Processor time, all threads together: what a lattice costs when other programs share the cores.
    processor = seconds(lambda: homogenise(real_lattices, threads=threads), 40, time.process_time)
    benchmark.extra_info["processor_microseconds_a_lattice"] = processor / len(real_lattices) * 1e6
    if threads > 1:
        # Interleaved, so that whatever else the machine does weighs on both alike.
        pairs = [
            [seconds(lambda n=n: homogenise(real_lattices, threads=n), 1) for n in (1, threads)] for _ in range(40)
        ]
        one, many = np.median(pairs, axis=0)
        benchmark.extra_info["speed_up"] = float(one / many)


def test_one_lattice(benchmark):
    """One call for one small lattice: what Python and autograd add."""
    batch = LatticeBatch.from_lattices([unit_cell("octet")])
    benchmark.pedantic(homogenise, (batch,), {"threads": 1}, rounds=200, warmup_rounds=5)


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
    arguments = {"retain_graph": True}
    benchmark.pedantic(torch.autograd.grad, (C, leaves, cotangent), arguments, rounds=rounds, warmup_rounds=2)
    forward = seconds(lambda: homogenise(batch, threads=1), rounds)
    with_displacements = seconds(lambda: homogenise(moving, threads=1), rounds)
    backward = benchmark.stats.stats.median
    benchmark.extra_info.update(
        forward=with_displacements,
        backward_of_forward=backward / with_displacements,
        both_of_plain_forward=(backward + with_displacements) / forward,
    )


def test_backward(benchmark, real_lattices):
    """Gradients with respect to cell, positions and radii, beside the forward pass that prepares them."""
    benchmark.extra_info.update(lattices=len(real_lattices), items=len(real_lattices))
    time_backward(benchmark, real_lattices, 40)


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
    benchmark.pedantic(homogenise, (batch,), {"threads": 1}, rounds=rounds)
    benchmark.extra_info.update(
        nodes=lattice.num_nodes,
        microseconds_a_node=benchmark.stats.stats.median / lattice.num_nodes * 1e6,
        megabytes=memory,
    )


def test_threads_share_a_large_cell(benchmark):
    batch = LatticeBatch.from_lattices([unit_cell("diamond").supercell(8)])
    benchmark.pedantic(homogenise, (batch,), {"threads": 2}, rounds=3)
    one = seconds(lambda: homogenise(batch, threads=1), 3)
    benchmark.extra_info.update(threads=2, nodes=4096, speed_up=one / benchmark.stats.stats.median)


@pytest.fixture(scope="module")
def some_lattices(real_lattices):
    return [real_lattices[b] for b in range(0, len(real_lattices), 119)]


def run_peer(benchmark, solve, cases, expected, tolerance=1e-9, rounds=3):
    for case, C in zip(cases, expected, strict=True):
        assert np.abs(solve(case) - C).max() < tolerance * np.abs(C).max()
    benchmark.extra_info.update(lattices=len(cases), items=len(cases))
    benchmark.pedantic(lambda: [solve(case) for case in cases], rounds=rounds)


def own(lattices):
    return homogenise(lattices).stiffness.numpy()


def test_peer_numpy(benchmark, some_lattices):
    """Dense assembly in Python and numpy.linalg.solve."""
    from tests.frame_reference import dense_stiffness

    run_peer(benchmark, dense_stiffness, some_lattices, own(some_lattices))


def test_peer_lapack(benchmark, some_lattices):
    """LAPACK's dense Cholesky of the assembled matrix, assembly not counted."""
    from scipy.linalg import cho_factor, cho_solve

    from tests.frame_reference import assemble

    def solve(case):
        K, G, W, volume = case
        return (W - G.T @ cho_solve(cho_factor(K, check_finite=False), G, check_finite=False)) / volume

    cases = [(K.toarray(), G, W, x.volume) for x in some_lattices for K, G, W in [assemble(x)]]
    run_peer(benchmark, solve, cases, own(some_lattices), rounds=20)


def test_peer_opensees(benchmark, some_lattices):
    """OpenSeesPy assembles, numpy condenses (dense)."""
    pytest.importorskip("openseespy")
    try:
        from tests.frame_opensees import opensees_stiffness
    except RuntimeError as error:
        pytest.skip(str(error))
    run_peer(benchmark, opensees_stiffness, some_lattices, own(some_lattices))


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
    from tests.frame_reference import assemble

    lattice = unit_cell("diamond").supercell(size)
    if solve is superlu and lattice.num_nodes > 2000:
        pytest.skip("takes minutes")
    K, G, W = assemble(lattice)
    C = own([lattice])[0]
    assert np.abs((W - G.T @ solve(K, G)) / lattice.volume - C).max() < 1e-9 * np.abs(C).max()
    benchmark.pedantic(solve, (K, G), rounds=3 if lattice.num_nodes < 500 else 1)
    mine = seconds(lambda: homogenise(lattice, threads=1), 1)
    benchmark.extra_info.update(nodes=lattice.num_nodes, of_ours=benchmark.stats.stats.median / mine)
