"""Optional dependencies: each comes with an extra of the package, and is imported when it is first needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fastlattice.errors import MissingExtraError


def module_of_extra(name: str, extra: str, what: str) -> Any:
    """The module of an optional dependency.

    Args:
        name: of the module, dots included.
        extra: of this package, which installs it.
        what: needs it, for the message.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError(what, extra) from None
