"""Sources that never end up on a disk: `nets:rcsr?level=0.05&density=0.001..0.1&count=1000000&seed=1`."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from fastlattice._version import __version__
from fastlattice.data import Recipe, Stream, as_bases, collect_bases
from fastlattice.data.bases import cache_folder
from fastlattice.data.batches import WINDOW
from fastlattice.data.realisations import content_hash
from fastlattice.errors import CatalogueError, FastlatticeError, MissingExtraError
from fastlattice.io.parquet import read_parquet, write_parquet
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.topologies import cells, nets

_PLAIN = {"removal_share": 0.0, "strain_share": 0.0, "zero_share": 0.0, "level": 0.0, "radii": "uniform"}
"""What a recipe does that names nothing: lattices of one density, with their nodes in place."""
_OWN = ("count", "seed", "max_nodes")
_TEXTS = ("displacement", "radii", "rotation")
KINDS = ("rcsr", "cells", "random")


class StreamSource:
    """Perturbed realisations of nets or cells, made as they are needed.

    Attributes: as `fastlattice.screening.sources.Source`.
    """

    rejects = ()

    def __init__(self, spec: str, bases: LatticeBatch, recipe: Recipe, count: int, seed: int) -> None:
        self.spec, self.count = spec, count
        self._made_from = spec, bases, recipe, count, seed
        self._stream = Stream(bases, recipe, seed)
        self.identity: dict[str, Any] = {
            "kind": "stream",
            "recipe": recipe.to_dict(),
            "bases": content_hash(bases),
            "seed": seed,
            "count": count,
            "libc": " ".join(platform.libc_ver()),
        }

    def pieces(self, start: int, stop: int, reject: object) -> Iterator[tuple[int, Callable[[], LatticeBatch]]]:
        """The samples start .. stop - 1 by windows, as functions that make them."""
        for first in range(start, stop, WINDOW):
            yield first, partial(self._drawn, first, min(first + WINDOW, stop))

    def _drawn(self, start: int, stop: int) -> LatticeBatch:
        batch = self._stream.unlabelled(start, stop, threads=1)
        columns = {"name": batch.names, "density": batch.columns["relative_density"]}
        return LatticeBatch._trusted(batch._geometry, columns)

    def check_unchanged(self) -> None:
        """Nothing can change."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes it with its own software, which the identity names."""
        return StreamSource, self._made_from


def open_stream(spec: str) -> StreamSource:
    """The source that a text such as `nets:pcu,dia?level=0.02..0.07&count=5000` means.

    Before the question mark stand `nets:` or `cells:` and names, `rcsr`, `random` or `all`; after it entries of
    `fastlattice.data.Recipe` (numbers, several with commas, ranges as 0.001..0.1), `count` (needed), `seed` (0) and
    `max_nodes` (40), beyond which a cell is left out. A recipe does only what is named: without `level` nodes stay
    where they are, radii are uniform, the relative density is 0.01.

    Raises:
        FastlatticeError: an entry is malformed, or no base is left.
    """
    head, _, query = spec.partition("?")
    entries = dict(_entry(spec, each) for each in query.split("&") if each)
    own = {name: _integer(spec, name, entries.pop(name)) for name in _OWN if name in entries}
    if not own.get("count"):
        raise FastlatticeError(f"{spec}: a stream has no end: say count=N, at least 1")
    try:
        given = {name: _quantity(name, text) for name, text in entries.items()}
        recipe = Recipe.from_dict({**_PLAIN, "density": 0.01, **given})
    except ValueError as error:
        raise FastlatticeError(f"{spec}: {error}") from None
    bases = _kept_bases(spec, head, own.get("max_nodes", 40))
    if not len(bases):
        raise FastlatticeError(f"{spec}: no base is left, of at most {own.get('max_nodes', 40)} nodes")
    return StreamSource(spec, bases, recipe, own["count"], own.get("seed", 0))


def _kept_bases(spec: str, head: str, max_nodes: int) -> LatticeBatch:
    """The bases, from the user's cache where they have been made before: thousands of nets take seconds."""
    digest = hashlib.sha256(f"{__version__} {head} {max_nodes}".encode()).hexdigest()[:16]
    path = cache_folder() / f"screening-bases-{digest}.parquet"
    try:
        return read_parquet(path)
    except (OSError, CatalogueError, MissingExtraError):
        found = _bases(spec, head, max_nodes)
    with suppress(OSError, MissingExtraError):  # a home that cannot be written to
        path.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(found, path)
    return found


def _bases(spec: str, head: str, max_nodes: int) -> LatticeBatch:
    kind, _, names = head.partition(":")
    listed = names.split(",")
    if kind == "nets" and listed in (["rcsr"], ["random"]):
        return collect_bases(listed, max_nodes=max_nodes, side=None).lattices
    if head == "cells:all":
        return collect_bases(["cells"], max_nodes=max_nodes, side=None).lattices
    if kind == "nets":
        found = [nets.rcsr_net(name, 0.01) for name in listed]
    elif kind == "cells":
        found = [cells.unit_cell(name, 0.01) for name in listed]
    else:
        raise FastlatticeError(f"{spec}: a stream is made of nets: or cells:")
    return as_bases(LatticeBatch.from_lattices(found), max_nodes=max_nodes).lattices


def _entry(spec: str, text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not value:
        raise FastlatticeError(f"{spec}: {text!r} is not name=value")
    return name, value


def _integer(spec: str, name: str, text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 62:
        raise FastlatticeError(f"{spec}: {name} is {text!r}; it must be an integer of at least 0")
    return int(text)


def _quantity(name: str, text: str) -> Any:
    """A number, several, a range, or the word of an entry."""
    if name in _TEXTS:
        return text
    low, dots, high = text.partition("..")
    if dots:
        return {"low": _number(name, low), "high": _number(name, high)}
    values = [_number(name, each) for each in text.split(",")]
    return values[0] if len(values) == 1 else values


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FastlatticeError(f"{name} is {text!r}; it must be a number, several (1,2), or a range (1..2)") from None
