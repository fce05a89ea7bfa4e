"""Configurations of networks: entries by name, from what users have and from released networks."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, asdict, fields
from typing import Any, ClassVar, TypeVar

import torch

from fastlattice.errors import ConfigError

Config = TypeVar("Config", bound="Configuration")


class Configuration:
    """Base of the frozen dataclasses that say what a network is made of.

    Entries have the names of Grega et al.'s released code where that has them.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def scaled_lengths(self) -> bool:
        """Whether lengths are divided by the geometric mean of the lattice constants."""
        return False

    @property
    def needs_density(self) -> bool:
        """Whether the network reads the relative density, whatever its output means."""
        return False

    @classmethod
    def from_any(cls: type[Config], config: Any) -> Config:
        """A configuration from one, from a mapping, or from any object with the entries as attributes.

        Entries that are not the network's (learning rate, batch size, ...) are left aside. In a mapping, one that is
        nearly the network's is refused: it is a misspelt one.

        Raises:
            ConfigError: an entry without a default is missing, or an entry is bad or misspelt.
        """
        if isinstance(config, cls):
            return config
        if isinstance(config, Mapping):
            for name in config:
                if (near := cls._nearest(str(name), 0.8)) is not None:
                    raise ConfigError(f"the configuration has an entry {name!r}; did you mean {near!r}?")
        return cls._from_entries(entries_of(config))

    @classmethod
    def from_settings(cls: type[Config], settings: Mapping[str, Any]) -> Config:
        """A configuration from what a user wrote down for a network of this package: every entry must be one of its.

        Raises:
            ConfigError: as `from_any`, or an entry is none of the network's.
        """
        for name in settings:
            if name not in cls._names():
                near = cls._nearest(str(name), 0.5)
                raise ConfigError(f"unknown entry {name!r}" + (f"; did you mean {near!r}?" if near else ""))
        return cls._from_entries(dict(settings))

    @classmethod
    def from_original(cls: type[Config], config: Any) -> Config:
        """A configuration from the hyperparameters of a released network, a mapping or a namespace.

        What is not the network's is left aside.

        Raises:
            ConfigError: as `from_any`.
        """
        return config if isinstance(config, cls) else cls._from_entries(entries_of(config))

    @classmethod
    def _from_entries(cls: type[Config], entries: Mapping[str, Any]) -> Config:
        known = {name: entries[name] for name in cls._names() if name in entries}
        missing = [f.name for f in fields(cls) if f.default is MISSING and f.name not in known]
        if missing:
            raise ConfigError(f"the configuration has no {', '.join(missing)}")
        try:
            return cls(**known)
        except (TypeError, ValueError) as error:
            if isinstance(error, ConfigError):
                raise
            raise ConfigError(f"malformed configuration: {error}") from None

    def fitted(self: Config, raw_outputs: Callable[[], torch.Tensor]) -> Config:
        """The configuration for a training set, of which a network may keep some figures.

        Args:
            raw_outputs: returns [B, 6, 6], what the network is to return for lattices of that set.
        """
        return self

    def to_dict(self) -> dict[str, Any]:
        """The entries by name, ready for JSON."""
        return asdict(self)

    @classmethod
    def _names(cls) -> list[str]:
        return [f.name for f in fields(cls)]

    @classmethod
    def _nearest(cls, name: str, cutoff: float) -> str | None:
        """The entry that a name is like, unless it is one."""
        known = cls._names()
        near = difflib.get_close_matches(name, known, 1, cutoff) if name not in known else []
        return near[0] if near else None

    def _check_integer(self, name: str, low: int) -> None:
        """Makes an entry an int."""
        value = getattr(self, name)
        if isinstance(value, bool) or value != int(value) or value < low:
            raise ConfigError(f"{name} is {value!r}; it must be an integer, at least {low}")
        object.__setattr__(self, name, int(value))

    def _check_choice(self, name: str, known: Iterable[str]) -> None:
        """Makes an entry a str, one of those known."""
        value = str(getattr(self, name))
        if value not in known:
            raise ConfigError(f"{name} is {value!r}; choose from {', '.join(known)}")
        object.__setattr__(self, name, value)


def entries_of(config: Any) -> dict[str, Any]:
    """The entries of a mapping or a namespace.

    Raises:
        ConfigError: it is neither.
    """
    try:
        return dict(config) if isinstance(config, Mapping) else dict(vars(config))
    except TypeError:
        raise ConfigError(f"a configuration is a mapping or a namespace, not a {type(config).__name__}") from None
