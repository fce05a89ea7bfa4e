"""Writes the generated files, or says which of them differ from what the generators make.

python -m codegen                    writes all but the tables of nets
python -m codegen random_nets        writes the table of random nets; its bits depend on the version of scipy
python -m codegen --rcsr FILE --wheel FILE   writes all; the files are the sources of nets that codegen/nets.py names
python -m codegen --check ...        writes nothing; exit code 1 if a committed file differs
python -m codegen mandel edge_conv   only what these generators make
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

GENERATORS = (
    "abi",
    "tables",
    "edge_sh",
    "mandel",
    "edge_conv",
    "edge_conv_gpu",
    "symmetric_contraction",
    "symmetric_contraction_gpu",
)
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m codegen", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices = (*GENERATORS, "nets", "random_nets")
    parser.add_argument("generator", nargs="*", help=f"of {', '.join(choices)}; all if none")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    for source, what in (("--rcsr", "RCSR's file"), ("--wheel", "the wheel of pormake")):
        parser.add_argument(source, type=Path, help=f"{what}, a source of the table of nets")
    options = parser.parse_args(arguments)
    for name in options.generator:
        if name not in choices:
            parser.error(f"there is no generator {name!r}; choose from {', '.join(choices)}")
    sources = [source for source in (options.rcsr, options.wheel) if source is not None]
    names = options.generator or [*GENERATORS, *["nets"] * (len(sources) == 2)]
    if "nets" in names and len(sources) < 2:
        parser.error("the table of nets is made from --rcsr FILE and --wheel FILE")
    status = 0
    for name in names:
        files = import_module(f"codegen.{name}").files
        for path, content in files(*sources if name == "nets" else ()).items():
            status |= _put(path, content.encode() if isinstance(content, str) else content, name, options.check)
    if "nets" not in names and not options.generator:
        print("rcsr_nets.npz: skipped; its sources, --rcsr FILE and --wheel FILE, are named in codegen/nets.py")
    return status


def _put(path: Path, content: bytes, generator: str, check: bool) -> int:
    """Writes a file or compares it; 1 if it differs."""
    shown = path.relative_to(ROOT)
    if check:
        same = path.exists() and path.read_bytes() == content
        print(f"{shown}: {'up to date' if same else f'differs from what codegen/{generator}.py makes'}", flush=True)
        return 0 if same else 1
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
    print(f"{shown}: {len(content)} bytes", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
