"""Base lattices to learn from: RCSR nets, built-in unit cells, random nets, and what users bring.

All are brought to one form: the primitive cell or the cell as it is, the largest cell constant 1, one relative density,
and finite elements have found a stiffness for each.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch

from fastlattice.data.classes import class_of_name
from fastlattice.data.random_nets import random_nets
from fastlattice.data.splits import SIDES, TRAINING, identified, side_of_fingerprint
from fastlattice.data.stored import read_nets, write_nets
from fastlattice.data.tetrahedra import scipy_version
from fastlattice.errors import LatticeError
from fastlattice.fe.homogenise import homogenise
from fastlattice.fe.status import Status
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.ragged import owners
from fastlattice.lattice.strings import StringColumn
from fastlattice.topologies.cells import unit_cell, unit_cell_names
from fastlattice.topologies.nets import rcsr_batch, rcsr_fingerprint, rcsr_names

KINDS = ("rcsr", "cells", "random")
KEPT = 200
"""Random nets, from which on they are kept in the user's cache."""
CELLS = ("primitive", "conventional")
SHORTEST = 0.01
"""Of a strut, in units of the largest cell constant: shorter ones join nodes that nearly coincide."""
LARGE, SHORT = "more nodes than max_nodes", f"a strut shorter than {SHORTEST}"


class Bases(NamedTuple):
    """Base lattices, and the names of those that were left out, by reason."""

    lattices: LatticeBatch
    left_out: dict[str, tuple[str, ...]]


def bases(
    kinds: Sequence[str] = ("rcsr", "cells"),
    cell: str = "primitive",
    max_nodes: int | None = 40,
    side: str | None = "training",
    relative_density: float = 0.01,
    random: int = 1000,
    seed: int = 0,
) -> LatticeBatch:
    """Base lattices as one batch; `collect_bases` says as well which were left out and why.

    Args:
        kinds: any of "rcsr" (2,742 nets of the RCSR), "cells" (built-in unit cells) and "random" (`random_nets`; extra
            "train"; some 30 ms each; 200 and more are kept in the user's cache, `cache_folder`).
        cell: "primitive", or "conventional": the cell that the net is usually drawn on.
        max_nodes: larger cells are left out; None takes all.
        side: "training", "validation" or "test" of `fastlattice.data.splits`, or None: all.
        relative_density: of all lattices, all struts of one radius.
        random: how many random nets are made, of which those of the side are taken: some nine of ten are training.
        seed: of the random nets.

    Returns:
        LatticeBatch, largest cell constants 1, with the columns name; net, the identity class; kind; and side.

    Raises:
        ValueError: a kind, cell or side that there is not, or max_nodes below 1 or, for random nets, below 30.
        LatticeError: the relative density does not lie between 0 and 1.
        MissingExtraError: random nets need scipy.
    """
    return collect_bases(kinds, cell, max_nodes, side, relative_density, random, seed).lattices


def collect_bases(
    kinds: Sequence[str] = ("rcsr", "cells"),
    cell: str = "primitive",
    max_nodes: int | None = 40,
    side: str | None = "training",
    relative_density: float = 0.01,
    random: int = 1000,
    seed: int = 0,
) -> Bases:
    """As `bases`, with what was left out: too large a cell, the shortest strut below 0.01, no stiffness and why."""
    if not kinds or set(kinds) - set(KINDS):
        raise ValueError(f"kinds must be some of {', '.join(KINDS)}, not {kinds!r}")
    if side is not None and side not in SIDES:
        raise ValueError(f"side must be one of {', '.join(SIDES)} or None, not {side!r}")
    found = []
    for kind in dict.fromkeys(kinds):
        if kind == "random":
            found.append(Bases(random_bases(random, seed, max_nodes, side), {}))
        else:
            found.append({"rcsr": _rcsr, "cells": _cells}[kind](cell, max_nodes, side))
    left_out: dict[str, tuple[str, ...]] = {}
    for part in found:
        for reason, names in part.left_out.items():
            left_out[reason] = left_out.get(reason, ()) + names
    return _sound(LatticeBatch.concatenate([part.lattices for part in found]), left_out, relative_density)


def as_bases(
    batch: LatticeBatch,
    kind: str = "user",
    cell: str = "primitive",
    max_nodes: int | None = 40,
    relative_density: float = 0.01,
) -> Bases:
    """A user's lattices as bases, in the form of `bases`: columns name, net, kind, side; others are left away.

    Args:
        batch: lattices with names.
        kind: what the column kind says.
        cell, max_nodes, relative_density: as for `bases`; "conventional" leaves the cells as they are, and "primitive"
            those of realisations, whose nodes have moved.

    Raises:
        ValueError, LatticeError: as `bases`.
    """
    reduced, left_out = _reduced(batch, cell, max_nodes)
    return _sound(identified(reduced).with_columns(kind=_all(kind, len(reduced))), left_out, relative_density)


def _rcsr(cell: str, max_nodes: int | None, side: str | None) -> Bases:
    names = [name for name in rcsr_names() if side in (None, side_of_fingerprint(rcsr_fingerprint(name)))]
    large: tuple[str, ...] = ()
    if cell == "primitive" and max_nodes is not None:  # fingerprints begin with the primitive cell's number of nodes
        large = tuple(name for name in names if int(rcsr_fingerprint(name).partition("-")[0]) > max_nodes)
        names = sorted(set(names) - set(large))
    rows = {name: row for row, name in enumerate(rcsr_names())}
    batch, left_out = _reduced(rcsr_batch().take([rows[name] for name in names]), cell, max_nodes)
    left_out.update({LARGE: large + left_out.get(LARGE, ())} if large else {})
    found = [str(name) for name in batch.names]
    return Bases(
        batch.with_columns(
            net=StringColumn.from_strings(map(class_of_name, found)),
            kind=_all("rcsr", len(batch)),
            side=StringColumn.from_strings(side_of_fingerprint(rcsr_fingerprint(name)) for name in found),
        ),
        left_out,
    )


def _cells(cell: str, max_nodes: int | None, side: str | None) -> Bases:
    """The built-in cells, all of them on the training side."""
    names = unit_cell_names() if side in (None, TRAINING) else ()
    batch, left_out = _reduced(LatticeBatch.from_lattices(map(unit_cell, names)), cell, max_nodes)
    return Bases(
        batch.with_columns(
            net=StringColumn.from_strings(class_of_name(str(name)) for name in batch.names),
            kind=_all("cells", len(batch)),
            side=_all(TRAINING, len(batch)),
        ),
        left_out,
    )


def random_bases(
    count: int, seed: int, max_nodes: int | None = 40, side: str | None = TRAINING, first: int = 0
) -> LatticeBatch:
    """Those of `count` random nets of a seed that are of a side, with the columns of `bases`.

    The column net is the fingerprint. Args, errors: as `random_nets`; max_nodes None sets no bound.
    """
    batch = _random_nets(count, seed, max_nodes, first)
    return batch if side is None else batch.take([each == side for each in batch.columns["side"]])


@lru_cache(maxsize=4)
def _random_nets(count: int, seed: int, max_nodes: int | None, first: int) -> LatticeBatch:
    """Nets and what they are, from the user's cache where they have been made before."""
    if count < KEPT:
        return _new_random_nets(count, seed, max_nodes, first)
    path = cache_folder() / f"random-nets-{seed}-{first}-{count}-{max_nodes}-scipy-{scipy_version()}.npz"
    if path.exists():
        return read_nets(path)
    batch = _new_random_nets(count, seed, max_nodes, first)
    with suppress(OSError):  # a home that cannot be written to
        path.parent.mkdir(parents=True, exist_ok=True)
        write_nets(batch, path)
    return batch


def _new_random_nets(count: int, seed: int, max_nodes: int | None, first: int) -> LatticeBatch:
    batch = random_nets(count, seed, 1 << 20 if max_nodes is None else max_nodes, first=first)
    return identified(batch.with_columns(kind=_all("random", len(batch))))


def cache_folder() -> Path:
    """Where random nets are kept: FASTLATTICE_CACHE, else fastlattice in XDG_CACHE_HOME, else in ~/.cache."""
    given = os.environ.get("FASTLATTICE_CACHE")
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(given) if given else (Path(home) if home else Path.home() / ".cache") / "fastlattice"


def _reduced(batch: LatticeBatch, cell: str, max_nodes: int | None) -> tuple[LatticeBatch, dict[str, tuple[str, ...]]]:
    """The lattices on the cells that are asked for, without other columns than the name; and those too large."""
    if cell not in CELLS:
        raise ValueError(f"cell must be one of {', '.join(CELLS)}, not {cell!r}")
    if max_nodes is not None and max_nodes < 1:
        raise ValueError(f"max_nodes must be at least 1, not {max_nodes}")
    batch = batch.replace(radii=torch.ones_like(batch.radii), columns={"name": batch.names})
    if cell == "primitive":
        batch = LatticeBatch.from_lattices(batch[row].primitive() for row in range(len(batch)))
    left_out: dict[str, tuple[str, ...]] = {}
    if max_nodes is not None:
        batch = _kept(batch, batch.node_counts <= max_nodes, LARGE, left_out)
    return batch, left_out


def _sound(batch: LatticeBatch, left_out: dict[str, tuple[str, ...]], relative_density: float) -> Bases:
    """The lattices in the form of bases, without those that cannot be one."""
    batch = _kept(batch, batch.strut_counts > 0, "no struts", left_out)
    batch = _in_form(batch, relative_density)
    shortest = torch.full((len(batch),), torch.inf, dtype=torch.float64)
    owner = owners(batch.strut_offsets)
    shortest = shortest.scatter_reduce(0, owner, batch.strut_vectors.norm(dim=1), "amin")
    batch = _kept(batch, shortest >= SHORTEST, SHORT, left_out)
    status = homogenise(batch).status
    for each in sorted(set(status.tolist()) - {Status.OK}):
        _kept(batch, status != each, Status(each).name.lower(), left_out)
    return Bases(batch.take(status == Status.OK), left_out)


def _in_form(batch: LatticeBatch, relative_density: float) -> LatticeBatch:
    """Largest cell constants 1, struts of one radius."""
    if not 0 < relative_density < 1:
        raise LatticeError(f"relative density {relative_density} does not lie between 0 and 1")
    size = batch.cell.norm(dim=2).amax(1)
    batch = batch.replace(
        cell=batch.cell / size[:, None, None],
        positions=batch.positions / size.repeat_interleave(batch.node_counts)[:, None],
        radii=torch.ones_like(batch.radii),
    )
    radius = (relative_density / batch.relative_density).sqrt()
    return batch.replace(radii=radius.repeat_interleave(batch.strut_counts))


def _kept(batch: LatticeBatch, chosen: torch.Tensor, reason: str, left_out: dict[str, tuple[str, ...]]) -> LatticeBatch:
    """The chosen lattices; the names of the others are put down under the reason."""
    if bool(chosen.all()):
        return batch
    names = tuple(str(batch.names[row]) for row in (~chosen).nonzero()[:, 0].tolist())
    left_out[reason] = left_out.get(reason, ()) + names
    return batch.take(chosen)


def _all(text: str, count: int) -> StringColumn:
    return StringColumn.from_strings([text] * count)
