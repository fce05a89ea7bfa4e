"""The three ways of installing: wheel (by way of the sdist), and in place; each from a copy of the sources."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Objects are named by the hash of what they are made from: copies of the sources need not be compiled again.
ENVIRONMENT = {"FASTLATTICE_OBJECTS": str(ROOT / "build" / "objects"), **os.environ}
# The installed package must work without its sources around: it computes a stiffness and finds its data and kernels.
SMOKE = """
import fastlattice, fastlattice.kernels
from fastlattice.cli import main
result = fastlattice.homogenise(fastlattice.rcsr_net("pcu", relative_density=0.03))
assert abs(float(result.stiffness[0, 0, 0]) - 0.01) < 1e-4, result.stiffness
assert fastlattice.LatticeMACE.__module__ == "fastlattice.models.mace.model"
assert main(["info", "octet"]) == 0
print(fastlattice.__file__)
"""


def run(*command: object, cwd: Path | None = None, **environment: str) -> str:
    every = {**ENVIRONMENT, **environment}
    finished = subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd=cwd, env=every)
    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-3000:]
    return finished.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a checkout holds, without anything that was built."""
    copy = tmp_path_factory.mktemp("sources") / "fastlattice"
    built = shutil.ignore_patterns(
        ".*", "build", "dist", "*.egg-info", "_lib", "__pycache__", "*.so", "results", "demo"
    )
    shutil.copytree(ROOT, copy, ignore=built)
    return copy


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the sdist, each in an isolated environment that holds setuptools and nothing else."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, sources)
    (sdist,) = out.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "csrc/base/pool.cpp",
        "csrc/abi.h",
        "kernels/__init__.py",
        "Makefile",
        "LICENSE",
        "tests/conftest.py",
    } <= names
    (built,) = out.glob("*.whl")
    return built


def test_wheel_is_for_every_python_and_holds_everything(wheel: Path) -> None:
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name.endswith(f"-py3-none-{platform}.whl") or "macosx" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"fastlattice/py.typed", "fastlattice/kernels/__init__.py", "fastlattice/topologies/rcsr_nets.npz"} <= names
    assert "fastlattice/_lib/libfastlattice_baseline.so" in names
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "fastlattice").rglob("*.py")}
    assert modules <= names
    assert not [n for n in names if n.startswith(("tests/", "bench/", "codegen/", "csrc/"))]


def test_wheel_works_from_an_empty_directory(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, wheel)
    found = run(sys.executable, "-c", SMOKE, cwd=empty, PYTHONPATH=str(target))
    assert Path(found.splitlines()[-1]).is_relative_to(target)


def test_editable_install_uses_the_sources_in_place(sources: Path, tmp_path: Path) -> None:
    environment, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", sources)
    # torch and numpy come from this environment: a path file adds its packages after the new environment's own.
    (own,) = (environment / "lib").glob("python*/site-packages")
    (own / "parent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    found = run(python, "-c", SMOKE, cwd=empty)
    assert Path(found.splitlines()[-1]).is_relative_to(sources)


def test_kernels_refuse_another_name() -> None:
    failed = subprocess.run([sys.executable, "-c", "import kernels"], cwd=ROOT, capture_output=True, text=True)
    assert failed.returncode != 0
    assert "import it under that name" in failed.stderr


def test_windows_is_refused_with_a_sentence() -> None:
    code = (
        "import sys, setuptools.command.bdist_wheel, setuptools.command.build_ext;"
        "sys.platform = 'win32'; sys.argv = ['setup.py', '--version']; exec(open('setup.py').read())"
    )
    refused = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "Windows Subsystem for Linux" in refused.stderr


def test_an_object_is_compiled_once_for_what_it_is_made_from(sources: Path, tmp_path: Path) -> None:
    copy, log, version, compiler = (tmp_path / name for name in ("copy", "log", "version", "c++"))
    shutil.copytree(sources, copy)
    version.write_text("1")
    compiler.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then cat {version}; exit; fi\necho "$*" >> {log}\n'
        'while [ "$1" != -o ]; do shift; done\ntouch "$2"\n'
    )
    compiler.chmod(0o755)
    environment = {"CXX": str(compiler), "FASTLATTICE_OBJECTS": str(tmp_path / "objects")}

    def compiled(**other: str) -> int:
        log.unlink(missing_ok=True)
        run(sys.executable, "setup.py", "-q", "build_ext", "--inplace", cwd=copy, **{**environment, **other})
        return sum("-c csrc" in line for line in log.read_text().splitlines())

    every = compiled()
    libraries = len(list((copy / "fastlattice" / "_lib").glob("*.so")))
    assert every == libraries * len([*copy.glob("csrc/**/*.cpp")]) > 0
    assert compiled() == 0
    with (copy / "csrc" / "base" / "pool.cpp").open("a") as source:
        source.write("// changed\n")
    assert compiled() == libraries
    with (copy / "csrc" / "base" / "pool.h").open("a") as header:
        header.write("// changed\n")
    assert libraries < compiled() < every, "what includes it, also by way of others, and nothing else"
    version.write_text("2")
    assert compiled() == every
    assert compiled(CXXFLAGS="-g") == every
    objects = list((tmp_path / "objects").rglob("*.o"))
    for path in objects:
        os.utime(path, (0, 0))
    assert compiled(CXXFLAGS="-g0") == every
    assert len(list((tmp_path / "objects").rglob("*.o"))) == every < len(objects)
