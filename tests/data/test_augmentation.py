"""The sevenfold augmentation: labels turned along are those of finite elements."""

import torch

from fastlattice import LatticeBatch, homogenise, unit_cell
from fastlattice.data import Stream, augment


def test_labels_are_those_of_the_turned_lattices():
    bases = LatticeBatch.from_lattices([unit_cell("bcc"), unit_cell("diamond")])
    batch = Stream(bases, seed=2)[0:40]
    seven = augment(batch)
    assert len(seven) == 7 * len(batch)
    target, exact = seven.columns["target"], homogenise(seven).stiffness
    assert ((target - exact).norm(dim=(1, 2)) / exact.norm(dim=(1, 2))).max() < 1e-9
    assert torch.equal(seven.columns["sample"].reshape(7, -1), batch.columns["sample"].expand(7, -1))
    for one in range(7):
        for other in range(one):
            rows = seven.positions.reshape(7, -1, 3)
            assert not torch.allclose(rows[one], rows[other])


def test_signed_permutations_of_the_axes():
    batch = LatticeBatch.from_lattices([unit_cell("bcc").perturb(0.1, seed=1)])
    maps = torch.linalg.solve(batch.cell, augment(batch).cell).mT
    assert torch.allclose(maps.abs().sum(1), torch.ones(7, 3, dtype=torch.float64))
    assert torch.linalg.det(maps).round().tolist() == [1, 1, 1, 1, -1, -1, -1]
    for axis in range(3):  # about x, y, z: the axis stays, the next goes to the one after it
        turned = maps[1 + axis] @ torch.eye(3, dtype=torch.float64)[(axis + 1) % 3]
        assert torch.allclose(turned, torch.eye(3, dtype=torch.float64)[(axis + 2) % 3])
        assert maps[1 + axis, axis, axis] == 1
        assert maps[4 + axis, axis, axis] == -1
