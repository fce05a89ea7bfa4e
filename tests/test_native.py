"""Loading the native library, and its boundary: what crosses it is what it says, whatever the caller gives."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import torch

from codegen import abi
from fastlattice import Status, _native
from fastlattice._generated import abi as calls
from fastlattice.data.recipe import DISPLACEMENTS, ROTATIONS
from fastlattice.fe.homogenise import DISCRETISATIONS
from fastlattice.models.inputs import _FAULTS

ROOT = Path(__file__).resolve().parents[1]


def run_with(isa: str, code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FASTLATTICE_ISA": isa}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("isa", _native.available_instruction_sets())
def test_each_available_instruction_set_loads_when_asked_for(isa: str) -> None:
    shown = run_with(isa, "from fastlattice import _native; print(_native.instruction_set(), _native.library()._name)")
    assert shown.stdout.split()[0] == isa, shown.stderr
    assert f"libfastlattice_{isa}.so" in shown.stdout


def test_a_missing_instruction_set_is_refused() -> None:
    shown = run_with("sse9", "from fastlattice import _native; _native.library()")
    assert shown.returncode != 0
    assert "FASTLATTICE_ISA=sse9 is not available here" in shown.stderr


def copy_of_sources(folder: Path) -> Path:
    """What a clone's root has of the package: the sources, unbuilt."""
    ignored = shutil.ignore_patterns("_lib", "__pycache__")
    shutil.copytree(ROOT / "fastlattice", folder / "fastlattice", ignore=ignored)
    (folder / "csrc").mkdir()
    (folder / "setup.py").touch()
    return folder


def test_unbuilt_sources_say_what_to_type(tmp_path: Path) -> None:
    code = "import fastlattice; fastlattice.homogenise(fastlattice.unit_cell('bcc'))"
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, cwd=copy_of_sources(tmp_path), capture_output=True, text=True)
    assert shown.returncode != 0
    message = shown.stderr.strip().splitlines()[-1]
    assert str(tmp_path) in message
    assert "are the sources and not the installed package" in message
    assert "pip install -e ." in message


@pytest.mark.parametrize("exported", ["long fl_abi_version(void) { return 1; }", "int fl_instruction_sets;"])
def test_a_library_built_from_other_sources_is_refused(exported: str, tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    folder = copy_of_sources(tmp_path) / "fastlattice" / "_lib"
    folder.mkdir()
    (tmp_path / "stale.c").write_text(exported)
    library = folder / "libfastlattice_baseline.so"
    subprocess.run([compiler, "-shared", "-fPIC", tmp_path / "stale.c", "-o", library], check=True)
    command = [sys.executable, "-c", "from fastlattice import _native; _native.library()"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode != 0
    message = shown.stderr.strip().splitlines()[-1]
    assert f"{library} was built from other sources than this Python code" in message
    assert "pip install -e ." in message


def test_enumerations_are_the_library_s() -> None:
    assert [status.name.lower() for status in Status] == [*calls.STATUS, "not_finite"]  # the last is a network's
    assert [status.value for status in Status] == list(range(len(calls.STATUS) + 1))
    assert [name.replace("-", "_") for name in DISCRETISATIONS] == list(calls.DISCRETISATION)
    assert ("none", *_FAULTS) == calls.FAULT
    assert (calls.DISPLACEMENT, calls.ROTATION) == (DISPLACEMENTS, ROTATIONS)
    assert all(status.description for status in Status)


# ---- Every buffer of every function: a wrong dtype, device, layout, kind and length

DTYPES = {"f32": torch.float32, "f64": torch.float64, "i64": torch.int64, "i32": torch.int32, "u8": torch.uint8}
DTYPES["bool"] = torch.bool
COUNT = 2  # of everything
LMAX = 1


def paths(l_in: int, lmax: int) -> int:
    triples = ((a, b, c) for a in range(l_in + 1) for b in range(lmax + 1) for c in range(lmax + 1))
    return sum(abs(a - b) <= c <= a + b and (a + b + c) % 2 == 0 for a, b, c in triples)


WORDS: dict[str, Any] = {
    "Extent": int,
    "paths": paths,
    "components": lambda lmax: (lmax + 1) ** 2,
    "multiplicity": lambda each, lmax, degrees: sum(each[l] for l in range(lmax + 1) if degrees >> l & 1),
    "readout_size": lambda each, lmax, degrees: sum(each[l] * (2 * l + 1) for l in range(lmax + 1) if degrees >> l & 1),
    "widths": [4, 2, 2],
    "node_fan_in": [6, 2, 6, 2, 3],
    "multiplicities": [1, 2],
}


def evaluated(extent: str, **words: int) -> int:
    """A number of elements as codegen/abi_table.py states it, for arguments as `argument` gives them."""
    extent = re.sub(r"^(\w+) \? (.*) : (.*)$", r"(\2) if \1 is not None else (\3)", extent)
    names = {word: COUNT for word in re.findall(r"\b[a-z_]\w*\b", extent)}
    names |= dict.fromkeys(("l_in", "l_odd", "lmax"), LMAX) | dict.fromkeys(("output_degrees", "degrees"), 3)
    names |= {name: list(range(COUNT + 1)) for name in re.findall(r"\b\w*(?:offsets|starts)\b", extent)}  # type: ignore
    return int(eval(extent, {**names, **WORDS, **words}))


def argument(a: abi.Argument, dtype: str) -> Any:
    """Something that the argument may be, in agreement with the others."""
    if a.kind == "degree":
        return LMAX
    if a.kind == "number":
        return 1.0
    if a.kind in ("size", "threads"):
        return COUNT
    if a.kind in ("integer", *abi.ENUMS):
        return 3 if a.name in ("output_degrees", "degrees") else 1
    if a.kind in ("handle", "reference"):
        return ctypes.byref(ctypes.c_void_p())
    if a.kind == "offsets":
        return torch.arange(COUNT + 1)
    element = DTYPES[dtype if a.type == "T" else a.type]
    if a.is_list:
        sizes = [evaluated(a.extent, n=n) if a.extent else 1 for n in range(COUNT)]
        return [torch.zeros(size, dtype=element) for size in sizes]
    if a.name in ("widths", "multiplicities"):
        return torch.tensor(WORDS[a.name])
    size = evaluated(a.extent) if a.extent is not None else 1
    storage = torch.zeros(size + 64, dtype=element)
    start = -storage.data_ptr() % a.aligned // storage.element_size()
    return storage[start : start + size]


def cases() -> list[Any]:
    return [
        pytest.param(f, name, type_, n, id=f"{name}-{a.name}")
        for f in abi.FUNCTIONS
        for name, type_ in f.exported()
        for n, a in enumerate(f.arguments)
        if a.is_buffer or a.is_list
    ]


@pytest.mark.parametrize(("function", "name", "dtype", "number"), cases())
def test_a_wrong_buffer_is_refused(function: abi.Function, name: str, dtype: str, number: int) -> None:
    a, arguments = function.arguments[number], [argument(a, dtype) for a in function.arguments]
    right = arguments[number]

    def refused(wrong: Any, error: type[Exception], reason: str) -> None:
        changed = [wrong, *right[1:]] if a.is_list else wrong
        with pytest.raises(error, match=reason):
            _native.call(name, *arguments[:number], changed, *arguments[number + 1 :])

    one = right[0] if a.is_list else right
    other = torch.float16 if one.dtype != torch.float16 else torch.float32
    refused(one.to(other), TypeError, f"takes a tensor of {one.dtype} here, not {other}")
    refused(one.to("meta"), ValueError, "takes CPU tensors, not one on meta")
    refused(one.as_subclass(type("Subclass", (torch.Tensor,), {})), TypeError, "plain tensors, not Subclass")
    refused("text", TypeError, "plain tensors, not str")
    if a.written and len(one) > 1:
        refused(one.new_zeros(len(one), 2)[:, 0], ValueError, "writes to contiguous tensors only")
    if not a.optional:
        with pytest.raises((TypeError, _native.NativeError)):
            _native.call(name, *arguments[:number], None, *arguments[number + 1 :])
    if a.extent is not None and a.name != "widths":
        for wrong in (one.new_zeros(len(one) + 1), one.new_zeros(977)):
            size = f"{a.name} has {len(wrong)} elements, expected {len(one)}"
            refused(wrong, _native.NativeError, size if a.aligned == 1 else a.name)
    if a.is_list and a.count:
        with pytest.raises(_native.NativeError, match=f"{a.name} are 3 buffers, expected 2"):
            _native.call(name, *arguments[:number], [*right, one], *arguments[number + 1 :])


def test_offsets_must_ascend_from_zero() -> None:
    for f in abi.FUNCTIONS:
        for number, a in enumerate(f.arguments):
            if a.kind != "offsets":
                continue
            faults = ([0, 1 << 60, 2], "descends"), ([1, 1, 2], "starts at 1"), ([-1, 1, 2], "starts at -1")
            for wrong, reason in faults:
                for name, type_ in f.exported():
                    arguments = [argument(a, type_) for a in f.arguments]
                    arguments[number] = torch.tensor(wrong)
                    with pytest.raises(_native.NativeError, match=f"{a.name} {reason}"):
                        _native.call(name, *arguments)


def test_sizes_are_not_negative_and_do_not_overflow() -> None:
    for f in abi.FUNCTIONS:
        for number, a in enumerate(f.arguments):
            if a.kind not in ("size", "degree"):
                continue
            for name, type_ in f.exported():
                for wrong in (-1, -(1 << 63), (1 << 63) - 1, 1 << 62, 1 << 61):
                    if wrong > 0 and (
                        f.name.startswith("fl_lat") or (f.name, a.name) == ("fl_check_graph", "lattices")
                    ):
                        continue  # no buffer has that many elements
                    arguments = [argument(a, type_) for a in f.arguments]
                    arguments[number] = wrong
                    with pytest.raises(_native.NativeError):  # noqa: PT012
                        _native.call(name, *arguments)
                        pytest.fail(f"{name} takes {a.name} = {wrong}")
                with pytest.raises(ValueError, match="does not fit 64 bits"):
                    _native.call(name, *arguments[:number], 1 << 63, *arguments[number + 1 :])


def test_arguments_are_counted() -> None:
    with pytest.raises(ValueError, match="zip"):
        _native.call("fl_fma_peak", torch.zeros(1, dtype=torch.float64))


def test_a_view_that_is_read_is_copied() -> None:
    row = torch.arange(6.0, dtype=torch.float64)[::2]
    out = torch.empty(2, 3, dtype=torch.float64)
    _native.call("fl_repeat_f64", 1, 2, 3, row, out)
    assert out.tolist() == [[0, 2, 4]] * 2


@pytest.mark.parametrize("threads", [-(1 << 63), -1, 0, 10**6, 1 << 31, (1 << 63) - 1])
def test_any_number_of_threads_is_taken(threads: int) -> None:
    """As at least one, and at most a few for each core."""
    sh, length = torch.empty(9, 4), torch.empty(9)
    edges = torch.tensor([[0] * 9, [1] * 9])
    positions, shifts = torch.tensor([[0.0, 0, 0], [0, 3, 4]]), torch.zeros(9, 3)
    _native.call("fl_edge_sh_f32", threads, 2, 9, 1, positions, edges, shifts, None, sh, length)
    assert length.tolist() == [5] * 9


def python(code: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


def test_a_lattice_without_memory_leaves_the_others() -> None:
    """A cell whose factor exceeds what the process may have, between two that do not."""
    shown = python(
        """
        import resource
        import numpy as np, torch
        from fastlattice import Lattice, homogenise, unit_cell
        torch.set_num_threads(1)
        rng = np.random.default_rng(1)
        n = 6000
        struts = np.concatenate([np.c_[np.arange(n), np.roll(np.arange(n), 1)], rng.integers(0, n, (8 * n, 2))])
        struts = np.unique(np.sort(struts[struts[:, 0] != struts[:, 1]]), axis=0)
        large = Lattice(np.eye(3), rng.random((n, 3)), struts, rng.integers(-1, 2, (len(struts), 3)), 1e-4)
        small = unit_cell("bcc", relative_density=0.01)
        expected = homogenise(small).stiffness[0]
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 29), used + (1 << 29)))
        result = homogenise([small, large, small])
        assert [int(s) for s in result.status] == [0, 8, 0], result.status
        assert result.failures()[0].reason == "the lattice needs more memory than there is"
        assert torch.equal(result.stiffness[0], expected) and torch.equal(result.stiffness[2], expected)
        assert result.stiffness[1].isnan().all()
        """
    )
    assert shown.returncode == 0, shown.stderr


def test_forks_while_the_pool_starts() -> None:
    """Children of a process that is forked again and again while its first parallel calls run can run their own."""
    shown = python(
        """
        import os, threading
        import torch
        from fastlattice import homogenise, unit_cell, LatticeBatch
        batch = LatticeBatch.from_lattices([unit_cell("octet")] * 64)
        start = threading.Barrier(3)
        def work():
            start.wait()
            for _ in range(40):
                homogenise(batch, threads=3)
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        start.wait()
        for _ in range(30):
            child = os.fork()
            if child == 0:
                homogenise(batch, threads=3)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        for worker in workers:
            worker.join()
        """
    )
    assert shown.returncode == 0, shown.stderr
