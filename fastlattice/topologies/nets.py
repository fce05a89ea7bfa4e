"""Nets of the RCSR as lattices, from a table that comes with the package.

The Reticular Chemistry Structure Resource (O'Keeffe, Peskov, Ramsden, Yaghi, Acc. Chem. Res. 41, 1782, 2008) lists
periodic nets under three-letter symbols: pcu is the simple cubic lattice, sod Kelvin's foam, fcu the octet truss. The
table holds them expanded from RCSR's own file of 2019-06-01, and the few that only the pormake package has;
codegen/nets.py writes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from fastlattice.errors import LatticeError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.identity import are_isomorphic, fingerprint, nets_of
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.strings import StringColumn
from fastlattice.topologies.crystal import cell_matrix
from fastlattice.topologies.rcsr_table import row_of, table


def rcsr_names() -> tuple[str, ...]:
    """Symbols of all RCSR nets in the table, sorted."""
    return table().names


def rcsr_space_group(name: str) -> str:
    """Space group of an RCSR net in its usual embedding: Hermann-Mauguin symbol with its setting, "F d -3 m:2".

    Raises:
        LatticeError: as `rcsr_net`.
    """
    return table().groups[row_of(name)]


def rcsr_source(name: str) -> str:
    """Where the table has a net from, with the file's SHA-256: RCSR, or pormake for 13 nets that RCSR's file lacks.

    Raises:
        LatticeError: as `rcsr_net`.
    """
    known = table()
    return known.sources[known.source[row_of(name)]]


def rcsr_fingerprint(name: str) -> str:
    """`fastlattice.lattice.identity.fingerprint` of an RCSR net: the same for nets that are isomorphic.

    Raises:
        LatticeError: as `rcsr_net`.
    """
    return table().fingerprints[row_of(name)]


def identify(lattice: Lattice) -> list[str]:
    """Symbols of the RCSR nets that a lattice is, whatever its geometry, cell and radii: ["pcu"] for the simple cubic.

    Nothing where the table does not have it. A net in several interpenetrating copies is another net than one copy.

    Raises:
        LatticeError: a piece of the lattice is not periodic in three directions, so that it is no net.
    """
    known, nets = table(), nets_of(lattice)
    wanted = fingerprint(nets)
    candidates = (name for name, found in zip(known.names, known.fingerprints, strict=True) if found == wanted)
    return [name for name in candidates if are_isomorphic(nets, nets_of(rcsr_net(name)))]


def rcsr_net(name: str, relative_density: float = 0.01) -> Lattice:
    """An RCSR net on its conventional cell, the largest cell constant 1, all struts of one radius.

    Args:
        name: RCSR symbol, as "dia"; `rcsr_names` lists them.
        relative_density: sum of pi r^2 L over the struts, divided by the volume of the cell.

    Raises:
        LatticeError: there is no such net (near names are suggested), its source file is faulty (the reason is
            given), or the density does not lie between 0 and 1.
    """
    row = row_of(name)
    return _nets(row, row + 1, checked_densities(float(relative_density)))[0]


def rcsr_batch(relative_density: float | Sequence[float] | ArrayLike | torch.Tensor = 0.01) -> LatticeBatch:
    """All RCSR nets as one batch, each as `rcsr_net` gives it.

    Args:
        relative_density: one density, or several: then every net comes once with each, next to each other.

    Returns:
        LatticeBatch with the columns name, base_name (the same), relative_density [B] float64.

    Raises:
        LatticeError: a density does not lie between 0 and 1.
    """
    return _nets(0, len(table().names), checked_densities(relative_density))


def checked_densities(relative_density: float | Sequence[float] | ArrayLike | torch.Tensor) -> torch.Tensor:
    """[n] float64 relative densities.

    Raises:
        LatticeError: one of them is not a positive number below 1.
    """
    densities = torch.as_tensor(relative_density, dtype=torch.float64).reshape(-1)
    if not bool(((densities > 0) & (densities < 1)).all()):
        raise LatticeError(f"relative densities must be positive numbers below 1, not {relative_density!r}")
    return densities


def _nets(first: int, last: int, densities: torch.Tensor) -> LatticeBatch:
    """Nets first..last of the table, each with every density; the same bits whatever the range."""
    known = table()
    nodes = slice(*known.node_offsets[[first, last]])
    members = slice(*known.strut_offsets[[first, last]])
    node_offsets = known.node_offsets[first : last + 1] - nodes.start
    strut_offsets = known.strut_offsets[first : last + 1] - members.start

    constants = known.constants[first:last].copy()
    constants[:, :3] /= constants[:, :3].max(axis=1, keepdims=True)
    cell = cell_matrix(constants)
    fractional = known.places[nodes] / known.resolution
    positions = _times_cell(fractional, np.repeat(cell, np.diff(node_offsets), axis=0))
    struts, shifts = known.struts[members].astype(np.int64), known.shifts[members].astype(np.int64)
    owner = np.repeat(np.arange(last - first), np.diff(strut_offsets))
    i, j = (struts + node_offsets[owner][:, None]).T
    vectors = positions[j] - positions[i] + _times_cell(shifts, cell[owner])
    lengths = np.bincount(owner, np.sqrt((vectors**2).sum(axis=1)), minlength=last - first)
    volume = cell[:, 0, 0] * cell[:, 1, 1] * cell[:, 2, 2]
    radius_squared = torch.from_numpy(volume / (np.pi * lengths))  # at density 1

    names = StringColumn.from_strings(known.names[first:last])
    batch = LatticeBatch(
        torch.from_numpy(cell),
        torch.from_numpy(positions),
        torch.from_numpy(struts),
        torch.from_numpy(shifts),
        torch.empty(len(struts), dtype=torch.float64),
        torch.from_numpy(node_offsets),
        torch.from_numpy(strut_offsets),
        {"name": names, "base_name": names},
    )
    rows = torch.arange(last - first).repeat_interleave(len(densities))
    density = densities.repeat(last - first)
    batch = batch.take(rows).with_columns(relative_density=density)
    batch.radii.copy_((density * radius_squared[rows]).sqrt().repeat_interleave(batch.strut_counts))
    return batch


def _times_cell(fractional: NDArray[np.generic], cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """fractional @ cell for each row, in one fixed order of additions."""
    x, y, z = fractional[:, :, None].transpose(1, 0, 2)
    return x * cells[:, 0] + y * cells[:, 1] + z * cells[:, 2]
