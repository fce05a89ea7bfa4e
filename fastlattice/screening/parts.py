"""`fastlattice.screen`: results part by part, in Python."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import torch

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.screening.compute import Part, as_lattices, in_order, results_of
from fastlattice.screening.engines import Engine, open_engine
from fastlattice.screening.files import Reject
from fastlattice.screening.options import Options, parsed
from fastlattice.screening.sources import Piece, Source, chunks, open_source


def screen(
    source: str | Path | LatticeBatch | Source | Iterable[LatticeBatch],
    engine: str = "fe",
    where: str | None = None,
    extremes: bool = False,
    density: float = 0.01,
    device: str = "cpu",
    threads: int | None = None,
    on_reject: Callable[[Reject], object] | None = None,
) -> Iterator[LatticeBatch]:
    """Stiffness and properties of any number of lattices, in parts of a few thousand, in bounded memory.

    Reading, computing and what the caller does with the parts go on at the same time. Nothing is kept: for results on
    a disk, and for runs that can be resumed, there is `fastlattice screen SOURCE -o RESULTS`, or `run` of
    `fastlattice.screening`.

    Args:
        source: a file, folder or glob of any format that is read; `cells:all`, `nets:rcsr` and the like;
            `nets:rcsr?level=0.05&density=0.001..0.1&count=1000000&seed=1`; a LatticeBatch; or any iterable of them,
            which is gone through once.
        engine: "fe"; a network's name or file; "fe+NAME" for both; "auto".
        where: a condition on the columns, as "E_z/rho > 0.3 and anisotropy < 1.5"; others are left out.
        extremes: add the columns E_min, E_max, G_min, G_max, nu_min, nu_max; those that `where` names are added anyhow.
        density: relative density of lattices of which the source states none.
        device: of a network.
        threads: that compute; None: torch's number.
        on_reject: called with what cannot be read; by default a warning says it.

    Returns:
        Iterator of LatticeBatch: the lattices that pass, with the columns id (row of the source), name, density (the
        relative one), C_11 .. C_66 (Mandel, in E_s), E_x .. nu_zy, anisotropy, the extremes, status, beam_valid,
        joints_valid, in_range.

    Raises:
        FastlatticeError: there is no such source, engine or column, or the condition is malformed.

    Example:
        >>> for part in fastlattice.screen("nets:rcsr", where="anisotropy < 0.1"):
        ...     print(list(part.names))
    """
    reject = on_reject or _warn
    if isinstance(source, str | Path | LatticeBatch) or hasattr(source, "pieces"):
        opened = open_source(cast("str | Path | LatticeBatch | Source", source), density)
        for each in opened.rejects:
            reject(each)
        pieces: Iterator[Piece] = opened.pieces(0, opened.count, reject)
    else:
        opened, pieces = None, _pieces(source)
    computing = open_engine(engine, opened, device)
    return _parts(computing, parsed(where, extremes=extremes, both=computing.both), pieces, threads)


def _parts(engine: Engine, options: Options, pieces: Iterator[Piece], threads: int | None) -> Iterator[LatticeBatch]:
    workers = (threads or torch.get_num_threads()) if engine.parallel else 1
    for part in in_order(partial(_part, engine, options), pieces, workers):
        if len(part.lattices):
            yield as_lattices(part)


def _part(engine: Engine, options: Options, piece: Piece) -> Part:
    return results_of(engine, options, piece[0], piece[1]())


def _pieces(batches: Iterable[LatticeBatch]) -> Iterator[Piece]:
    first = 0
    for batch in batches:
        yield from chunks(first, batch)
        first += len(batch)


def _warn(reject: Reject) -> None:
    warnings.warn(f"rejected: {reject}", stacklevel=3)
