"""What is held out is held out under every name, on every cell, in every geometry."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, rcsr_batch, rcsr_names, rcsr_net, unit_cell, unit_cell_names
from fastlattice.data.bases import as_bases, bases, collect_bases
from fastlattice.data.classes import class_of_name, net_classes
from fastlattice.data.splits import TEST, TRAINING, VALIDATION, held_out, place_of, side_of, sides
from fastlattice.lattice.identity import are_isomorphic, coordination_sequences, nets_of


def sequences(lattice: Lattice) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Coordination sequences and how many nodes of a primitive cell have each: the same for isomorphic nets."""
    rows = coordination_sequences(lattice.struts, lattice.shifts, lattice.num_nodes, 6)
    return tuple(sorted(Counter(map(tuple, rows.tolist())).items()))


@pytest.fixture(scope="module")
def everything():
    return bases(side=None, max_nodes=None)


def of_side(batch: LatticeBatch, side: str) -> LatticeBatch:
    return batch.take([each == side for each in batch.columns["side"]])


def test_200_classes_are_test_and_100_validation():
    for side, count in ((TEST, 200), (VALIDATION, 100)):
        assert len(set(bases(side=side).columns["net"])) == count


def test_no_class_that_is_held_out_is_among_training_bases_under_any_name(everything):
    """By coordination sequences on primitive cells that geometry alone has found, not names and fingerprints."""
    by_side = {
        side: {sequences(batch[row]) for row in range(len(batch))}
        for side in (TRAINING, VALIDATION, TEST)
        for batch in [of_side(everything, side)]
    }
    assert not by_side[TRAINING] & by_side[TEST]
    assert not by_side[TRAINING] & by_side[VALIDATION]
    assert not by_side[VALIDATION] & by_side[TEST]
    names = {side: set(of_side(everything, side).columns["net"]) for side in by_side}
    assert not names[TRAINING] & (names[TEST] | names[VALIDATION])


def test_built_in_cells_are_on_the_training_side(everything):
    kinds = [str(kind) for kind in everything.columns["kind"]]
    assert kinds.count("cells") == len(unit_cell_names())
    assert not held_out(LatticeBatch.from_lattices(map(unit_cell, unit_cell_names()))).any()
    assert {class_of_name(name) for name in ("octet", "bcc", "kelvin")} == {"fcu", "bcu", "sod"}
    assert {"fcu", "bcu", "sod"} <= set(bases().columns["net"])
    assert {"fcu", "bcu", "sod"} <= {str(net) for net in bases(kinds=("rcsr",)).columns["net"]}


def test_names_of_one_net_share_its_class():
    assert class_of_name("sod-b") == class_of_name("sod") == "sod"
    assert class_of_name("lta") != class_of_name("rho")  # of equal fingerprints
    assert are_isomorphic(nets_of(rcsr_net("pry")), nets_of(rcsr_net("pyr")))
    assert class_of_name("pry") == class_of_name("pyr")
    found = net_classes(LatticeBatch.from_lattices([unit_cell("kelvin"), rcsr_net("sod-b").perturb(0.05, 1)]))
    assert list(found) == ["sod", "sod"]


def test_what_is_no_net_is_not_held_out():
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0], [0, 0]], [[1, 0, 0], [0, 1, 0]], 0.1, name="sheet")
    batch = LatticeBatch.from_lattices([sheet])
    assert list(net_classes(batch)) == [""]
    assert not held_out(batch).any()
    assert side_of(None) == TRAINING
    reasons = as_bases(batch).left_out
    assert reasons == {"not_three_periodic": ("sheet",)}


def test_a_net_whose_nodes_collide_is_on_the_training_side_on_every_cell(everything):
    rows = {str(name): row for row, name in enumerate(everything.names)}
    assert everything.columns["side"][rows["sxt"]] == TRAINING
    assert list(sides(LatticeBatch.from_lattices([rcsr_net("sxt"), rcsr_net("sxt").primitive()]))) == [TRAINING] * 2


@settings(max_examples=30)
@given(
    row=st.integers(0, len(rcsr_names()) - 1), seed=st.integers(0, 2**32 - 1), counts=st.sampled_from([1, (2, 1, 1)])
)
def test_a_side_does_not_depend_on_cell_and_geometry(everything, row, seed, counts):
    net = everything[row]
    assert everything.columns["kind"][row] == "rcsr"
    if net.num_nodes > 100:
        return
    other = net.primitive().supercell(counts).perturb(0.03, seed)
    assert list(sides(LatticeBatch.from_lattices([other]))) == [everything.columns["side"][row]]


def test_the_hash_is_uniform_and_seeded():
    places = np.array([place_of(f"{n}") for n in range(4000)])
    assert abs(np.histogram(places, 8, (0, 1))[0] - 500).max() < 100
    assert place_of("a") != place_of("a", seed=1)


def test_two_nets_in_one_cell_are_held_out_if_one_of_them_is():
    test = bases(side=TEST)[0]
    pair = LatticeBatch.from_lattices(
        [
            Lattice(
                test.cell,
                np.concatenate([test.positions, test.positions + 0.01]),
                np.concatenate([test.struts, test.struts + test.num_nodes]),
                np.concatenate([test.shifts, test.shifts]),
                0.001,
            )
        ]
    )
    assert held_out(pair).all()


def test_bases_have_one_form(everything):
    for cell in ("primitive", "conventional"):
        found = collect_bases(cell=cell, relative_density=0.02)
        batch = found.lattices
        assert sorted(batch.columns) == ["kind", "name", "net", "side"]
        assert set(batch.columns["side"]) == {TRAINING}
        assert batch.node_counts.max() == 40
        np.testing.assert_allclose(batch.cell.norm(dim=2).amax(1), 1, rtol=1e-14)
        np.testing.assert_allclose(batch.relative_density, 0.02, rtol=1e-12)
        assert list(found.left_out) == ["more nodes than max_nodes"]
        kept, large = set(map(str, batch.names)), set(found.left_out["more nodes than max_nodes"])
        training = {
            str(name)
            for name, side in zip(everything.names, everything.columns["side"], strict=True)
            if side == TRAINING
        }
        assert not kept & large
        assert kept | large == training


def test_a_users_lattices_become_bases():
    octet = unit_cell("octet", 0.1)
    radii = np.linspace(0.1, 0.2, octet.num_struts)  # bases have one: cells are reduced whatever the radii
    big = Lattice(octet.cell * 5, octet.positions * 5, octet.struts, octet.shifts, radii, "big")
    close = Lattice(np.eye(3), [[0, 0, 0], [0.001, 0, 0]], [[0, 1], [1, 0], [0, 0], [0, 0]],
                    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 0.01, "close")  # fmt: skip
    found = as_bases(LatticeBatch.from_lattices([big, close, rcsr_net("lta")]), max_nodes=20)
    assert [str(name) for name in found.lattices.names] == ["big"]
    assert [str(net) for net in found.lattices.columns["net"]] == ["fcu"]
    assert found.lattices.node_counts.tolist() == [1]
    assert found.left_out == {"more nodes than max_nodes": ("lta",), "a strut shorter than 0.01": ("close",)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kinds": ("foam",)}, "kinds must be some of"),
        ({"kinds": ()}, "kinds must be some of"),
        ({"cell": "big"}, "cell must be one of primitive, conventional, not 'big'"),
        ({"max_nodes": 0}, "max_nodes must be at least 1"),
        ({"side": "left"}, "side must be one of"),
        ({"relative_density": 1.5}, "relative density 1.5"),
    ],
)
def test_bases_refuse_what_makes_no_sense(arguments, message):
    with pytest.raises(ValueError, match=message):
        bases(**{"kinds": ("cells",), **arguments})


def test_the_order_of_bases_is_that_of_their_tables():
    batch = bases(kinds=("rcsr",), side=None, cell="conventional", max_nodes=None)
    assert list(batch.names) == list(rcsr_batch().names)
