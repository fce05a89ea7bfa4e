"""Struts' loads against OpenSees, equilibrium, Hill's lemma and closed forms."""

import math

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeBatch, homogenise, strut_loads, unit_cell
from fastlattice.errors import ArgumentError
from fastlattice.fe import Status
from fastlattice.fe.loads import STRESSES
from tests.support.peers import opensees

NAMES = ("octet", "kelvin", "weaire_phelan")


def irregular(name, seed=0):
    """Moved nodes and radii of five sizes."""
    lattice = unit_cell(name).with_relative_density(0.02).perturb(0.05, seed=seed)
    radii = lattice.radii * np.resize([1, 0.5, 2, 0.7, 1.3], lattice.num_struts)
    return Lattice(lattice.cell, lattice.positions, lattice.struts, lattice.shifts, radii)


@pytest.mark.parametrize("macro", ["stress", "strain"])
@pytest.mark.parametrize("name", NAMES)
def test_equilibrium(name, macro):
    """Of every node, and of every strut: moments balance about its first end."""
    lattice = irregular(name)
    loads = strut_loads(lattice, macro=macro)
    largest = loads.forces.abs().max()
    for part in (loads.forces, loads.moments):
        sums = torch.zeros(lattice.num_nodes, 3, 6, dtype=torch.float64)
        for end in (0, 1):
            sums.index_add_(0, torch.tensor(lattice.struts[:, end]), part[:, end])
        assert sums.abs().max() < 1e-9 * largest
    vectors = torch.tensor(lattice.strut_vectors)[:, :, None].expand(-1, -1, 6)
    about = loads.moments.sum(1) + torch.linalg.cross(vectors, loads.forces[:, 1], dim=1)
    assert about.abs().max() < 1e-9 * largest
    assert loads.forces.sum(1).abs().max() < 1e-12 * largest


@pytest.mark.parametrize("name", NAMES)
def test_the_mean_stress_is_that_of_the_struts(name):
    """Hill: the forces' virial over the volume is the macro-stress, so under unit stresses the unit matrix."""
    lattice = irregular(name)
    virial = (
        torch.einsum("mp,mqk->pqk", torch.tensor(lattice.strut_vectors), strut_loads(lattice).forces[:, 1])
        / lattice.volume
    )
    virial = (virial + virial.transpose(0, 1)) / 2
    root = math.sqrt(2)
    rows = [virial[0, 0], virial[1, 1], virial[2, 2]]
    rows += [root * virial[1, 2], root * virial[0, 2], root * virial[0, 1]]
    np.testing.assert_allclose(torch.stack(rows), np.eye(6), rtol=0, atol=1e-9)


def opensees_end_forces(vector, radius, displacements, nu, kappa):
    """[12, 6] forces and moments on the ends of one strut that move as they are told."""
    peer = opensees()
    ops, softening = peer.ops, peer.SOFTENING
    ops.wipe()
    ops.model("basic", "-ndm", 3, "-ndf", 6)
    ops.node(1, 0.0, 0.0, 0.0)
    ops.node(2, *map(float, vector))
    ops.geomTransf("Linear", 1, *map(float, peer.local_axes(vector)[2]))
    area, inertia = float(np.pi * radius**2), float(np.pi * radius**4 / 4)
    section = softening, softening / 2 / (1 + nu), area, 2 * inertia, inertia, inertia, kappa * area, kappa * area
    ops.element("ElasticTimoshenkoBeam", 1, 1, 2, *section, 1)
    stiffness = peer.assembled()
    order = [*ops.nodeDOFs(1), *ops.nodeDOFs(2)]
    return stiffness[np.ix_(order, order)] @ displacements


def test_a_strut_is_opensees():
    """One strut at a time, with ends that move at random."""
    from fastlattice.fe.loads import _end_loads

    generator = np.random.default_rng(0)
    nu, kappa = 0.25, 0.8
    for radius in (0.01, 0.1):
        vector = generator.normal(size=3)
        ends = generator.normal(size=(1, 2, 6, 6))
        moved = ends[0].reshape(12, 6).copy()
        x, y, z = vector
        h = math.sqrt(0.5)
        moved[6:9] += [[x, 0, 0, 0, h * z, h * y], [0, y, 0, h * z, 0, h * x], [0, 0, z, h * y, h * x, 0]]
        expected = opensees_end_forces(vector, radius, moved, nu, kappa)
        force, moment = _end_loads(
            torch.tensor(vector)[None], torch.tensor([radius], dtype=torch.float64), torch.tensor(ends), nu, kappa
        )
        found = torch.cat([force, moment], dim=2)[0].reshape(12, 6).numpy()
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
def test_every_strut_of_a_lattice_is_opensees(name):
    """The loads of all struts of an irregular cell, each as OpenSees' own element gives them."""
    peer = opensees()
    lattice = irregular(name)
    expected = peer.opensees_end_loads(lattice, nu=0.25, kappa=0.8)
    loads = strut_loads(lattice, macro="strain", nu=0.25, kappa=0.8)
    found = torch.cat([loads.forces, loads.moments], dim=2).reshape(-1, 12, 6).numpy()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
def test_the_macroscopic_energy_is_that_of_the_struts(name):
    """Hill: the compliance times the volume is the sum over struts of what their end loads store, load by load."""
    lattice, nu, kappa = irregular(name), 0.25, 0.8
    loads = strut_loads(lattice, nu=nu, kappa=kappa)
    length, radius = torch.tensor(lattice.strut_lengths)[:, None], torch.tensor(lattice.radii)[:, None]
    area, inertia = math.pi * radius**2, math.pi * radius**4 / 4
    shear_modulus = 1 / (2 * (1 + nu))
    t = loads.directions
    force, first, second = loads.forces[:, 1], -loads.moments[:, 0], loads.moments[:, 1]  # of the section
    along, twist = torch.einsum("mp,mpk->mk", t, force), torch.einsum("mp,mpk->mk", t, second)
    across = force - along[:, None] * t[..., None]
    first, second = (
        moment - torch.einsum("mp,mpk->mk", t, moment)[:, None] * t[..., None] for moment in (first, second)
    )

    def stored(one, other, weight):
        return torch.einsum("m...k,m...l->kl", one * weight.view(-1, *[1] * (one.ndim - 1)), other)

    energy = stored(along, along, length / area)
    energy += stored(twist, twist, length / (shear_modulus * 2 * inertia))
    energy += stored(across, across, length / (kappa * shear_modulus * area))
    middle = (first + second) / 2  # the moment is linear: Simpson's rule is exact
    for moment, share in ((first, 1 / 6), (middle, 4 / 6), (second, 1 / 6)):
        energy += stored(moment, moment, share * length / inertia)
    compliance = np.linalg.inv(homogenise(lattice, nu=nu, kappa=kappa).stiffness[0].numpy())
    np.testing.assert_allclose(energy / lattice.volume, compliance, rtol=0, atol=1e-9 * np.abs(compliance).max())


def test_simple_cubic():
    """A bar: stress over area, first yield at the density's third, Euler's force."""
    lattice = unit_cell("simple_cubic").with_relative_density(0.03)
    loads = strut_loads(lattice)
    (radius,) = set(lattice.radii.tolist())
    stress = loads.under([1, 0, 0, 0, 0, 0])
    along = torch.tensor(np.abs(lattice.strut_vectors[:, 0]) > 0.5)
    np.testing.assert_allclose(stress.axial[along], 100, rtol=1e-12)
    np.testing.assert_allclose(stress.von_mises[~along], 0, atol=1e-10)
    np.testing.assert_allclose(loads.yield_stress(np.eye(3)), 0.01, rtol=1e-12)
    pushed = loads.under([-1, 0, 0, 0, 0, 0]).euler_load_factor()
    np.testing.assert_allclose(pushed[along], math.pi**3 * radius**4 / 4, rtol=1e-12)
    assert stress.euler_load_factor()[along].isinf().all()
    peaks = {of: loads.peak(torch.diag(torch.tensor([-1.0] * 3 + [1] * 3)), of)[:, 0] for of in STRESSES}
    np.testing.assert_allclose(peaks["axial"], [100] * 3 + [0] * 3, rtol=1e-12, atol=1e-10)
    assert (peaks["normal"][3:] > 100).all()  # shear bends the struts
    assert (peaks["von_mises"] >= peaks["normal"]).all()
    lowest, direction = loads.weakest()
    assert lowest < 0.005  # bends under shear
    np.testing.assert_allclose(direction.norm(dim=1), 1, rtol=1e-12)


def test_shear_bends_simple_cubic():
    """Under s_12 each strut is two cantilevers of half its length: M = s a^2 L / 2."""
    lattice = unit_cell("simple_cubic").with_relative_density(0.01)
    loads = strut_loads(lattice)
    edge, radius = float(lattice.cell[0, 0]), float(lattice.radii[0])
    stress = loads.under([0, 0, 0, 0, 0, math.sqrt(2)])  # s_12 = 1
    expected = 4 * (edge**3 / 2) / (math.pi * radius**3)
    np.testing.assert_allclose(stress.von_mises.max(), expected, rtol=1e-9)


def test_bad_lattices_and_arguments():
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0], [0, 0]], [[1, 0, 0], [0, 1, 0]], [0.1, 0.1])
    good = irregular("octet")
    loads = strut_loads(LatticeBatch.from_lattices([sheet, good]))
    assert loads.status.tolist() == [Status.NOT_THREE_PERIODIC, Status.OK]
    assert loads.forces[:2].isnan().all()
    assert torch.equal(loads.forces[2:], strut_loads(good).forces)
    assert torch.equal(loads.stiffness[1], homogenise(good).stiffness[0])
    assert loads.peak(np.eye(6))[:, 0].isnan().all()
    assert loads.peak(np.eye(6))[:, 1].isfinite().all()
    with pytest.raises(ArgumentError, match="macro"):
        strut_loads(good, macro="force")
    with pytest.raises(ArgumentError, match="6 numbers"):
        loads.under([1, 2, 3])
    with pytest.raises(ArgumentError, match="'shear'"):
        loads.peak(np.eye(6), "shear")
    with pytest.raises(ArgumentError, match="unit macro-stresses"):
        strut_loads(good, macro="strain").yield_stress(np.eye(3))
    with pytest.raises(ArgumentError, match="zero"):
        loads.yield_stress([[0, 0, 0]])
    with pytest.raises(ArgumentError, match="positive"):
        loads.under([1, 0, 0, 0, 0, 0]).euler_load_factor(0)
    assert strut_loads([]).forces.shape == (0, 2, 3, 6)
