"""YAML in and out (extra "train"): plain values only, nothing in a file is executed."""

from __future__ import annotations

from typing import Any

from fastlattice._extras import module_of_extra
from fastlattice.errors import ConfigError


def apply(entries: dict[str, Any], change: str) -> None:
    """Puts a change such as "optimiser.learning_rate=1e-3" into nested mappings; the value is read as YAML.

    Raises:
        ConfigError: it is not of that form.
    """
    name, equals, text = change.partition("=")
    *sections, last = name.strip().split(".")
    if not equals or not last or not all(sections):
        raise ConfigError(f"{change!r} is not of the form section.name=value")
    place = entries
    for section in sections:
        place = place.setdefault(section, {})
        if not isinstance(place, dict):
            raise ConfigError(f"{change!r}: {section} is a value, not a section")
    place[last] = read_yaml(text, name)


def read_yaml(text: str, origin: str) -> Any:
    """Plain values from YAML; an entry that is there twice is refused.

    Raises:
        ConfigError: it is not YAML; the message has the line.
    """
    yaml = _yaml()

    class Loader(yaml.SafeLoader):  # type: ignore[name-defined]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            names = [self.construct_object(key, deep=True) for key, _ in node.value]
            for name in names:
                if names.count(name) > 1:
                    line = node.start_mark.line + 1
                    raise ConfigError(f"{origin}: {name!r} is there twice, in the mapping that begins in line {line}")
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{origin}: not YAML ({' '.join(str(error).split())})") from None


def write_yaml(values: Any) -> str:
    """Text of plain values, lists and dictionaries, in the order of their entries."""
    return str(_yaml().safe_dump(values, sort_keys=False))


def _yaml() -> Any:
    return module_of_extra("yaml", "train", "a training configuration")
