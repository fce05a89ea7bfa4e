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
from functools import cache
from pathlib import Path

import torch

from fastlattice.data.bases import bases
from fastlattice.data.realisations import labelled, realisations, rounded
from fastlattice.data.splits import TEST, TRAINING, VALIDATION, identified
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
    "T1": "ac97b76612c2ac27869687dc8bf9a5fe846df9e6d8e774f807b378449c07cfdb",
    "T3": "13efcb551650044a5c313309ce0542a038871bba087557345df0c49847707b82",
    "T4": "f0a642fc321878b173ed88952771bf169dfa2c0357117e05bb1cb511c067ab7f",
    "validation": "98346a4a31b94cdd8d5991a9475c13e52ed4adbb38556ffe066adf6ad962aeea",
}
"""Of the geometry and the names of each set, as `fastlattice.data.realisations.content_hash` gives it."""
TWO_RADII = "two_radii_396.lat"
TWO_RADII_SHA256 = "952fec0ae3b08eaca930ffab181635b8b05070b68c9f6bf7cc52a503b62d85c8"
"""Of the authors' file."""

_RANDOM_NETS = Path(__file__).parent / "random_nets.npz"
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
    return _two_radii(path) if path is not None else _with_labels(_geometry(name))


def _with_labels(batch: LatticeBatch) -> LatticeBatch:
    batch, failures = labelled(batch.with_columns(seen=torch.zeros(len(batch), dtype=torch.bool)))
    assert not failures, failures
    return batch


@cache
def _geometry(name: str) -> LatticeBatch:
    """The lattices of a generated set, without labels."""
    if name == "T1":
        return realisations(_nets(TEST), [(0.1, density) for density in DENSITIES], _SEEDS[name])
    if name == "T3":
        return realisations(_nets(TEST), [(0.0, density) for density in DENSITIES], _SEEDS[name])
    if name == "T4":
        levels = [(level, density) for level in (0.0, 0.1) for density in DENSITIES]
        return realisations(_random(TEST), levels, _SEEDS[name])
    held_out = LatticeBatch.concatenate([_nets(VALIDATION), _random(VALIDATION)])
    turns = [[(level, DENSITIES[(n + k) % 3]) for k, level in enumerate((0.0, 0.05, 0.1))] for n in range(3)]
    parts = [realisations(held_out[n::3], turns[n], _SEEDS[name] + n * 1000) for n in range(3)]
    return LatticeBatch.concatenate(parts)


def _nets(side: str) -> LatticeBatch:
    """One RCSR net of each class of a side: the one that the class is called by."""
    batch = bases(kinds=("rcsr",), side=side)
    named = [str(name) == str(net) for name, net in zip(batch.names, batch.columns["net"], strict=True)]
    return rounded(batch.take(named))


def _random(side: str) -> LatticeBatch:
    batch = read_nets(_RANDOM_NETS)
    return batch.take([each == side for each in batch.columns["side"]])


def _two_radii(path: str | Path) -> LatticeBatch:
    """The labelled lattices of the authors' file."""
    if hashlib.sha256(Path(path).read_bytes()).hexdigest() != TWO_RADII_SHA256:
        raise CatalogueError(str(path), None, f"not the authors' {TWO_RADII} (its SHA-256 is another)")
    batch = read_catalogue(path)
    target = batch.columns["target"]
    assert isinstance(target, torch.Tensor)
    batch = batch.take(~target.isnan().any(-1).any(-1))
    batch = identified(batch)
    known = {*rcsr_names(), *unit_cell_names()}
    pairs = zip(batch.columns["net"], batch.columns["side"], strict=True)
    return batch.replace(
        columns={
            "name": batch.names,
            "net": batch.columns["net"],
            "kind": StringColumn.from_strings(["catalogue"] * len(batch)),
            "side": batch.columns["side"],
            "seen": torch.tensor([side == TRAINING and net in known for net, side in pairs]),
            "level": batch.columns["imperfection_level"],
            "relative_density": batch.columns["relative_density"],
            "target": batch.columns["target"],
            "beam_valid": homogenise(batch).beam_valid,
        }
    )
