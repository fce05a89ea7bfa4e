"""What the command line says before it computes anything, and how it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import fastlattice
from fastlattice import LatticeBatch, unit_cell, write_catalogue
from fastlattice._progress import ProgressBar

RUN = "import sys; from fastlattice._command import main; sys.argv[0] = 'fastlattice'\n"


def python(code: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--version"], ["--help"], ["fee"], ["fe", "octet", "--densty", "1"], ["fe", "octet", "--nu", "2"]),
        *(
            [command, "--help"]
            for command in ("info", "fe", "predict", "train", "evaluate", "convert", "plot", "reproduce")
        ),
        *(["verify", "--help"], ["doctor", "--help"]),
        *(["fe", name] for name in ("octe", "pcu", "nets:pcuu", "nets:octet", "missing.lat", "some/thing", "cells:")),
        ["plot", "octe", "-o", "x.png"],
        ["predict", "octe", "--weights", "none.ckpt"],
    ],
    ids=" ".join,
)
def test_help_and_mistakes_are_answered_without_torch(arguments: list[str]) -> None:
    code = (
        f"{RUN}try:\n    code = main()\nexcept SystemExit as end:\n    code = end.code\n"
        "assert 'torch' not in sys.modules\nassert 'numpy' not in sys.modules or code == 2\nsys.exit(code)"
    )
    done = python(code, *arguments)
    assert done.returncode == (0 if arguments[-1] in ("--help", "--version") else 2), done.stderr
    assert "Traceback" not in done.stderr


def test_the_package_is_what_it_was_with_torch_in_time_for_everything() -> None:
    code = """
import sys
import fastlattice
assert 'torch' not in sys.modules
assert {'LatticeMACE', 'homogenise', 'elasticity', 'errors'} <= set(dir(fastlattice))
assert 'torch' not in sys.modules
try:
    fastlattice.nothing
except AttributeError as error:
    assert "'nothing'" in str(error)
import torch  # what torch reads back and runs is known to it from here on
assert 'fastlattice.models' in sys.modules
names = {}
exec('from fastlattice import *', names)
assert set(fastlattice.__all__) <= set(names)
assert names['warmup'] is fastlattice.warmup and callable(fastlattice.warmup)
"""
    assert python(code).returncode == 0
    for code in (
        "import fastlattice; fastlattice.elasticity.convert; fastlattice.fe.homogenise; fastlattice.models.predict",
        "from fastlattice import LatticeMACE, unit_cell",
        "import fastlattice.lattice.batch; import fastlattice; fastlattice.warmup",
        "import torch, sys, fastlattice; assert 'fastlattice.models' in sys.modules",
    ):
        done = python(code)
        assert done.returncode == 0, (code, done.stderr)


def test_lattices_are_read_back_by_a_script_that_only_imports_the_package(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "batch.pt"
    torch.save(LatticeBatch.from_lattices([unit_cell("octet")]), path)
    done = python(f"import fastlattice\nimport torch\nprint(len(torch.load({str(path)!r})))")
    assert done.stdout == "1\n", done.stderr


def test_public_names_are_listed_once() -> None:
    assert sorted(set(fastlattice.__all__)) == sorted(fastlattice.__all__)
    for name in fastlattice.__all__:
        assert getattr(fastlattice, name) is not None


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        (["fe", "octet"], {"FASTLATTICE_ISA": "mmx"}, "FASTLATTICE_ISA=mmx is not available here; choose from"),
        (["verify", "--device", "cuda:77"], {}, "--device cuda:77: "),
        (["verify", "--device", "nowhere"], {}, "--device nowhere: "),
        (["fe", "octet"], {"FASTLATTICE_ISA": "AVX1024"}, "FASTLATTICE_ISA=AVX1024"),
    ],
)
def test_what_this_machine_lacks_takes_one_line(arguments: list[str], environment: dict[str, str], reason: str) -> None:
    done = python(f"{RUN}sys.exit(main())", *arguments, **environment)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert reason in done.stderr


def test_doctor_reports_an_unknown_instruction_set() -> None:
    done = python(f"{RUN}sys.exit(main())", "doctor", FASTLATTICE_ISA="mmx")
    assert done.returncode == 0, done.stderr
    assert "FASTLATTICE_ISA=mmx is not available here" in done.stdout


def started(*arguments: str, cwd: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "fastlattice", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("number", "said"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_run_that_is_ended_leaves_nothing(tmp_path: Path, number: int, said: str, suffix: str) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    densities = ",".join(str(i / 4000) for i in range(1, 41))
    run = started("fe", "nets:rcsr", "--density", densities, "-o", f"out{suffix}", cwd=tmp_path)
    while not list(tmp_path.glob(".out*")):
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)
    run.send_signal(number)
    _, error = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    assert error.splitlines()[-1] == f"fastlattice: {said}; no output file was left half written"
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_a_bar_that_was_interrupted_while_it_was_made_can_be_closed() -> None:
    bar = ProgressBar.__new__(ProgressBar, disable=None)
    bar.close()
    assert bar.disable


@pytest.mark.parametrize("module", ["fastlattice.cli", "numpy", "torch", "fastlattice.fe"])
def test_an_interrupted_start_is_no_traceback(module: str) -> None:
    """Ctrl-C while a module is imported, wherever in the start that is."""
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "from fastlattice._command import main\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "sys.argv = ['fastlattice', 'fe', 'octet']\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 130, done.stderr
    assert "fastlattice: interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_one_huge_cell_does_not_hold_an_interrupt_back(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "huge.lat", LatticeBatch.from_lattices([unit_cell("diamond").supercell(13)]))
    code = (
        "import os, signal, sys, threading, time\nimport fastlattice\n"
        "batch = fastlattice.read_catalogue('huge.lat')\n"
        "threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "try:\n    fastlattice.homogenise(batch, threads=1)\nexcept KeyboardInterrupt:\n    print('interrupted')\n"
        "else:\n    print('finished')\n"
        "print(fastlattice.homogenise(fastlattice.unit_cell('octet')).ok.item())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["interrupted", "True"], done.stderr
