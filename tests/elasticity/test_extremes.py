"""Extremes of directional moduli: against a dense grid, other searches, closed forms, and on hard matrices."""

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fastlattice import LatticeBatch, _native, elasticity, homogenise, rcsr_names, rcsr_net
from fastlattice.elasticity import convert, rotate
from tests.support import extremes as torch_search
from tests.support.stiffnesses import cubic, isotropic, random_rotation, random_stiffness

SEEDS = st.integers(0, 2**32 - 1)
MODULI = ("young", "shear", "poisson")
SEARCH = {
    "young": elasticity.young_modulus_extremes,
    "shear": elasticity.shear_modulus_extremes,
    "poisson": elasticity.poisson_ratio_extremes,
}
TOLERANCE = 1e-9  # of the modulus, or of 1 + |nu|


def ends(stiffness: NDArray, modulus: str) -> NDArray:
    """[..., 2] smallest and largest."""
    found = SEARCH[modulus](stiffness)
    return np.stack([found.minimum, found.maximum], -1)


def outside(found: NDArray, expected: NDArray, modulus: str) -> NDArray:
    """[..., 2] by how much the ends found are more extreme than those expected, in units of the tolerance."""
    scale = 1 + np.abs(expected) if modulus == "poisson" else np.abs(expected)
    return (found - expected) * [-1, 1] / (TOLERANCE * scale)


@cache
def real_stiffnesses() -> NDArray:
    """Nets as they are and perturbed: cubic, uniaxial and triclinic, dominated by stretching and by bending."""
    lattices = [rcsr_net(name, 0.01) for name in rcsr_names()[::80]]
    lattices += [lattice.perturb(0.05, seed=k) for k, lattice in enumerate(lattices)]
    stiffness = homogenise(LatticeBatch.from_lattices(lattices)).stiffness.numpy()
    stiffness = stiffness[np.isfinite(stiffness).all((1, 2))]
    modes = np.linalg.eigvalsh(stiffness)
    return stiffness[modes[:, 0] > 1e-8 * modes[:, -1]]  # mechanisms apart


def hemisphere(count: int) -> NDArray:
    k = np.arange(count) + 0.5
    z, turn = k / count, np.pi * (1 + 5**0.5) * k
    return np.stack([np.sqrt(1 - z**2) * np.cos(turn), np.sqrt(1 - z**2) * np.sin(turn), z], -1)


def on_grid(stiffness: NDArray, modulus: str, n: NDArray) -> NDArray:
    """Smallest and largest modulus over directions n, each with its best and worst m."""
    s = convert(np.linalg.inv(stiffness), from_="mandel", to="tensor", quantity="compliance")
    along = np.einsum("ijkl,xi,xj,xk,xl->x", s, n, n, n, n, optimize=True)
    if modulus == "young":
        return np.array([1 / along.max(), 1 / along.min()])
    t = np.cross(n, np.eye(3)[np.abs(n).argmin(axis=1)])
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    plane = np.stack([t, np.cross(n, t)], axis=1)
    subscripts = "ijkl,xi,xk->xjl" if modulus == "shear" else "ijkl,xi,xj->xkl"
    form = np.einsum(subscripts, s, n, n, optimize=True)
    across = np.linalg.eigvalsh(plane @ form @ plane.swapaxes(1, 2))
    values = 1 / (4 * across) if modulus == "shear" else -across / along[:, None]
    return np.array([values.min(), values.max()])


def torch_ends(stiffness: NDArray, modulus: str) -> NDArray:
    """The ends that the search in torch finds."""
    s = torch.from_numpy(np.linalg.inv(stiffness))
    s = (s + s.mT) / 2
    found = []
    for sign in (-1.0, 1.0):
        if modulus == "poisson":
            numerator, denominator = torch.tensor([0, -sign, 0]).double(), torch.tensor([1.0, 0, 0]).double()
            frames = torch_search.maximise_ratio(s, numerator, denominator)
        else:
            weights = torch.tensor([sign, 0, 0] if modulus == "young" else [0, 0, sign]).double()
            frames = torch_search.minimise(s, weights.expand(len(s), 3))
        s1111, s1122, s1212 = torch_search.components(s, frames).unbind(-1)
        found.append({"young": 1 / s1111, "shear": 1 / (4 * s1212), "poisson": -s1122 / s1111}[modulus])
    return torch.stack(found, -1).numpy()


# ---------------------------------------------------------------------------------------------- other searches


@given(SEEDS, st.sampled_from([0.3, 1e-2, 1e-4]), st.sampled_from(MODULI))
@settings(max_examples=30)
def test_no_direction_of_a_dense_grid_lies_outside_and_the_nearest_is_near(seed: int, softest: float, modulus) -> None:
    """From its minimum a quartic rises by at most (1 - cos 4a)/2 of its range within an angle a (Bernstein)."""
    stiffness = random_stiffness(seed, softest)
    n = hemisphere(20_000)  # every direction is within 0.015 of one
    found, grid = ends(stiffness, modulus), on_grid(stiffness, modulus, n)
    assert (outside(found, grid, modulus) >= -1).all()
    if modulus != "poisson":
        compliance = 1 / found
        slack = (1 - np.cos(4 * 0.015)) / 2 * (compliance[0] - compliance[1]) * 1.01
        assert (np.abs(1 / grid - compliance) <= slack + 1e-12 * compliance[0]).all()


@pytest.mark.parametrize("modulus", MODULI)
@pytest.mark.parametrize("softest", [0.3, 1e-2, 1e-4])
def test_the_search_in_torch_finds_nothing_beyond(modulus: str, softest: float) -> None:
    stiffness = random_stiffness(17, softest, (60,))
    difference = outside(ends(stiffness, modulus), torch_ends(stiffness, modulus), modulus)
    assert (difference >= -1).all()
    assert np.median(np.abs(difference)) < 1e-3


@pytest.mark.parametrize("modulus", MODULI)
def test_the_search_in_torch_finds_nothing_beyond_in_real_lattices(modulus: str) -> None:
    stiffness = real_stiffnesses()
    assert len(stiffness) > 30
    difference = outside(ends(stiffness, modulus), torch_ends(stiffness, modulus), modulus)
    assert (difference >= -1).all()
    assert np.median(np.abs(difference)) < 1


# Largest moduli of materials with modes softer by far lie in valleys of the compliance as narrow as 1e-6: sums of
# squares, which a solver of nonlinear least squares from many starts can follow.
@pytest.mark.parametrize(("modulus", "k"), [("young", 0), ("shear", 1)])
@pytest.mark.parametrize("softest", [1e-6, 1e-8, 1e-10])
def test_least_squares_finds_nothing_stiffer_in_the_most_anisotropic(modulus: str, k: int, softest: float) -> None:
    scipy_optimize = pytest.importorskip("scipy.optimize")
    rotation = pytest.importorskip("scipy.spatial.transform").Rotation
    generator = np.random.default_rng(2)
    for stiffness in random_stiffness(23, softest, (2,)):
        inverse = np.linalg.inv(np.linalg.cholesky(stiffness))

        def residual(vector: NDArray, inverse: NDArray = inverse) -> NDArray:
            frame = rotation.from_rotvec(vector).as_matrix()
            dyad = np.outer(frame[0], frame[k])
            dyad = (dyad + dyad.T) / 2
            return inverse @ np.array([*np.diag(dyad), *(np.sqrt(2) * dyad[[1, 0, 0], [2, 2, 1]])])

        tight = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15, "max_nfev": 1000}
        best = min(
            2 * scipy_optimize.least_squares(residual, generator.uniform(-3, 3, 3), method="lm", **tight).cost
            for _ in range(12)
        )
        assert ends(stiffness, modulus)[1] >= 1 / (best * (4 if k else 1)) * (1 - 1e-8)


# ---------------------------------------------------------------------------------------------- special matrices


@given(SEEDS, st.floats(1e-12, 1e12), st.floats(-0.9, 0.49))
def test_isotropy_in_any_unit(seed: int, young: float, poisson: float) -> None:
    stiffness = rotate(isotropic(young, poisson), random_rotation(seed), notation="mandel")
    assert ends(stiffness, "young") == pytest.approx([young, young], rel=1e-9)
    assert ends(stiffness, "shear") == pytest.approx(2 * [young / (2 + 2 * poisson)], rel=1e-9)
    assert ends(stiffness, "poisson") == pytest.approx([poisson, poisson], abs=1e-9)


@given(SEEDS, st.floats(-12, 0), st.floats(-12, 12))
def test_cubic_crystals_however_anisotropic(seed: int, shear: float, unit: float) -> None:
    """E has its extremes on <100> and <111>, G is between c44 and (c11 - c12)/2."""
    c11, c12, c44 = np.array([1, 0.4, 10**shear]) * 10**unit
    s11, s12 = (c11 + c12) / ((c11 - c12) * (c11 + 2 * c12)), -c12 / ((c11 - c12) * (c11 + 2 * c12))
    expected = sorted([1 / s11, 1 / (s11 - 2 / 3 * (s11 - s12 - 1 / (2 * c44)))])
    given_axes = cubic(c11, c12, c44)
    assert ends(given_axes, "young") == pytest.approx(expected, rel=1e-9)
    assert ends(given_axes, "shear") == pytest.approx(sorted([c44, (c11 - c12) / 2]), rel=1e-9)
    # in other axes, soft modes are rounded by the precision of the stiff ones
    turned, rel = rotate(given_axes, random_rotation(seed), notation="mandel"), 1e-9 + 1e-14 * 10**-shear
    assert ends(turned, "young") == pytest.approx(expected, rel=rel)
    assert ends(turned, "shear") == pytest.approx(sorted([c44, (c11 - c12) / 2]), rel=rel)


@given(SEEDS, st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.9, 0.9))
@settings(max_examples=25)
def test_transverse_isotropy(seed: int, plane: float, shear: float, coupling: float) -> None:
    """A circle of extremes, or an axis: against the directions of one meridian."""
    compliance = np.diag([1.0, 1.0, 10**plane, 10**shear, 10**shear, 1.2])
    compliance[0, 1] = compliance[1, 0] = -0.2  # S66 = S11 - S12 in Mandel's notation
    compliance[:2, 2] = compliance[2, :2] = coupling * np.sqrt(0.4 * 10**plane)
    stiffness = rotate(np.linalg.inv(compliance), random_rotation(seed), notation="mandel")
    angle = np.linspace(0, np.pi / 2, 4_001)
    meridian = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], -1)
    for modulus in MODULI:
        expected = on_grid(np.linalg.inv(compliance), modulus, meridian)
        scale = 1 + np.abs(expected) if modulus == "poisson" else expected
        found = ends(stiffness, modulus)
        assert (outside(found, expected, modulus) >= -2).all()
        assert np.abs(found - expected).max() <= 1e-4 * scale.max()


@given(SEEDS, st.sampled_from(MODULI), st.floats(1e-12, 1e-6))
@settings(max_examples=40)
def test_nearly_singular_stiffnesses_have_extremes_that_are_attained_and_stationary(
    seed: int, modulus: str, softest: float
) -> None:
    stiffness = random_stiffness(seed, softest)
    if np.linalg.eigvalsh(stiffness)[0] <= 1e-13:
        return
    found = SEARCH[modulus](stiffness)
    assert np.isfinite([found.minimum, found.maximum]).all()
    moduli = np.linalg.eigvalsh(stiffness)
    if modulus == "young":
        assert found.minimum >= moduli[0] * (1 - 1e-2)
        assert found.maximum <= moduli[-1] * (1 + 1e-9)
    n, m = random_rotation(seed, (2000,))[:, :2].swapaxes(0, 1)
    function = getattr(elasticity, {"young": "young_modulus", "shear": "shear_modulus"}.get(modulus, "poisson_ratio"))
    values = function(stiffness, n) if modulus == "young" else function(stiffness, n, m)
    assert found.minimum <= values.min() + 1e-3 * np.abs(values).max()
    assert found.maximum >= values.max() - 1e-3 * np.abs(values).max()


# ---------------------------------------------------------------------------------------------- rows and threads


@pytest.mark.parametrize("modulus", MODULI)
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_threads_and_batch_mates_do_not_change_a_bit(modulus: str, count: int) -> None:
    stiffness = np.concatenate([random_stiffness(3, softest, (21,)) for softest in (0.3, 1e-3, 1e-9)])
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        single = [SEARCH[modulus](row) for row in stiffness]
        torch.set_num_threads(count)
        together = SEARCH[modulus](stiffness)
    finally:
        torch.set_num_threads(before)
    for name in ("minimum", "maximum", "argmin", "argmax"):
        np.testing.assert_array_equal(getattr(together, name), np.stack([getattr(row, name) for row in single]))


@pytest.mark.parametrize("modulus", MODULI)
def test_directions_attain_the_values(modulus: str) -> None:
    stiffness = np.concatenate([random_stiffness(5, 1e-3, (50,)), real_stiffnesses()])
    found = SEARCH[modulus](stiffness)
    function = getattr(elasticity, {"young": "young_modulus", "shear": "shear_modulus"}.get(modulus, "poisson_ratio"))
    for value, place in ((found.minimum, found.argmin), (found.maximum, found.argmax)):
        at = (place,) if modulus == "young" else (place[:, 0], place[:, 1])
        np.testing.assert_allclose(function(stiffness, *at), value, rtol=1e-9, atol=1e-9 if modulus == "poisson" else 0)


def test_second_derivatives_pass_through_the_values() -> None:
    root = torch.from_numpy(np.linalg.cholesky(random_stiffness(12, 0.1))).requires_grad_()
    for search in SEARCH.values():
        value = search(root @ root.mT).maximum
        (gradient,) = torch.autograd.grad(value, root, create_graph=True)
        (second,) = torch.autograd.grad(gradient.square().sum(), root)
        assert second.isfinite().all()
        assert second.abs().max() > 0


def test_the_library_refuses_what_is_no_factor_and_no_modulus() -> None:
    frames = torch.empty(1, 2, 3, 3, dtype=torch.float64)
    for bad in (torch.zeros(1, 6, 6), torch.full((1, 6, 6), torch.nan), torch.full((1, 6, 6), torch.inf)):
        with pytest.raises(_native.NativeError, match="singular or not finite"):
            _native.call("fl_elasticity_extremes", 1, 1, 0, bad.double(), frames)
    with pytest.raises(_native.NativeError, match="no such modulus"):
        _native.call("fl_elasticity_extremes", 1, 1, 3, torch.eye(6, dtype=torch.float64)[None], frames)
