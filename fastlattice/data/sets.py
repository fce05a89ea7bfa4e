"""Fixed test sets and a validation set, the same bits everywhere: what networks are compared by.

T1   the 200 test classes of the RCSR (nets of at most 40 nodes, each on its primitive cell), every node moved by 0.1 of
     the largest cell constant, at relative densities 0.003, 0.01 and 0.03, another realisation for each: 600 lattices
T2   the authors' file two_radii_396.lat (Grega et al. 2024, doi 10.17863/CAM.106854), which users have, with the
     authors' labels: 1,182 lattices
T3   as T1, no node moved: 600 lattices
T4   100 random nets of the test side at levels 0 and 0.1 and the three densities: 600 lattices
validation   the 100 validation classes and 50 random nets, at levels 0, 0.05 and 0.1: 450 lattices

No class of T1, T3, T4 and validation is among training bases. Of T2 the column `seen` says which are: 60 of its nets.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch

from fastlattice.data.bases import bases
from fastlattice.data.classes import class_of, nets_of_batch
from fastlattice.data.splits import TEST, TRAINING, VALIDATION, side_of
from fastlattice.data.stored import read_nets
from fastlattice.errors import CatalogueError
from fastlattice.fe.homogenise import homogenise
from fastlattice.io.lat import read_catalogue
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn
from fastlattice.topologies.cells import unit_cell_names
from fastlattice.topologies.nets import rcsr_names

DENSITIES = (0.003, 0.01, 0.03)
SHA256 = {
    "T1": "9a1e6828b9ab240a3df42e8ed5ed6c6a38b65577a81119fe1bd7c13118a76e3a",
    "T3": "84210ea48a7190ec159f7fa005f51711138cdd27cd9ccb30909eb0f20f63488d",
    "T4": "c4567882b661bf43851407aa42da416d4a600552507763ffbe8039fc1e76a1de",
    "validation": "f695819a4842d47b305d99a8cbe607565fdace6584911ade5edfc541d4e21756",
}
"""Of the geometry of each set, as `content_hash` gives it."""
TWO_RADII = "two_radii_396.lat"
TWO_RADII_SHA256 = "952fec0ae3b08eaca930ffab181635b8b05070b68c9f6bf7cc52a503b62d85c8"
"""Of the authors' file."""

_RANDOM_NETS = Path(__file__).parent / "random_nets.npz"
_GRID = 2.0**30
_RADIUS_GRID = 2.0**40
"""What geometry is rounded to a multiple of: far coarser than rounding errors, which differ between machines."""
_SEEDS = {"T1": 1, "T3": 3, "T4": 4, "validation": 5}

SETS = ("T1", "T2", "T3", "T4", "validation")


def test_set(name: str, path: str | Path | None = None) -> LatticeBatch:  # noqa: PT028
    """A fixed set with its labels, by exact finite elements in well below a second (T2: the authors' own).

    Args:
        name: one of SETS.
        path: of the authors' file two_radii_396.lat, for T2 alone.

    Returns:
        LatticeBatch with the columns
        - name: of the net, or of the authors' entry;
        - net: its identity class; kind: "rcsr", "random" or "catalogue"; side;
        - seen [B] bool: whether the default training bases have the class;
        - level [B] float64, relative_density [B] float64;
        - target [B, 6, 6] float64: stiffness, Mandel, E_s = 1;
        - beam_valid [B] bool: whether every strut is slender enough for beam theory.

    Raises:
        ValueError: there is no such set, or a path is missing or too much.
        CatalogueError: the file is not the authors', by its hash.
        OSError: it cannot be opened.
    """
    if name not in SETS:
        raise ValueError(f"there is no set {name!r}; choose from {', '.join(SETS)}")
    if (name == "T2") != (path is not None):
        raise ValueError("T2, and no other set, is read from the path of the authors' two_radii_396.lat")
    return _two_radii(path) if path is not None else _labelled(_geometry(name))


@cache
def _geometry(name: str) -> LatticeBatch:
    """The lattices of a generated set, without labels."""
    if name == "T1":
        return _realisations(_nets(TEST), [(0.1, density) for density in DENSITIES], _SEEDS[name])
    if name == "T3":
        return _realisations(_nets(TEST), [(0.0, density) for density in DENSITIES], _SEEDS[name])
    if name == "T4":
        levels = [(level, density) for level in (0.0, 0.1) for density in DENSITIES]
        return _realisations(_random(TEST), levels, _SEEDS[name])
    held_out = LatticeBatch.concatenate([_nets(VALIDATION), _random(VALIDATION)])
    turns = [[(level, DENSITIES[(n + k) % 3]) for k, level in enumerate((0.0, 0.05, 0.1))] for n in range(3)]
    parts = [_realisations(held_out[n::3], turns[n], _SEEDS[name] + n * 1000) for n in range(3)]
    return LatticeBatch.concatenate(parts)


def _nets(side: str) -> LatticeBatch:
    """One RCSR net of each class of a side: the one that the class is called by."""
    batch = bases(kinds=("rcsr",), side=side)
    named = [str(name) == str(net) for name, net in zip(batch.names, batch.columns["net"], strict=True)]
    return _rounded(batch.take(named))


def _random(side: str) -> LatticeBatch:
    batch = read_nets(_RANDOM_NETS)
    return batch.take([each == side for each in batch.columns["side"]])


def _realisations(nets: LatticeBatch, variants: Sequence[tuple[float, float]], seed: int) -> LatticeBatch:
    """Every net with every (level, relative density), next to each other."""
    rows = torch.arange(len(nets)).repeat_interleave(len(variants))
    level, density = torch.tensor(variants, dtype=torch.float64).repeat(len(nets), 1).T
    batch = nets.take(rows)
    size = batch.cell.norm(dim=2).amax(1)
    step = (level * size).repeat_interleave(batch.node_counts)
    directions = torch.from_numpy(_directions(len(batch.positions), seed))
    batch = _rounded(batch.replace(positions=batch.positions + step[:, None] * directions))
    batch = batch.replace(radii=torch.ones_like(batch.radii))
    radius = (density / batch.relative_density).sqrt().mul(_RADIUS_GRID).round() / _RADIUS_GRID
    return batch.replace(radii=radius.repeat_interleave(batch.strut_counts)).with_columns(
        seen=torch.zeros(len(batch), dtype=torch.bool), level=level, relative_density=density
    )


def _directions(count: int, seed: int) -> np.ndarray:
    """[count, 3] uniform on the unit sphere, from the raw stream of PCG64, which numpy does not change."""
    raw = np.random.PCG64(seed).random_raw(2 * count).reshape(count, 2)
    height, turn = ((raw >> np.uint64(11)) * 2.0**-53).T
    z, angle = 2 * height - 1, 2 * math.pi * turn
    across = np.sqrt(1 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def _rounded(batch: LatticeBatch) -> LatticeBatch:
    return batch.replace(cell=(batch.cell * _GRID).round() / _GRID, positions=(batch.positions * _GRID).round() / _GRID)


def _labelled(batch: LatticeBatch) -> LatticeBatch:
    result = homogenise(batch)
    if failures := result.failures():
        raise AssertionError(f"no stiffness: {failures}")
    return batch.with_columns(target=result.stiffness, beam_valid=result.beam_valid)


def content_hash(batch: LatticeBatch) -> str:
    """SHA-256 of the geometry and the names of a batch: counts, cell, positions, struts, shifts and radii.

    Numbers as little-endian float64 and int64; other columns, targets among them, do not enter.
    """
    digest = hashlib.sha256()
    for tensor in (batch.node_counts, batch.strut_counts, batch.struts, batch.shifts):
        digest.update(tensor.contiguous().numpy().astype("<i8").tobytes())
    for tensor in (batch.cell, batch.positions, batch.radii):
        digest.update((tensor.detach().contiguous().numpy() + 0.0).astype("<f8").tobytes())  # -0.0 becomes 0.0
    digest.update("\n".join(map(str, batch.names)).encode())
    return digest.hexdigest()


def _two_radii(path: str | Path) -> LatticeBatch:
    """The labelled lattices of the authors' file."""
    if hashlib.sha256(Path(path).read_bytes()).hexdigest() != TWO_RADII_SHA256:
        raise CatalogueError(str(path), None, f"not the authors' {TWO_RADII} (its SHA-256 is another)")
    batch = read_catalogue(path)
    target = batch.columns["target"]
    assert isinstance(target, torch.Tensor)
    batch = batch.take(~target.isnan().any(-1).any(-1))
    nets = nets_of_batch(batch)
    classes = ["" if found is None else class_of(found) for found in nets]
    sides = list(map(side_of, nets))
    known = {*rcsr_names(), *unit_cell_names()}
    return batch.replace(
        columns={
            "name": batch.names,
            "net": StringColumn.from_strings(classes),
            "kind": StringColumn.from_strings(["catalogue"] * len(batch)),
            "side": StringColumn.from_strings(sides),
            "seen": torch.tensor([s == TRAINING and c in known for s, c in zip(sides, classes, strict=True)]),
            "level": batch.columns["imperfection_level"],
            "relative_density": batch.columns["relative_density"],
            "target": batch.columns["target"],
            "beam_valid": homogenise(batch).beam_valid,
        }
    )
