"""Builds the native library: the same C++17 sources once per instruction set, as plain C ABI shared objects.

No torch and no Python headers are involved, so one wheel serves every Python and every torch. At import,
`fastlattice._native` asks the baseline object which instruction sets the machine has and loads the best one.

Environment: CXX (compiler, default c++ or g++), CXXFLAGS (appended to every compilation), MAX_JOBS (compilations at a
time), FASTLATTICE_OBJECTS (a folder for compiled objects that several builds share: each is named by the hash of all
that it is made from, so that what has been compiled once is not compiled again, wherever its sources lie).

FASTLATTICE_CUDA=1 also builds the CUDA library, with nvcc (from CUDACXX, CUDA_HOME, PATH or /usr/local/cuda), for the
compute capabilities in FASTLATTICE_CUDA_ARCHITECTURES (default 80,90,100; the last one as PTX too, for later devices).
It has the CUDA runtime inside; nothing else needs it.
"""

import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from functools import cache
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
# Folders whose files say themselves which multiplications and additions are one operation (csrc/frame/arithmetic.h).
FOLDER_FLAGS = {"csrc/frame": ["-ffp-contract=off"]}
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
        folder = Path(os.environ.get("FASTLATTICE_OBJECTS") or self.build_temp)
        objects, links = {}, []
        for ext in self.extensions:
            compiler, linker = self._commands(ext)
            commands = {source: [*compiler, *FOLDER_FLAGS.get(str(Path(source).parent), [])] for source in ext.sources}
            own = {_object(folder / ext.name.rsplit(".", 1)[1], *item): item[0] for item in commands.items()}
            objects.update({target: [*commands[source], "-c", source] for target, source in own.items()})
            library = Path(self.get_ext_fullpath(ext.name))
            library.parent.mkdir(parents=True, exist_ok=True)
            links.append([*linker, *map(str, own), "-o", str(library)])
        missing = {target: command for target, command in objects.items() if self.force or not target.exists()}
        with ThreadPoolExecutor(int(os.environ.get("MAX_JOBS", os.cpu_count() or 1))) as pool:
            # The largest sources first, so that no processor is left waiting for them at the end.
            order = sorted(missing, key=lambda target: -os.path.getsize(missing[target][-1]))
            running = [pool.submit(_compile, target, missing[target]) for target in order]
            started = time.monotonic()
            try:
                for number, future in enumerate(as_completed(running), start=1):
                    future.result()
                    _tell(number, len(running), time.monotonic() - started)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            list(pool.map(_run, links))

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


@cache
def _version(compiler: str) -> bytes:
    return subprocess.run([compiler, "--version"], capture_output=True, check=True).stdout


@cache
def _text(path: Path) -> bytes:
    """A source and all that it includes of ours, with names: what its object depends on."""
    parts = {path: path.read_bytes()}
    waiting = [path]
    while waiting:
        for name in re.findall(rb'^\s*#\s*include\s+"([^"]+)"', parts[waiting.pop()], re.MULTILINE):
            included = ROOT / "csrc" / name.decode()
            if included not in parts:
                parts[included] = included.read_bytes()
                waiting.append(included)
    return b"".join(f"{found.relative_to(ROOT)}\n".encode() + parts[found] for found in sorted(parts))


def _object(folder: Path, source: str, command: list[str]) -> Path:
    """Where the object of a source file is, by the hash of the compiler, its flags, the source and its headers."""
    parts = [_version(command[0]), shlex.join(command).encode(), _text(ROOT / source)]
    key = hashlib.sha256(b"\0".join(parts)).hexdigest()
    return folder / Path(source).relative_to("csrc").with_suffix(f".{key[:32]}.o")


def _compile(target: Path, command: list[str]) -> None:
    """Makes an object, whole or not at all; those of the same source that nobody made for a week are removed.

    Younger ones stay: other builds may share the folder.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}")
    _run([*command, "-o", str(partial)])
    partial.replace(target)
    for path in target.parent.glob(f"{target.name.split('.')[0]}.*.o"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - 7 * 86400:
                path.unlink()


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    sys.stderr.write(result.stderr)
    if result.returncode:
        raise SystemExit(f"fastlattice: the compiler failed: {shlex.join(command)}")


def _tell(number: int, count: int, seconds: float) -> None:
    """Says how many files are compiled: in one line on a terminal, else twenty times."""
    text = f"compiling the native library: {number} of {count} files, {seconds:.0f} s"
    if sys.stdout.isatty():
        print(f"\r{text}", end="\n" if number == count else "", flush=True)
    elif number == count or number * 20 // count > (number - 1) * 20 // count:
        print(text, flush=True)


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
