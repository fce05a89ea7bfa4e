"""What a stream of lattices is made of: how bases are perturbed, strained, thinned and given their radii."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fastlattice.errors import ConfigError
from fastlattice.fe.status import MAX_SLENDERNESS

DISPLACEMENTS = ("exact", "gaussian")
RADII = ("uniform", "two-valued", "log-normal")
ROTATIONS = ("none", "random")


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`.

    Attributes:
        low, high: finite, low <= high.
    """

    low: float
    high: float


Numbers = float | tuple[float, ...] | Range
"""One number, several of which each is as likely, or a range."""


@dataclass(frozen=True)
class Recipe:
    """What is done to the bases of a stream, in the order of the attributes.

    Of a quantity drawn from a `Range`, density and radius_ratio are log-uniform, all others uniform. Several numbers
    in a tuple are equally likely. In a mapping, such as a YAML file gives, a range is {low: ..., high: ...}.

    Attributes:
        removal_share: share of groups (of eight realisations of one base) that lose struts, the same ones in all
            eight.
        removal: fraction of its struts that such a lattice loses, below 1; of f M struts that is the integer below or
            above, so that f is the mean.
        strain_share: share of lattices whose cell and nodes are strained by v -> v exp(e), e symmetric and traceless;
            their largest cell constant is brought back to 1.
        strain: standard deviation of each of the five components of e in an orthonormal basis.
        level: perturbation of the nodes in units of the largest cell constant.
        zero_share: share of lattices whose nodes stay where they are, beside the zeros that `level` has.
        displacement: "exact" moves every node by exactly the level in a uniformly random direction; "gaussian" by a
            vector of normal components whose root mean square length is the level.
        radii: weight of each kind of radii: "uniform" (all struts the same), "two-valued", "log-normal". A name alone
            is that kind for all lattices. Kinds that are not named have none.
        radius_ratio: of two-valued radii, the other radius over the first.
        other_share: of two-valued radii, the probability of a strut to have the other radius.
        radius_sigma: of log-normal radii, the standard deviation of ln r.
        density: relative density, to which all radii of a lattice are scaled.
        rotation: "random" turns each lattice by a uniformly random rotation; "none".
        max_slenderness: largest r / L at which a lattice counts as `beam_valid`.

    Raises:
        ConfigError: an entry is of a wrong type or out of range; the message names it.
    """

    removal_share: float = 0.1
    removal: Numbers = Range(0.02, 0.2)
    strain_share: float = 0.3
    strain: float = 0.2
    level: Numbers = Range(0.0, 0.1)
    zero_share: float = 0.3
    displacement: str = "exact"
    radii: Mapping[str, float] | str = field(default_factory=lambda: {"uniform": 2, "two-valued": 1, "log-normal": 1})
    radius_ratio: Numbers = Range(1 / 3, 3.0)
    other_share: Numbers = Range(0.2, 0.8)
    radius_sigma: Numbers = Range(0.1, 0.5)
    density: Numbers = Range(1e-3, 1e-1)
    rotation: str = "none"
    max_slenderness: float = MAX_SLENDERNESS

    def __post_init__(self) -> None:
        for name in ("removal_share", "strain_share", "zero_share"):
            self._set(name, _number(name, getattr(self, name), 0, 1))
        self._set("strain", _number("strain", self.strain, 0, 1))
        self._set("max_slenderness", _number("max_slenderness", self.max_slenderness, 0, math.inf))
        for name, low, high, open_ in (
            ("removal", 0, 1, True),
            ("level", 0, 1, False),
            ("radius_ratio", 0, 1e3, True),
            ("other_share", 0, 1, False),
            ("radius_sigma", 0, 3, False),
            ("density", 0, 1, True),
        ):
            self._set(name, _numbers(name, getattr(self, name), low, high, open_))
        for name, choices in (("displacement", DISPLACEMENTS), ("rotation", ROTATIONS)):
            if getattr(self, name) not in choices:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; choose from {', '.join(choices)}")
        self._set("radii", _weights(self.radii))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Recipe:
        """A recipe from a mapping, such as `to_dict` or a YAML file gives; what it does not name is as by default.

        Raises:
            ConfigError: as Recipe, an entry that there is not, or something else than a mapping.
        """
        if not isinstance(entries, Mapping):
            raise ConfigError(f"a recipe is a mapping, not a {type(entries).__name__}")
        known = [f.name for f in fields(cls)]
        for name in entries:
            if name not in known:
                raise ConfigError(f"a recipe has no entry {name!r}; its entries are {', '.join(known)}")
        return cls(**entries)

    def to_dict(self) -> dict[str, Any]:
        """All entries as numbers, text, lists and dictionaries, ready for JSON or YAML."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


def _number(name: str, value: Any, low: float, high: float, open_: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ConfigError(f"{name} is {value!r}; it must be a number")
    inside = low < value < high if open_ else low <= value <= high
    if not inside:
        raise ConfigError(f"{name} is {value}; it must lie between {low} and {high}" + " and be neither" * open_)
    return float(value)


def _numbers(name: str, value: Any, low: float, high: float, open_: bool) -> Numbers:
    if isinstance(value, Mapping):
        if set(value) != {"low", "high"}:
            raise ConfigError(f"{name} has the entries {', '.join(map(str, value))}; a range has low and high")
        value = Range(value["low"], value["high"])
    if isinstance(value, Range):
        ends = (_number(f"{name}.{end}", getattr(value, end), low, high, open_) for end in ("low", "high"))
        checked = Range(*ends)
        if checked.low > checked.high:
            raise ConfigError(f"{name} is a range from {checked.low} down to {checked.high}")
        return checked
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            raise ConfigError(f"{name} is an empty list")
        return tuple(_number(f"{name}[{k}]", each, low, high, open_) for k, each in enumerate(value))
    return _number(name, value, low, high, open_)


def _weights(radii: Any) -> dict[str, float]:
    weights = {radii: 1.0} if isinstance(radii, str) else radii
    if not isinstance(weights, Mapping):
        raise ConfigError(f"radii is {radii!r}; it must be a name or weights by name of {', '.join(RADII)}")
    for name in weights:
        if name not in RADII:
            raise ConfigError(f"radii has {name!r}; choose from {', '.join(RADII)}")
    checked = {name: _number(f"radii.{name}", weights.get(name, 0.0), 0, 1e9) for name in RADII}
    if not sum(checked.values()) > 0:
        raise ConfigError("radii: no weight is positive")
    return checked
