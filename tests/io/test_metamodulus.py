"""Parquet of MetaModulus: rows are finite cells, folded as wireframes are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fastlattice import CatalogueError, Lattice, homogenise, rcsr_net, read, unit_cell
from fastlattice.cli import main
from fastlattice.io.tessellation import tessellated

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

LATTICES = [unit_cell("octet", 0.03), unit_cell("kelvin", 0.03), rcsr_net("qtz", 0.03)]


def row(lattice: Lattice) -> dict[str, Any]:
    """A cell, cut by its faces, as fractions; struts in both directions."""
    block = tessellated(lattice, 1)
    cell, lengths = lattice.cell, np.linalg.norm(lattice.cell, axis=1)
    cosines = [cell[i] @ cell[j] / lengths[i] / lengths[j] for i, j in ((1, 2), (0, 2), (0, 1))]
    return {
        "frac_coords": (block.nodes @ np.linalg.inv(cell)).tolist(),
        "edge_index": np.concatenate([block.struts, block.struts[:, ::-1]]).T.tolist(),
        "lengths": lengths.tolist(),
        "angles": np.degrees(np.arccos(cosines)).tolist(),
    }


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    parquet.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize("flat", [False, True])
def test_rows_are_the_lattices_they_were_cut_from(tmp_path: Path, flat: bool) -> None:
    rows = [row(lattice) for lattice in LATTICES]
    if flat:
        rows = [{key: np.ravel(value).tolist() for key, value in each.items()} for each in rows]
    batch = read(write_rows(tmp_path / "a.parquet", rows), relative_density=0.03)
    assert list(batch.names) == ["row 0", "row 1", "row 2"]
    torch.testing.assert_close(batch.relative_density, torch.full((3,), 0.03, dtype=torch.float64))
    for k, lattice in enumerate(LATTICES):
        assert (batch[k].num_nodes, batch[k].num_struts) == (lattice.num_nodes, lattice.num_struts)
    # Turned frames: qtz's own has its first vector along x as well.
    expected = homogenise(LATTICES).stiffness
    torch.testing.assert_close(homogenise(batch).stiffness, expected, rtol=0, atol=1e-7)


def test_commands_take_every_density(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(lattice) for lattice in LATTICES])
    assert main(["convert", str(path), "--density", "0.01,0.02", "-o", str(tmp_path / "a.lat")]) == 0
    found = read(tmp_path / "a.lat").relative_density
    np.testing.assert_allclose(np.sort(found), [0.01] * 3 + [0.02] * 3, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"edge_index": [[0, 1], [1, 999]]}, "row 1.*names node"),
        ({"edge_index": [[0, 1, 2], [1, 2, 3], [2, 3, 4]]}, "row 1.*edge_index"),
        ({"lengths": [1.0, 1.0, 0.0]}, "row 1"),
        ({"angles": [90.0, 90.0]}, "row 1"),
        ({"frac_coords": None}, "row 1"),
        ({"frac_coords": [[0.0, 0.0, 0.0], [0.3, 0.4, 0.5]], "edge_index": [[0], [1]]}, "row 1"),
    ],
)
def test_malformed_rows_are_named(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    good = row(LATTICES[0])
    path = write_rows(tmp_path / "a.parquet", [good, good | change])
    with pytest.raises(CatalogueError, match=reason):
        read(path)


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(LATTICES[0])])
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(CatalogueError, match="damaged"):
        read(path)
