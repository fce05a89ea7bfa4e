"""Conductivity against a dense solve, closed forms, bounds and symmetries."""

import math

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeBatch, conductivity, rcsr_net, unit_cell
from fastlattice.fe import Status
from tests.fe.test_frame_company import bases, moved

NAMES = ("octet", "kelvin", "weaire_phelan")


def irregular_radii(lattice):
    return lattice.radii * np.resize([1, 0.5, 2, 0.1, 1.3], lattice.num_struts)


def irregular(name="kelvin", seed=0):
    """Moved nodes and radii of five sizes."""
    lattice = unit_cell(name).with_relative_density(0.02).perturb(0.05, seed=seed)
    return Lattice(lattice.cell, lattice.positions, lattice.struts, lattice.shifts, irregular_radii(lattice))


def dense(lattice):
    """The same network by the normal equations of least squares."""
    g = math.pi * lattice.radii**2 / lattice.strut_lengths
    incidence = np.zeros((lattice.num_struts, lattice.num_nodes))
    for k, (i, j) in enumerate(lattice.struts):
        incidence[k, j] += 1
        incidence[k, i] -= 1
    root = np.sqrt(g)[:, None]
    v = lattice.strut_vectors
    fluctuation = np.linalg.lstsq(root * incidence, -root * v, rcond=None)[0]
    total = incidence @ fluctuation + v
    return (total * g[:, None]).T @ total / lattice.volume


@pytest.mark.parametrize("name", NAMES)
def test_dense(name):
    lattice = irregular(name)
    np.testing.assert_allclose(conductivity(lattice).conductivity[0], dense(lattice), rtol=0, atol=1e-14)


def test_large_cells_are_eliminated_as_small_ones():
    """More than 64 nodes take another way; a supercell conducts as its cell does."""
    lattice = irregular("kelvin")
    many = lattice.supercell((3, 2, 4))
    assert many.num_nodes > 256
    one, other = (conductivity(x).conductivity[0] for x in (lattice, many))
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-15)
    moved = many.perturb(0.01, seed=1)
    np.testing.assert_allclose(conductivity(moved).conductivity[0], dense(moved), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ["simple_cubic", "octet", "kelvin", "diamond"])
def test_cubic_networks_conduct_a_third_of_their_density(name):
    """All struts of these turn out equally loaded: the upper bound rho / 3 is reached."""
    lattice = unit_cell(name).with_relative_density(0.03)
    np.testing.assert_allclose(conductivity(lattice).conductivity[0], 0.01 * np.eye(3), rtol=0, atol=1e-15)


def test_bounds():
    """Positive definite, and below the network at the uniform gradient, whose trace is the density."""
    for name in NAMES:
        lattice = irregular(name)
        k = conductivity(lattice).conductivity[0].numpy()
        g = math.pi * lattice.radii**2 / lattice.strut_lengths
        upper = (lattice.strut_vectors * g[:, None]).T @ lattice.strut_vectors / lattice.volume
        assert np.linalg.eigvalsh(k).min() > 0
        assert np.linalg.eigvalsh(upper - k).min() > -1e-15
        assert np.trace(k) < lattice.relative_density


def test_rotation_and_scale():
    lattice = irregular("octet")
    q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    q *= np.linalg.det(q)
    k = conductivity(lattice).conductivity[0].numpy()
    np.testing.assert_allclose(conductivity(lattice.rotate(q)).conductivity[0], q @ k @ q.T, rtol=0, atol=1e-15)
    tall = Lattice(3 * lattice.cell, 3 * lattice.positions, lattice.struts, lattice.shifts, 3 * lattice.radii)
    np.testing.assert_allclose(conductivity(tall).conductivity[0], k, rtol=1e-13, atol=1e-16)


def test_two_radii_in_series():
    """A strut of two pieces of unequal radius: their resistances add up."""
    cell, r = np.eye(3), (0.02, 0.05)
    struts = [[0, 1], [1, 0], [0, 0], [0, 0]]
    shifts = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    lattice = Lattice(cell, [[0, 0, 0], [0.3, 0, 0]], struts, shifts, [*r, 0.01, 0.01])
    series = math.pi / (0.3 / r[0] ** 2 + 0.7 / r[1] ** 2)
    expected = np.diag([series, math.pi * 1e-4, math.pi * 1e-4])
    np.testing.assert_allclose(conductivity(lattice).conductivity[0], expected, rtol=1e-13, atol=1e-18)


@pytest.mark.parametrize("name", ["octet", "kelvin"])
def test_gradient(name):
    batch = LatticeBatch.from_lattices([irregular(name), irregular(name, seed=1)])
    weights = torch.randn(2, 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def value(cell, positions, radii):
        return (conductivity(batch.replace(cell=cell, positions=positions, radii=radii)).conductivity * weights).sum()

    columns = [x.clone().requires_grad_() for x in (batch.cell, batch.positions, batch.radii)]
    assert torch.autograd.gradcheck(value, columns, eps=1e-6, atol=1e-8, rtol=1e-5)


def test_no_second_derivative():
    batch = LatticeBatch.from_lattices([irregular()])
    radii = batch.radii.clone().requires_grad_()
    value = conductivity(batch.replace(radii=radii)).conductivity.sum()
    (gradient,) = torch.autograd.grad(value, radii, create_graph=True)
    with pytest.raises(RuntimeError, match="does not require grad"):
        gradient.sum().backward()


def test_a_bad_lattice_disturbs_no_other():
    good, alone = irregular("octet"), conductivity(irregular("octet")).conductivity
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0], [0, 0]], [[1, 0, 0], [0, 1, 0]], [0.1, 0.1])
    batch = LatticeBatch.from_lattices([good, sheet, good])
    radii = batch.radii.clone().requires_grad_()
    for threads in (1, 2):
        result = conductivity(batch.replace(radii=radii), threads=threads)
        assert result.status.tolist() == [Status.OK, Status.NOT_THREE_PERIODIC, Status.OK]
        assert torch.equal(result.conductivity[0], alone[0])
        assert torch.equal(result.conductivity[2], alone[0])
        assert result.conductivity[1].isnan().all()
        assert [failure.index for failure in result.failures()] == [1]
    result.conductivity[result.ok].sum().backward()
    assert (radii.grad[good.num_struts : good.num_struts + 2] == 0).all()
    assert (radii.grad[: good.num_struts] != 0).any()


def test_two_nets_and_no_lattice():
    """Each of two nets ends with a node that nothing holds."""
    net = rcsr_net("pcu").with_relative_density(0.01)
    both = Lattice(
        net.cell,
        np.concatenate([net.positions, net.positions + 0.4 * net.cell.sum(0)]),
        np.concatenate([net.struts, net.struts + net.num_nodes]),
        np.concatenate([net.shifts, net.shifts]),
        np.concatenate([net.radii, 2 * net.radii]),
    )
    expected = 5 * conductivity(net).conductivity
    torch.testing.assert_close(conductivity(both).conductivity, expected, rtol=1e-13, atol=1e-16)
    assert conductivity([]).conductivity.shape == (0, 3, 3)


def test_threads():
    with pytest.raises(ValueError, match="threads"):
        conductivity(irregular(), threads=0)


def rows(result):
    """All that is known of each lattice, in words of bits."""
    columns = result.conductivity.contiguous().view(torch.int64).reshape(len(result), 9), result.status, result.rank
    return torch.column_stack([*columns, result.beam_valid, result.culprit])


@pytest.mark.parametrize("base", range(len(bases())))
def test_same_bits_together_and_alone(base):
    """Realisations of one topology are solved a lattice a lane; nobody can tell from the results."""
    lattices = moved(bases()[base], 11, base)
    batch = LatticeBatch.from_lattices(lattices)
    alone = [rows(conductivity(each)) for each in lattices]
    assert torch.equal(rows(conductivity(batch)), torch.cat(alone))
    found = conductivity(batch.take([10, 0, 1, 2, 3, 4, 5]), threads=2)
    assert torch.equal(rows(found), torch.cat([alone[k] for k in (10, 0, 1, 2, 3, 4, 5)]))
    np.testing.assert_allclose(found.conductivity[0], dense(lattices[10]), rtol=0, atol=1e-13)


def test_gradients_together_and_alone():
    """The temperatures that gradients need are found in lanes as well, from two lattices of one topology on."""
    batch = LatticeBatch.from_lattices([*moved(unit_cell("kelvin"), 10), irregular("octet")])
    weights = torch.randn(len(batch), 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def gradient(part, weight):
        radii = part.radii.clone().requires_grad_()
        return torch.autograd.grad((conductivity(part.replace(radii=radii)).conductivity * weight).sum(), radii)[0]

    alone = [gradient(batch[b : b + 1], weights[b : b + 1]) for b in range(len(batch))]
    torch.testing.assert_close(gradient(batch, weights), torch.cat(alone), rtol=1e-13, atol=1e-16)
    assert torch.equal(rows(conductivity(batch[:2])), torch.cat([rows(conductivity(batch[b])) for b in range(2)]))


def test_struts_that_conduct_nothing():
    """Radii whose conductance is zero to the last digit: what is left conducts as if they were not there."""
    lattice = irregular("octet")
    extra = Lattice(
        lattice.cell,
        np.concatenate([lattice.positions, lattice.positions[:1] + 0.2 * lattice.cell[0]]),
        np.concatenate([lattice.struts, [[0, lattice.num_nodes], [lattice.num_nodes, 1]]]),
        np.concatenate([lattice.shifts, np.zeros((2, 3), int)]),
        np.concatenate([lattice.radii, [1e-170, 1e-170]]),
    )
    expected = conductivity(lattice).conductivity
    torch.testing.assert_close(conductivity(extra).conductivity, expected, rtol=1e-12, atol=0)
    batch = LatticeBatch.from_lattices([extra] * 3)
    assert torch.equal(rows(conductivity(batch)), rows(conductivity(extra)).expand(3, -1))


@pytest.mark.parametrize(("name", "size"), [("diamond", 3), ("diamond", 4), ("octet", (2, 3, 5))])
def test_large_cells_are_dense(name, size):
    """Supernodes narrow and wide, ordered by degree and by dissection; and what gradients need of them."""
    lattice = unit_cell(name).supercell(size).perturb(0.02, seed=2)
    lattice = Lattice(
        *(getattr(lattice, k) for k in ("cell", "positions", "struts", "shifts")), irregular_radii(lattice)
    )
    assert lattice.num_nodes > 64
    batch = LatticeBatch.from_lattices([lattice])
    radii = batch.radii.clone().requires_grad_()
    found = conductivity(batch.replace(radii=radii)).conductivity
    np.testing.assert_allclose(found[0].detach(), dense(lattice), rtol=0, atol=1e-13)
    (gradient,) = torch.autograd.grad(found.diagonal(dim1=1, dim2=2).sum(), radii)
    assert (gradient > 0).all()
    # The conductivity is of the first degree in the conductances, and these of the second in the radii.
    torch.testing.assert_close((gradient * batch.radii).sum(), 2 * found.diagonal(dim1=1, dim2=2).sum())


def test_what_is_wrong_with_one_of_several_is_its_own_affair():
    """Radii so small that conductances vanish, so large that they overflow, and a strut without length, in lanes."""
    lattices = moved(unit_cell("kelvin"), 8)
    batch = LatticeBatch.from_lattices(lattices)
    radii, positions = batch.radii.clone(), batch.positions.clone()
    struts, nodes = batch.strut_offsets.tolist(), batch.node_offsets.tolist()
    radii[struts[1] : struts[2]] = 1e-170
    radii[struts[3] : struts[4]] = 1e150
    i, j = lattices[5].struts[0]
    shift = torch.from_numpy(lattices[5].shifts[0] @ lattices[5].cell)
    positions[nodes[5] + i] = positions[nodes[5] + j] + shift
    spoilt = batch.replace(radii=radii, positions=positions)
    found = rows(conductivity(spoilt))
    assert torch.equal(found, torch.cat([rows(conductivity(spoilt[k : k + 1])) for k in range(8)]))
    whole = [0, 2, 4, 6, 7]
    assert torch.equal(found[whole], rows(conductivity(batch))[whole])
    assert conductivity(spoilt).status[5] == Status.ZERO_LENGTH_STRUT
