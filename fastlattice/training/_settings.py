"""Dataclasses from what a user wrote down: every name and every type is checked, and messages say where."""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from fastlattice.errors import ConfigError

Section = TypeVar("Section")


def from_mapping(kind: type[Section], entries: Any, place: str = "") -> Section:
    """A dataclass, and those within it, from nested mappings.

    Args:
        kind: a dataclass whose fields are bool, int, float, str, Literal, tuples of these, dict[str, Any], dataclasses,
            or any of them or None.
        entries: by name of the field; what is left out has its default.
        place: what messages put before a name, such as "optimiser.".

    Raises:
        ConfigError: an entry is unknown, missing or of a wrong type; the message names it, and what may be meant.
    """
    if not isinstance(entries, Mapping):
        raise ConfigError(f"{place.rstrip('.') or 'the configuration'} must be a mapping, not {entries!r}")
    hints = typing.get_type_hints(kind)
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for name in entries:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1, 0.5)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise ConfigError(f"{place}{name}: there is no such entry; {advice}")
    for field in fields(kind):  # type: ignore[arg-type]
        needed = field.default is MISSING and field.default_factory is MISSING
        if needed and field.name not in entries and not is_dataclass(hints[field.name]):
            raise ConfigError(f"{place}{field.name} is missing")
    given = {
        field.name: _value(hints[field.name], entries.get(field.name, {}), f"{place}{field.name}")
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name in entries or is_dataclass(hints[field.name])
    }
    return kind(**given)


def _value(hint: Any, value: Any, place: str) -> Any:
    """The value as the type hint has it."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if is_dataclass(hint):
        return from_mapping(typing.cast(type, hint), value, f"{place}.")
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        return _value(next(each for each in inner if each is not type(None)), value, place)
    if origin is typing.Literal:
        if value not in inner:
            raise ConfigError(f"{place} is {value!r}; choose from {', '.join(map(str, inner))}")
        return value
    if origin is tuple:
        return _tuple(inner, value, place)
    if origin is dict:
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise ConfigError(f"{place} is {value!r}; it must be a mapping")
        return dict(value)
    return _scalar(hint, value, place)


def _tuple(inner: tuple[Any, ...], value: Any, place: str) -> tuple[Any, ...]:
    if isinstance(value, str | Mapping) or not hasattr(value, "__iter__"):
        raise ConfigError(f"{place} is {value!r}; it must be a list")
    items = list(value)
    kinds = [inner[0]] * len(items) if inner[-1] is Ellipsis else list(inner)
    if len(items) != len(kinds):
        raise ConfigError(f"{place} is {value!r}; it must be a list of {len(kinds)}")
    return tuple(_value(kind, item, f"{place}[{n}]") for n, (kind, item) in enumerate(zip(kinds, items, strict=True)))


_SAID = {bool: "true or false", int: "an integer", float: "a number", str: "text"}


def _scalar(kind: Any, value: Any, place: str) -> Any:
    if kind is float and isinstance(value, str):
        with suppress(ValueError):  # YAML 1.1 takes 1e-3, without a point, for text
            value = float(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigError(f"{place} is {value!r}; it must be {_SAID[kind]}")
    if kind is float and not math.isfinite(value):
        raise ConfigError(f"{place} is {value!r}; it must be a finite number")
    return value


def require(
    section: str,
    settings: Any,
    names: str,
    low: float,
    high: float = math.inf,
    above: bool = False,
    below: bool = False,
) -> None:
    """Checks numbers, those that are not None, against bounds.

    Args:
        section: for messages.
        settings: the dataclass.
        names: of its fields, apart by spaces.
        low, high: bounds that belong to the range, unless `above` or `below` is set.
        above, below: whether the number must be above `low`, or below `high`.

    Raises:
        ConfigError: a number is out of its range.
    """
    for name in names.split():
        value = getattr(settings, name)
        for number in value if isinstance(value, tuple) else () if value is None else (value,):
            fits = (number > low if above else number >= low) and (number < high if below else number <= high)
            if not fits:
                bounds = f"above {low:g}" if above else f"at least {low:g}"
                if math.isfinite(high):
                    bounds += f" and below {high:g}" if below else f" and at most {high:g}"
                raise ConfigError(f"{section}.{name} is {value}; it must be {bounds}")
