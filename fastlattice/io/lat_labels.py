"""What a `.lat` file leaves open of its labels, settled by comparing them with finite elements.

Catalogues of Grega et al. hold labels by Abaqus, so the discretisation is that of its B31 elements.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import torch

from fastlattice import elasticity
from fastlattice.lattice.batch import LatticeBatch


def settle_shears(path: Path, batch: LatticeBatch, target: torch.Tensor, unsaid: torch.Tensor) -> None:
    """Decides how often the shear strains of a compliance are doubled, where the file does not say its notation.

    The first catalogues hold matrices S of Voigt notation whose shear block S_44 ... S_66 is twice what the engineering
    shear strains give. Each compliance is read in the way whose stiffness is nearer to that of finite elements.

    Args:
        path: named in the warning that says that some were found to be so.
        batch: the lattices.
        target: [B, 6, 6] their labels, Mandel, read as Voigt with shear strains doubled once; changed in place.
        unsaid: [B] bool, which labels may be either.

    Warns:
        UserWarning: labels were read in the other way.
    """
    rows = unsaid.nonzero()[:, 0]
    once = target[rows]
    compliance = elasticity.compliance(once)
    compliance[:, 3:, 3:] *= 0.5
    definite = elasticity.is_positive_definite(compliance)
    twice = once.clone()
    twice[definite] = elasticity.compliance(compliance[definite])
    stiffness = _stiffness(batch.take(rows))
    nearer = _distance(twice, stiffness) < _distance(once, stiffness)
    if not nearer.any():
        return
    target[rows[nearer]] = twice[nearer]
    warnings.warn(
        f"{path}: the compliances do not say their notation; their shear blocks are twice those of Voigt notation, as "
        "finite elements show, and are read so",
        stacklevel=2,
    )


def settle_owners(batch: LatticeBatch, target: torch.Tensor, holders: torch.Tensor) -> None:
    """Gives each label that several rows of an entry could own to the row whose own stiffness is nearest to it.

    The authors key labels by a density of 8 decimals, on which different radii of one entry may fall, and which of
    them was labelled last the file does not say. Its labels come from Abaqus, so that is what they are compared with.

    Args:
        batch, target: changed in place.
        holders: [B] for a row without label that could own one, the row that has it; else -1.
    """
    rivals = (holders >= 0).nonzero()[:, 0]
    labels = holders[rivals]
    distance = _distance(target[labels].repeat(2, 1, 1), _stiffness(batch.take(torch.cat([rivals, labels]))))
    nearest: dict[int, tuple[float, int]] = {}
    for rows, off in ((labels, distance[len(rivals) :]), (rivals, distance[: len(rivals)])):
        for label, row, value in zip(labels.tolist(), rows.tolist(), off.tolist(), strict=True):
            if label not in nearest or value < nearest[label][0]:
                nearest[label] = value, row
    for label, (_, owner) in nearest.items():
        if owner != label:
            target[owner], target[label] = target[label].clone(), torch.nan


def _stiffness(batch: LatticeBatch) -> torch.Tensor:
    from fastlattice.fe import homogenise

    return homogenise(batch, threads=1, discretisation="abaqus-b31").stiffness


def _distance(label: torch.Tensor, stiffness: torch.Tensor) -> torch.Tensor:
    """[B] infinite where there is no stiffness to compare with."""
    return (label - stiffness).flatten(1).norm(dim=1).nan_to_num(math.inf)
