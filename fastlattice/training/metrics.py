"""Metrics: how far predicted stiffness is from a target, lattice by lattice, under the names of Grega et al. (2024).

The relative directional loss has two normalisations, which differ by a factor of about 2.1, so neither goes by the
bare name: the paper's equation 17 divides by sqrt(γ), γ the mean of the 36 squared Mandel entries of the target; the
released code divides by the mean of the target's directional stiffness.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor

from fastlattice.elasticity import (
    is_positive_definite,
    mandel_rotation,
    shear_modulus,
    universal_anisotropy,
    young_modulus,
)
from fastlattice.lattice import LatticeBatch
from fastlattice.models import StiffnessModel
from fastlattice.training.directional import directional_stiffness, mean_square, sphere_directions
from fastlattice.training.rotations import random_rotations

ROTATIONS = 10
"""Random orientations of each lattice in the equivariance loss."""
L_DIR_REL = "L_dir_rel (sqrt gamma)"
"""The metric by which networks are compared here."""
METRICS = (
    "L_comp",
    "L_comp (mean absolute)",
    "L_dir",
    L_DIR_REL,
    "L_dir_rel (mean directional)",
    "relative Frobenius",
    "negative eigenvalue",
    *(f"eigenvalue {k + 1}" for k in range(6)),
    "Young's modulus",
    "shear modulus",
    "anisotropy",
)
"""Names of all metrics of a prediction, in the order of `metrics`."""
_DEFINITE = 1e-9  # smallest eigenvalue over the largest, above which moduli mean something


def metrics(stiffness: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Errors of each lattice, by name, all [B] float64.

    Args:
        stiffness: [B, 6, 6] predicted, Mandel.
        target: [B, 6, 6] true, in the same unit.

    Returns:
        L_comp: Σ (C − T)² over the 36 entries, equation 16; L_comp (mean absolute): the mean of |C − T| over them,
            which the released code reports; L_dir: mean over 250 directions of |(C − T)_ijkl d_i d_j d_k d_l|. They are
            absolute: in the square of the unit, and in the unit.
        L_dir_rel (sqrt gamma): L_dir / sqrt(γ), equation 17. L_dir_rel (mean directional): L_dir over the mean of
            T_ijkl d_i d_j d_k d_l, as the released code has it.
        relative Frobenius: |C − T| / |T|.
        negative eigenvalue: 1 where C has one below -1e-7 of its largest (what rounding in float32 leaves), else 0.
        eigenvalue 1 ... 6: |λ_k(C) − λ_k(T)| / λ_k(T), eigenvalues ascending: 1 is the softest.
        Young's modulus, shear modulus: mean over the 250 directions n, or pairs (n, m) at right angles, of the relative
            error; NaN where C or T is not positive definite.
        anisotropy: |(1 + A(C)) / (1 + A(T)) − 1|, A the `universal_anisotropy`; NaN as for the moduli.
    """
    stiffness, target = stiffness.detach().double(), target.detach().double()
    difference = stiffness - target
    scale = mean_square(target)
    directional = directional_stiffness(difference).abs().mean(1)
    found, true = torch.linalg.eigvalsh(stiffness), torch.linalg.eigvalsh(target)
    eigenvalues = (found - true).abs() / true
    return {
        "L_comp": difference.square().sum((-1, -2)),
        "L_comp (mean absolute)": difference.abs().mean((-1, -2)),
        "L_dir": directional,
        L_DIR_REL: directional / scale.sqrt(),
        "L_dir_rel (mean directional)": directional / directional_stiffness(target).mean(1),
        "relative Frobenius": (mean_square(difference) / scale).sqrt(),
        "negative eigenvalue": (found[:, 0] < -1e-7 * found[:, -1].abs()).double(),
        **{f"eigenvalue {k + 1}": eigenvalues[:, k] for k in range(6)},
        **_moduli(stiffness, target),
    }


def _moduli(stiffness: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Relative errors of directional moduli and of the anisotropy, where both have a compliance."""
    both = is_positive_definite(stiffness, tolerance=_DEFINITE) & is_positive_definite(target, tolerance=_DEFINITE)
    anisotropy = torch.full_like(stiffness[:, 0, 0], math.nan)
    anisotropy[both] = (1 + universal_anisotropy(stiffness[both])) / (1 + universal_anisotropy(target[both])) - 1
    found, true = (given.where(both[:, None, None], math.nan)[:, None] for given in (stiffness, target))
    n = sphere_directions().to(stiffness.device)
    aside = torch.eye(3).to(n)[n.abs().argmin(1)]  # the axis farthest from n
    m = torch.linalg.cross(n, aside)
    young = young_modulus(found, n) / young_modulus(true, n)
    shear = shear_modulus(found, n, m) / shear_modulus(true, n, m)
    return {
        "Young's modulus": (young - 1).abs().mean(1),
        "shear modulus": (shear - 1).abs().mean(1),
        "anisotropy": anisotropy.abs(),
    }


def equivariance_loss(
    model: StiffnessModel,
    batch: LatticeBatch,
    rotations: int = ROTATIONS,
    seed: int = 0,
    dtype: torch.dtype | None = None,
) -> Tensor:
    """[B] float64 L_equiv in units of E_s: how much a prediction depends on the orientation of the lattice.

    The mean over random rotations R and 250 directions of |(R C(lattice) − C(R lattice))_ijkl d_i d_j d_k d_l|; no
    target is read.

    Args:
        model: the network.
        batch: B lattices.
        rotations: orientations of each lattice.
        seed: of the orientations.
        dtype: in which the network computes; None: its own. torch.float64 tells a defect from rounding.
    """
    if dtype is not None and next(model.parameters()).dtype != dtype:
        model = copy.deepcopy(model).to(dtype)
    reference = model.predict(batch).double().cpu()
    total = torch.zeros(len(batch), dtype=torch.float64)
    for number in range(rotations):
        turns = random_rotations(seed, number * len(batch), len(batch))
        turn = mandel_rotation(turns)
        difference = turn @ reference @ turn.mT - model.predict(batch.rotate(turns)).double().cpu()
        total += directional_stiffness(difference).abs().mean(1)
    return total / rotations


def summary(values: Tensor) -> dict[str, float]:
    """Mean, median and 90th percentile of the numbers in [B] that are not NaN, and how many they are."""
    known = values[~values.isnan()].double()
    if not len(known):
        return {"mean": math.nan, "median": math.nan, "p90": math.nan, "count": 0}
    ordered = known.sort().values
    mean, top = float(known.mean()), ordered[math.ceil(0.9 * len(ordered)) - 1]
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return {"mean": mean, "median": float(middle), "p90": float(top), "count": len(known)}
