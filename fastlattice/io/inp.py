"""Beams in the input files of Abaqus and CalculiX (.inp): nodes, elements, circular sections, parts and instances.

Element types B31, B32, B33 and T3D2 with their variants are read, and CalculiX's U1. A section with one number is
Abaqus's (a radius), one with two is CalculiX's (two diameters); one of an area and moments (GENERAL) is read where they
are a circle's. Files are not followed: *INCLUDE and INPUT= are refused, and so is what makes nodes or elements from
others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastlattice.io.beams import Beams, lines_of, number
from fastlattice.lattice.wireframe import Wireframe

_ELEMENT = re.compile(r"(B3[123]|T3D[23])(H|R|OS|OSH|T|RT)?|U1")
_MADE = ("NGEN", "NFILL", "NCOPY", "NMAP", "ELGEN", "ELCOPY", "SYSTEM", "INCLUDE", "PARAMETER", "MANIFEST")
_CLOSED = {"PART": "END PART", "INSTANCE": "END INSTANCE", "ASSEMBLY": "END ASSEMBLY", "STEP": "END STEP"}
_RADIUS = "** RADIUS"
TWINS = "FL_TWIN"
"""Elements in sets whose names begin so (CalculiX keeps twenty characters) lie where others do: no further struts."""


class _Card(NamedTuple):
    """A keyword line and its data lines: (number, fields)."""

    line: int
    name: str
    options: dict[str, str]
    data: list[tuple[int, list[str]]]


class _Section(NamedTuple):
    elements: str
    radius: float
    line: int


@dataclass
class _Part:
    """What lies between *PART and *END PART, or, of a file without parts, all."""

    nodes: dict[int, tuple[list[float], int]] = field(default_factory=dict)
    elements: dict[int, tuple[list[int], int]] = field(default_factory=dict)
    sets: dict[str, list[int | str | range]] = field(default_factory=dict)
    sections: list[_Section] = field(default_factory=list)
    others: int = 0

    def members(self, name: str, seen: tuple[str, ...] = ()) -> set[int]:
        """The elements of a set, of sets in it too."""
        found: set[int] = set()
        for item in self.sets.get(name, []):
            if isinstance(item, range):
                found |= {element for element in self.elements if element in item}
            elif isinstance(item, int):
                found.add(item)
            elif item not in seen:
                found |= self.members(item, (*seen, item))
        return found


class _Instance(NamedTuple):
    part: _Part
    rotation: NDArray[np.float64]
    shift: NDArray[np.float64]


def read_inp(path: str | Path) -> Wireframe:
    """Reads the beams of an input file, of all its instances where it has parts.

    The middle nodes of quadratic beams become nodes. Other elements are left out, with a note. A unit and the lattice
    vectors are in the file only where `fastlattice.write` put them, in comments.

    Raises:
        CatalogueError: the file is malformed, incomplete, or holds what is not read, with line and reason.
        OSError: the file cannot be opened.
    """
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: str | Path) -> None:
        self._beams = Beams(path)
        self._path = str(path)
        self._parts: dict[str, _Part] = {}
        self._instances: list[_Instance] = []
        self._flat, self._assembly = _Part(), _Part()
        self._part = self._flat  # that cards belong to
        self._open: list[tuple[str, int]] = []
        self._radius = ""  # of the next section, where a comment of `write` says it

    def read(self) -> Wireframe:
        for card in self._cards():
            self._take(card)
        if self._open:
            name, line = self._open[-1]
            raise self._beams.fail(line, f"*{name} has no *{_CLOSED[name]}: the file may have been cut short")
        if self._assembly.elements or (self._parts and self._flat.elements):
            raise self._beams.fail(None, "beams outside of the parts are not read: put them into a part")
        if not self._instances:
            if self._parts:
                raise self._beams.fail(None, "there are parts, but no *INSTANCE places one")
            self._instances.append(_Instance(self._flat, np.eye(3), np.zeros(3)))
        for index, instance in enumerate(self._instances):
            self._place(index, instance)
        return self._beams.wireframe()

    def _cards(self) -> Iterator[_Card]:
        card: _Card | None = None
        goes_on = False
        for line, text in lines_of(self._path):
            text = text.strip()
            if text.startswith("**"):
                self._remark(line, text[2:].split())
            elif text.startswith("*") or (goes_on and card and not card.data):
                words = text[1:] if text.startswith("*") else text
                if text.startswith("*"):
                    if card:
                        yield card
                    name, _, words = words.partition(",")
                    card = _Card(line, " ".join(name.upper().split()), {}, [])
                    if self._radius:
                        card.options[_RADIUS], self._radius = self._radius, ""
                assert card is not None
                for word in filter(None, map(str.strip, words.split(","))):
                    key, _, value = word.partition("=")
                    card.options["".join(key.upper().split())] = value.strip().strip('"')
                goes_on = text.endswith(",")
            elif text:
                if card is None:
                    raise self._beams.fail(line, "data before the first keyword")
                goes_on = False
                card.data.append((line, [word.strip() for word in text.split(",")]))
        if card:
            yield card

    def _remark(self, line: int, words: list[str]) -> None:
        """Takes what `write` put into a comment."""
        if words[:2] == ["fastlattice", "radius"] and len(words) == 3:
            self._radius = words[2]
        elif words[:1] == ["fastlattice"]:
            self._beams.remark(line, words[1:])

    def _take(self, card: _Card) -> None:
        name = card.name
        if name in _MADE or "INPUT" in card.options:
            what = f"*{name}" if name in _MADE else f"*{name}, INPUT="
            raise self._beams.fail(card.line, f"{what} is not read: give all nodes and elements in one file")
        if name in _CLOSED:
            self._open.append((name, card.line))
        elif name in _CLOSED.values() and (not self._open or _CLOSED[self._open.pop()[0]] != name):
            raise self._beams.fail(card.line, f"*{name} has no beginning")
        if name == "PART":
            self._part = self._parts.setdefault(self._option(card, "NAME"), _Part())
        elif name == "ASSEMBLY":
            self._part = self._assembly  # its nodes are reference points
        elif name == "INSTANCE":
            self._instances.append(self._instance(card))
        elif name in ("END PART", "END ASSEMBLY"):
            self._part = self._flat
        elif name in ("NODE", "ELEMENT", "ELSET", "BEAM SECTION", "BEAM GENERAL SECTION", "SOLID SECTION"):
            inside = self._open[-1][0] if self._open else ""
            if inside == "INSTANCE":
                raise self._beams.fail(card.line, f"*{name} inside an *INSTANCE is not read: put it into the part")
            {"NODE": self._nodes, "ELEMENT": self._elements, "ELSET": self._elset}.get(name, self._section)(card)

    def _instance(self, card: _Card) -> _Instance:
        part = self._parts.get(self._option(card, "PART"))
        if part is None:
            raise self._beams.fail(card.line, f"there is no part {card.options['PART']!r}, which the *INSTANCE names")
        rotation, shift = np.eye(3), np.zeros(3)
        for row, (line, fields) in enumerate(card.data[:2]):
            values = np.array([self._number(line, word) for word in fields if word])
            if len(values) != (3, 7)[row]:
                raise self._beams.fail(line, f"expected {('a shift x, y, z', 'two points and an angle')[row]}")
            if row == 0:
                shift = values
            else:  # about the axis through two points, after the shift
                rotation = _rotation(values[3:6] - values[:3], values[6])
                shift = rotation @ (shift - values[:3]) + values[:3]
        if not np.isfinite(rotation).all():
            raise self._beams.fail(card.line, "the axis of the rotation has no length")
        return _Instance(part, rotation, shift)

    def _nodes(self, card: _Card) -> None:
        if card.options.get("SYSTEM", "R").upper() != "R":
            raise self._beams.fail(card.line, "*NODE, SYSTEM= is not read: only Cartesian coordinates are")
        for line, fields in card.data:
            if len(fields) < 4:
                raise self._beams.fail(line, "a node has a number and x, y, z")
            place = [self._number(line, word, "a coordinate") for word in fields[1:4]]
            key = self._whole(line, fields[0])
            if self._part.nodes.setdefault(key, (place, line))[1] != line:
                raise self._beams.fail(line, f"node {key} is given twice")

    def _elements(self, card: _Card) -> None:
        kind = self._option(card, "TYPE")
        chosen = self._part.sets.setdefault(card.options.get("ELSET", "").upper(), [])
        if not _ELEMENT.fullmatch(kind):
            self._part.others += len(card.data)
            return
        size = 3 if kind[:3] == "B32" or kind[:4] == "T3D3" else 2
        numbers: list[int] = []
        for line, fields in card.data:  # an element may go on in the next line
            numbers += [self._whole(line, word) for word in fields if word]
            if len(numbers) == size + 1 or (len(numbers) == size + 2 and kind[0] == "B"):  # a node of orientation
                if self._part.elements.setdefault(numbers[0], (numbers[1 : size + 1], line))[1] != line:
                    raise self._beams.fail(line, f"element {numbers[0]} is given twice")
                chosen.append(numbers[0])
                numbers = []
            elif len(numbers) > size or fields[-1]:
                raise self._beams.fail(line, f"an element {kind} has {size} nodes")
        if numbers:
            raise self._beams.fail(card.data[-1][0], f"an element {kind} has {size} nodes")

    def _elset(self, card: _Card) -> None:
        chosen = self._part.sets.setdefault(self._option(card, "ELSET"), [])
        for line, fields in card.data:
            words = [word for word in fields if word]
            if "GENERATE" in card.options:
                ends = [self._whole(line, word) for word in words]
                if len(ends) not in (2, 3) or ends[-1] == 0:
                    raise self._beams.fail(line, "GENERATE takes the first and the last number, and a step")
                chosen.append(range(ends[0], ends[1] + 1, ends[2] if len(ends) == 3 else 1))
            else:
                chosen += [int(word) if word.isdecimal() and len(word) < 19 else word.upper() for word in words]

    def _section(self, card: _Card) -> None:
        line, fields = card.data[0] if card.data else (card.line, [])
        values = [self._number(line, word) for word in fields if word]
        shape = card.options.get("SECTION", "").upper()
        if _RADIUS in card.options:
            radius = self._number(card.line, card.options[_RADIUS])
        elif card.name == "SOLID SECTION":  # of a truss: its area
            radius = math.sqrt(values[0] / math.pi) if values and values[0] > 0 else math.nan
        elif shape == "GENERAL" and len(values) >= 4 and _is_round(*values[:4]):
            radius = math.sqrt(values[0] / math.pi)
        elif shape != "CIRC":
            raise self._beams.fail(card.line, f"SECTION={shape or '?'} is not read: only round struts (CIRC) are")
        elif len(values) == 2 and values[0] == values[1]:
            radius = values[0] / 2
        elif len(values) == 1:
            radius = values[0]
        else:
            reason = "a round section has a radius (Abaqus) or two equal diameters (CalculiX)"
            raise self._beams.fail(line, reason)
        if not math.isnan(radius) and not radius > 0:
            raise self._beams.fail(line, f"a radius must be positive, not {radius:g}")
        self._part.sections.append(_Section(self._option(card, "ELSET"), radius, card.line))

    def _place(self, index: int, instance: _Instance) -> None:
        """Gives the beams of one instance to the wireframe."""
        part, radii = instance.part, dict[int, float]()
        for section in part.sections:
            if section.elements not in part.sets:
                raise self._beams.fail(section.line, f"there is no set {section.elements!r}, which the section names")
            radii.update(dict.fromkeys(part.members(section.elements), section.radius))
        twins = {e for name in part.sets if name.startswith(TWINS) for e in part.members(name)}
        kept = {element: found for element, found in part.elements.items() if element not in twins}
        for key in sorted({node for chain, _ in kept.values() for node in chain} & part.nodes.keys()):
            place, line = part.nodes[key]
            self._beams.node((index, key), (instance.rotation @ np.array(place) + instance.shift).tolist(), line)
        for element, (chain, line) in kept.items():
            for start, end in pairwise(chain):
                self._beams.strut((index, start), (index, end), radii.get(element, math.nan), line)
        if part.others:
            self._beams.notes.append(f"{part.others} lines of elements that are not beams left out")

    def _option(self, card: _Card, name: str) -> str:
        value = card.options.get(name, "").upper()
        if not value:
            raise self._beams.fail(card.line, f"*{card.name} has no {name}=")
        return value

    def _number(self, line: int, word: str, what: str = "a number") -> float:
        return number(self._path, line, word.upper().replace("D", "E"), what)

    def _whole(self, line: int, word: str) -> int:
        if not (word.isdecimal() and word.isascii() and len(word) < 19):
            raise self._beams.fail(line, f"{word[:40]!r} is not a whole number")
        return int(word)


def _is_round(area: float, first: float, product: float, second: float) -> bool:
    """Whether the moments of inertia are those of a circle of this area."""
    inertia = area**2 / (4 * math.pi)
    return area > 0 and max(abs(first - inertia), abs(product), abs(second - inertia)) < 1e-3 * inertia


def _rotation(axis: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """The matrix that turns about an axis (Rodrigues)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = math.radians(degrees)
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross
