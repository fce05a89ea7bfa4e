"""What readers do with a malformed entry: raise, skip and warn, or tell a function."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from fastlattice.errors import CatalogueError

OnError = Literal["raise", "skip"] | Callable[[CatalogueError], object]


@contextmanager
def handled(on_error: OnError, what: str = "entry") -> Iterator[Callable[[CatalogueError], object]]:
    """A function that takes each CatalogueError and raises it, keeps it, or passes it on.

    Args:
        on_error: "raise", "skip" (one warning at the end), or the function to call.
        what: the word for an entry in that warning.

    Raises:
        ValueError: `on_error` is none of these.
    """
    if on_error not in ("raise", "skip") and not callable(on_error):
        raise ValueError(f"on_error must be 'raise', 'skip' or a function, not {on_error!r}")
    skipped: list[CatalogueError] = []

    def fail(error: CatalogueError) -> None:
        raise error

    yield on_error if callable(on_error) else skipped.append if on_error == "skip" else fail
    if skipped:
        entries = f"{what} was" if len(skipped) == 1 else f"{_plural(what)} were"
        warnings.warn(f"{len(skipped)} malformed {entries} skipped; the first: {skipped[0]}", stacklevel=4)


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"
