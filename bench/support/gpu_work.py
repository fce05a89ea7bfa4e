"""What the kernels of the paper's network do for one lattice: lanes, bytes, and multiply-adds of library products.

Sizes are those of the average lattice. Bytes are the least that must move: each input once, each output once, in fp32;
weights, which all lattices share, are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastlattice.kernels import symmetric_contraction
from fastlattice.kernels.edge_conv import Paths

NODES, STRUTS = 20, 45
"""The average lattice of Grega et al.'s sample."""
EDGES = 2 * STRUTS
CHANNELS, LMAX, WIDTH, BASES = 32, 4, 64, 12
COMPONENTS = (LMAX + 1) ** 2
REAL, INDEX = 4, 8
FEATURES = NODES * COMPONENTS * CHANNELS * REAL
"""Bytes of node features."""


@dataclass(frozen=True)
class Work:
    """One kernel's share of a lattice.

    Attributes:
        name: what the table calls it.
        kernels: names of its specialisations, which run one after the other; none for products by a library.
        lanes: lanes that run them. Where a kernel walks along edges, a lane counts once for each edge.
        bytes: read and written.
        multiply_adds: of products by a library.
    """

    name: str
    kernels: tuple[str, ...] = ()
    lanes: int = 0
    bytes: int = 0
    multiply_adds: int = 0


def product(name: str, rows: int, inner: int, columns: int) -> Work:
    """A matrix product [rows, inner] by [inner, columns] of a library; the second matrix is shared."""
    return Work(name, (), 0, rows * (inner + columns) * REAL, rows * inner * columns)


def total(name: str, parts: list[Work]) -> Work:
    """Several products as one row."""
    return Work(name, (), 0, sum(p.bytes for p in parts), sum(p.multiply_adds for p in parts))


def forward() -> Iterator[Work]:
    """An inference, layer by layer."""
    read = NODES * 3 * REAL + EDGES * (2 * INDEX + 3 * REAL)
    yield Work("edge_sh", (f"edge_sh forward lmax={LMAX} fp32",), EDGES, read + EDGES * (COMPONENTS + 1) * REAL)
    for layer, l_in in enumerate((0, LMAX)):
        yield radial_mlp()
        yield linear(range(l_in + 1), f"linear map of the senders, layer {layer + 1}")
        yield from edge_conv(l_in, f"layer {layer + 1}")
        outputs = range(LMAX + 1) if layer == 0 else range(0, LMAX + 1, 2)
        yield contraction("forward", outputs, 2 * FEATURES)
        yield linear(outputs, f"linear map of the message, layer {layer + 1}")
    gates = [product("", NODES, CHANNELS, 5 * CHANNELS), *(linear([degree], "") for degree in (2, 4))]
    yield total("readout (library)", gates)
    yield Work("mandel", ("mandel forward matrix_power_2 fp32",), 1, (21 + 36) * REAL)


def backward() -> Iterator[Work]:
    """What a training step adds: gradients of all parameters, not of the geometry."""
    yield Work("mandel, backward", ("mandel backward matrix_power_2 fp32",), 1, (21 + 36 + 21) * REAL)
    for layer, l_in in reversed(list(enumerate((0, LMAX)))):
        outputs = range(LMAX + 1) if layer == 0 else range(0, LMAX + 1, 2)
        yield twice(linear(outputs, f"linear map of the message, layer {layer + 1}, backward"))
        yield contraction("backward", outputs, 3 * FEATURES)
        yield from edge_conv_backward(l_in, f"layer {layer + 1}")
        yield twice(linear(range(l_in + 1), f"linear map of the senders, layer {layer + 1}, backward"))


def twice(work: Work) -> Work:
    """A product's backward pass: one for the input, one for the weights."""
    return total(work.name, [work, work])


def linear(degrees: range | list[int], name: str) -> Work:
    rows = NODES * sum(2 * degree + 1 for degree in degrees)
    return product(f"{name} (library)", rows, CHANNELS, CHANNELS)


def radial_mlp() -> Work:
    return total("radial_mlp (library)", [product("", STRUTS, BASES, WIDTH), product("", STRUTS, WIDTH, WIDTH)])


def contraction(direction: str, outputs: range, moved: int) -> Work:
    name = f"symmetric_contraction to {', '.join(map(str, outputs))}" + ", backward" * (direction == "backward")
    listed = symmetric_contraction.specialisations("fp32", LMAX, 3, outputs, CHANNELS)
    kernels = tuple(one.name for one in listed if one.name.split()[1] == direction)
    return Work(name, kernels, NODES * CHANNELS, moved)


def own_middle(paths: Paths, l1: int) -> int:
    """Numbers that a degree of the senders adds to a node's middle features."""
    return CHANNELS * sum((2 * l3 + 1) * own for l3, own in enumerate(paths.own(l1)))


def edge_conv(l_in: int, where: str) -> Iterator[Work]:
    paths = Paths(l_in, LMAX)
    radial = [product("", STRUTS, WIDTH, sum(paths.own(l1)) * CHANNELS) for l1 in range(l_in + 1)]
    yield total(f"edge_conv, {where}: radial weights (library)", radial)
    for l1 in range(l_in + 1):
        yield Work(
            f"edge_conv, {where}: senders' degree {l1}",
            (f"edge_conv forward l1={l1} l_in={l_in} lmax={LMAX} channels={CHANNELS} fp32",),
            EDGES * CHANNELS,
            _inputs(paths, l1) + NODES * own_middle(paths, l1) * REAL,
        )
    rows = [product("", NODES * (2 * l3 + 1), fan * CHANNELS, CHANNELS) for l3, fan in enumerate(paths.fan)]
    yield total(f"edge_conv, {where}: linear map (library)", rows)


def _inputs(paths: Paths, l1: int) -> int:
    """Bytes that a kernel of a degree of the senders reads: features, harmonics, radial weights, the graph."""
    features = NODES * (2 * l1 + 1) * CHANNELS * REAL
    radial = STRUTS * sum(paths.own(l1)) * CHANNELS * REAL
    return features + radial + EDGES * (COMPONENTS * REAL + 3 * INDEX)


def edge_conv_backward(l_in: int, where: str) -> Iterator[Work]:
    paths = Paths(l_in, LMAX)
    products = [twice(work) for work in edge_conv(l_in, where) if not work.kernels]
    recomputed = next(edge_conv(l_in, where))
    yield total(f"edge_conv, {where}, backward: products (library)", [*products, recomputed])
    for l1 in range(l_in + 1):
        made = EDGES * (2 * l1 + 1 + sum(paths.own(l1))) * CHANNELS * REAL
        sums = (NODES * (2 * l1 + 1) + STRUTS * sum(paths.own(l1))) * CHANNELS * REAL
        middle = NODES * own_middle(paths, l1) * REAL
        name = f"l1={l1} l_in={l_in} lmax={LMAX} channels={CHANNELS} fp32"
        yield Work(
            f"edge_conv, {where}, backward: senders' degree {l1}, with the sums by sender and strut",
            (f"edge_conv backward {name}", f"edge_conv forward {name}"),
            EDGES * CHANNELS,
            2 * (_inputs(paths, l1) + middle) + 2 * made + sums,
        )
