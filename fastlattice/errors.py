"""The exceptions of the package: one base, so that callers can catch everything that bad input raises."""

from __future__ import annotations


class FastlatticeError(Exception):
    """Base of every error that bad input raises."""


class LatticeError(FastlatticeError, ValueError):
    """A lattice is malformed. The message names the lattice, if it has a name, and the reason."""


class ElasticityError(FastlatticeError, ValueError):
    """An elasticity tensor, direction or rotation is malformed. The message names which one and the reason."""


class CatalogueError(FastlatticeError, ValueError):
    """A catalogue file is malformed.

    Attributes:
        path: the file, as given.
        line: 1-based line number, or None where the reason is not a line's.
        reason: what is wrong.
        entry: name of the entry, or "" where it is not known.
    """

    def __init__(self, path: str, line: int | None, reason: str, entry: str = "") -> None:
        self.path, self.line, self.reason, self.entry = str(path), line, reason, entry
        where = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{where}: {f'entry {entry}: ' if entry else ''}{reason}")


class MissingExtraError(FastlatticeError, ImportError):
    """An optional dependency is needed; the message names the extra to install."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency: pip install 'fastlattice[{extra}]'")


class ConfigError(FastlatticeError, ValueError):
    """A network configuration is malformed, or asks for what the engine cannot run. The message says which entry."""


class GraphError(FastlatticeError, ValueError):
    """A graph cannot be the input of a network. The message names the attribute and the reason."""


class CheckpointError(FastlatticeError, ValueError):
    """A file or state dict does not hold the weights of the network that was asked for."""


class BackendError(FastlatticeError, RuntimeError):
    """A backend that was asked for by name does not exist here or cannot run the given input."""


class ArgumentError(FastlatticeError, ValueError):
    """An argument of an op has the wrong shape, dtype or device. The message names it."""
