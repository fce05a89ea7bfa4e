"""Lattice graphs in nTopology's LTCX (NTLatticeGraph): XML, nodes with radii, beams between them.

The format's own schema and samples differ; both are read: `graph`/`nodegroup`/`beamgroup` with radius `r` or `rad`, and
`lattice`/`nodes`/`beams`. Faces are left out.
"""

from __future__ import annotations

import math
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import numpy as np

from fastlattice._files import replacing
from fastlattice.errors import FastlatticeError
from fastlattice.io.beams import Beams, number
from fastlattice.lattice.wireframe import Wireframe


def read_ltcx(path: str | Path) -> Wireframe:
    """Reads an LTCX file. A document type declaration, and so any entity, is refused.

    The radius of a strut is the mean of those at its nodes.

    Raises:
        CatalogueError: the file is malformed, with line and reason.
        OSError: the file cannot be opened.
    """
    return _Reader(path).read()


class _Reader:
    """Takes what expat calls; nodes and beams may come in any order."""

    def __init__(self, path: str | Path) -> None:
        self._beams = Beams(path)
        self._radii: dict[str, float] = {}
        self._struts: list[tuple[str, str, float | None, int]] = []
        self._faces = 0
        self._root = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._element

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def read(self) -> Wireframe:
        try:
            with Path(self._beams.path).open("rb") as stream:
                self._parser.ParseFile(stream)
        except expat.ExpatError as error:
            reason = f"not XML to its end: {expat.errors.messages[error.code]}"
            raise self._beams.fail(error.lineno, reason) from None
        except (LookupError, ValueError) as error:  # of Python's codecs, for the encoding that the file names
            if isinstance(error, FastlatticeError):
                raise
            raise self._beams.fail(self._line, f"not XML that can be read: {error}") from None
        for start, end, radius, line in self._struts:
            radii = self._radii.get(start, math.nan), self._radii.get(end, math.nan)
            self._beams.strut(start, end, radii if radius is None else radius, line)
        if self._faces:
            self._beams.notes.append(f"{self._faces} faces left out")
        return self._beams.wireframe()

    def _doctype(self, *_: object) -> None:
        raise self._beams.fail(self._line, "a document type declaration (<!DOCTYPE>) is not read")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if not self._root:
            if tag not in ("graph", "lattice"):
                raise self._beams.fail(self._line, f"an LTCX file holds a <graph>, not a <{tag}>")
            self._root = True
            self._beams.name = attributes.get("name", "")
            self._beams.unit = attributes.get("units", "")
            if "cell" in attributes:
                self._beams.set_cell([self._number(token) for token in attributes["cell"].split()], self._line)
        elif tag == "node":
            key = self._attribute(attributes, "node", "id")
            self._beams.node(key, [self._number(self._attribute(attributes, "node", c)) for c in "xyz"], self._line)
            radius = self._radius(attributes)
            if radius is not None:
                self._radii[key] = radius
        elif tag == "beam":
            start, end = (self._attribute(attributes, "beam", end) for end in ("n1", "n2"))
            self._struts.append((start, end, self._radius(attributes), self._line))
        elif tag == "face":
            self._faces += 1

    def _attribute(self, attributes: dict[str, str], tag: str, name: str) -> str:
        if name not in attributes:
            raise self._beams.fail(self._line, f"a <{tag}> has no {name}")
        return attributes[name]

    def _radius(self, attributes: dict[str, str]) -> float | None:
        for name in ("r", "rad"):
            if name in attributes:
                return self._number(attributes[name])
        return None

    def _number(self, token: str) -> float:
        return number(self._beams.path, self._line, token)


def write_ltcx(path: str | Path, wireframe: Wireframe) -> None:
    """Writes a wireframe as LTCX, numbers exact, the lattice vectors in the attribute `cell` of the graph.

    LTCX has radii at nodes: where struts of several radii meet there is one node for each radius, all in one place.

    Raises:
        OSError: the file cannot be written.
    """
    ends = wireframe.struts.reshape(-1)
    keys = np.stack([ends.astype(np.float64), wireframe.radii.repeat(2)], axis=1)
    kinds, node_of = np.unique(keys, axis=0, return_inverse=True)
    cell = "" if wireframe.cell is None else f' cell="{" ".join(map(repr, wireframe.cell.reshape(-1).tolist()))}"'
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
        stream.write(f'<graph id="1" name={quoteattr(wireframe.name)} units={quoteattr(wireframe.unit)}{cell}>\n')
        stream.write(' <nodegroup id="1">\n')
        for number_, (node, radius) in enumerate(kinds.tolist(), start=1):
            x, y, z = wireframe.nodes[int(node)].tolist()
            stream.write(f'  <node id="{number_}" x="{x!r}" y="{y!r}" z="{z!r}" r="{radius!r}"/>\n')
        stream.write(' </nodegroup>\n <beamgroup id="1">\n')
        for number_, (start, end) in enumerate((node_of.reshape(-1, 2) + 1).tolist(), start=1):
            stream.write(f'  <beam id="{number_}" n1="{start}" n2="{end}"/>\n')
        stream.write(" </beamgroup>\n</graph>\n")
