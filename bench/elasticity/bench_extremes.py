"""Extremes of Young's modulus, the shear modulus and Poisson's ratio over all directions, and the search in torch."""

import pytest
import torch

from bench.support.timing import measure
from fastlattice import elasticity, homogenise
from tests.support import extremes as torch_search

SEARCH = {
    "Young's modulus": elasticity.young_modulus_extremes,
    "shear modulus": elasticity.shear_modulus_extremes,
    "Poisson's ratio": elasticity.poisson_ratio_extremes,
}


def search_in_torch(stiffness, modulus):
    """Smallest and largest value."""
    s = elasticity.compliance(stiffness)
    found = []
    for sign in (-1.0, 1.0):
        if modulus == "Poisson's ratio":
            frames = torch_search.maximise_ratio(s, s.new_tensor([0, -sign, 0]), s.new_tensor([1.0, 0, 0]))
        else:
            weights = s.new_tensor([sign, 0, 0] if modulus == "Young's modulus" else [0, 0, sign])
            frames = torch_search.minimise(s, weights.expand(len(s), 3))
        s1111, s1122, s1212 = torch_search.components(s, frames).unbind(-1)
        found.append({"Young's modulus": 1 / s1111, "shear modulus": 1 / (4 * s1212)}.get(modulus, -s1122 / s1111))
    return found


@pytest.fixture(scope="module")
def stiffness(lattices):
    return homogenise(lattices).stiffness


def run(benchmark, stiffness, modulus, backend, call, rounds):
    expected = search_in_torch(stiffness[:16], modulus)  # nothing is timed that is not right
    found = SEARCH[modulus](stiffness[:16])
    for sign, one, other in zip((-1, 1), (found.minimum, found.maximum), expected, strict=True):
        assert (sign * (one - other) >= -1e-9 * (1 + other.abs())).all()
    row = measure(
        benchmark,
        lambda: call(stiffness),
        rounds,
        f"extremes of {modulus}",
        backend,
        f"{len(stiffness):,} lattices" if len(stiffness) > 1 else "1 lattice",
        torch.float64,
        lattices=len(stiffness),
    )
    row["microseconds_a_lattice"] = row["p50"] / len(stiffness) * 1e6


@pytest.mark.parametrize("threads", [1, 2], indirect=True)
@pytest.mark.parametrize("count", [1, 1024])
@pytest.mark.parametrize("modulus", SEARCH)
def test_extremes(benchmark, stiffness, modulus, count, threads):
    run(benchmark, stiffness[:count], modulus, "native", SEARCH[modulus], 15 if count > 1 else 60)


@pytest.mark.parametrize("modulus", SEARCH)
def test_peer_torch(benchmark, stiffness, modulus):
    run(benchmark, stiffness[:64], modulus, "torch", lambda given: search_in_torch(given, modulus), 2)
