"""Identity classes: lattices whose nets are isomorphic are of one class, under whatever names and on whatever cells.

A class is called by the shortest RCSR symbol of its nets ("sod" for sod, sod-b and the built-in cell kelvin), else by
the built-in cell's name, else by its fingerprint. Nets that are in neither table are told apart by their fingerprints
alone, which coordination sequences to the sixth shell make.
"""

from __future__ import annotations

from functools import cache

from fastlattice.errors import LatticeError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.identity import Net, are_isomorphic, fingerprint, nets_of
from fastlattice.lattice.lattice import Lattice
from fastlattice.lattice.strings import StringColumn
from fastlattice.topologies.cells import unit_cell, unit_cell_names
from fastlattice.topologies.nets import rcsr_fingerprint, rcsr_names, rcsr_net

Nets = list[tuple[Net, int]]
"""What `nets_of` makes of a lattice: its connected nets on primitive cells, and how many of each there are."""


@cache
def class_of_name(name: str) -> str:
    """The class of an RCSR net or of a built-in cell.

    Raises:
        LatticeError: there is no net or cell of this name.
    """
    wanted = fingerprint(_nets_of_name(name)) if name in unit_cell_names() else rcsr_fingerprint(name)
    for members in _classes(wanted):
        if name in members:
            return members[0]
    raise AssertionError(name)


def class_of(nets: Nets) -> str:
    """The class of a lattice that consists of these nets."""
    wanted = fingerprint(nets)
    for members in _classes(wanted):
        if are_isomorphic(nets, _nets_of_name(members[0])):
            return members[0]
    return wanted


def net_classes(batch: LatticeBatch) -> StringColumn:
    """The class of each lattice of a batch, whatever its geometry, cell and radii; "" for what is no net.

    Realisations of one base cost next to nothing: nets are looked at once for each set of struts and shifts.
    """
    return StringColumn.from_strings("" if nets is None else class_of(nets) for nets in nets_of_batch(batch))


def nets_of_batch(batch: LatticeBatch) -> list[Nets | None]:
    """The nets of each lattice; None where a piece of it is not periodic in three directions."""
    found: dict[bytes, Nets | None] = {}
    return [_nets_once(batch[row], found) for row in range(len(batch))]


def _nets_once(lattice: Lattice, found: dict[bytes, Nets | None]) -> Nets | None:
    key = lattice.num_nodes.to_bytes(8, "little") + lattice.struts.tobytes() + lattice.shifts.tobytes()
    if key not in found:
        try:
            found[key] = nets_of(lattice)
        except LatticeError:
            found[key] = None
    return found[key]


@cache
def _names_by_fingerprint() -> dict[str, tuple[str, ...]]:
    """RCSR symbols, the shortest first, then built-in cells."""
    names: dict[str, list[str]] = {}
    for name in sorted(rcsr_names(), key=lambda symbol: (len(symbol), symbol)):
        names.setdefault(rcsr_fingerprint(name), []).append(name)
    for name in unit_cell_names():
        names.setdefault(fingerprint(_nets_of_name(name)), []).append(name)
    return {key: tuple(each) for key, each in names.items()}


@cache
def _classes(wanted: str) -> tuple[tuple[str, ...], ...]:
    """Names of the nets in the tables with a fingerprint, class by class."""
    classes: list[list[str]] = []
    names = _names_by_fingerprint().get(wanted, ())
    for name in names:
        for members in classes:
            if are_isomorphic(_nets_of_name(members[0]), _nets_of_name(name)):
                members.append(name)
                break
        else:
            classes.append([name])
    return tuple(map(tuple, classes))


@cache
def _nets_of_name(name: str) -> Nets:
    return nets_of(unit_cell(name) if name in unit_cell_names() else rcsr_net(name))
