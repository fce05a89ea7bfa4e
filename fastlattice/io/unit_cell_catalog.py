"""The catalogue of Lumpe and Stankovic (2021), Unit_Cell_Catalog.txt: 17,087 lattices, read as a dialect of `.lat`.

T. S. Lumpe, T. Stankovic, "Exploring the property space of periodic cellular structures based on crystal networks",
PNAS 118 (2021) e2003504118; the file is doi 10.3929/ethz-b-000457598. An entry stands between two lines of dashes; its
cell parameters, nodes and bars are those of a `.lat` entry, but nodes count from 1, and it states moduli instead of
compliances. The moduli, of lattices of relative density 0.01 with Euler-Bernoulli struts and in units of the solid's
Young's modulus, become the columns young [B, 3] (E_x, E_y, E_z) and shear [B, 3] (G_yz, G_xz, G_xy).
"""

from __future__ import annotations

import re

import torch

from fastlattice.errors import CatalogueError
from fastlattice.lattice.batch import LatticeBatch

SEPARATOR = b"-" * 40
_RULE = re.compile(rb"^-{40,}[ \t]*\r?$", re.MULTILINE)
_NAME = re.compile(rb"^Name:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_BARS = re.compile(rb"(^Bar connectivities:[ \t]*\r?\n)((?:[ \t]*\d+[ \t]+\d+[ \t]*\r?\n?)*)", re.MULTILINE)
_EQUATIONS = re.compile(rb"^(?!Name:).* = .*$", re.MULTILINE)
_MODULUS = re.compile(rb"\b(E[xyz]|Gyz|Gxz|Gxy) = ([-+.0-9eE]+)")
_NODE = re.compile(r"there is no node (-?\d+): the (\d+) nodes count from 0")
_INTEGER = re.compile(rb"\d+")
COLUMNS = {"young": (b"Ex", b"Ey", b"Ez"), "shear": (b"Gyz", b"Gxz", b"Gxy")}


def is_unit_cell_catalog(beginning: bytes) -> bool:
    """Whether a file that begins so has this layout: a line of dashes, then a name."""
    return re.search(rb"^-{40,}[ \t]*\r?\n\s*Name:", beginning, re.MULTILINE) is not None


def translated(text: bytes, separator: bytes) -> bytes:
    """The same entries in the `.lat` layout, line by line, so that line numbers stay."""
    text = _BARS.sub(lambda found: found[1] + _INTEGER.sub(_less_one, found[2]), text)
    text = _EQUATIONS.sub(b"", text)
    head = text[: match.start()] if (match := _RULE.search(text)) else text  # what the file says of itself
    text = b"\n" * head.count(b"\n") + text[len(head) :]
    last = text.rstrip()
    if _RULE.search(last[last.rfind(b"\n") + 1 :]):  # the rule that ends the file opens no entry
        text = last[: last.rfind(b"\n") + 1] + text[len(last) :]
    return _RULE.sub(separator, text)


def counting_from_one(error: CatalogueError) -> CatalogueError:
    """The error with its node as the file counts it."""
    reason = _NODE.sub(
        lambda found: f"there is no node {int(found[1]) + 1}: the {found[2]} nodes count from 1", error.reason
    )
    return CatalogueError(error.path, error.line, reason, error.entry)


def _less_one(number: re.Match[bytes]) -> bytes:
    return str(int(number[0]) - 1).encode()


def with_moduli(batch: LatticeBatch, text: bytes) -> LatticeBatch:
    """The lattices with the moduli that their entries state, NaN where one is missing."""
    stated: dict[str, dict[bytes, float]] = {}
    for entry in _RULE.split(text):
        if name := _NAME.search(entry):
            stated[name[1].decode(errors="replace")] = {key: _float(value) for key, value in _MODULUS.findall(entry)}

    def column(keys: tuple[bytes, ...]) -> torch.Tensor:
        rows = [[stated.get(name, {}).get(key, float("nan")) for key in keys] for name in batch.names]
        return torch.tensor(rows, dtype=torch.float64).reshape(-1, 3)

    return batch.with_columns(**{name: column(keys) for name, keys in COLUMNS.items()})


def _float(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        return float("nan")
