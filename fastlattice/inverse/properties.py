"""Properties of a stiffness by name: what an objective is made of; `fastlattice._choices.PROPERTIES` lists them.

Names are read by a pattern, never executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from fastlattice import elasticity
from fastlattice._choices import PROPERTIES
from fastlattice.errors import DesignError

_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
_AVERAGES = {"E": "young_hill", "G": "shear_hill", "K": "bulk_hill", "nu": "poisson_hill"}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_VECTOR = rf"{_NUMBER},{_NUMBER},{_NUMBER}"


@dataclass(frozen=True, eq=False)
class Property:
    """A property of a stiffness.

    Attributes:
        name: as it was written.
        of: [B, 6, 6] Mandel, positive definite or NaN -> [B], differentiable.
        is_stiffness: whether it scales with the stiffness; False: dimensionless.
    """

    name: str
    of: Callable[[Tensor], Tensor]
    is_stiffness: bool


def property_of(text: str) -> Property:
    """The property of a name.

    Raises:
        DesignError: there is none of that name, or a direction of it is zero or not at a right angle to the other.
    """
    name = "".join(text.split())
    above, slash, below = name.partition("/")
    if slash:
        p, q = _single(above, text), _single(below, text)
        return Property(name, lambda c: p.of(c) / q.of(c), p.is_stiffness and not q.is_stiffness)
    return _single(name, text)


def _single(name: str, text: str) -> Property:
    try:
        of = _function(name)
        of(torch.eye(6, dtype=torch.float64)[None])
    except (KeyError, ValueError) as error:
        why = f" ({error})" if isinstance(error, ValueError) else ""
        raise DesignError(f"no property is called {text!r}{why}; there are\n{PROPERTIES}") from None
    return Property(name, of, name[0] in "EGKC")


def _function(name: str) -> Callable[[Tensor], Tensor]:
    if name in _AVERAGES:
        return lambda c: getattr(elasticity.voigt_reuss_hill(c), _AVERAGES[name])
    if name == "A_U":
        return elasticity.universal_anisotropy
    if name == "zener":
        return _zener
    if match := re.fullmatch(r"C_([1-6])([1-6])", name):
        i, j = int(match[1]) - 1, int(match[2]) - 1
        return lambda c: c[:, i, j]
    if match := re.fullmatch(r"(E|G|nu)_(min|max)", name):
        extremes = {
            "E": elasticity.young_modulus_extremes,
            "G": elasticity.shear_modulus_extremes,
            "nu": elasticity.poisson_ratio_extremes,
        }[match[1]]
        end = {"min": "minimum", "max": "maximum"}[match[2]]
        return lambda c: getattr(extremes(c), end)
    if match := re.fullmatch(r"E_([xyz])", name) or re.fullmatch(rf"E\(({_VECTOR})\)", name):
        n = _direction(match[1])
        return lambda c: elasticity.young_modulus(c, n)
    pattern = re.fullmatch(r"(G|nu)_([xyz])([xyz])", name) or re.fullmatch(rf"(G|nu)\(({_VECTOR});({_VECTOR})\)", name)
    if pattern:
        function = {"G": elasticity.shear_modulus, "nu": elasticity.poisson_ratio}[pattern[1]]
        first, second = _direction(pattern[2]), _direction(pattern[3])
        return lambda c: function(c, first, second)
    raise KeyError(name)


def _direction(text: str) -> Tensor:
    numbers = _AXES[text] if text in _AXES else [float(part) for part in text.split(",")]
    return torch.tensor(numbers, dtype=torch.float64)


def _zener(stiffness: Tensor) -> Tensor:
    """2 C_44 / (C_11 - C_12) of the means over the axes, in Mandel components: that of the nearest cubic stiffness."""
    diagonal = stiffness.diagonal(dim1=-2, dim2=-1)
    normal, shear = diagonal[:, :3].sum(-1) / 3, diagonal[:, 3:].sum(-1) / 3
    across = (stiffness[:, 0, 1] + stiffness[:, 0, 2] + stiffness[:, 1, 2]) / 3
    return shear / (normal - across)
