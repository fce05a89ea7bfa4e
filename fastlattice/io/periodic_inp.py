"""A periodic cell as an input file of CalculiX or Abaqus: beams, sections, periodicity, six loads, ready to run.

The image of a node in another cell follows the node and the macro-strain, whose six entries are the displacements of
two further nodes, the set STRAIN; forces there are mean stresses times the cell's volume. Each of six steps has one
unit mean stress (Mandel components 11, 22, 33, 23, 13, 12); the displacements of STRAIN that it prints are the
macro-strain, in the same order: a column of the compliance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastlattice._choices import KAPPA
from fastlattice._files import replacing
from fastlattice.elasticity.basis import PAIRS
from fastlattice.errors import LatticeError
from fastlattice.io.inp import TWINS
from fastlattice.lattice.lattice import Lattice

Solver = Literal["calculix", "abaqus"]
_PIECES = 4  # elements of Abaqus a strut
_HINGE = 1e-5  # length of the piece that shears, over the strut's
_RIGID = 1e9  # a shear factor with which CalculiX's U1 is Euler's beam
_ROOT = np.sqrt(0.5)
_MANDEL = np.zeros((6, 3, 3))  # basis of symmetric matrices
for _m, (_p, _q) in enumerate(PAIRS):
    _MANDEL[_m, _p, _q] = _MANDEL[_m, _q, _p] = 1 if _p == _q else _ROOT

_Term = tuple[int, int, float]  # node, direction, factor


class _Element(NamedTuple):
    name: str  # of its set
    nodes: Sequence[int]
    radius: float
    section: str  # the data line of its section
    across: NDArray[np.float64]  # direction 1 of the section


def write_periodic_inp(
    path: str | Path,
    lattice: Lattice,
    unit: str = "",
    solver: Solver = "calculix",
    young_modulus: float = 1.0,
    nu: float = 0.3,
) -> None:
    """Writes the model; see the module for what the solver prints.

    Args:
        path: the file, .inp.
        lattice: one period.
        unit: of its lengths, for a comment.
        solver: "calculix" or "abaqus" (B32, sections by radii). CalculiX's B31 and B32 become solids, whose round
            sections bend a tenth too stiffly. Its beam U1 errs in how it shears and how it bends along direction 2 of
            its section. So a strut is U1 without shear and, in its middle, a short piece that does not turn and gives
            way sideways as the strut shears; and each is two U1 in one place, each of half the area, the one bending
            along one direction, the other along the other: a Timoshenko beam as `homogenise` has it.
        young_modulus, nu: of the solid; the stiffness comes in units of the modulus.

    Raises:
        LatticeError: the solver is neither, a modulus makes no sense, or a strut has no length, or there is none.
        OSError: the file cannot be written.
    """
    if solver not in ("calculix", "abaqus"):
        raise LatticeError(f'the solver must be "calculix" or "abaqus", not {solver!r}')
    if not (young_modulus > 0 and np.isfinite(young_modulus) and -1 < nu < 0.5):
        raise LatticeError(f"not a solid: Young's modulus {young_modulus}, Poisson's ratio {nu}")
    with replacing(path) as temporary, temporary.open("w", encoding="ascii") as stream:
        deck = {"calculix": _CalculiX, "abaqus": _Abaqus}[solver](lattice, nu)
        stream.writelines(f"{line}\n" for line in deck.lines(unit, young_modulus))


class _Deck:
    """What both solvers take; a subclass has its beams."""

    solver: Solver
    pieces: int  # beams a strut, as a reader counts them
    header = ""  # before the elements
    kind: str
    shape: str

    def __init__(self, lattice: Lattice, nu: float) -> None:
        self._lattice, self._nu = lattice, nu
        self._nodes: list[NDArray[np.float64]] = list(lattice.positions)  # number n is row n - 1
        self._images: dict[tuple[int, ...], int] = {}  # (node, shift) -> number
        self._elements: list[_Element] = []
        if not lattice.num_struts or not lattice.strut_lengths.min() > 0:
            raise LatticeError(f"lattice {lattice.name!r}: it has no struts, or one without length")
        for strut in range(lattice.num_struts):
            self._elements += self._beams(strut)
        self._strain = [self._add(np.zeros(3)), self._add(np.zeros(3))]

    def _beams(self, strut: int) -> list[_Element]:
        raise NotImplementedError

    def _add(self, place: NDArray[np.float64]) -> int:
        self._nodes.append(place)
        return len(self._nodes)

    def _chain(self, strut: int, inner: Sequence[float]) -> list[int]:
        """The nodes of a strut: its ends, and between them new ones at these fractions of its length."""
        lattice = self._lattice
        i, j = lattice.struts[strut].tolist()
        shift, vector = lattice.shifts[strut], lattice.strut_vectors[strut]
        end = j + 1
        if shift.any():
            key = (j, *shift.tolist())
            if key not in self._images:
                self._images[key] = self._add(lattice.positions[j] + shift @ lattice.cell)
            end = self._images[key]
        return [i + 1, *(self._add(lattice.positions[i] + vector * f) for f in inner), end]

    def lines(self, unit: str, young_modulus: float) -> Iterator[str]:
        """The file's lines."""
        lattice = self._lattice
        name = " ".join(lattice.name.encode("ascii", "replace").decode().split())[:60]
        yield f"*HEADING\nperiodic lattice {name}"
        yield f"** for {self.solver}; step k: unit mean stress in Mandel component k of 11, 22, 33, 23, 13, 12"
        yield "** the displacements of STRAIN are the six Mandel components of the macro-strain"
        if unit:
            yield f"** fastlattice unit {unit}"
        yield f"** fastlattice cell {' '.join(map(repr, lattice.cell.reshape(-1).tolist()))}"
        yield f"** fastlattice struts {self.pieces * lattice.num_struts}"
        yield "*NODE, NSET=ALL"
        for number, place in enumerate(self._nodes, start=1):
            yield "{},{:.12g},{:.12g},{:.12g}".format(number, *place)  # CalculiX takes 20 characters a number
        yield f"*NSET, NSET=STRAIN\n{self._strain[0]},{self._strain[1]}"
        yield from self._element_lines()
        yield f"*MATERIAL, NAME=SOLID\n*ELASTIC\n{young_modulus:.12g},{self._nu:.12g}"
        yield from self._section_lines()
        yield from self._tie_lines()
        for (node, *shift), image in self._images.items():
            yield from self._periodic(node + 1, image, np.array(shift) @ lattice.cell)
        for m in range(6):
            yield "*STEP\n*STATIC"
            if m == 0:
                yield "*BOUNDARY"
                yield from (f"{node + 1},1,3,0." for node in _one_of_each_piece(lattice))
            yield f"*CLOAD, OP=NEW\n{self._strain[m // 3]},{m % 3 + 1},{lattice.volume:.12g}"
            yield "*NODE PRINT, NSET=STRAIN\nU\n*END STEP"

    def _element_lines(self) -> Iterator[str]:
        if self.header:
            yield self.header
        last = ""
        for number, element in enumerate(self._elements, start=1):
            if element.name != last:
                yield f"*ELEMENT, TYPE={self.kind}, ELSET={element.name}"
            last = element.name
            yield f"{number},{','.join(map(str, element.nodes))}"

    def _section_lines(self) -> Iterator[str]:
        for element in {element.name: element for element in self._elements}.values():
            yield f"** fastlattice radius {float(element.radius)!r}"
            yield f"*BEAM SECTION, ELSET={element.name}, MATERIAL=SOLID, SECTION={self.shape}"
            yield element.section
            yield "{:.12g},{:.12g},{:.12g}".format(*element.across)

    def _tie_lines(self) -> Iterator[str]:
        yield from ()

    def _periodic(self, node: int, image: int, shift: NDArray[np.float64]) -> Iterator[str]:
        """The image turns as the node does, and moves as it does plus macro-strain times shift."""
        moved = _MANDEL @ shift  # [6, 3]: by each macro-strain
        for d in range(3):
            terms = [(image, d + 1, 1.0), (node, d + 1, -1.0)]
            yield _equation(terms + [self._strained(m, moved[m, d]) for m in range(6) if abs(moved[m, d]) > 0])
        yield from _turns_with(image, node)

    def _strained(self, component: int, moved: float) -> _Term:
        return self._strain[component // 3], component % 3 + 1, -moved


class _Abaqus(_Deck):
    solver, kind, shape = "abaqus", "B32", "CIRC"
    pieces = 2 * _PIECES  # a beam with a node in its middle reads as two

    def _beams(self, strut: int) -> list[_Element]:
        radius, across = float(self._lattice.radii[strut]), _across(self._lattice.strut_vectors[strut])
        chain = self._chain(strut, [k / self.pieces for k in range(1, self.pieces)])
        name, section = f"STRUT_{strut + 1}", f"{radius:.12g}"
        return [_Element(name, chain[k : k + 3], radius, section, across) for k in range(0, self.pieces, 2)]


class _CalculiX(_Deck):
    solver, kind, shape = "calculix", "U1", "GENERAL"
    header = "*USER ELEMENT, TYPE=U1, NODES=2, INTEGRATION POINTS=2, MAXDOF=6"
    pieces = 3

    def _beams(self, strut: int) -> list[_Element]:
        radius, length = float(self._lattice.radii[strut]), float(self._lattice.strut_lengths[strut])
        vector = self._lattice.strut_vectors[strut]
        start, first, second, end = self._chain(strut, [0.5 - _HINGE / 2, 0.5 + _HINGE / 2])
        area, inertia = np.pi * radius**2, np.pi / 4 * radius**4
        # Held from turning, the middle gives way by 12 E I / (hinge L)^3, and the strut shears by kappa G A / L.
        shearing = KAPPA * area / (2 * (1 + self._nu)) * _HINGE**3 * length**2 / 12
        bending = _general(area / 2, inertia * (1 - _HINGE))  # over the length that is left
        hinge = _general(area / 2, shearing)
        found = []
        across = _across(vector)
        for prefix, direction in (("", across), (f"{TWINS}_", np.cross(vector / length, across))):
            found += [
                _Element(f"{prefix}STRUT_{strut + 1}", (start, first), radius, bending, direction),
                _Element(f"{prefix}STRUT_{strut + 1}", (second, end), radius, bending, direction),
                _Element(f"{prefix}SHEAR_{strut + 1}", (first, second), radius, hinge, direction),
            ]
        return found

    def _tie_lines(self) -> Iterator[str]:
        for element in self._elements:
            if element.name.startswith("SHEAR"):
                yield from _turns_with(element.nodes[1], element.nodes[0])


def _general(area: float, inertia: float) -> str:
    return f"{area:.12g},{inertia:.12g},0.,0.,{_RIGID:g}"


def _turns_with(follower: int, node: int) -> Iterator[str]:
    for d in (4, 5, 6):
        yield _equation([(follower, d, 1.0), (node, d, -1.0)])


def _equation(terms: Sequence[_Term]) -> str:
    """The terms sum to zero; four a line."""
    texts = [f"{node},{direction},{factor:.12g}" for node, direction, factor in terms]
    return "\n".join(["*EQUATION", str(len(terms)), *(",".join(texts[k : k + 4]) for k in range(0, len(texts), 4))])


def _across(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """A unit vector at right angles."""
    across = np.cross(np.eye(3)[np.argmin(np.abs(direction))], direction)
    return across / np.linalg.norm(across)


def _one_of_each_piece(lattice: Lattice) -> list[int]:
    """A node of each connected piece: each may move as a whole on its own."""
    piece = np.arange(lattice.num_nodes)
    while True:
        lowest = piece.copy()
        np.minimum.at(lowest, lattice.struts, piece[lattice.struts].min(axis=1, keepdims=True))
        if np.array_equal(lowest, piece):
            used = np.unique(lattice.struts)
            return np.unique(piece[used]).tolist()
        piece = lowest
