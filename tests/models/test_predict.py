"""Predictions: a result like that of exact elements, chunks and threads, and what torch does meanwhile."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from fastlattice import GraphError, Lattice, LatticeBatch, LatticeError, Status, homogenise, unit_cell
from fastlattice.lattice import Graph
from fastlattice.models import LatticeMACE, StiffnessModel, predict
from fastlattice.models.predict import NODES
from tests.support.network import FLOAT, lattices, network, random_graph, with_threads
from tests.support.tolerances import difference


def test_a_result_like_that_of_homogenise() -> None:
    batch = LatticeBatch.from_lattices([*lattices(), unit_cell("simple_cubic", 0.7)])
    model = network(dtype=torch.float32)
    result, exact = predict(model, batch), homogenise(batch)
    assert torch.equal(result.stiffness, model.predict(batch).double())
    assert result.stiffness.dtype == FLOAT
    assert torch.equal(result.beam_valid, exact.beam_valid)
    assert result.beam_valid.tolist() == [True, True, True, True, False]
    assert torch.equal(result.rank, exact.rank)
    assert list(result.names) == list(batch.names)
    assert result.failures() == []
    assert len(result) == 5


def test_one_lattice_or_a_list() -> None:
    model, items = network(), lattices()
    expected = model.predict(LatticeBatch.from_lattices(items))
    for given in (items, tuple(items)):
        assert torch.equal(model.predict(given), expected)
        assert torch.equal(predict(model, given).stiffness, expected)
    assert difference(model.predict(items[1]), expected[1:2]) < 1e-12
    assert list(predict(model, items[1]).names) == ["bcc"]
    assert model.predict([]).shape == (0, 6, 6)
    assert len(predict(model, [])) == 0
    with pytest.raises(LatticeError, match="item 1 is a str"):
        predict(model, [items[0], "octet"])  # type: ignore[list-item]


def test_answers_that_are_no_numbers_have_a_status() -> None:
    model, batch = network(dtype=torch.float32), LatticeBatch.from_lattices(lattices())
    with torch.no_grad():  # coefficients grow without bound where the radius does
        for weight in model.parameters():
            weight.mul_(1e6)
    result = predict(model, batch)
    assert result.status.tolist() == [Status.NOT_FINITE] * 4
    assert result.stiffness.isnan().all()
    assert [failure.index for failure in result.failures()] == [0, 1, 2, 3]
    assert "the network's output is not finite" in result.failures()[0].reason


class Half(StiffnessModel):
    """NaN for every second lattice."""

    def __init__(self, inner: LatticeMACE) -> None:
        torch.nn.Module.__init__(self)
        self.inner, self.config, self.conventions, self.card = inner, inner.config, inner.conventions, None

    def raw(self, graph):
        out = self.inner.raw(graph)
        return out.where((torch.arange(len(out)) % 2 == 0)[:, None, None], math.nan)


def test_one_bad_lattice_does_not_disturb_the_others() -> None:
    batch = LatticeBatch.from_lattices(lattices())
    good = network().predict(batch)
    broken = batch.positions.clone()
    broken[0] = math.nan
    pair = Lattice(torch.eye(3), [[0, 0, 0], [0, 0, 0]], [[0, 1], [0, 0]], [[0, 0, 0], [1, 0, 0]], 0.1, "point")
    everything = LatticeBatch.concatenate([batch.replace(positions=broken), LatticeBatch.from_lattices([pair])])
    with pytest.raises(GraphError):
        network().predict(everything)
    result = predict(network(), everything)
    assert result.status.tolist() == [Status.INVALID_INPUT, 0, 0, 0, Status.ZERO_LENGTH_STRUT]
    assert difference(result.stiffness[1:4], good[1:]) < 1e-12
    assert result.stiffness[[0, 4]].isnan().all()
    assert [f.reason.split(":")[0] for f in result.failures()] == [
        "invalid input",
        "a strut has no length (below 1e-12 of the longest lattice vector)",
    ]
    half = predict(Half(network()), batch)
    assert half.status.tolist() == [0, Status.NOT_FINITE] * 2
    assert torch.equal(half.stiffness[::2], good[::2])


def test_mechanisms_have_an_answer() -> None:
    """What only finite elements can tell is not told here."""
    sheet = Lattice(torch.eye(3), [[0, 0, 0]], [[0, 0]] * 2, [[1, 0, 0], [0, 1, 0]], 0.05, "sheet")
    result = predict(network(), sheet)
    assert result.ok.all()
    assert result.rank.tolist() == [2]
    assert result.culprit.tolist() == [-1]


# ---- Chunks and threads


def shuffled(graph: Graph) -> Graph:
    """The same lattices with nodes and edges in another order."""
    rng = torch.Generator().manual_seed(0)
    nodes, edges = (torch.randperm(n, generator=rng) for n in (len(graph.positions), len(graph.shifts)))
    place = torch.empty_like(nodes).scatter(0, nodes, torch.arange(len(nodes)))
    changes = {
        "positions": graph.positions[nodes],
        "batch": graph.batch[nodes],
        "node_attrs": graph.node_attrs[nodes],
        "edge_index": place[graph.edge_index[:, edges]],
        "shifts": graph.shifts[edges],
        "edge_attr": graph.edge_attr[edges],
    }
    return Graph(**{**vars(graph), **changes})


@pytest.mark.parametrize("quantity", ["C", "C/density"])
@pytest.mark.parametrize("threads", [1, 2])
def test_graphs_in_chunks(quantity: str, threads: int) -> None:
    model, batch = network(), LatticeBatch.from_lattices(lattices() * 2)
    model.conventions = type(model.conventions)(quantity, scale=2.0)
    expected = model.stiffness(batch)
    for graph in (batch.graph(), shuffled(batch.graph())):
        for chunk in (1, 3, None):
            assert difference(with_threads(threads, model.predict, graph, chunk), expected) < 1e-12


def test_foreign_graphs_in_chunks() -> None:
    model, graph = network(), random_graph(20, 70, graphs=7)
    assert difference(model.predict(graph, chunk=2), model.stiffness(graph)) < 1e-12
    graph.edge_index[0, 3] = 99
    with pytest.raises(GraphError, match="edge 3"):
        model.predict(graph, chunk=2)


class Spy(StiffnessModel):
    """Notes how large its chunks are and what its threads may use."""

    def __init__(self, inner: LatticeMACE) -> None:
        torch.nn.Module.__init__(self)
        self.inner, self.config, self.conventions = inner, inner.config, inner.conventions
        self.seen: list[tuple[int, int]] = []

    def raw(self, graph):
        self.seen.append((graph.num_graphs, torch.get_num_threads()))
        return self.inner.raw(graph)


def test_torch_works_in_one_thread_in_each_worker() -> None:
    spy, batch = Spy(network()), LatticeBatch.from_lattices(lattices() * 2)
    for given in (batch, batch.graph()):
        spy.seen.clear()
        assert with_threads(3, lambda given=given: (spy.predict(given, 2), torch.get_num_threads())[1]) == 3
        assert spy.seen == [(2, 1)] * 4
        spy.seen.clear()
        with_threads(3, spy.predict, given)  # one chunk: no worker, all of torch's threads
        assert spy.seen == [(8, 3)]
    later: list[int] = []

    def look() -> None:
        later.append(torch.get_num_threads())

    def after() -> None:
        spy.predict(batch, 2)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    with_threads(3, after)
    assert later == [3]


def test_progress_is_counted_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread alone writes the bar: tqdm's counter is not for several."""
    import tqdm

    callers: set[int] = set()
    update = tqdm.tqdm.update

    def watched(bar, count):
        callers.add(threading.get_ident())
        return update(bar, count)

    monkeypatch.setattr(tqdm.tqdm, "update", watched)
    with_threads(2, network().predict, LatticeBatch.from_lattices(lattices() * 2), 1, True)
    assert callers == {threading.get_ident()}


def test_callers_in_several_threads_get_the_bits_of_one() -> None:
    """Both ways, at once, each call with threads of its own."""
    model = network(dtype=torch.float32)
    batch = LatticeBatch.from_lattices(lattices() * 8)
    expected = model.predict(batch, 4), homogenise(batch).stiffness

    def both(_: int) -> tuple[torch.Tensor, torch.Tensor]:
        return model.predict(batch, 4), homogenise(batch, threads=2).stiffness

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(both, range(12)))
    assert all(torch.equal(*pair) for each in found for pair in zip(each, expected, strict=True))


def test_a_failure_stops_what_has_not_begun() -> None:
    class Failing(Spy):
        def raw(self, graph):
            self.seen.append((graph.num_graphs, 0))
            raise RuntimeError("no")

    failing = Failing(network())
    with pytest.raises(RuntimeError, match="no"):
        with_threads(2, failing.predict, LatticeBatch.from_lattices(lattices() * 25), 1)
    assert 1 <= len(failing.seen) <= 2  # threads


def test_a_cell_of_more_nodes_than_a_chunk_goes_another_way_to_the_same_bits() -> None:
    """The one that Ctrl-C leaves: in a thread of its own, without gradients."""
    huge = LatticeBatch.from_lattices([unit_cell("simple_cubic", 0.01).supercell((21, 20, 20))])
    assert len(huge.positions) > NODES
    model = network(dtype=torch.float32)
    predicted = model.predict(huge)
    assert not predicted.requires_grad
    assert torch.equal(predicted, model.stiffness(huge).detach())
