"""What columns of results are called on the axes of pictures and pages, with their units."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {"E": "Young's modulus", "G": "shear modulus", "nu": "Poisson's ratio", "C": "stiffness", "K": "bulk modulus"}
_NAME = re.compile(r"(E|G|nu|C|K)_(\w+)")
_SUFFIXES = {"_predicted": " by the network", "_fe": " by finite elements"}


@dataclass(frozen=True)
class Quantity:
    """A column.

    Attributes:
        name: of the column.
        words: what it is.
        kind, index: of its symbol, as E and "min".
        is_stiffness: does it have the unit of stress?
    """

    name: str
    words: str
    kind: str
    index: str
    is_stiffness: bool

    def label(self, unit: str) -> str:
        """For an axis of matplotlib; `unit` of stress."""
        index = rf"\mathrm{{{self.index}}}" if len(self.index) > 2 else self.index
        index = f"{_place(self.kind)}{{{index}}}" if index else ""
        symbol = f" ${_GREEK.get(self.kind, self.kind)}{index}$" if self.kind else ""
        return f"{self.words}{symbol}{f' [{unit}]' * self.is_stiffness}"

    def html(self, unit: str) -> str:
        """For an axis of plotly."""
        tag = "sup" if _place(self.kind) == "^" else "sub"
        index = f"<{tag}>{self.index}</{tag}>" if self.index else ""
        symbol = f" <i>{_LETTERS.get(self.kind, self.kind)}</i>{index}" if self.kind else ""
        return f"{self.words}{symbol}{f' [{unit}]' * self.is_stiffness}"


_GREEK = {"nu": r"\nu", "rho": r"\rho"}
_LETTERS = {"nu": "ν", "rho": "ρ"}


def _place(kind: str) -> str:
    """Where the index of a symbol is written."""
    return "^" if kind == "A" else "_"


def quantity(name: str) -> Quantity:
    """What a column is: density, moduli and their extremes, components, anisotropy; others go by their names."""
    base, source = name, ""
    for suffix, words in _SUFFIXES.items():
        if name.endswith(suffix):
            base, source = name.removesuffix(suffix), words
    if base == "density":
        return Quantity(name, f"relative density{source}", "rho", "", False)
    if base == "anisotropy":
        return Quantity(name, f"universal anisotropy{source}", "A", "U", False)
    if found := _NAME.fullmatch(base):
        kind, index = found.groups()
        which = {"min": "smallest ", "max": "largest "}.get(index, "")
        return Quantity(name, f"{which}{_WORDS[kind]}{source}", kind, index, kind != "nu")
    return Quantity(name, name.replace("_", " "), "", "", False)
