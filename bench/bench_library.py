"""Building the native library from nothing, for every instruction set, with a compiler for each of two cores."""

import os
import subprocess
import sys

from bench.conftest import ROOT
from bench.support.timing import record

TESTS = []  # what is built is tested op by op


def test_library(benchmark, tmp_path):
    command = [sys.executable, "setup.py", "-q", "build_ext", "--force"]
    command += ["--build-temp", str(tmp_path / "objects"), "--build-lib", str(tmp_path / "library")]

    def build():
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "MAX_JOBS": "2"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]

    benchmark.pedantic(build, rounds=1)
    built = sorted((tmp_path / "library").glob("**/*.so"))
    assert built
    sources = len(list((ROOT / "csrc").rglob("*.cpp")))
    shapes = f"{sources} C++ files, {len(built)} instruction sets"
    record(benchmark, benchmark.stats.stats.data, "native library, building", "compiler", shapes, "", threads=2)
