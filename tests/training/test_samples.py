"""Samples by number: every lattice once in each pass, whatever the slices; labels made where there are none."""

from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import Lattice, LatticeBatch, homogenise, unit_cell, write_catalogue
from fastlattice.errors import FastlatticeError
from fastlattice.training.samples import Ahead, Shuffled, labelled, with_labels
from tests.support import training


def test_each_pass_has_every_lattice_once_in_another_order() -> None:
    lattices = training.labelled(10).with_columns(number=torch.arange(10))
    samples = Shuffled(lattices, seed=3)
    orders = [samples[10 * turn : 10 * turn + 10].columns["number"].tolist() for turn in range(3)]
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    across = samples[7:24].columns["number"].tolist()
    assert across == (orders[0] + orders[1] + orders[2])[7:24]
    assert Shuffled(lattices, seed=4)[0:10].columns["number"].tolist() != orders[0]


def test_a_sample_does_not_depend_on_its_slice_and_its_label_turns_with_it() -> None:
    samples = Shuffled(training.labelled(6), seed=1, rotate=True)
    whole = samples[0:14]
    for start, stop in ((0, 1), (3, 9), (13, 14)):
        assert torch.equal(samples[start:stop].positions, whole[start:stop].positions)
    exact = homogenise(whole).stiffness
    assert torch.allclose(whole.columns["target"], exact, rtol=1e-9, atol=1e-12 * float(exact.abs().max()))
    assert not torch.allclose(whole[0:1].cell, samples[6:7].cell)


def test_labels_are_made_where_there_are_none_and_lattices_without_a_stiffness_left_out() -> None:
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 2, [[1, 0, 0], [0, 1, 0]], 0.05, "sheet")
    batch = LatticeBatch.from_lattices([unit_cell("octet"), sheet, unit_cell("kelvin")])
    target = torch.full((3, 6, 6), torch.nan, dtype=torch.float64)
    target[0] = torch.eye(6)
    found = with_labels(batch.with_columns(target=target))
    assert list(found.names) == ["octet", "kelvin"]
    assert torch.equal(found.columns["target"][0], torch.eye(6, dtype=torch.float64))
    assert torch.equal(found.columns["target"][1], homogenise(unit_cell("kelvin")).stiffness[0])
    assert list(with_labels(batch).names) == ["octet", "kelvin"]


def test_files_are_read_with_their_labels(tmp_path: Path) -> None:
    batch = training.labelled(3)
    write_catalogue(tmp_path / "some.lat", batch.with_columns(target=2 * batch.columns["target"]))
    found = labelled(str(tmp_path / "some.lat"))
    assert torch.allclose(found.columns["target"], 2 * batch.columns["target"], rtol=1e-5)
    for name in ("none.lat", "no_such_set"):
        with pytest.raises(FastlatticeError, match=name):
            labelled(name)


def test_batches_are_made_ahead_in_order_and_errors_arrive() -> None:
    made: list[int] = []

    def make(step: int) -> LatticeBatch:
        made.append(step)
        if step == 4:
            raise FastlatticeError("no more")
        return training.labelled(step + 1)

    threads = torch.get_num_threads()
    with Ahead(make) as ahead:
        assert [len(ahead(step)) for step in (1, 2, 3)] == [2, 3, 4]
        assert torch.get_num_threads() == threads
        with pytest.raises(FastlatticeError, match="no more"):
            ahead(4)
    assert made[:4] == [1, 2, 3, 4]
