"""Lattices and batches in copies, pickles, files of torch, and data loaders."""

import copy
import io
import pickle
import random

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.utils.data import DataLoader, Dataset, default_collate, random_split

from fastlattice import Lattice, LatticeBatch, LatticeError, StringColumn, homogenise, unit_cell
from fastlattice.lattice import lattice as lattice_module
from tests.support.strategies import lattices


def labelled(count: int = 12) -> LatticeBatch:
    batch = LatticeBatch.from_lattices([unit_cell("octet", 0.01 + 0.001 * n) for n in range(count)])
    labels = [f"number {n}" for n in range(count)]
    return batch.with_columns(target=torch.arange(36.0 * count).reshape(count, 6, 6), label=labels)


def same(one: LatticeBatch, other: LatticeBatch) -> bool:
    names = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets")
    columns = all(
        torch.equal(a, b) if isinstance(a := one.columns[k], torch.Tensor) else list(a) == list(b)
        for k, b in other.columns.items()
    )
    geometry = all(torch.equal(getattr(one, k), getattr(other, k)) for k in names)
    return geometry and columns and one.columns.keys() == other.columns.keys()


def saved(value: object) -> io.BytesIO:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return file


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "oldest pickle": lambda value: pickle.loads(pickle.dumps(value, protocol=2)),
    "torch, weights only": lambda value: torch.load(saved(value), weights_only=True),
}


@pytest.mark.parametrize("way", COPIES)
@given(lattices())
def test_a_copied_lattice_is_frozen_like_its_original(way: str, lattice: Lattice) -> None:
    found = COPIES[way](lattice)
    assert found == lattice
    _ = found.strut_lengths
    for name in ("cell", "positions", "struts", "shifts", "radii", "strut_vectors", "strut_lengths"):
        array = getattr(found, name)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        found.name = "other"


@pytest.mark.parametrize("way", COPIES)
def test_copies_of_batches(way: str) -> None:
    batch = labelled()
    for one in (batch, batch[3:5], batch[:0], batch[::-2], batch.to(torch.float32)):
        found = COPIES[way](one)
        assert same(found, one)
        assert found.graph().edge_attr.dtype == one.graph().edge_attr.dtype
    graph = COPIES[way](batch.graph())
    assert torch.equal(graph.edge_index, batch.graph().edge_index)


def test_a_shallow_copy_shares_its_tensors_and_their_gradients() -> None:
    batch = labelled()
    radii = (2 * batch.radii.clone().requires_grad_()).clone()
    found = copy.copy(batch.replace(radii=radii))
    assert found.radii is radii


def test_copies_keep_what_requires_gradients() -> None:
    batch = labelled()
    batch.radii.requires_grad_()
    for way in ("deepcopy", "pickle"):
        found = COPIES[way](batch[1:])
        assert found.radii.requires_grad
        homogenise(found).stiffness.sum().backward()
        assert found.radii.grad is not None
    assert batch.radii.grad is None


def test_a_slice_takes_its_own_memory_along() -> None:
    whole = labelled(400)
    size = {k: len(pickle.dumps(v)) for k, v in {"whole": whole, "one": whole[7:8], "names": whole[7:8].names}.items()}
    assert size["one"] < size["whole"] / 40
    assert size["names"] < 1000
    assert len(saved(whole[7:8]).getvalue()) < size["whole"] / 20
    assert list(pickle.loads(pickle.dumps(whole[7:9])).columns["label"]) == ["number 7", "number 8"]


def test_damaged_pickles_are_refused() -> None:
    """What is read back is checked as if it had been given."""
    batch = labelled(2)
    state = batch.__getstate__()
    geometry = list(state["geometry"])
    geometry[2] = geometry[2] + 1000
    with pytest.raises(LatticeError, match="names node"):
        LatticeBatch.__new__(LatticeBatch).__setstate__({**state, "geometry": tuple(geometry)})
    function, arguments = batch[0].__reduce__()
    assert function is lattice_module.lattice_from_bytes
    for index in range(1, 6):
        broken = list(arguments)
        broken[index] = broken[index][:-4]
        with pytest.raises(LatticeError):
            function(*broken)
    with pytest.raises(ValueError, match="must rise"):
        StringColumn.__new__(StringColumn).__setstate__(
            {"data": torch.zeros(1, dtype=torch.uint8), "offsets": torch.tensor([0, 9])}
        )


# ---- Data loaders


class Items(Dataset):
    """A dataset as people write it: a lattice and its label."""

    def __init__(self, batch: LatticeBatch) -> None:
        self.batch = batch

    def __len__(self) -> int:
        return len(self.batch)

    def __getitem__(self, index: int) -> tuple[Lattice, torch.Tensor]:
        return self.batch[index], self.batch.columns["target"][index]


class Parts(Items):
    def __getitem__(self, index: int) -> dict[str, LatticeBatch]:
        return {"lattices": self.batch[index : index + 1]}


def test_default_collate() -> None:
    batch = labelled(3)
    assert same(default_collate([batch[:1], batch[1:]]), batch)
    found = default_collate([batch[0], batch[1]])
    assert [found[0], found[1]] == [batch[0], batch[1]]


@pytest.mark.parametrize(("workers", "context"), [(0, "fork"), (2, "fork"), (2, "spawn")])
def test_data_loaders(workers: int, context: str) -> None:
    batch = labelled(7)

    def loader(dataset: Dataset, size: int = 3) -> DataLoader:
        return DataLoader(dataset, size, num_workers=workers, multiprocessing_context=context if workers else None)

    for dataset in (batch, batch[1:6]):
        assert same(LatticeBatch.concatenate(list(loader(dataset))), dataset)
    for (found, target), start in zip(loader(Items(batch)), (0, 3, 6), strict=True):
        assert [found[i] for i in range(len(found))] == [batch[i] for i in range(start, start + len(found))]
        assert torch.equal(target, batch.columns["target"][start : start + len(found)])
    assert same(LatticeBatch.concatenate([d["lattices"] for d in loader(Parts(batch))]), batch)


def test_shuffled_and_split_loaders_keep_the_labels() -> None:
    batch = labelled(9)
    random.seed(0)
    parts = random_split(batch, [6, 3], generator=torch.Generator().manual_seed(0))
    seen: list[str] = []
    for part in parts:
        for found in DataLoader(part, batch_size=2, shuffle=True):
            for row, label in enumerate(found.columns["label"]):
                original = int(label.split()[1])
                assert found[row] == batch[original]
                assert torch.equal(found.columns["target"][row], batch.columns["target"][original])
                seen.append(label)
    assert sorted(seen) == sorted(batch.columns["label"])


def test_arrays_of_a_lattice_are_not_shared_with_a_pickle_buffer() -> None:
    lattice = pickle.loads(pickle.dumps(unit_cell("bcc")))
    assert lattice.positions.dtype == np.float64
    assert lattice.struts.dtype == np.int64
    assert lattice.with_relative_density(0.2).relative_density == pytest.approx(0.2)
