"""Batches, and torch's DataLoader over streams and batches, with workers of both kinds."""

from itertools import islice

import pytest
import torch
from torch.utils.data import DataLoader

from fastlattice import LatticeBatch, unit_cell
from fastlattice.data import LatticeDataset, Recipe, Stream, StreamDataset
from fastlattice.data.batches import WINDOW

BASES = LatticeBatch.from_lattices([unit_cell(name) for name in ("bcc", "octet", "diamond")])
STREAM = Stream(BASES, Recipe(removal_share=0.5, removal=0.3), seed=11)


def samples(batches):
    return torch.cat([batch.columns["sample"] for batch in batches])


def test_batches_are_the_stream_without_what_was_dropped():
    drawn = STREAM.draw(1000, 9000)
    assert drawn.dropped
    batches = STREAM.batches(96, 1000, 9000)
    found = list(batches)
    assert {len(batch) for batch in found[:-1]} == {96}
    joined = LatticeBatch.concatenate(found)
    for name in ("positions", "radii", "struts", "strut_offsets"):
        assert torch.equal(getattr(joined, name), getattr(drawn.lattices, name))
    assert torch.equal(joined.columns["target"], drawn.lattices.columns["target"])
    assert batches.dropped == drawn.dropped


@pytest.mark.parametrize("threads", [1, 3])
def test_goes_on_where_a_batch_ended(threads):
    first = list(islice(STREAM.batches(64, threads=threads), 100))
    for stopped in (1, 63, 64, 70):
        start = int(first[stopped - 1].columns["sample"][-1]) + 1
        after = list(islice(STREAM.batches(64, start), 100 - stopped))
        for a, b in zip(first[stopped:], after, strict=True):
            assert torch.equal(a.positions, b.positions)
            assert torch.equal(a.columns["target"], b.columns["target"])


@pytest.mark.parametrize("start", [0, 5000, 3 * WINDOW])
def test_shards_are_disjoint_and_all_there_is(start):
    stop = start + 5 * WINDOW + 100
    parts = [samples(STREAM.batches(64, start, stop, (r, 3))) for r in range(3)]
    assert torch.equal(torch.cat(parts).sort().values, STREAM[start:stop].columns["sample"])
    assert all((part // WINDOW % 3 == r).all() for r, part in enumerate(parts))


def test_no_batch_of_nothing():
    assert list(STREAM.batches(64, 10, 10)) == []
    assert len(next(STREAM.batches(3, 10, 12))) <= 2


def test_closes():
    batches = STREAM.batches(64)
    next(batches)
    batches.close()
    assert list(batches) == []


def test_refuses():
    for size, shard in ((0, (0, 1)), (64, (2, 2)), (64, (-1, 2))):
        with pytest.raises(ValueError, match=r"batches have|shard"):
            STREAM.batches(size, shard=shard)
    with pytest.raises(IndexError):
        STREAM.batches(64, 10, 5)


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_workers_share_the_samples(context):
    stop = 3 * WINDOW + 200
    dataset = StreamDataset(STREAM, 64, stop=stop)
    loader = DataLoader(dataset, batch_size=None, num_workers=2, multiprocessing_context=context)
    batches = list(loader)
    expected = STREAM[0:stop]
    number = samples(batches)
    order = number.argsort()
    assert torch.equal(number[order], expected.columns["sample"])
    found = LatticeBatch.concatenate(batches).take(order)
    assert torch.equal(found.positions, expected.positions)
    assert torch.equal(found.columns["target"], expected.columns["target"])


def test_without_workers_it_is_the_stream():
    loader = DataLoader(StreamDataset(STREAM, 100, 50, 1000), batch_size=None)
    assert torch.equal(samples(loader), STREAM[50:1000].columns["sample"])


def test_shards_of_a_dataset_have_workers():
    stop = 6 * WINDOW
    found = []
    for rank in range(2):
        dataset = StreamDataset(STREAM, 512, stop=stop, shard=(rank, 2))
        found.append(samples(DataLoader(dataset, batch_size=None, num_workers=2, multiprocessing_context="fork")))
    assert torch.equal(torch.cat(found).sort().values, STREAM[0:stop].columns["sample"])


@pytest.mark.parametrize("workers", [0, 2])
def test_map_style(workers):
    dataset = LatticeDataset(STREAM, 100, 400)
    whole = STREAM[100:400]
    assert len(dataset) == len(whole)
    assert torch.equal(dataset[7].positions, whole[7:8].positions)
    generator = torch.Generator().manual_seed(1)
    loader = DataLoader(dataset, batch_size=32, shuffle=True, num_workers=workers, generator=generator)
    batches = list(loader)
    assert len(batches[0]) == 32
    assert torch.equal(samples(batches).sort().values, whole.columns["sample"])
    with pytest.raises(IndexError):
        dataset[len(whole)]
