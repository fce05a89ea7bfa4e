"""The authors' catalogues as training data: which entries are of one base, and their split by base names.

An entry is called <base name>_p_<imperfection level>_<nodal hash>, as tet_Z04.7_E3597_p_0.02_-2530577189072416388: the
crystal system, the mean coordination and the number in the catalogue of Lumpe and Stankovic (2021) make the base name
(R: from the RCSR, E: from EPINET), and every realisation of the base has another hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.io.lat import read_catalogue
from fastlattice.io.on_error import OnError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn

_ENTRY = re.compile(r"(?P<base>.+)_p_(?P<level>\d+(\.\d+)?)_-?\d+")


def base_names(batch: LatticeBatch) -> StringColumn:
    """The base of each lattice: its column base_name, else what its name says, else its name."""
    stated = batch.columns.get("base_name", [""] * len(batch))
    pairs = zip(map(str, stated), map(str, batch.names), strict=True)
    return StringColumn.from_strings(base or base_of_entry(name) for base, name in pairs)


def base_of_entry(name: str) -> str:
    """The base name within an entry's name; the name itself where it is not of that form."""
    found = _ENTRY.fullmatch(name)
    return found["base"] if found else name


def read_base_names(path: str | Path) -> list[str]:
    """Base names from a text file, one a line or separated by commas or spaces, also in quotes and brackets.

    Raises:
        CatalogueError: there is none.
        OSError: the file cannot be opened.
    """
    try:
        names = re.findall(r"[\w.+-]+", Path(path).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CatalogueError(str(path), None, "not a text of base names") from None
    if not names:
        raise CatalogueError(str(path), None, "there are no base names")
    return names


def of_bases(batch: LatticeBatch, names: Iterable[str]) -> LatticeBatch:
    """The lattices whose base is among the names.

    Raises:
        LatticeError: none is.
    """
    wanted = set(names)
    chosen = [str(base) in wanted for base in base_names(batch)]
    if not any(chosen):
        raise LatticeError(f"none of the lattices is of one of the {len(wanted)} base names")
    return batch.take(chosen)


def training_catalogue(
    paths: str | Path | Sequence[str | Path],
    names: Iterable[str] | None = None,
    densities: int | None = 3,
    on_error: OnError = "raise",
) -> LatticeBatch:
    """The authors' labelled lattices as their training takes them.

    Args:
        paths: one catalogue or several.
        names: base names of the authors' split (`read_base_names`); None: all.
        densities: of each entry, so many of the lowest relative densities; None: all.
        on_error: as for `read_catalogue`.

    Returns:
        LatticeBatch with the columns name, base_name, level [B], relative_density [B] float64 and target [B, 6, 6].

    Raises:
        CatalogueError: a file is malformed.
        LatticeError: nothing is left.
        OSError: a file cannot be opened.
    """
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    batch = LatticeBatch.concatenate([read_catalogue(path, on_error) for path in listed])
    if names is not None:
        batch = of_bases(batch, names)
    target, density = batch.columns["target"], batch.columns["relative_density"]
    assert isinstance(target, torch.Tensor)
    assert isinstance(density, torch.Tensor)
    kept = ~target.isnan().any(-1).any(-1)
    if densities is not None:
        kept &= _rank_in_entry(batch, density, kept) < densities
    if not bool(kept.any()):
        raise LatticeError("none of the lattices has a label")
    level = batch.columns["imperfection_level"]
    columns = {
        "name": batch.names,
        "base_name": base_names(batch),
        "level": level,
        "relative_density": density,
        "target": target,
    }
    return batch.replace(columns=columns).take(kept)


def _rank_in_entry(batch: LatticeBatch, density: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """[B] how many of the entry's counted lattices have a lower density, those of the same density in their order."""
    entries = {name: number for number, name in enumerate(dict.fromkeys(map(str, batch.names)))}
    entry = torch.tensor([entries[str(name)] for name in batch.names])
    order = density.where(counted, torch.inf).argsort(stable=True)
    order = order[entry[order].argsort(stable=True)]
    counts = entry.bincount(minlength=len(entries))
    first = (counts.cumsum(0) - counts).repeat_interleave(counts)
    rank = torch.empty_like(entry)
    rank[order] = torch.arange(len(entry)) - first
    return rank
