"""Streams: the native sampler against numpy's, slices, threads, windows, labels, and what is refused."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, LatticeError, Status, elasticity, homogenise, rcsr_batch, unit_cell
from fastlattice._native import NativeError, call
from fastlattice.data import Recipe, Stream
from fastlattice.data.batches import WINDOW
from tests.support import stream_reference as reference
from tests.support.streams import ALL_DIFFERENT, FEW, GEOMETRY, RECIPES, numbers, same, seeds


@pytest.fixture(scope="module")
def many():
    nets = rcsr_batch()
    return nets.take(nets.node_counts <= 24)


def test_generator_is_philox():
    """The known answers of Random123, the generator's own library."""
    for words, key, answer in (
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ):
        number = np.array([words[2] | words[3] << 32], dtype=np.uint64)
        found = reference.philox(key[0] | key[1] << 32, words[1], words[0], number)
        assert tuple(int(word[0]) for word in found) == answer


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize("start", [0, 4000, 2**62 - 1000])
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_sampler_agrees_with_numpy(many, recipe, start, seed):
    weights = np.arange(len(many))
    stream = Stream(many, recipe, seed, weights)
    size = many.cell.norm(dim=2).amax(1)
    normalised = many.replace(
        cell=many.cell / size[:, None, None],
        positions=many.positions / size.repeat_interleave(many.node_counts)[:, None],
    )
    arrays = [getattr(normalised, name).numpy() for name in GEOMETRY if name != "radii"]
    bases = reference.Bases(*arrays, np.cumsum(weights) / weights.sum())
    expected = reference.sample(seed, np.arange(start, start + 900), bases, recipe)
    found = stream.unlabelled(start, start + 900)
    for name in GEOMETRY:
        x, y = getattr(found, name).numpy(), getattr(expected, name)
        assert x.shape == y.shape
        assert np.array_equal(x, y) if x.dtype == np.int64 else np.allclose(x, y, rtol=1e-12, atol=1e-12), name
    assert np.array_equal(found.columns["base"], expected.base)
    assert np.allclose(found.columns["level"], expected.level, rtol=1e-14)
    assert np.allclose(found.columns["relative_density"], expected.density, rtol=1e-14)
    owner = torch.arange(900).repeat_interleave(found.strut_counts)
    stockiest = torch.zeros(900, dtype=torch.float64)
    np.maximum.at(stockiest.numpy(), owner.numpy(), (found.radii / found.strut_vectors.norm(dim=1)).numpy())
    clear = (stockiest / recipe.max_slenderness - 1).abs() > 1e-9
    assert torch.equal(found.columns["beam_valid"][clear], (stockiest <= recipe.max_slenderness)[clear])


@given(numbers, st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.sampled_from(list(RECIPES)))
@settings(max_examples=30)
def test_slices_agree_with_the_whole(start, before, count, after, name):
    stream = Stream(FEW, RECIPES[name], seed=3)
    whole = stream[start : start + before + count + after]
    part = stream[start + before : start + before + count]
    number = whole.columns["sample"]
    same(part, whole.take((number >= start + before) & (number < start + before + count)))


@pytest.mark.parametrize("threads", [2, 3, 5])
def test_same_bits_at_any_number_of_threads(threads):
    one, more = (Stream(FEW, ALL_DIFFERENT, 5, threads=n) for n in (1, threads))
    same(one[100:1500], more[100:1500])


def test_same_bits_in_threads_that_draw_at_once():
    stream = Stream(FEW, ALL_DIFFERENT, 5, threads=2)
    pieces = [(start, start + 300) for start in range(0, 3000, 300)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda piece: stream[slice(*piece)], pieces))
    same(LatticeBatch.concatenate(drawn), stream[0:3000])


def test_same_bits_after_a_pickle():
    stream = Stream(FEW, ALL_DIFFERENT, 5, weights=[1, 2, 3, 4, 5, 6])
    same(stream[7:300], pickle.loads(pickle.dumps(stream))[7:300])


@given(numbers, seeds, seeds)
@settings(max_examples=20)
def test_other_seeds_give_other_samples(start, seed, other):
    a, b = (Stream(FEW, RECIPES["plain"], s).unlabelled(start, start + 64) for s in (seed, other))
    if seed == other:
        same(a, b)
    else:
        shared = np.intersect1d(a.positions[:, 0].numpy(), b.positions[:, 0].numpy())
        assert len(shared) == 0


@given(st.integers(0, 2**62 // WINDOW - 1), seeds)
@settings(max_examples=20)
def test_windows_hold_eight_of_each_group(window, seed):
    """Each eighth of a window has the same bases as often, and orders them differently."""
    start = window * WINDOW
    parts = Stream(FEW, seed=seed).unlabelled(start, start + WINDOW).columns["base"].reshape(8, -1)
    assert (parts.sort(dim=1).values == parts[0].sort().values).all()
    assert all(not torch.equal(parts[i], parts[j]) for i in range(8) for j in range(i))
    groups = reference.groups(seed, np.arange(start, start + WINDOW)).reshape(8, -1)
    assert (np.sort(groups, axis=1) == np.arange(512) + 512 * window).all()


def test_orders_are_mixed():
    """A group's places in two parts are unrelated: the permutation's own places have the correlation of chance."""
    places = reference.groups(9, np.arange(64 * WINDOW)).reshape(-1, 512) % 512
    where = np.argsort(places, axis=1)
    r = np.corrcoef(where[::2].ravel(), where[1::2].ravel())[0, 1]
    assert abs(r) < 4 / math.sqrt(where.size / 2)
    steps = np.diff(places, axis=1) % 512
    counts = np.bincount(steps.ravel(), minlength=512)[1:]
    assert counts.max() < 2 * counts.mean()
    first = np.bincount(places[:, 0], minlength=512)
    assert first.max() <= 10  # 512 drawn from 512: Poisson with mean 1


def test_rotated_samples_have_rotated_stiffness():
    shared = {"zero_share": 0.3, "removal_share": 0, "seed": 4}
    seed = shared.pop("seed")
    turned, plain = (Stream(FEW, Recipe(rotation=r, **shared), seed)[0:400] for r in ("random", "none"))
    q = torch.linalg.solve(plain.cell, turned.cell).mT
    assert (torch.linalg.det(q) > 0).all()
    expected = elasticity.rotate(plain.columns["target"], q, notation="mandel")
    error = (turned.columns["target"] - expected).norm(dim=(1, 2)) / expected.norm(dim=(1, 2))
    assert error.max() < 1e-9
    axes = q.reshape(-1, 9)
    assert (axes.mean(0).abs() < 4 / math.sqrt(3 * len(q))).all()


def test_targets_are_those_of_finite_elements():
    batch = Stream(FEW, ALL_DIFFERENT, 6)[1000:1400]
    assert torch.equal(batch.columns["target"], homogenise(batch).stiffness)
    assert list(batch.names) == [FEW.names[b] for b in batch.columns["base"]]


def test_dropped_samples_are_counted_and_missing():
    sheet = Lattice(np.eye(3), np.zeros((1, 3)), [[0, 0], [0, 0]], [[1, 0, 0], [0, 1, 0]], 0.1, "sheet")
    stream = Stream(LatticeBatch.from_lattices([unit_cell("bcc"), sheet]), Recipe(removal_share=0), 1)
    drawn = stream.draw(50, 1050)
    flat = stream.unlabelled(50, 1050).columns["base"] == 1
    assert 0 < flat.sum() < 1000
    assert drawn.dropped == {Status.NOT_THREE_PERIODIC: int(flat.sum())}
    assert torch.equal(drawn.lattices.columns["sample"], torch.arange(50, 1050)[~flat])
    same(
        drawn.lattices,
        stream.unlabelled(50, 1050)
        .with_columns(target=_nothing(1000))
        .take(~flat)
        .with_columns(target=drawn.lattices.columns["target"]),
    )
    only = Stream(LatticeBatch.from_lattices([sheet])).draw(0, 10)
    assert (len(only.lattices), sum(only.dropped.values())) == (0, 10)


def _nothing(count):
    return torch.zeros(count, 6, 6, dtype=torch.float64)


@pytest.mark.parametrize(
    "slice_", [slice(None, 5), slice(5, None), slice(-5, 5), slice(5, 3), slice(0, 8, 2), slice(2**62, 2**62 + 1), 3]
)
def test_refuses_slices(slice_):
    with pytest.raises(IndexError):
        Stream(FEW)[slice_]


def test_refuses_arguments():
    for weights in ([1, 2], [0] * 6, [1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, math.nan]):
        with pytest.raises(LatticeError, match="weights"):
            Stream(FEW, weights=weights)
    with pytest.raises(LatticeError, match="at least one base"):
        Stream(FEW[:0])
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="seed"):
            Stream(FEW, seed=seed)


def test_native_functions_refuse_other_offsets():
    """What the second call is given must be what the first one said."""
    stream, double = Stream(FEW), {"dtype": torch.float64}
    shared = (1, 0, 0, 1, 6, 6, stream._cumulative, stream._geometry.node_offsets, stream._geometry.strut_offsets)
    shared += (*stream._numbers, 0.0)
    ends = torch.tensor([0, 3])
    out = [torch.empty(n, **double) for n in (9, 9)] + [torch.empty(n, dtype=torch.int64) for n in (6, 9)]
    out += [torch.empty(n, **double) for n in (3, 1, 1)] + [torch.empty(1, dtype=torch.bool)]
    with pytest.raises(NativeError, match="offsets are not those of the samples"):
        call("fl_stream_fill", *shared, *stream._geometry[:4], *stream._scalars, ends, ends, *out)
