"""LatticeBatch: packing, slicing, gathering, the graph, and what malformed columns get."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, LatticeError, StringColumn, homogenise
from fastlattice._native import NativeError
from fastlattice.fe import check
from fastlattice.lattice.graph import periodic_graph
from tests.support.network import network
from tests.support.strategies import lattices

lists_of_lattices = st.lists(lattices(), min_size=0, max_size=5)


@given(lists_of_lattices)
def test_packing_is_lossless(items: list[Lattice]) -> None:
    batch = LatticeBatch.from_lattices(items)
    assert len(batch) == len(items)
    assert [batch[i] for i in range(len(batch))] == items
    assert batch.cell.dtype == batch.positions.dtype == batch.radii.dtype == torch.float64
    assert batch.struts.dtype == batch.shifts.dtype == torch.int64


@given(lists_of_lattices, st.slices(5))
def test_slices_are_the_slices_of_the_list(items: list[Lattice], which: slice) -> None:
    part = LatticeBatch.from_lattices(items)[which]
    assert [part[i] for i in range(len(part))] == items[which]


@given(lists_of_lattices.filter(len), st.lists(st.integers(0, 100), max_size=8))
def test_take_gathers_in_the_order_asked(items: list[Lattice], wanted: list[int]) -> None:
    wanted = [w % len(items) for w in wanted]
    part = LatticeBatch.from_lattices(items).take(torch.tensor(wanted, dtype=torch.int64))
    assert [part[i] for i in range(len(part))] == [items[w] for w in wanted]


@given(lists_of_lattices, lists_of_lattices)
def test_concatenation(first: list[Lattice], second: list[Lattice]) -> None:
    parts = [LatticeBatch.from_lattices(first), LatticeBatch.from_lattices([*second, *first])[: len(second)]]
    whole = LatticeBatch.concatenate(parts)
    assert [whole[i] for i in range(len(whole))] == first + second


def example_batch() -> LatticeBatch:
    items = [
        Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 3, np.eye(3, dtype=int), 0.05, "cubic"),
        Lattice(2 * np.eye(3), [[0, 0, 0], [1, 1, 1]], [[0, 1], [1, 1]], [[0, 0, 0], [0, 0, 1]], 0.1, "pair"),
    ]
    return LatticeBatch.from_lattices(items)


def test_masks_steps_and_negative_indices() -> None:
    batch = LatticeBatch.concatenate([example_batch(), example_batch()])
    assert list(batch.take(torch.tensor([False, True, True, False])).names) == ["pair", "cubic"]
    assert list(batch[::-1].names) == ["pair", "cubic"] * 2
    assert batch[-1].name == "pair"
    with pytest.raises(IndexError):
        batch[4]


def test_indices_as_numpy_has_them() -> None:
    batch = LatticeBatch.concatenate([example_batch(), example_batch()[::-1]])
    names = np.array(list(batch.names))
    chosen: list[object] = [
        [0, 2, 2],
        [-1, 1],
        [],
        [True, False, False, True],
        np.array([3, 0]),
        np.array([False, True, True, False]),
        torch.tensor([1, -4]),
        torch.tensor([False] * 4),
        batch.radii[batch.strut_offsets[:-1]] > 0.07,
    ]
    for index in chosen:
        wanted = names[np.asarray(index, dtype=None if len(index) else int)]  # type: ignore[arg-type]
        assert list(batch[index].names) == list(wanted)  # type: ignore[index]
    for one in (1, np.int64(1), torch.tensor(1)):
        assert batch[one] == batch[1]  # type: ignore[index]
    for index, message in (
        ([0, 4], "no lattice 4 of 4"),
        ([-5], "no lattice -5 of 4"),
        (torch.tensor([True, False]), "the mask has 2 entries for 4 lattices"),
        ([0.5], "integers or a mask"),
        (torch.zeros(2, 2, dtype=torch.int64), r"not by torch.int64 \[2, 2\]"),
    ):
        with pytest.raises(IndexError, match=message):
            batch[index]  # type: ignore[index]
    for index in ("pair", 1.0, None):
        with pytest.raises(TypeError):
            batch[index]  # type: ignore[index]


def test_repr_is_short() -> None:
    many = example_batch().take(torch.zeros(1000, dtype=torch.int64))
    assert repr(many) == "LatticeBatch(1000 lattices, 1000 nodes, 3000 struts; name)"
    assert repr(many.to("meta")).endswith("; name; for meta)")


def test_slices_share_memory_and_numpy_comes_in_without_a_copy() -> None:
    batch = example_batch()
    part = batch[1:]
    part.positions[0, 0] = 9.0
    assert batch.positions[1, 0] == 9.0
    positions = np.zeros((1, 3))
    offsets = torch.tensor([0, 1])
    made = LatticeBatch(
        np.eye(3)[None], positions, np.zeros((1, 2), int), np.array([[1, 0, 0]]), np.ones(1), offsets, offsets
    )
    positions[0, 2] = 4.0
    assert made.positions[0, 2] == 4.0


def test_columns_follow_their_lattices() -> None:
    batch = example_batch().with_columns(
        target=torch.arange(72.0).reshape(2, 6, 6), label=StringColumn.from_strings("ab")
    )
    assert torch.equal(batch[1:].columns["target"][0], batch.columns["target"][1])
    picked = batch.take(torch.tensor([1, 0, 1]))
    assert list(picked.columns["label"]) == ["b", "a", "b"]
    both = LatticeBatch.concatenate([batch, picked])
    assert list(both.columns["label"]) == ["a", "b", "b", "a", "b"]
    with pytest.raises(LatticeError, match="different columns"):
        LatticeBatch.concatenate([batch, example_batch()])
    with pytest.raises(LatticeError, match="column 'x' has 3 rows for 2"):
        batch.with_columns(x=torch.zeros(3))
    with pytest.raises(LatticeError, match="column 'x' is one number"):
        batch.with_columns(x=1.0)
    with pytest.raises(LatticeError, match="column 'x'"):
        batch.with_columns(x=object())
    assert list(batch.with_columns(x=["one", "two"]).columns["x"]) == ["one", "two"]
    assert torch.equal(batch.with_columns(x=np.array([1, 2])).columns["x"], torch.tensor([1, 2]))


def test_columns_of_two_kinds_are_not_joined() -> None:
    text, numbers = (example_batch().with_columns(label=values) for values in (["a", "b"], torch.zeros(2)))
    for parts in ([text, numbers], [numbers, text]):
        with pytest.raises(LatticeError, match="column 'label' is text in one batch and numbers in another"):
            LatticeBatch.concatenate(parts)
    with pytest.raises(LatticeError, match="column 'label'"):
        LatticeBatch.concatenate([numbers, numbers.with_columns(label=torch.zeros(2, 3))])
    with pytest.raises(LatticeError, match="cannot concatenate a Lattice"):
        LatticeBatch.concatenate([numbers, numbers[0]])  # type: ignore[list-item]


@given(lists_of_lattices.filter(len))
def test_derived_columns_agree_with_the_lattices(items: list[Lattice]) -> None:
    batch = LatticeBatch.from_lattices(items)
    np.testing.assert_allclose(batch.strut_vectors, np.concatenate([i.strut_vectors for i in items]), atol=1e-14)
    np.testing.assert_allclose(batch.relative_density, [i.relative_density for i in items], rtol=1e-12)
    np.testing.assert_allclose(batch.volume, [i.volume for i in items], rtol=1e-12)


@given(lists_of_lattices.filter(len))
def test_graph_holds_every_strut_twice(items: list[Lattice]) -> None:
    batch = LatticeBatch.from_lattices(items)
    graph = batch.graph()
    sender, receiver = graph.edge_index
    edges = 2 * len(batch.struts)
    assert graph.edge_index.shape == (2, edges)
    assert graph.num_graphs == len(items)
    assert (receiver.diff() >= 0).all()
    vectors = graph.positions[receiver] - graph.positions[sender] + graph.shifts
    # Each direction of each strut once, with the strut's own vector and radius.
    forward = np.concatenate([i.strut_vectors for i in items])
    found = vectors[torch.argsort(graph.strut, stable=True)].reshape(-1, 2, 3)
    sign = torch.where((found[:, 0] - torch.tensor(forward)).abs().amax(1) < 1e-12, 1.0, -1.0)[:, None]
    np.testing.assert_allclose(found[:, 0] * sign, forward, atol=1e-12)
    np.testing.assert_allclose(found[:, 1], -found[:, 0], atol=1e-12)
    assert torch.equal(graph.edge_attr[:, 0], batch.radii[graph.strut])
    # The reverse edge is the same strut, from the other end.
    assert torch.equal(graph.reverse[graph.reverse], torch.arange(edges))
    assert (graph.reverse != torch.arange(edges)).all()
    # Of the two edges of each strut, the first.
    assert torch.equal(graph.strut[graph.first_edge], torch.arange(edges // 2))
    assert (graph.first_edge < graph.reverse[graph.first_edge]).all()
    assert torch.equal(graph.strut[graph.reverse], graph.strut)
    assert torch.equal(sender[graph.reverse], receiver)
    assert torch.equal(graph.batch, torch.arange(len(items)).repeat_interleave(batch.node_counts))
    assert torch.equal(graph.batch[sender], graph.batch[receiver])
    assert torch.equal(graph.node_attrs, torch.ones(len(batch.positions), 1, dtype=torch.float64))


def graph_with_torch(batch: LatticeBatch) -> tuple[torch.Tensor, ...]:
    """shifts, radii, edge_index, batch, strut, reverse and first_edge from their definitions."""
    owner = torch.arange(len(batch)).repeat_interleave(batch.strut_counts)
    ends = batch.struts + batch.node_offsets[owner][:, None]
    along = (batch.shifts.double()[:, :, None] * batch.cell[owner]).sum(1)
    edges = torch.cat([ends, ends.flip(1)])
    order = torch.argsort(edges[:, 1], stable=True)
    place = torch.argsort(order)
    strut = torch.arange(len(ends)).repeat(2)[order]
    reverse = place.roll(len(ends))[order]
    first_edge = torch.minimum(*place.reshape(2, -1))
    node_owner = torch.arange(len(batch)).repeat_interleave(batch.node_counts)
    shifts = torch.cat([along, -along])[order]
    return shifts, batch.radii[strut], edges[order].T, node_owner, strut, reverse, first_edge


@given(lists_of_lattices)
def test_graph_is_the_definition_to_the_last_bit(items: list[Lattice]) -> None:
    batch = LatticeBatch.from_lattices(items)
    for found, expected in zip(periodic_graph(batch), graph_with_torch(batch), strict=True):
        assert torch.equal(found, expected)


@given(lists_of_lattices.filter(len), st.booleans(), st.booleans())
def test_gradients_are_those_of_the_definition(items: list[Lattice], cell: bool, radii: bool) -> None:
    batch = LatticeBatch.from_lattices(items)
    leaves = [batch.cell.requires_grad_(cell), batch.radii.requires_grad_(radii)]
    leaves = [leaf for leaf in leaves if leaf.requires_grad]
    gradients = []
    for build in (periodic_graph, graph_with_torch):
        shifts, thickness, *_ = build(batch)
        weight = torch.linspace(1, 2, shifts.numel(), dtype=torch.float64).reshape(shifts.shape)
        total = (shifts.sin() * weight).sum() + (thickness.exp() * weight[:, 0]).sum()
        gradients.append(torch.autograd.grad(total, leaves) if leaves else ())
        assert total.requires_grad == bool(leaves)
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-13, atol=1e-13)


def test_graph_has_derivatives_of_every_order() -> None:
    batch = example_batch()

    def function(cell: torch.Tensor, radii: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        graph = batch.replace(cell=cell, radii=radii).graph()
        return graph.shifts.square(), graph.edge_attr.square()

    leaves = batch.cell.requires_grad_(), batch.radii.requires_grad_()
    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves)


def test_graph_is_a_custom_op() -> None:
    batch = example_batch()
    columns = batch.cell.requires_grad_(), batch.struts, batch.shifts, batch.radii.requires_grad_()
    sizes = batch.node_offsets, batch.strut_offsets, len(batch.positions)
    torch.library.opcheck(torch.ops.fastlattice.periodic_graph.default, (*columns, *sizes))


GEOMETRY = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets")


@pytest.mark.parametrize("name", [*GEOMETRY, "columns", "device"])
def test_columns_cannot_be_set(name: str) -> None:
    batch = example_batch()
    with pytest.raises(AttributeError):
        setattr(batch, name, getattr(batch, name))
    with pytest.raises(TypeError):
        batch.columns["name"] = batch.names  # type: ignore[index]


def another(tensor: torch.Tensor, kind: str) -> torch.Tensor:
    """A tensor with something else than what a batch takes in the place of `tensor`."""
    return {
        "dtype": tensor.float() if tensor.is_floating_point() else tensor.int(),
        "dimensions": tensor[..., None],
        "one row less": tensor[:-1],
        "device": torch.empty_like(tensor, device="meta"),
    }[kind]


USES = {
    "graph": LatticeBatch.graph,
    "homogenise": homogenise,
    "check": check,
    "network": lambda batch: network().predict(batch),
}


KINDS = ("dtype", "dimensions", "one row less")
# Positions have a length of their own, which the offsets are held against: the next test.
CHANGED = [(name, kind) for name in GEOMETRY for kind in KINDS if (name, kind) != ("positions", "one row less")]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("name", "kind"), CHANGED)
def test_tensors_that_changed_behind_the_batch_are_refused(name: str, kind: str, use: str) -> None:
    """Every array of a batch, changed in its size or dtype after the batch was made."""
    batch = example_batch()
    tensor = getattr(batch, name)
    tensor.data = another(tensor, kind)
    with pytest.raises(LatticeError, match=r"CPU tensor of|has shape|counts differ"):
        USES[use](batch)


@pytest.mark.parametrize("use", USES)
def test_positions_that_were_cut_are_refused(use: str) -> None:
    batch = example_batch()
    batch.positions.resize_(1, 3)
    with pytest.raises((LatticeError, NativeError)):
        USES[use](batch)


@pytest.mark.parametrize("kind", ["dtype", "dimensions", "one row less", "device"])
@pytest.mark.parametrize("name", GEOMETRY)
def test_replace_refuses_what_the_constructor_refuses(name: str, kind: str) -> None:
    batch = example_batch()
    with pytest.raises(LatticeError):
        batch.replace(**{name: another(getattr(batch, name), kind)})


def test_replace_makes_a_batch_and_lets_gradients_flow() -> None:
    batch = example_batch().with_columns(target=torch.arange(2.0))
    thickness = torch.full((5,), -3.0, dtype=torch.float64, requires_grad=True)
    moved = torch.zeros(3, 3, dtype=torch.float64, requires_grad=True)
    changed = batch.replace(
        radii=torch.nn.functional.softplus(thickness), positions=batch.positions + moved, columns={"n": np.arange(2)}
    )
    assert changed.struts is batch.struts
    assert set(changed.columns) == {"n", "name"}
    assert set(batch.columns) == {"name", "target"}
    assert torch.equal(changed.relative_density, batch.replace(radii=changed.radii.detach()).relative_density)
    changed.relative_density.sum().backward()
    assert (thickness.grad > 0).all()
    assert moved.grad is not None
    with pytest.raises(TypeError):
        batch.replace(colour=1)  # type: ignore[call-arg]


def test_struts_that_were_changed_reach_no_other_memory() -> None:
    batch = example_batch()
    batch.struts[0, 1] = 1  # there is such a node, but it is another lattice's
    with pytest.raises(NativeError, match="struts holds 1, but there are 1 nodes"):
        batch.graph()
    batch = example_batch()
    batch.positions.resize_(2, 3)
    with pytest.raises(NativeError, match="offsets"):
        batch.graph()


def test_columns_may_be_views() -> None:
    batch = example_batch()
    expected = periodic_graph(batch), homogenise(batch).stiffness
    for name in ("cell", "struts", "shifts"):
        column = getattr(batch, name)
        column.data = column.mT.contiguous().mT
        assert not getattr(batch, name).is_contiguous()
    assert all(torch.equal(a, b) for a, b in zip(periodic_graph(batch), expected[0], strict=True))
    torch.testing.assert_close(homogenise(batch).stiffness, expected[1], rtol=0, atol=0, equal_nan=True)


@given(lists_of_lattices.filter(len), lists_of_lattices)
def test_a_lattice_has_the_same_edges_in_any_batch(items: list[Lattice], others: list[Lattice]) -> None:
    alone = LatticeBatch.from_lattices(items).graph()
    among = LatticeBatch.from_lattices(others + items).graph()
    nodes, struts = sum(o.num_nodes for o in others), sum(o.num_struts for o in others)
    assert torch.equal(among.edge_index[:, 2 * struts :] - nodes, alone.edge_index)
    assert torch.equal(among.shifts[2 * struts :], alone.shifts)
    assert torch.equal(among.strut[2 * struts :] - struts, alone.strut)


def test_to_keeps_the_batch() -> None:
    """`batch.to(device)`, as training loops call it: geometry as it was, columns there, the graph there."""
    batch = example_batch().with_columns(target=torch.zeros(2, 6, 6, dtype=torch.float64), kind=torch.tensor([1, 2]))
    batch.radii.requires_grad_()
    for moved in (batch.to("meta"), batch.to(torch.device("meta"), non_blocking=True)):
        assert moved.device == torch.device("meta")
        assert all(getattr(moved, name) is getattr(batch, name) for name in GEOMETRY)
        assert list(moved.names) == list(batch.names)
        assert moved.columns["target"].device.type == moved.columns["kind"].device.type == "meta"
        for part in (moved[1:], moved[[0]], moved.with_columns(extra=np.ones(2)), moved.replace(cell=batch.cell)):
            assert part.device.type == part.graph().positions.device.type == "meta"
        assert moved.with_columns(extra=np.ones(2)).columns["extra"].device.type == "meta"
        assert LatticeBatch.concatenate([moved, moved]).device.type == "meta"
    assert batch.device.type == "cpu"
    with pytest.raises(LatticeError, match="different devices: cpu and meta"):
        LatticeBatch.concatenate([batch, batch.to("meta")])
    single = batch.to(torch.float32)
    assert single.columns["target"].dtype == torch.float32
    assert single.columns["kind"].dtype == torch.int64
    assert single.radii.dtype == torch.float64
    assert single.graph().edge_attr.dtype == batch.graph(dtype=torch.float32).edge_attr.dtype == torch.float32
    (gradient,) = torch.autograd.grad(single.graph().edge_attr.sum(), [batch.radii])
    assert torch.equal(gradient, torch.full_like(gradient, 2))


def test_a_graph_keeps_what_networks_need() -> None:
    batch = example_batch()
    batch.radii.requires_grad_()
    graph = batch.graph()
    assert torch.equal(graph.relative_density, batch.relative_density)
    assert torch.equal(graph.lattice_constants, torch.tensor([[1.0] * 3, [2.0] * 3], dtype=torch.float64))
    (gradient,) = torch.autograd.grad(graph.relative_density.sum(), [batch.radii])
    np.testing.assert_allclose(gradient[0], 2 * np.pi * 0.05)
    single = batch.graph("meta", torch.float32)
    for name, column in vars(graph).items():
        if isinstance(column, torch.Tensor):
            assert getattr(single, name).device.type == "meta"
            assert getattr(single, name).dtype == (torch.float32 if column.is_floating_point() else torch.int64)


def test_gradients_reach_cell_positions_and_radii() -> None:
    batch = example_batch()
    for column in (batch.cell, batch.positions, batch.radii):
        column.requires_grad_()
    graph = batch.graph()
    sender, receiver = graph.edge_index
    vectors = graph.positions[receiver] - graph.positions[sender] + graph.shifts
    (vectors.pow(2).sum(1) * graph.edge_attr[:, 0]).sum().backward()
    # Lattice 1: v = (1, 1, 1) and (0, 0, 2), each in both directions, radius 0.1.
    np.testing.assert_allclose(batch.radii.grad[3:], [2 * 3, 2 * 4])
    np.testing.assert_allclose(batch.positions.grad[2], 2 * 2 * 0.1 * np.array([1, 1, 1]))
    np.testing.assert_allclose(batch.cell.grad[1], [[0, 0, 0], [0, 0, 0], [0, 0, 2 * 2 * 0.1 * 2]])


def test_the_empty_batch_works() -> None:
    empty = LatticeBatch.from_lattices([])
    assert len(empty) == len(empty[:]) == len(empty.graph().strut) == 0
    assert empty.relative_density.shape == (0,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (dict(cell=torch.eye(3)), "cell must be a CPU tensor of torch.float64"),
        (dict(cell=torch.eye(3, dtype=torch.float64)), "cell has shape"),
        (dict(struts=torch.tensor([[0, 0], [0, 0], [0, 0], [0, 2], [1, 1]])), "lattice 1 'pair': strut 0 names node"),
        (dict(struts=torch.tensor([[0, -1], [0, 0], [0, 0], [0, 1], [1, 1]])), "lattice 0 'cubic': strut 0"),
        (dict(radii=torch.ones(4, dtype=torch.float64)), "counts differ"),
        (dict(node_offsets=torch.tensor([0, 2, 1])), "node_offsets must rise"),
        (dict(strut_offsets=torch.tensor([0, 3, 9])), "strut_offsets must rise"),
        (dict(positions=None), "positions"),
    ],
)
def test_malformed_columns_are_refused(change: dict, reason: str) -> None:
    batch = example_batch()
    keys = ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets", "columns")
    good = {k: getattr(batch, k) for k in keys}
    LatticeBatch(**good)
    with pytest.raises(LatticeError, match=reason):
        LatticeBatch(**{**good, **change})


def test_only_lattices_can_be_packed() -> None:
    with pytest.raises(LatticeError, match="item 1 is a str"):
        LatticeBatch.from_lattices([example_batch()[0], "octet"])


@given(st.lists(st.text(max_size=6)), st.data())
def test_string_columns_behave_as_lists(texts: list[str], data: st.DataObject) -> None:
    texts = [t.encode(errors="ignore").decode() for t in texts]
    column = StringColumn.from_strings(texts)
    assert list(column) == [column[i] for i in range(len(column))] == texts
    which = data.draw(st.slices(len(texts)))
    assert list(column[which]) == texts[which]
    assert StringColumn.concatenate([column[which], column]) == StringColumn.from_strings(texts[which] + texts)


@pytest.mark.parametrize("offsets", [[0, 4], [2, 1], [-1, 2], [0, 3, 1], []])
def test_string_offsets_stay_within_the_bytes(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="must rise within its 3 bytes"):
        StringColumn(torch.zeros(3, dtype=torch.uint8), torch.tensor(offsets, dtype=torch.int64))
