"""Writes the change of basis from a stiffness's 21 coefficients to its Mandel matrix, for C++ and for Triton.

Only entries on and above the diagonal are written, in the order 11, 12, ..., 16, 22, ..., 66 of the matrix.
"""

from __future__ import annotations

from pathlib import Path

import torch

from fastlattice.ops import constants as tables

ROOT = Path(__file__).resolve().parents[1]


def basis() -> torch.Tensor:
    """[21, 21]: what each coefficient adds to each entry."""
    row, column = torch.triu_indices(6, 6)
    return tables.mandel_basis()[:, row, column]


def python() -> str:
    """The table for Triton."""
    rows = "".join(f"        ({', '.join(map(repr, row))}),\n" for row in basis().tolist())
    return (
        '"""Written by codegen/mandel.py; not to be edited."""\n\nimport triton.language as tl\n\n'
        "# What each coefficient of 2x0e + 2x2e + 1x4e adds to each entry on or above the diagonal, row by row.\n"
        f"BASIS = tl.constexpr(\n    (\n{rows}    )\n)\n"
    )


def cpp() -> str:
    """The table for C++, without zeros."""
    table = basis()
    terms = [f"    {{{c}, {e}, {float(table[c, e])!r}}},\n" for c, e in table.nonzero().tolist()]
    return (
        "// Written by codegen/mandel.py; not to be edited.\n#pragma once\n\nnamespace fl {\n\n"
        "// value: what a coefficient of 2x0e + 2x2e + 1x4e adds to an entry on or above the diagonal, row by row.\n"
        "struct MandelTerm {\n  int coefficient, entry;\n  double value;\n};\n\n"
        f"constexpr MandelTerm mandel_basis[] = {{\n{''.join(terms)}}};\n\n}}  // namespace fl\n"
    )


def files() -> dict[Path, str]:
    """mandel_basis.h (csrc/ops/mandel/generated) and .py (kernels/generated)."""
    return {
        ROOT / "csrc" / "ops" / "mandel" / "generated" / "mandel_basis.h": cpp(),
        ROOT / "kernels" / "generated" / "mandel_basis.py": python(),
    }
