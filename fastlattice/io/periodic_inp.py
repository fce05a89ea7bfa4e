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

from fastlattice._files import replacing
from fastlattice.errors import LatticeError
from fastlattice.io.inp import STUBS
from fastlattice.lattice.lattice import Lattice

Solver = Literal["calculix", "abaqus"]
_PIECES = 4  # elements a strut
# CalculiX bounds a round section by four parabolas through eight points of the circle, 1.2% too small an area.
_WIDENED = float(np.sqrt(np.pi / (2 + 8 / 3 * (np.sqrt(2) - 1))))
_ROOT = np.sqrt(0.5)
_MANDEL = np.zeros((6, 3, 3))  # basis of symmetric matrices
for _m, (_p, _q) in enumerate([(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]):
    _MANDEL[_m, _p, _q] = _MANDEL[_m, _q, _p] = 1 if _p == _q else _ROOT

_Term = tuple[int, int, float]  # node, direction, factor


class _Element(NamedTuple):
    name: str  # of its set
    chain: Sequence[int]  # three nodes
    radius: float
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

    CalculiX expands its beams to solids. For slender struts the stiffness that rests on stretching comes out within 1%;
    its round sections resist bending and twist about a tenth too much, and so does what rests on bending.

    Args:
        path: the file, .inp.
        lattice: one period.
        unit: of its lengths, for a comment.
        solver: "calculix" (quadratic beams B32R, sections by diameters, widened by 0.6% so that their area in CalculiX
            is the circle's, and a free stub at each node, without which CalculiX gives a node between collinear beams
            no rotations) or "abaqus" (B32, sections by radii).
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
        stream.writelines(f"{line}\n" for line in _Deck(lattice, solver).lines(unit, young_modulus, nu))


class _Deck:
    def __init__(self, lattice: Lattice, solver: Solver) -> None:
        self._lattice, self._solver = lattice, solver
        self._nodes: list[NDArray[np.float64]] = list(lattice.positions)  # number n is row n - 1
        self._images: dict[tuple[int, ...], int] = {}  # (node, shift) -> number
        self._elements: list[_Element] = []
        if not lattice.num_struts or not lattice.strut_lengths.min() > 0:
            raise LatticeError(f"lattice {lattice.name!r}: it has no struts, or one without length")
        for strut in range(lattice.num_struts):
            self._add_strut(strut)
        if solver == "calculix":
            self._add_stubs()
        self._strain = [self._add(np.zeros(3)), self._add(np.zeros(3))]

    def _add(self, place: NDArray[np.float64]) -> int:
        self._nodes.append(place)
        return len(self._nodes)

    def _add_strut(self, strut: int) -> None:
        lattice = self._lattice
        i, j = lattice.struts[strut].tolist()
        shift, vector = lattice.shifts[strut], lattice.strut_vectors[strut]
        end = j + 1
        if shift.any():
            key = (j, *shift.tolist())
            if key not in self._images:
                self._images[key] = self._add(lattice.positions[j] + shift @ lattice.cell)
            end = self._images[key]
        steps = 2 * _PIECES
        inner = [self._add(lattice.positions[i] + vector * k / steps) for k in range(1, steps)]
        chain = [i + 1, *inner, end]
        across = _across(vector)
        self._elements += [
            _Element(f"STRUT_{strut + 1}", chain[k : k + 3], lattice.radii[strut], across) for k in range(0, steps, 2)
        ]

    def _add_stubs(self) -> None:
        """A short beam across the strut at each of its ends that has none."""
        done: set[int] = set()
        for element in list(self._elements):
            vector = self._nodes[element.chain[2] - 1] - self._nodes[element.chain[0] - 1]
            for number in {element.chain[0], element.chain[2]} - done:
                if number > self._lattice.num_nodes and number not in self._images.values():
                    continue
                done.add(number)
                tip = [self._add(self._nodes[number - 1] + element.across * element.radius * k / 2) for k in (1, 2)]
                axis = vector / np.linalg.norm(vector)
                self._elements.append(_Element(f"{STUBS}_{number}", [number, *tip], element.radius, axis))

    def lines(self, unit: str, young_modulus: float, nu: float) -> Iterator[str]:
        """The file's lines."""
        lattice = self._lattice
        name = " ".join(lattice.name.encode("ascii", "replace").decode().split())[:60]
        yield f"*HEADING\nperiodic lattice {name}"
        yield f"** for {self._solver}; step k: unit mean stress in Mandel component k of 11, 22, 33, 23, 13, 12"
        yield "** the displacements of STRAIN are the six Mandel components of the macro-strain"
        if unit:
            yield f"** fastlattice unit {unit}"
        yield f"** fastlattice cell {' '.join(map(repr, lattice.cell.reshape(-1).tolist()))}"
        yield f"** fastlattice struts {2 * _PIECES * lattice.num_struts}"
        yield "*NODE, NSET=ALL"
        for number, place in enumerate(self._nodes, start=1):
            yield "{},{:.12g},{:.12g},{:.12g}".format(number, *place)  # CalculiX takes 20 characters a number
        yield f"*NSET, NSET=STRAIN\n{self._strain[0]},{self._strain[1]}"
        yield from self._element_lines()
        yield f"*MATERIAL, NAME=SOLID\n*ELASTIC\n{young_modulus:.12g},{nu:.12g}"
        yield from self._section_lines()
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
        kind = "B32R" if self._solver == "calculix" else "B32"
        last = ""
        for number, element in enumerate(self._elements, start=1):
            if element.name != last:
                yield f"*ELEMENT, TYPE={kind}, ELSET={element.name}"
            last = element.name
            yield f"{number},{','.join(map(str, element.chain))}"

    def _section_lines(self) -> Iterator[str]:
        for element in {element.name: element for element in self._elements}.values():
            yield f"** fastlattice radius {float(element.radius)!r}"
            yield f"*BEAM SECTION, ELSET={element.name}, MATERIAL=SOLID, SECTION=CIRC"
            diameter = f"{2 * _WIDENED * element.radius:.12g}"
            yield f"{diameter},{diameter}" if self._solver == "calculix" else f"{element.radius:.12g}"
            yield "{:.12g},{:.12g},{:.12g}".format(*element.across)

    def _periodic(self, node: int, image: int, shift: NDArray[np.float64]) -> Iterator[str]:
        """The image turns as the node does, and moves as it does plus macro-strain times shift."""
        moved = _MANDEL @ shift  # [6, 3]: by each macro-strain
        for d in range(3):
            terms = [(image, d + 1, 1.0), (node, d + 1, -1.0)]
            yield _equation(terms + [self._strained(m, moved[m, d]) for m in range(6) if abs(moved[m, d]) > 0])
        for d in (4, 5, 6):
            yield _equation([(image, d, 1.0), (node, d, -1.0)])

    def _strained(self, component: int, moved: float) -> _Term:
        return self._strain[component // 3], component % 3 + 1, -moved


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
