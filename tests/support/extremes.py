"""Global extremes of directional moduli in torch: a grid over the hemisphere, then Newton on the rotation group.

Young's modulus, shear modulus and Poisson's ratio depend on the compliance only through three components in a frame
(n, m, p): S1111, S1122 and S1212. Any linear combination of them is a quartic in the frame, smooth at the scale of the
grid however anisotropic the material is. For a fixed n the best m solves a 2x2 eigenvalue problem, so that a grid over
n alone will do; its local minima and lowest points are then refined in all three rotation angles. A ratio of
components, which can peak sharply, is reduced to such combinations by Dinkelbach's iteration (Management Science 13,
1967, 492-498). Everything here is fp64.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from fastlattice.elasticity.basis import mandel_rotation, mandel_tensor, mandel_vector

GRID = 1500  # directions on the hemisphere: 4 degrees apart; a quartic bends over 45 degrees
MINIMA = 10  # local minima refined for each matrix; a quartic form has at most 6 pairs of them on the sphere
LOWEST = 8  # lowest points refined besides: two minima in one valley may look like one to the grid
CHUNK = 256  # matrices searched at a time, which bounds the memory
NEWTON_STEPS = 60
RATIO_STEPS = 30


def minimise(compliance: Tensor, weights: Tensor) -> Tensor:
    """Frames that minimise w0 S1111 + w1 S1122 + w2 S1212, globally.

    Args:
        compliance: [B, 6, 6] Mandel compliances, fp64.
        weights: [B, 3] weights w.

    Returns:
        [B, 3, 3] rotations; row 0 is n, row 1 is m.
    """
    parts = [_minimise(s, w) for s, w in zip(compliance.split(CHUNK), weights.split(CHUNK), strict=True)]
    return torch.cat(parts)


def maximise_ratio(compliance: Tensor, numerator: Tensor, denominator: Tensor) -> Tensor:
    """Frames that maximise (a . s) / (b . s), where s = (S1111, S1122, S1212) and b . s > 0 in every frame.

    Dinkelbach: the frame that minimises (r b - a) . s, with r the ratio reached so far, has a larger ratio, until
    that minimum is zero.

    Args:
        compliance: [B, 6, 6] Mandel compliances, fp64.
        numerator: [3] weights a.
        denominator: [3] weights b.

    Returns:
        [B, 3, 3] rotations, as for `minimise`.
    """
    frames = torch.eye(3, dtype=compliance.dtype, device=compliance.device).repeat(len(compliance), 1, 1)

    def ratio(matrix: Tensor, frame: Tensor) -> Tensor:
        s = components(matrix, frame)
        return (s * numerator).sum(-1) / (s * denominator).sum(-1)

    best = ratio(compliance, frames)
    open_rows = torch.arange(len(compliance), device=compliance.device)
    for _ in range(RATIO_STEPS):
        if len(open_rows) == 0:
            break
        matrix = compliance[open_rows]
        trial = minimise(matrix, best[open_rows, None] * denominator - numerator)
        reached = ratio(matrix, trial)
        gain = reached - best[open_rows]
        better = gain > 0
        rows = open_rows[better]
        frames[rows], best[rows] = trial[better], reached[better]
        open_rows = open_rows[gain > 1e-13 * (1 + reached.abs())]
    return frames


def components(compliance: Tensor, frame: Tensor) -> Tensor:
    """[..., 3] components S1111, S1122, S1212 of compliances [..., 6, 6] in frames [..., 3, 3]."""
    rotation = mandel_rotation(frame)
    rotated = rotation @ compliance @ rotation.mT
    return torch.stack([rotated[..., 0, 0], rotated[..., 0, 1], rotated[..., 5, 5] / 2], dim=-1)


def _minimise(compliance: Tensor, weights: Tensor) -> Tensor:
    frame, is_start = _best_on_grid(compliance, weights)
    row, column = is_start.nonzero(as_tuple=True)
    value = torch.full_like(is_start, torch.inf, dtype=compliance.dtype)
    frame[row, column], value[row, column] = _newton(compliance[row], weights[row], frame[row, column])
    best = value.argmin(dim=1)
    return frame[torch.arange(len(best), device=best.device), best]


def _best_on_grid(compliance: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """[B, K, 3, 3] frames at the lowest points and local minima of the grid; [B, K] bool, which of them to start from.

    Each n comes with its best m and with its worst: where the two are nearly as good, a little way off the grid point
    they may have changed places.
    """
    grid = _grid(compliance.device)
    s = (compliance.flatten(1) @ grid.table.flatten(1)).view(len(compliance), 7, len(grid.frames))
    w0, w1, w2 = weights[:, :, None].unbind(1)
    mean = (w1 * (s[:, 1] + s[:, 2]) + w2 * (s[:, 4] + s[:, 5])) / 2
    half_difference = (w1 * (s[:, 1] - s[:, 2]) + w2 * (s[:, 4] - s[:, 5])) / 2
    off_diagonal = w1 * s[:, 3] + w2 * s[:, 6]
    value = w0 * s[:, 0] + mean - torch.hypot(half_difference, off_diagonal)
    beside = value.index_select(1, grid.neighbours.flatten()).view(*value.shape, grid.neighbours.shape[1])
    is_local_minimum = value <= beside.amin(-1)
    minima = value.masked_fill(~is_local_minimum, torch.inf).topk(MINIMA, dim=1, largest=False)
    lowest = value.masked_fill(is_local_minimum, torch.inf).topk(LOWEST, dim=1, largest=False)
    chosen = torch.cat([minima.indices, lowest.indices], dim=1)
    is_start = torch.cat([minima.values, lowest.values], dim=1).isfinite()
    angle = (torch.atan2(off_diagonal, half_difference).gather(1, chosen) + torch.pi)[..., None] / 2
    n, t, u = grid.frames[chosen].unbind(-2)
    cos, sin = torch.cos(angle), torch.sin(angle)
    m, p = cos * t + sin * u, cos * u - sin * t
    frames = torch.cat([torch.stack([n, m, p], dim=-2), torch.stack([n, p, -m], dim=-2)], dim=1)
    needs_m = (weights[:, 1:] != 0).any(1, keepdim=True)
    return frames, torch.cat([is_start, is_start & needs_m], dim=1)


def _newton(compliance: Tensor, weights: Tensor, frame: Tensor) -> tuple[Tensor, Tensor]:
    """Refines frames [N, 3, 3] by Newton steps in a trust region that shrinks when a step fails.

    Each row stops by itself.
    """
    value, gradient, hessian = _derivatives(compliance, weights, frame)
    radius = torch.full_like(value, 0.2)
    running = torch.ones_like(value, dtype=torch.bool)
    for _ in range(NEWTON_STEPS):
        rows = running.nonzero()[:, 0]
        if len(rows) == 0:
            break
        curvature, axes = torch.linalg.eigh(hessian[rows])
        # rotations do not commute, so along a flat direction the curvature is of the order of the gradient: noise
        size = torch.linalg.vector_norm(gradient[rows], dim=-1, keepdim=True)
        floor = size.maximum(1e-9 * curvature.abs().amax(-1, keepdim=True)) + torch.finfo(value.dtype).tiny
        along = (axes.mT @ gradient[rows, :, None])[..., 0]
        step = -(axes @ (along / curvature.abs().maximum(floor))[..., None])[..., 0]
        length = torch.linalg.vector_norm(step, dim=-1)
        step = step * (radius[rows] / length.maximum(radius[rows]))[:, None]
        trial = _rotation_of(step) @ frame[rows]
        new_value, new_gradient, new_hessian = _derivatives(compliance[rows], weights[rows], trial)
        better = new_value <= value[rows]
        taken = rows[better]
        frame[taken], value[taken] = trial[better], new_value[better]
        gradient[taken], hessian[taken] = new_gradient[better], new_hessian[better]
        radius[rows] = torch.where(better, radius[rows], length.minimum(radius[rows]) / 4)
        predicted = (along.square() / curvature.abs().maximum(floor)).sum(-1)
        running[rows] = (predicted > 1e-14 * curvature.abs().amax(-1)) & (radius[rows] > 1e-9)
    return frame, value


def _derivatives(compliance: Tensor, weights: Tensor, frame: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Value [N], gradient [N, 3] and Hessian [N, 3, 3] in the rotation vector that turns the frame further."""
    rotation = mandel_rotation(frame)
    rotated = (rotation @ compliance @ rotation.mT).flatten(1)
    all_three = (rotated @ _derivative_table(compliance.device)).view(len(frame), 3, 13)
    combined = (all_three * weights[:, :, None]).sum(1)
    return combined[:, 0], combined[:, 1:4], combined[:, 4:].view(len(frame), 3, 3)


def _rotation_of(vector: Tensor) -> Tensor:
    """[N, 3, 3] rotations exp([v]) of short rotation vectors [N, 3]; Cayley's form, equal to second order."""
    x, y, z = (vector / 2).unbind(-1)
    zero = torch.zeros_like(x)
    skew = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).view(len(vector), 3, 3)
    square = (vector / 2).square().sum(-1)[:, None, None]
    # (I - A)^-1 (I + A) = I + 2 (A + A^2) / (1 + |a|^2) for the skew matrix A of a vector a
    return torch.eye(3, dtype=vector.dtype, device=vector.device) + 2 / (1 + square) * (skew + skew @ skew)


@cache
def _derivative_table(device: torch.device) -> Tensor:
    """[36, 39] linear map from a rotated compliance to (value, gradient, Hessian) of its three components.

    With R = exp(sum w_k W_k) acting on Mandel vectors, a component is <P, R S R^T> = <R^T P R, S>; the table holds
    P and the first and second derivatives of R^T P R at w = 0.
    """
    basis = mandel_tensor(torch.eye(6, dtype=torch.float64))
    generators = []
    for i, j in ((1, 2), (2, 0), (0, 1)):  # rotation about e_k turns e_i into e_j
        skew = torch.zeros(3, 3, dtype=torch.float64)
        skew[j, i], skew[i, j] = 1, -1
        generators.append(mandel_vector(skew @ basis + basis @ skew.T).T)
    columns = []
    for row, column, factor in ((0, 0, 1.0), (0, 1, 1.0), (5, 5, 0.5)):
        p = torch.zeros(6, 6, dtype=torch.float64)
        p[row, column] += factor / 2
        p[column, row] += factor / 2
        first = [w.T @ p + p @ w for w in generators]
        # d^2 (R^T P R) symmetrised over the two orders, since rotations do not commute
        second = [(a.T @ (b.T @ p + p @ b) + (b.T @ p + p @ b) @ a) for a in generators for b in generators]
        second = [(second[3 * i + j] + second[3 * j + i]) / 2 for i in range(3) for j in range(3)]
        columns += [p, *first, *second]
    return torch.stack(columns).reshape(39, 36).T.contiguous().to(device)


class _Grid(NamedTuple):
    frames: Tensor  # [G, 3, 3] rows n, t, u
    table: Tensor  # [36, 7, G] from a compliance to S1111; S1122, S1133, S1123; S1212, S1313, S1213 in each frame
    neighbours: Tensor  # [G, 8]


@cache
def _grid(device: torch.device) -> _Grid:
    """The cubic axes and a Fibonacci spiral over the hemisphere, with antipodes as one."""
    axes = [[a, b, c] for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1) if (c, b, a) > (0, 0, 0)]
    k = np.arange(GRID) + 0.5
    z, turn = k / GRID, np.pi * (1 + 5**0.5) * k
    spiral = np.stack([np.sqrt(1 - z**2) * np.cos(turn), np.sqrt(1 - z**2) * np.sin(turn), z], axis=-1)
    n = np.concatenate([np.array(axes, dtype=float), spiral])
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    helper = np.eye(3)[np.abs(n).argmin(axis=1)]
    t = np.cross(n, helper)
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    frames = torch.as_tensor(np.stack([n, t, np.cross(n, t)], axis=1), device=device)
    rotation = mandel_rotation(frames)  # rows: Mandel vectors of 11, 22, 33, and sqrt 2 times 23, 13, 12
    pairs = ((0, 0, 1.0), (0, 1, 1.0), (0, 2, 1.0), (0, 3, 0.5**0.5), (5, 5, 0.5), (4, 4, 0.5), (4, 5, 0.5))
    table = torch.stack([f * rotation[:, a, :, None] * rotation[:, b, None, :] for a, b, f in pairs])
    closeness = torch.as_tensor(np.abs(n @ n.T), device=device).fill_diagonal_(0)
    return _Grid(frames, table.permute(2, 3, 0, 1).reshape(36, 7, -1).contiguous(), closeness.topk(8, dim=1).indices)
