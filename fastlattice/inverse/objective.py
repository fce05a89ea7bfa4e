"""What a design is asked for: terms that are added up, and bounds that must hold.

As text: "minimise E_y", "maximise 2*K", "target nu_xy=-0.3", "E_x >= 1e-4", "zener <= 1.2"; a number before "*" is the
weight. Each term is a number near one where it starts, so that weights compare.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from fastlattice import elasticity
from fastlattice.errors import DesignError
from fastlattice.inverse.properties import Property, property_of

KINDS = ("minimise", "maximise", "target", "at_least", "at_most")
_BOUNDS = {">=": "at_least", "<=": "at_most"}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, eq=False)
class Term:
    """One wish.

    Attributes:
        kind: one of KINDS, or "tensor".
        quantity: the property of the stiffness; None for a tensor.
        value: of the target or the bound; in units of the solid's Young's modulus where the property is a stiffness.
        weight: of a term that is added up, positive.
        tensor: [6, 6] Mandel, the target of kind "tensor".
        up_to_scale: whether any multiple of the tensor will do.
    """

    kind: str
    quantity: Property | None = None
    value: float = math.nan
    weight: float = 1.0
    tensor: Tensor | None = None
    up_to_scale: bool = False

    @property
    def name(self) -> str:
        """What is looked at: the property's name, or "stiffness"."""
        return "stiffness" if self.quantity is None else self.quantity.name

    @property
    def is_bound(self) -> bool:
        """Whether it is a constraint, and no part of the sum."""
        return self.kind in _BOUNDS.values()

    def __str__(self) -> str:
        if self.is_bound:
            return f"{self.name} {'>=' if self.kind == 'at_least' else '<='} {self.value:g}"
        weight = "" if self.weight == 1 else f"{self.weight:g}*"
        return f"{self.kind} {weight}{self.name}" + (f"={self.value:g}" if self.kind == "target" else "")

    def scale(self, start: Tensor) -> Tensor:
        """[B] what differences of the property are measured in, given the stiffness [B, 6, 6] of the starts."""
        if self.quantity is None:
            return start.new_ones(len(start))
        known = abs(self.value) if math.isfinite(self.value) else 0.0
        if not self.quantity.is_stiffness:
            return start.new_full((len(start),), max(known, 1.0))
        if known > 0:
            return start.new_full((len(start),), known)
        if math.isfinite(self.value):  # zero is wanted
            return start.abs().amax((1, 2))
        return self.quantity.of(start).abs()

    def measured(self, stiffness: Tensor) -> Tensor:
        """[B] the property; for a tensor, how far the stiffness is from it, relative (Frobenius norm)."""
        if self.quantity is not None:
            return self.quantity.of(stiffness)
        assert self.tensor is not None
        wanted = self.tensor.to(stiffness)
        if self.up_to_scale:
            fit = (stiffness * wanted).sum((1, 2)) / (wanted * wanted).sum()
            wanted = wanted * fit[:, None, None]
        else:
            wanted = wanted.expand(stiffness.shape)
        return ((stiffness - wanted) ** 2).sum((1, 2)).clamp_min(1e-60).sqrt() / wanted.square().sum((1, 2)).sqrt()

    def cost(self, stiffness: Tensor, scale: Tensor) -> Tensor:
        """[B] what the term adds to the sum."""
        value = self.measured(stiffness)
        if self.kind == "tensor":
            return self.weight * value**2
        if self.kind == "target":
            return self.weight * ((value - self.value) / scale) ** 2
        return (self.weight if self.kind == "minimise" else -self.weight) * value / scale

    def slack(self, stiffness: Tensor) -> Tensor:
        """[B] of a bound: how much the property is on the good side of it, in its own unit."""
        value = self.measured(stiffness)
        return value - self.value if self.kind == "at_least" else self.value - value


def minimise(name: str, weight: float = 1.0) -> Term:
    """A property to be made small, in units of its value at the start (of 1 where it has no dimension).

    Args:
        name: of a property, see `fastlattice.inverse.properties`.
        weight: positive.

    Raises:
        DesignError: there is no such property, or the weight is not positive.
    """
    return Term("minimise", property_of(name), weight=_positive(weight, "weight"))


def maximise(name: str, weight: float = 1.0) -> Term:
    """A property to be made large; else as `minimise`."""
    return Term("maximise", property_of(name), weight=_positive(weight, "weight"))


def target(name: str, value: float, weight: float = 1.0) -> Term:
    """A property that is to have a value: the square of its relative difference (absolute below 1 where it has no
    dimension). Args and errors as `minimise`."""
    return Term("target", property_of(name), _finite(value, name), _positive(weight, "weight"))


def target_stiffness(stiffness: ArrayLike | Tensor, weight: float = 1.0, up_to_scale: bool = False) -> Term:
    """A stiffness to come close to: the square of the relative Frobenius distance.

    Args:
        stiffness: [6, 6] Mandel, positive definite, in units of the solid's Young's modulus.
        weight: positive.
        up_to_scale: only its ratios matter; the stiffness may be any multiple.

    Raises:
        DesignError: it is no positive definite matrix, or the weight is not positive.
    """
    try:
        matrix = torch.as_tensor(np.asarray(stiffness, dtype=float))
        definite = matrix.shape == (6, 6) and bool(elasticity.is_positive_definite(matrix))
    except (TypeError, ValueError) as error:
        raise DesignError(f"the target stiffness: {error}") from None
    if not definite:
        raise DesignError("the target stiffness is not one positive definite 6x6 matrix")
    return Term("tensor", weight=_positive(weight, "weight"), tensor=matrix, up_to_scale=up_to_scale)


def at_least(name: str, value: float) -> Term:
    """A bound: the property must not be below the value. Errors as `minimise`."""
    return Term("at_least", property_of(name), _finite(value, name))


def at_most(name: str, value: float) -> Term:
    """A bound: the property must not be above the value. Errors as `minimise`."""
    return Term("at_most", property_of(name), _finite(value, name))


def term_of(text: str) -> Term:
    """A term from its text; nothing of it is executed.

    Raises:
        DesignError: it is none of the forms "minimise P", "maximise P", "target P=V", "P >= V", "P <= V".
    """
    if bound := re.fullmatch(rf"\s*(.+?)\s*(>=|<=)\s*({_NUMBER})\s*", text):
        return {"at_least": at_least, "at_most": at_most}[_BOUNDS[bound[2]]](bound[1], float(bound[3]))
    match = re.fullmatch(rf"\s*(minimise|maximise|target)\s+(?:({_NUMBER})\s*\*)?\s*(.+?)\s*", text)
    if match is None:
        forms = '"minimise P", "maximise P", "target P=V", "P >= V" and "P <= V"'
        raise DesignError(f"{text!r} is no term of an objective; the forms are {forms}, a weight as in 2*P")
    weight = 1.0 if match[2] is None else float(match[2])
    if match[1] != "target":
        return {"minimise": minimise, "maximise": maximise}[match[1]](match[3], weight)
    wanted = re.fullmatch(rf"(.+?)\s*=\s*({_NUMBER})", match[3])
    if wanted is None:
        raise DesignError(f"{text!r}: a target is written P=V, a property and a number")
    return target(wanted[1], float(wanted[2]), weight)


def terms_of(objective: str | Term | Iterable[str | Term]) -> tuple[Term, ...]:
    """The terms of what users give.

    Raises:
        DesignError: a part is neither text nor a Term, or nothing is asked for but bounds.
    """
    given: Sequence[Any] = [objective] if isinstance(objective, str | Term) else list(objective)
    for each in given:
        if not isinstance(each, str | Term):
            raise DesignError(f"an objective is made of texts and Terms, not of a {type(each).__name__}")
    terms = tuple(term_of(each) if isinstance(each, str) else each for each in given)
    if all(term.is_bound for term in terms):
        raise DesignError("an objective needs a term to minimise, maximise or come close to")
    return terms


def _positive(value: float, label: str) -> float:
    if not (value > 0 and math.isfinite(value)):
        raise DesignError(f"{label} must be a positive number, not {value}")
    return float(value)


def _finite(value: float, name: str) -> float:
    if not math.isfinite(value):
        raise DesignError(f"{name}: {value} is no number to come close to or to keep to")
    return float(value)
