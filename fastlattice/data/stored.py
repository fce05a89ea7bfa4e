"""Random nets in a small .npz file: positions as integers on a grid, struts and shifts in as few bytes as hold them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fastlattice._files import replacing
from fastlattice.data.random_nets import GRID, of_one_radius
from fastlattice.errors import CatalogueError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn

TEXT = ("name", "net", "kind", "side")
"""The columns of such a batch, those of `bases`."""


def to_arrays(batch: LatticeBatch) -> dict[str, Any]:
    """The arrays of the file that holds random nets: unit cubes, positions that are multiples of 1 / GRID."""
    arrays: dict[str, NDArray[Any]] = {
        name: np.frombuffer("\n".join(map(str, batch.columns[name])).encode(), dtype=np.uint8) for name in TEXT
    }
    whole = {
        "positions": ("<i4", (batch.positions * GRID).numpy()),
        "struts": ("<u2" if batch.node_counts.max() > 256 else "<u1", batch.struts.numpy()),
        "shifts": ("<i1", batch.shifts.numpy()),
        "node_counts": ("<u2", batch.node_counts.numpy()),
        "strut_counts": ("<u2", batch.strut_counts.numpy()),
    }
    for name, (dtype, values) in whole.items():
        arrays[name] = values.astype(dtype)
        assert np.array_equal(arrays[name], values), f"{name} do not fit {dtype}"
    return arrays


def write_nets(batch: LatticeBatch, path: Path) -> None:
    """Writes a file that `read_nets` reads; it appears whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **to_arrays(batch))


def read_nets(path: Path) -> LatticeBatch:
    """The nets of a file, at relative density 0.01 with one radius.

    Raises:
        CatalogueError: the file is damaged.
        OSError: it cannot be opened.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            columns = {name: StringColumn.from_strings(arrays[name].tobytes().decode().split("\n")) for name in TEXT}
            nodes, struts = (_offsets(arrays[name]) for name in ("node_counts", "strut_counts"))
            batch = LatticeBatch(
                torch.eye(3, dtype=torch.float64).repeat(len(nodes) - 1, 1, 1),
                torch.from_numpy(arrays["positions"] / GRID),
                torch.from_numpy(arrays["struts"].astype(np.int64)),
                torch.from_numpy(arrays["shifts"].astype(np.int64)),
                torch.ones(int(struts[-1]), dtype=torch.float64),
                nodes,
                struts,
                columns,
            )
    except (ValueError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise CatalogueError(str(path), None, f"no file of random nets, or damaged: {error}") from None
    return of_one_radius(batch)


def _offsets(counts: NDArray[Any]) -> torch.Tensor:
    return torch.from_numpy(np.cumsum(np.r_[0, counts], dtype=np.int64))
