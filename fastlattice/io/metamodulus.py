"""Parquet of MetaModulus: a row is one finite cell, its nodes as fractions of the lattice vectors, its struts pairs.

Read are frac_coords [N, 3], edge_index [2, M] (from 0; a strut may be there in both directions), lengths [3] and angles
[3] (degrees, alpha, beta, gamma), flat lists or nested ones. The struts name no images: those that leave the cell end
in its faces, so each row is folded as any other wireframe is. Rows state no radii. Needs the extra "parquet".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fastlattice._extras import module_of_extra
from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.wireframe import Wireframe, fold_wireframe
from fastlattice.topologies.crystal import cell_matrix

FloatArray = NDArray[np.float64]
COLUMNS = ("frac_coords", "edge_index", "lengths", "angles")
NAMES = ("name", "material_id", "id")
_ROWS = 256  # that are held in memory as Python lists


def is_metamodulus(path: str | Path) -> bool:
    """Whether a Parquet file has the columns of MetaModulus; False too where it is damaged, which its reader says.

    Raises:
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be opened.
    """
    Path(path).open("rb").close()
    try:
        return set(COLUMNS) <= set(_parquet().read_schema(path).names)
    except (import_module("pyarrow").ArrowException, OSError, ValueError):
        return False


def count_metamodulus(path: str | Path) -> int:
    """Number of rows, from the file's metadata alone."""
    return int(_parquet().read_metadata(path).num_rows)


def iter_metamodulus(path: str | Path, relative_densities: Sequence[float]) -> Iterator[Lattice]:
    """The lattices of a file: for each row one at each relative density, all struts of one radius.

    Args:
        path: the file, for which `is_metamodulus` holds.
        relative_densities: positive numbers.

    Raises:
        CatalogueError: a row is malformed or not periodic, or the file is damaged; the message names the row, from 0.
        MissingExtraError: pyarrow is not installed.
        OSError: the file cannot be opened.
    """
    for index, row in enumerate(_rows(path)):
        name = next((str(row[key]) for key in NAMES if row.get(key) is not None), f"row {index}")
        try:
            lattice = fold_wireframe(_wireframe(row, name)).lattice
        except (LatticeError, ValueError, TypeError, OverflowError) as error:
            raise CatalogueError(str(path), None, f"row {index}: {error}", name) from None
        yield from (lattice.with_relative_density(density) for density in relative_densities)


def _parquet() -> Any:
    return module_of_extra("pyarrow.parquet", "parquet", "reading and writing Parquet")


def _rows(path: str | Path) -> Iterator[dict[str, Any]]:
    failures = (import_module("pyarrow").ArrowException, OSError, ValueError)
    with _parquet().ParquetFile(path) as file:
        wanted = [name for name in (*NAMES, *COLUMNS) if name in file.schema_arrow.names]
        batches = file.iter_batches(_ROWS, columns=wanted)
        while True:
            try:
                piece = next(batches, None)
            except failures as error:
                raise CatalogueError(str(path), None, f"damaged Parquet file: {error}") from None
            if piece is None:
                return
            yield from piece.to_pylist()


def _wireframe(row: dict[str, Any], name: str) -> Wireframe:
    fractions, ends = _array(row, "frac_coords", (-1, 3)), _array(row, "edge_index", (2, -1))
    lengths, angles = _array(row, "lengths", (3,)), _array(row, "angles", (3,))
    struts = ends.astype(np.int64).T
    if not (struts == ends.T).all():
        raise ValueError("edge_index holds what is no integer")
    struts = np.unique(np.sort(struts, axis=1), axis=0)
    cell = cell_matrix(np.concatenate([lengths, angles]))
    if not (np.isfinite(cell).all() and abs(np.linalg.det(cell)) > 0):
        raise ValueError(f"no cell has the lengths {lengths.tolist()} and angles {angles.tolist()}")
    return Wireframe(fractions @ cell, struts, np.ones(len(struts)), cell, name=name)


def _array(row: dict[str, Any], column: str, shape: tuple[int, ...]) -> FloatArray:
    """A cell of the table, flat or nested, as an array of a shape in which -1 is any length."""
    array = np.array(row[column], dtype=np.float64)
    if array.ndim == 1 and array.size % abs(int(np.prod(shape))) == 0:
        return array.reshape(shape)
    if array.ndim != len(shape) or any(n not in (-1, m) for n, m in zip(shape, array.shape, strict=True)):
        raise ValueError(f"{column} has shape {list(array.shape)}, expected {list(shape)}")
    return array
