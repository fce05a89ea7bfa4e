"""The exceptions of the package: one base, so that callers can catch everything that bad input raises."""

from __future__ import annotations

from typing import Any


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

    def __init__(self, path: str, line: int | None = None, reason: str | None = None, entry: str = "") -> None:
        if reason is None:  # a text alone: torch's DataLoader makes a worker's error again so, traceback included
            path, line, reason = "", None, str(path)
        self.path, self.line, self.reason, self.entry = str(path), line, reason, entry
        where = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{f'{where}: ' if where else ''}{f'entry {entry}: ' if entry else ''}{reason}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes the error from what this one was made of."""
        return type(self), (self.path, self.line, self.reason, self.entry), dict(vars(self))


class MissingExtraError(FastlatticeError, ImportError):
    """An optional dependency is needed; the message names the extra to install.

    Attributes:
        what: what needs it.
        extra: the extra of this package that installs it.
    """

    def __init__(self, what: str, extra: str | None = None) -> None:
        self.what, self.extra = what, extra  # a text alone: see CatalogueError
        install = f" needs an optional dependency: pip install 'fastlattice[{extra}]'"
        super().__init__(what if extra is None else what + install)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes the error from what this one was made of."""
        return type(self), (self.what, self.extra), dict(vars(self))


class ConfigError(FastlatticeError, ValueError):
    """A network configuration is malformed, or asks for what the engine cannot run. The message says which entry."""


class GraphError(FastlatticeError, ValueError):
    """A graph cannot be the input of a network. The message names the attribute and the reason."""


class CheckpointError(FastlatticeError, ValueError):
    """A file or state dict does not hold the weights of the network that was asked for."""


class TrainingError(FastlatticeError, RuntimeError):
    """Training cannot go on: a loss or a gradient is not finite, or labels are missing. The message says where."""


class DesignError(FastlatticeError, ValueError):
    """An inverse design is asked for what it cannot do: its objective, variables, constraints or start. The message
    says which."""


class BackendError(FastlatticeError, RuntimeError):
    """A backend that was asked for by name does not exist here or cannot run the given input."""


class LibraryError(FastlatticeError, ImportError):
    """The native library is not there, is not that of this package, or does not have what FASTLATTICE_ISA asks for."""


class ArgumentError(FastlatticeError, ValueError):
    """An argument of an op has the wrong shape, dtype or device. The message names it."""
