"""What all computations on frames ask for: the solid, the beam, the threads; checked once."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch

from fastlattice._choices import BEAMS, DISCRETISATIONS, KAPPA


class Options(NamedTuple):
    """nu, kappa, threads and the name of the discretisation."""

    nu: float
    kappa: float
    threads: int
    discretisation: str


def checked_options(nu: float, kappa: float, threads: int | None, discretisation: str, beam: str) -> Options:
    """What `homogenise` was asked for, or ValueError."""
    if not -1 < nu < 0.5:
        raise ValueError(f"nu must lie between -1 and 0.5, not {nu}")
    if not kappa > 0:
        raise ValueError(f"kappa must be a positive number or math.inf, not {kappa}")
    threads = checked_threads(threads)
    if discretisation not in DISCRETISATIONS:
        raise ValueError(f"discretisation must be one of {', '.join(DISCRETISATIONS)}, not {discretisation!r}")
    if beam not in BEAMS:
        raise ValueError(f"beam must be one of {', '.join(BEAMS)}, not {beam!r}")
    if beam == "euler-bernoulli":
        if kappa not in (KAPPA, math.inf):
            raise ValueError(f"kappa is {kappa}, but an Euler-Bernoulli beam has no shear that it could correct")
        kappa = math.inf
    return Options(float(nu), float(kappa), threads, discretisation)


def checked_threads(threads: int | None) -> int:
    """The number of threads, None standing for torch's; ValueError below 1."""
    threads = torch.get_num_threads() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    return int(threads)
