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


def run_in_parts(name, backend, folder):
    """Each processor takes some of the lattices; gradients of parameters add up."""
    golden = load_golden(name)
    parts = min(len(os.sched_getaffinity(0)), golden.graph.num_graphs)
    files = [folder / f"{number}.safetensors" for number in range(parts)]
    command = [sys.executable, "-m", "tests.gpu.golden_part", name, backend]
    running = [
        subprocess.Popen([*command, str(number), str(parts), str(file)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for number, file in enumerate(files)
    ]
    messages = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * parts, "\n".join(messages)
    found = [load_file(file) for file in files]
    stiffness, grad_positions = torch.empty_like(golden.stiffness), torch.empty_like(golden.grad_positions)
    for number, one in enumerate(found):
        lattices = torch.arange(golden.graph.num_graphs)[number::parts]
        stiffness[lattices] = one["stiffness"]
        grad_positions[torch.isin(golden.graph.batch, lattices)] = one["positions"]
    gradients = {name: sum(one[f"gradient/{name}"] for one in found) for name in golden.gradients}
    assert_golden(golden, stiffness, gradients, grad_positions)


def test_parts_make_the_whole(tmp_path):
    run_in_parts("F", "torch", tmp_path)


def test_golden_e(tmp_path):
    run_in_parts("E", "triton", tmp_path)


@pytest.mark.skipif("FASTLATTICE_GPU_PROOFS" not in os.environ, reason="runs in `make gpu-proofs`")
def test_golden_a(tmp_path):
    run_in_parts("A", "triton", tmp_path)
