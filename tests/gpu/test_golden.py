"""The released network's values, whole, forward and backward, by the GPU kernels under the interpreter."""

import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

pytest.importorskip("triton")

from tests.gpu.compiled import ROOT
from tests.support.golden import assert_golden, load_golden

PROCESSORS = len(os.sched_getaffinity(0))


def run_in_parts(name, shares, folder):
    """For each share (backend, lattices) a process; gradients of parameters add up to the golden ones."""
    golden = load_golden(name)
    assert sorted(n for _, lattices in shares for n in lattices) == list(range(golden.graph.num_graphs))
    files = [folder / f"{number}.safetensors" for number in range(len(shares))]
    command = [sys.executable, "-m", "tests.gpu.golden_part", name]
    running = [
        subprocess.Popen(
            [*command, backend, ",".join(map(str, lattices)), str(file)], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for (backend, lattices), file in zip(shares, files, strict=True)
    ]
    messages = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * len(shares), "\n".join(messages)
    found = [load_file(file) for file in files]
    stiffness, grad_positions = torch.empty_like(golden.stiffness), torch.empty_like(golden.grad_positions)
    for (_, numbers), one in zip(shares, found, strict=True):
        lattices = torch.tensor(numbers)
        stiffness[lattices] = one["stiffness"]
        grad_positions[torch.isin(golden.graph.batch, lattices)] = one["positions"]
    gradients = {name: sum(one[f"gradient/{name}"] for one in found) for name in golden.gradients}
    assert_golden(golden, stiffness, gradients, grad_positions)


def evenly(backend, lattices):
    """The shares of all processors."""
    return [(backend, range(lattices)[number::PROCESSORS]) for number in range(min(PROCESSORS, lattices))]


def test_parts_make_the_whole(tmp_path):
    run_in_parts("F", evenly("torch", 6), tmp_path)


def test_golden_e_two_lattices(tmp_path):
    """44 of its 514 edges: the interpreter takes a second for each."""
    run_in_parts("E", [("triton", [0, 1]), ("torch", [2, 3, 4, 5])], tmp_path)


@pytest.mark.skipif("FASTLATTICE_GPU_PROOFS" not in os.environ, reason="runs in `make gpu-proofs`")
@pytest.mark.parametrize(("name", "lattices"), [("E", 6), ("A", 12)])
def test_all_lattices(name, lattices, tmp_path):
    run_in_parts(name, evenly("triton", lattices), tmp_path)
