"""The training sets of Grega et al. (2024, A.8) in their proportions, from the nets at hand.

0imp_quarter, 0imp_half, 0imp   a quarter, half and all of the bases, no node moved
1imp, 2imp, 4imp                all bases so, and 1, 2 or 4 realisations at each of the levels 0.02, 0.04 and 0.07;
                                bases of one node have no realisations

Every geometry comes at three relative densities. There were 7,000 bases; of RCSR nets and built-in cells with at most
40 nodes on the primitive cell some 1,900 are on the training side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch

from fastlattice.data.bases import bases as default_bases
from fastlattice.data.realisations import at_density, content_hash, labelled, moved
from fastlattice.data.splits import place_of
from fastlattice.errors import LatticeError
from fastlattice.fe.status import Failure
from fastlattice.io.parquet import write_parquet
from fastlattice.lattice.batch import LatticeBatch

DENSITIES = (0.001, 0.003, 0.01)
"""The three lowest of the authors' catalogues, which their training takes."""
LEVELS = (0.02, 0.04, 0.07)


@dataclass(frozen=True)
class Composition:
    """What a training set is made of: the share of bases, and realisations of each at each of LEVELS."""

    share: float
    realisations: int


COMPOSITIONS = {
    "0imp_quarter": Composition(0.25, 0),
    "0imp_half": Composition(0.5, 0),
    "0imp": Composition(1.0, 0),
    "1imp": Composition(1.0, 1),
    "2imp": Composition(1.0, 2),
    "4imp": Composition(1.0, 4),
}


class Composed(NamedTuple):
    """A training set.

    Attributes:
        lattices: with the columns name, net, kind, side of the bases; level, relative_density [B] float64; target
            [B, 6, 6] float64 (Mandel, E_s = 1); beam_valid [B] bool.
        failures: the lattices without a stiffness, which are left out.
        recipe: what it was made from, ready for JSON: name, seed, counts of bases and geometries, levels, densities.
    """

    lattices: LatticeBatch
    failures: list[Failure]
    recipe: dict[str, Any]


def composition(
    name: str,
    bases: LatticeBatch | None = None,
    densities: Sequence[float] = DENSITIES,
    seed: int = 0,
) -> Composed:
    """One of COMPOSITIONS, labelled by exact finite elements.

    Of the bases, the quarter and the half have the lowest seeded hashes of their names: the one is part of the other.

    Args:
        name: one of COMPOSITIONS.
        bases: with names; None: those of `bases()`.
        densities: relative densities of every geometry.
        seed: of the choice of bases and of the realisations, not negative.

    Raises:
        ValueError: there is no such composition, or the seed is negative.
        LatticeError: a density does not lie between 0 and 1, or there are no bases or densities.
    """
    if name not in COMPOSITIONS:
        raise ValueError(f"there is no composition {name!r}; choose from {', '.join(COMPOSITIONS)}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, not {seed}")
    if not densities or not all(0 < density < 1 for density in densities):
        raise LatticeError(f"relative densities must lie between 0 and 1, not {list(densities)}")
    whole = default_bases() if bases is None else bases
    chosen = _share(whole, COMPOSITIONS[name].share, seed)
    if not len(chosen):
        raise LatticeError("there are no bases")
    geometries = _geometries(chosen, COMPOSITIONS[name].realisations, seed)
    rows = torch.arange(len(geometries)).repeat_interleave(len(densities))
    density = torch.tensor(densities, dtype=torch.float64).repeat(len(geometries))
    lattices, failures = labelled(at_density(geometries.take(rows), density))
    recipe = {
        "composition": name,
        "seed": seed,
        "bases": len(chosen),
        "geometries": len(geometries),
        "levels": [0.0, *(LEVELS if COMPOSITIONS[name].realisations else ())],
        "realisations": COMPOSITIONS[name].realisations,
        "densities": list(densities),
        "without stiffness": len(failures),
    }
    return Composed(lattices, failures, recipe)


def write_dataset(batch: LatticeBatch, path: str | Path, recipe: Mapping[str, Any]) -> str:
    """Writes a Parquet file whose metadata hold the recipe and the content's hash, beside units and conventions.

    Args:
        batch: lattices with any columns.
        path: the file.
        recipe: what the lattices were made from, ready for JSON.

    Returns:
        The hash, `fastlattice.data.realisations.content_hash`; `fastlattice.io.parquet.parquet_dataset` reads it back.

    Raises:
        LatticeError, MissingExtraError, OSError: as `write_parquet`.
    """
    digest = content_hash(batch)
    write_parquet(batch, path, {"recipe": dict(recipe), "lattices": len(batch), "content_sha256": digest})
    return digest


def _share(batch: LatticeBatch, share: float, seed: int) -> LatticeBatch:
    """The bases with the lowest hashes of their names."""
    places = torch.tensor([place_of(str(name), seed) for name in batch.names], dtype=torch.float64)
    first = places.argsort(stable=True)[: round(share * len(batch))]
    return batch.take(first.sort().values)


def _geometries(batch: LatticeBatch, realisations: int, seed: int) -> LatticeBatch:
    """All bases as they are, then their realisations."""
    still = moved(batch, [0.0], seed)
    if not realisations:
        return still
    several = batch.take(batch.node_counts > 1)
    return LatticeBatch.concatenate([still, moved(several, [*LEVELS] * realisations, seed)])
