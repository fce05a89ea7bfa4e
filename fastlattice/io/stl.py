"""Watertight surfaces in STL: the union of round struts with balls at the nodes, by manifold3d (extra "formats").

STL has no unit and single-precision coordinates, and says nothing of struts: it is written, not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from fastlattice._files import replacing
from fastlattice.errors import CatalogueError, LatticeError
from fastlattice.io.beams import library
from fastlattice.io.tessellation import checked_counts, tessellated
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.wireframe import Wireframe

_SMALLEST = 1e-6  # of the block; edges shorter than single precision resolves are collapsed
_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def read_stl(path: str | Path) -> NoReturn:
    """Says why STL is not read.

    Raises:
        CatalogueError: always.
    """
    reason = (
        "STL holds a surface, which does not say where struts run and how thick they are; give the beams themselves, "
        "as 3MF beam lattice, LTCX, OBJ lines or tables of nodes and struts"
    )
    raise CatalogueError(str(path), None, reason)


def write_stl(
    path: str | Path,
    lattice: Lattice,
    tessellate: int | Sequence[int] = (4, 4, 4),
    scale: float = 1.0,
    faces: str = "cut",
    segments: int = 16,
) -> None:
    """Writes the surface of a block of cells in binary STL.

    Args:
        path: the file.
        lattice, tessellate, scale, faces: as for `tessellated`; "cut" cuts the solid by the block's faces, so that
            blocks stack without a gap.
        segments: sides of a strut, a multiple of 4; their distance from the axis keeps the circle's area.

    Raises:
        LatticeError: an argument makes no sense, or the surface is not watertight in the file's single precision.
        MissingExtraError: manifold3d is not installed.
        OSError: the file cannot be written.
    """
    manifold3d = library("manifold3d", path)
    if segments < 4 or segments % 4:
        raise LatticeError(f"a strut has 4, 8, 12, ... sides, not {segments}")
    cell, counts = lattice.cell * scale, checked_counts(lattice, tessellate, scale, faces)
    block = tessellated(lattice, (1, 1, 1), scale=scale, faces="whole")
    margin = _margin(block) if faces == "cut" else np.zeros(3, dtype=int)
    solid = _solid(manifold3d, block, segments).translate(-margin @ cell)
    for vector, count in zip(cell, (counts + 2 * margin).tolist(), strict=True):
        solid = _row(solid, vector, count)
    if faces == "cut":
        solid = _trimmed(solid, cell, counts)
    solid = solid.simplify(_SMALLEST * float(np.abs(counts @ np.abs(cell)).max()))
    mesh = solid.to_mesh()
    corners = np.asarray(mesh.vert_properties, dtype=np.float32)[:, :3][np.asarray(mesh.tri_verts)]
    _check_watertight(lattice.name, corners)
    records = np.zeros(len(corners), dtype=_RECORD)
    records["corners"] = corners
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    np.divide(normals, lengths, out=records["normal"], where=lengths > 0)
    with replacing(path) as temporary, temporary.open("wb") as stream:
        stream.write(b"fastlattice".ljust(80) + np.uint32(len(records)).tobytes())
        stream.write(records.tobytes())


def _margin(block: Wireframe) -> NDArray[np.int64]:
    """[3] how many cells before and behind a cell its material reaches into."""
    assert block.cell is not None
    inverse = np.linalg.inv(block.cell)
    ends, reach = (block.nodes @ inverse)[block.struts], block.radii[:, None] * np.linalg.norm(inverse, axis=0)
    overhang = np.maximum((reach - ends.min(axis=1)).max(axis=0), (ends.max(axis=1) - 1 + reach).max(axis=0))
    return np.ceil(np.maximum(overhang, 0)).astype(np.int64)


def _row(solid: Any, vector: NDArray[np.float64], count: int) -> Any:
    """The union of `count` copies, each a vector on from the last; by halves, so that the work is that of the last."""
    if count == 1:
        return solid
    half = _row(solid, vector, count // 2)
    row = half + half.translate(count // 2 * vector)
    return row + solid.translate((count - 1) * vector) if count % 2 else row


def _solid(manifold3d: Any, wireframe: Wireframe, segments: int) -> Any:
    """The union of prisms and balls."""
    widened = np.sqrt(2 * np.pi / segments / np.sin(2 * np.pi / segments))  # the polygon has the circle's area
    thickest = np.zeros(len(wireframe.nodes))
    np.maximum.at(thickest, wireframe.struts, wireframe.radii[:, None])
    parts = []
    for (i, j), radius in zip(wireframe.struts.tolist(), wireframe.radii.tolist(), strict=True):
        start, vector = wireframe.nodes[i], wireframe.nodes[j] - wireframe.nodes[i]
        length = float(np.linalg.norm(vector))
        prism = manifold3d.Manifold.cylinder(length, radius * widened, circular_segments=segments)
        parts.append(prism.transform(np.column_stack([_frame(vector / length), start])))
    for place, radius in zip(wireframe.nodes, thickest.tolist(), strict=True):
        if radius > 0:
            parts.append(manifold3d.Manifold.sphere(radius, segments).translate(place))
    return manifold3d.Manifold.batch_boolean(parts, manifold3d.OpType.Add)


def _frame(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """[3, 3] right-handed, columns two directions across an axis and the axis."""
    across = np.cross(np.eye(3)[np.argmin(np.abs(axis))], axis)
    across /= np.linalg.norm(across)
    return np.column_stack([across, np.cross(axis, across), axis])


def _trimmed(solid: Any, cell: NDArray[np.float64], counts: NDArray[np.int64]) -> Any:
    """What lies in the block."""
    normals = np.linalg.inv(cell).T  # rows: fractional coordinate d is normals[d] @ x
    for d in range(3):
        length = np.linalg.norm(normals[d])
        solid = solid.trim_by_plane(normals[d] / length, 0.0)
        solid = solid.trim_by_plane(-normals[d] / length, -counts[d] / length)
    return solid


def _check_watertight(name: str, corners: NDArray[np.float32]) -> None:
    """Every edge of the surface has one triangle on either side."""
    _, index = np.unique(corners.reshape(-1, 3), axis=0, return_inverse=True)
    triangles = index.reshape(-1, 3)
    edges = np.concatenate([triangles[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
    size = int(index.max()) + 1 if len(index) else 0
    there, back = edges[:, 0] * size + edges[:, 1], edges[:, 1] * size + edges[:, 0]
    if not len(corners) or not np.array_equal(np.sort(there), np.sort(back)):
        raise LatticeError(f"lattice {name!r}: its surface is not watertight in single precision")
