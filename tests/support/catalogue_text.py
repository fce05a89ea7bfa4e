"""Catalogue text for tests: small entries of our own, and an independent reader made of regular expressions."""

import re
from dataclasses import dataclass, field

import numpy as np

SEPARATOR = "----- lattice_transition -----"


@dataclass
class Entry:
    """Sections as they are written; None leaves one out. The default is a bcc-like cell with two nodes."""

    name: str | None = "bcc"
    base_name: str | None = "cub_Z08"
    level: str | None = "0.02"
    parameters: str | None = "1, 1, 1, 90, 90, 90"
    notation: str = " (Mandel)"
    compliances: dict[str, str] | None = None
    radii: dict[str, str] | None = None
    positions: list[str] | None = field(default_factory=lambda: ["0.9 0.9 0.9", "0 0 0", "0.5 0.5 0.5"])
    bars: list[str] | None = field(default_factory=lambda: ["1 2"])
    struts: list[str] | None = field(default_factory=lambda: ["1 2"] * 8)
    shifts: list[str] | None = field(default_factory=lambda: [f"-{i} -{j} -{k}" for i, j, k in np.ndindex(2, 2, 2)])

    def __str__(self) -> str:
        lines = [SEPARATOR]

        def add(head: str, content: list[str] | str | None) -> None:
            if content is not None:
                lines.extend([head, *([content] if isinstance(content, str) else content), ""])

        def table(name: str, notation: str, lists: dict[str, str] | None) -> None:
            if lists is not None:
                lines.append(f"{name}{notation} start")
                for density, values in lists.items():
                    lines.extend([f"-> at relative density {density}:", values])
                lines.extend([f"{name}{notation} end", ""])

        if self.name is not None:
            lines.extend([f"Name: {self.name}", ""])
        if self.base_name is not None:
            lines.append(f"Base name: {self.base_name}")
        if self.level is not None:
            lines.append(f"Imperfection level: {self.level}")
        lines.append("Nodal hash: -12")
        add("Normalized unit cell parameters (a,b,c,alpha,beta,gamma):", self.parameters)
        table("Compliance tensors", self.notation, self.compliances)
        table("Fundamental edge radii", "", self.radii)
        add("Nodal positions:", self.positions)
        add("Bar connectivities:", self.bars)
        add("Fundamental edge adjacency", self.struts)
        add("Fundamental tesselation vectors", self.shifts)
        return "\n".join(lines) + "\n"


def upper_triangle(matrix: np.ndarray) -> str:
    """21 numbers as the file holds them, exact."""
    return ",".join(map(repr, matrix[np.triu_indices(6)].tolist()))


def cell_matrix(a: float, b: float, c: float, alpha: float, beta: float, gamma: float) -> np.ndarray:
    """Lattice vectors as rows from the metric tensor: its Cholesky factor has a along x and b in the xy plane."""
    cosines = np.cos(np.radians([alpha, beta, gamma]))
    metric = np.array([[1, cosines[2], cosines[1]], [cosines[2], 1, cosines[0]], [cosines[1], cosines[0], 1]])
    lengths = np.array([a, b, c])
    return np.linalg.cholesky(metric * np.outer(lengths, lengths))


def _numbers(text: str, head: str) -> np.ndarray | None:
    found = re.search(head + r"[^\n]*\n((?:[-+\d.e ,]+\n)+)", text)
    return found and np.array([[float(x) for x in re.split(r"[ ,]+", row)] for row in found[1].strip().split("\n")])


def _table(text: str, head: str) -> dict[str, np.ndarray]:
    found = re.search(head + r"[^\n]*start.*?\n(.*?)" + head + r"[^\n]*end", text, re.DOTALL)
    pairs = re.findall(r"-> at relative density (\S+):\n(.*)\n", found[1]) if found else []
    return {key: np.array([float(x) for x in values.split(",")]) for key, values in pairs}


def parse(text: str) -> list[dict]:
    """What the entries of a well-formed file in the authors' layout say, section by section."""
    entries = []
    for part in text.split(SEPARATOR + "\n")[1:]:
        one = {key: re.search(rf"^{key}: (.*)$", part, re.MULTILINE) for key in ("Name", "Base name")}
        level = re.search(r"^Imperfection level: (.*)$", part, re.MULTILINE)
        entries.append(
            {
                "name": one["Name"][1],
                "base_name": one["Base name"][1],
                "level": float(level[1]),
                "cell": cell_matrix(*_numbers(part, "Normalized unit cell parameters")[0]),
                "compliances": _table(part, "Compliance tensors"),
                "radii": _table(part, "Fundamental edge radii"),
                "positions": _numbers(part, "Nodal positions"),
                "bars": _numbers(part, "Bar connectivities"),
                "struts": _numbers(part, "Fundamental edge adjacency"),
                "shifts": _numbers(part, "Fundamental tesselation vectors"),
            }
        )
    return entries
