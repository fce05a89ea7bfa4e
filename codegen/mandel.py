"""Writes the change of basis from a stiffness's 21 coefficients to its Mandel matrix: csrc/generated/mandel_basis.h.

    python codegen/mandel.py            writes the file
    python codegen/mandel.py --check    fails if the committed file differs

Only entries on and above the diagonal are written, in the order 11, 12, ..., 16, 22, ..., 66 of the matrix.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from program import write_or_check

from fastlattice import _tables

OUTPUT = Path(__file__).resolve().parents[1] / "csrc" / "generated" / "mandel_basis.h"


def text() -> str:
    """The generated file."""
    row, column = torch.triu_indices(6, 6)
    basis = _tables.mandel_basis()[:, row, column]
    terms = [f"    {{{c}, {e}, {float(basis[c, e])!r}}},\n" for c, e in basis.nonzero().tolist()]
    return (
        "// Written by codegen/mandel.py; not to be edited.\n#pragma once\n\nnamespace fl {\n\n"
        "// value: what a coefficient of 2x0e + 2x2e + 1x4e adds to an entry on or above the diagonal, row by row.\n"
        "struct MandelTerm {\n  int coefficient, entry;\n  double value;\n};\n\n"
        f"constexpr MandelTerm mandel_basis[] = {{\n{''.join(terms)}}};\n\n}}  // namespace fl\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes or checks the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    options = parser.parse_args(arguments)
    return write_or_check({OUTPUT: text()}, "codegen/mandel.py", options.check)


if __name__ == "__main__":
    sys.exit(main())
