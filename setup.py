"""Builds the native library: the same C++17 sources once per instruction set, as plain C ABI shared objects.

No torch and no Python headers are involved, so one wheel serves every Python and every torch. At import,
`fastlattice._native` asks the baseline object which instruction sets the machine has and loads the best one.

Environment: CXX (compiler, default c++ or g++), CXXFLAGS (appended to every compilation).

FASTLATTICE_CUDA=1 also builds the CUDA library, with nvcc (from CUDACXX, CUDA_HOME, PATH or /usr/local/cuda), for the
compute capabilities in FASTLATTICE_CUDA_ARCHITECTURES (default 80,90,100; the last one as PTX too, for later devices).
It has the CUDA runtime inside; nothing else needs it.
"""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

if sys.platform == "win32":
    raise SystemExit(
        "fastlattice supports Linux and macOS; on Windows, install it inside WSL (Windows Subsystem for Linux)."
    )

# Instruction set -> compiler flags. fastlattice/_native.py knows the same names and picks the best at load.
X86_64 = {
    "baseline": [],
    "avx2": ["-mavx2", "-mfma"],
    "avx512": ["-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mavx2", "-mfma", "-mprefer-vector-width=512"],
}
FLAGS = [
    "-std=c++17",
    "-Icsrc",
    "-O3",
    "-fPIC",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-fno-math-errno",
    "-ffp-contract=fast",
    "-pthread",
    "-Wall",
    "-Wextra",
]
# nvcc's own default, said: multiplications and additions are contracted.
CUDA_FLAGS = ["-std=c++17", "-Icsrc", "-O3", "-fmad=true", "-Xcompiler", "-fPIC,-fvisibility=hidden"]
ROOT = Path(__file__).resolve().parent


def target_machine() -> str:
    """The architecture the wheel is for: on macOS ARCHFLAGS may name another one than the host's."""
    flags = shlex.split(os.environ.get("ARCHFLAGS", ""))
    return flags[flags.index("-arch") + 1] if "-arch" in flags else platform.machine().lower()


def instruction_sets() -> dict[str, list[str]]:
    """Instruction sets to build for the target machine."""
    return X86_64 if target_machine() in ("x86_64", "amd64") else {"baseline": []}


def nvcc() -> str:
    """The CUDA compiler."""
    if "CUDACXX" in os.environ:
        candidates = [os.environ["CUDACXX"]]
    elif "CUDA_HOME" in os.environ:
        candidates = [os.environ["CUDA_HOME"] + "/bin/nvcc"]
    else:
        candidates = ["nvcc", "/usr/local/cuda/bin/nvcc"]
    found = next(filter(None, map(shutil.which, candidates)), None)
    if found is None:
        where = " or ".join(candidates)
        raise SystemExit(f"FASTLATTICE_CUDA=1 needs nvcc, which is not at {where}: set CUDACXX to it, or CUDA_HOME.")
    return found


def cuda_extensions() -> list[Extension]:
    """The CUDA library, where it is asked for."""
    if os.environ.get("FASTLATTICE_CUDA", "0") in ("", "0"):
        return []
    architectures = os.environ.get("FASTLATTICE_CUDA_ARCHITECTURES", "80,90,100").replace(",", " ").split()
    codes = [f"arch=compute_{a},code=sm_{a}" for a in architectures]
    codes.append(f"arch=compute_{architectures[-1]},code=compute_{architectures[-1]}")
    flags = [flag for code in codes for flag in ("-gencode", code)]
    sources = [*sources_of("cuda/**/*.cu"), "csrc/base/boundary.cpp"]
    return [Extension("fastlattice._lib.libfastlattice_cuda", sources, language="cuda", extra_compile_args=flags)]


def sources_of(*patterns: str) -> list[str]:
    """Files of csrc, relative to the root."""
    return sorted(str(p.relative_to(ROOT)) for pattern in patterns for p in (ROOT / "csrc").glob(pattern))


class build_native(build_ext):  # noqa: N801 - setuptools commands are lower case
    """Compiles every source for every instruction set, in parallel, and links one shared object each."""

    def get_ext_filename(self, fullname: str) -> str:
        """The objects are loaded by ctypes: no Python ABI tag in their names."""
        return str(Path(*fullname.split("."))) + ".so"

    def copy_extensions_to_source(self) -> None:
        """For builds in place; setuptools expects the folder."""
        (ROOT / "fastlattice" / "_lib").mkdir(exist_ok=True)
        super().copy_extensions_to_source()

    def build_extensions(self) -> None:
        """All compilations of all extensions share one thread pool, then each is linked."""
        jobs, links = [], []
        for ext in self.extensions:
            compiler, linker = self._commands(ext)
            objects = []
            for source in ext.sources:
                target = (
                    Path(self.build_temp)
                    / ext.name.rsplit(".", 1)[1]
                    / Path(source).with_suffix(".o").relative_to("csrc")
                )
                objects.append(str(target))
                if not self.force and self._up_to_date(target):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                jobs.append([*compiler, "-MMD", "-MF", str(target.with_suffix(".d")), "-c", source, "-o", str(target)])
            library = Path(self.get_ext_fullpath(ext.name))
            library.parent.mkdir(parents=True, exist_ok=True)
            links.append([*linker, *objects, "-o", str(library)])
        with ThreadPoolExecutor(int(os.environ.get("MAX_JOBS", os.cpu_count() or 1))) as pool:
            for batch in (jobs, links):
                list(pool.map(self._run, batch))

    @staticmethod
    def _up_to_date(target: Path) -> bool:
        """Whether an object is newer than all that the compiler read for it, and than this file."""
        rule = target.with_suffix(".d")
        if not (target.exists() and rule.exists()):
            return False
        read = [Path(name) for name in shlex.split(rule.read_text().partition(":")[2].replace("\\\n", " "))]
        if not all(path.exists() for path in read):
            return False
        return target.stat().st_mtime > max(path.stat().st_mtime for path in [*read, ROOT / "setup.py"])

    @staticmethod
    def _commands(ext: Extension) -> tuple[list[str], list[str]]:
        """How an extension's sources are compiled, and how its objects are linked."""
        if ext.language == "cuda":
            compiler = nvcc()
            link = [compiler, "-shared", "-cudart", "static", *ext.extra_compile_args]
            return [compiler, *CUDA_FLAGS, *ext.extra_compile_args], link
        cxx = shlex.split(os.environ.get("CXX", "")) or [shutil.which("c++") or shutil.which("g++") or ""]
        if not cxx[0]:
            raise SystemExit("fastlattice needs a C++17 compiler (g++ or clang++) to build; set CXX to name one.")
        cxx += shlex.split(os.environ.get("ARCHFLAGS", ""))
        extra = shlex.split(os.environ.get("CXXFLAGS", ""))
        return [*cxx, *FLAGS, *ext.extra_compile_args, *extra], [*cxx, "-shared", "-pthread", *extra]

    @staticmethod
    def _run(command: list[str]) -> None:
        print(shlex.join(command), flush=True)
        result = subprocess.run(command, capture_output=True, text=True)
        sys.stderr.write(result.stderr)
        if result.returncode:
            raise SystemExit(f"fastlattice: the compiler failed: {shlex.join(command)}")


class py3_none_wheel(bdist_wheel):  # noqa: N801
    """Tags the wheel py3-none-<platform>: it holds native code, but none that depends on Python."""

    def get_tag(self) -> tuple[str, str, str]:
        """(python, abi, platform) tags."""
        return "py3", "none", super().get_tag()[2]


def native_extensions() -> list[Extension]:
    """One library for each instruction set."""
    sources = sources_of("**/*.cpp")
    return [
        Extension(f"fastlattice._lib.libfastlattice_{name}", sources, extra_compile_args=flags)
        for name, flags in instruction_sets().items()
    ]


setup(
    ext_modules=[*native_extensions(), *cuda_extensions()],
    cmdclass={"build_ext": build_native, "bdist_wheel": py3_none_wheel},
)
