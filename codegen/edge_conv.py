"""Generates the channelwise tensor product of edge_conv, forward and backward: csrc/ops/edge_conv/generated.

The paths (l1, l2, l3) are grouped by the degree l1 of the sender, for each of which four programs are made. With h the
sender's features of degree l1, y the harmonics of the edge, w the weight of each path, m the message and C the
Clebsch-Gordan coefficients, for all paths of the group:

    couple      d[path]_Mi = sum_j C_ijM y[l2]_j           for a tile of edges at once: one vector of edges per number
    convolve    m[path]_M += w[path] (sum_i d[path]_Mi h_i)                for one edge; vectors of channels, as below
    gradient    from n = d/dm to u[path]_i = sum_M d[path]_Mi n[path]_M:
                dw[path] += sum_i h_i u[path]_i,   dh_i += sum over paths of w[path] u[path]_i
    harmonics   dy[l2]_j += sum_iM C_ijM (w[path] h_i n[path]_M), one vector, whose lanes are still to be summed

Rows of m stand by l3, then by M, then by path, so that what the linear map sums over is contiguous. d is read from a
tile of edges, so that its numbers stand a vector apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import torch

from codegen.program import Constants, Program
from fastlattice.ops import constants as tables

OUTPUT = Path(__file__).resolve().parents[1] / "csrc" / "ops" / "edge_conv" / "generated"


class PackProgram(Program):
    """A program on packs of U vectors of channels (rows of arrays) and on single vectors."""

    def load_single(self, array: str, row: int) -> str:
        """Row of an array of single vectors."""
        return self._assign(f"SINGLE_LOAD({array},{row})")

    def store_single(self, array: str, row: int, value: str) -> None:
        """Writes a row of an array of single vectors."""
        self._lines.append(f"SINGLE_STORE({array},{row},{value});")

    def dot(self, x: str, y: str) -> str:
        """The single vector that the U products of two packs sum to."""
        return self._operate(f"DOT({x},{y})")

    def function(self, name: str, reads: Sequence[str], writes: Sequence[str]) -> str:
        """The function template `name<T, U>`."""
        return super().function(name, reads, writes).replace("template <class T>", "template <class T, int U>", 1)


class Group:
    """The programs of the paths that start at one degree l1 of the senders.

    Attributes:
        paths: (l2, l3) in the order of the weights, by l3, then by l2.
        rows: number of rows of the messages.
        products: how many numbers d has for an edge.
    """

    def __init__(self, l1: int, lmax: int, constants: Constants) -> None:
        self.l1, self.constants = l1, constants
        self.paths = [(l2, l3) for a, l2, l3 in tables.edge_paths(lmax, lmax) if a == l1]
        self.fan = [sum(path[1] == l3 for path in self.paths) for l3 in range(lmax + 1)]
        # The row of component M of each path is start + M * step.
        self.start, self.step, row = [], [], 0
        for l3, fan in enumerate(self.fan):
            self.start += range(row, row + fan)
            self.step += [fan] * fan
            row += fan * (2 * l3 + 1)
        self.rows = row
        self.number: dict[tuple[int, int, int], int] = {}
        for n in range(len(self.paths)):
            for M, i in self.entries(n):
                self.number[n, M, i] = len(self.number)
        self.products = len(self.number)

    def coefficients(self, n: int) -> torch.Tensor:
        """[i, j, M] of path n."""
        return tables.clebsch_gordan(self.l1, *self.paths[n])

    def entries(self, n: int) -> list[tuple[int, int]]:
        """(M, i) between which path n couples at all."""
        M, i = range(2 * self.paths[n][1] + 1), range(2 * self.l1 + 1)
        return [(m, a) for m, a in product(M, i) if bool(self.coefficients(n)[a, :, m].any())]

    def row(self, n: int, M: int) -> int:
        """Row of component M of path n."""
        return self.start[n] + M * self.step[n]

    def couple(self) -> PackProgram:
        """From y to d."""
        p = PackProgram(self.constants)
        for n, (l2, l3) in enumerate(self.paths):
            p.comment(f"({self.l1}, {l2}, {l3})")
            y = [p.load_single("y", j) for j in range(l2 * l2, (l2 + 1) ** 2)]
            for M, i in self.entries(n):
                total = None
                for j, c in enumerate(self.coefficients(n)[i, :, M].tolist()):
                    if c:
                        total = p.fma(c, y[j], total)
                p.store_single("d", self.number[n, M, i], total or "")
            p.barrier()
        return p

    def convolve(self) -> PackProgram:
        """From h, d and w, added to m."""
        p = PackProgram(self.constants)
        h = [p.load("h", i) for i in range(2 * self.l1 + 1)]
        for n, (l2, l3) in enumerate(self.paths):
            p.comment(f"({self.l1}, {l2}, {l3})")
            w = p.load("w", n)
            weighted = [p.multiply(w, x) for x in h] if self.l1 < l3 else None
            for M in range(2 * l3 + 1):
                row = p.load("m", self.row(n, M))
                total = row if weighted else None
                for i, x in enumerate(weighted or h):
                    if (n, M, i) in self.number:
                        total = p.fma(p.scalar("d", self.number[n, M, i]), x, total)
                p.store("m", self.row(n, M), (total if weighted else p.fma(w, total or "", row)) or "")
        return p

    def gradient(self) -> PackProgram:
        """From h, d, w and n, added to dh and dw."""
        p = PackProgram(self.constants)
        components = range(2 * self.l1 + 1)
        for n, (l2, l3) in enumerate(self.paths):
            p.comment(f"({self.l1}, {l2}, {l3})")
            u: dict[int, str] = {}
            for M in range(2 * l3 + 1):
                gradient = p.load("n", self.row(n, M))
                for i in components:
                    if (n, M, i) in self.number:
                        u[i] = p.fma(p.scalar("d", self.number[n, M, i]), gradient, u.get(i))
            w, dw = p.load("w", n), p.load("dw", n)
            for i in sorted(u):
                dw = p.fma(p.load("h", i), u[i], dw)
                p.store("dh", i, p.fma(w, u[i], p.load("dh", i)))
            p.store("dw", n, dw)
            p.barrier()
        return p

    def harmonics(self) -> PackProgram:
        """From h, w and n, added to dy."""
        p = PackProgram(self.constants)
        for n, (l2, l3) in enumerate(self.paths):
            p.comment(f"({self.l1}, {l2}, {l3})")
            w = p.load("w", n)
            weighted = [p.multiply(w, p.load("h", i)) for i in range(2 * self.l1 + 1)]
            dy = [p.load_single("dy", j) for j in range(l2 * l2, (l2 + 1) ** 2)]
            for M in range(2 * l3 + 1):
                gradient = p.load("n", self.row(n, M))
                for i, x in enumerate(weighted):
                    if (n, M, i) in self.number:
                        dot = p.dot(gradient, x)
                        for j, c in enumerate(self.coefficients(n)[i, :, M].tolist()):
                            if c:
                                dy[j] = p.fma(c, dot, dy[j])
            for j, value in enumerate(dy):
                p.store_single("dy", l2 * l2 + j, value)
            p.barrier()
        return p

    def functions(self) -> str:
        """The four functions."""
        l1 = self.l1
        return "\n".join(
            [
                self.couple().function(f"couple_{l1}", ["y"], ["d"]),
                self.convolve().function(f"convolve_{l1}", ["h", "d", "w"], ["m"]),
                self.gradient().function(f"gradient_{l1}", ["h", "d", "w", "n"], ["dh", "dw"]),
                self.harmonics().function(f"harmonics_{l1}", ["h", "w", "n"], ["dy"]),
            ]
        )

    def entry(self) -> str:
        """The row of the table of groups."""
        l1, numbers = self.l1, f"{len(self.paths)}, {self.rows}, {self.products}"
        fan = ", ".join(map(str, self.fan))
        names = ", ".join(f"{name}_{l1}<T, U>" for name in ("couple", "convolve", "gradient", "harmonics"))
        return f"    {{{l1}, {numbers}, {{{fan}}},\n     {names}}},\n"


def source(lmax: int) -> str:
    """The file of one lmax."""
    constants = Constants()
    groups = [Group(l1, lmax, constants) for l1 in range(lmax + 1)]
    functions = "\n".join(group.functions() for group in groups)  # collects the constants
    rows = "".join(group.entry() for group in groups)
    return (
        f"// Written by codegen/edge_conv.py; not to be edited. lmax {lmax}.\n"
        '#include "ops/edge_conv/edge_conv_kernels.h"\n\n'
        f"namespace fl::edge_conv {{\nnamespace {{\n\n{constants.text()}\n{functions}\n"
        f"template <class T, int U>\nconstexpr Group<T> groups[] = {{\n{rows}}};\n\n}}  // namespace\n\n"
        f"template <class T>\nconst Group<T>* groups_lmax{lmax}(int vectors) {{\n"
        "  return vectors == 1 ? groups<T, 1> : groups<T, widest_pack>;\n}\n"
        f"template const Group<float>* groups_lmax{lmax}<float>(int);\n"
        f"template const Group<double>* groups_lmax{lmax}<double>(int);\n\n}}  // namespace fl::edge_conv\n"
    )


def files() -> dict[Path, str]:
    """One file for each lmax."""
    return {OUTPUT / f"edge_conv_lmax{lmax}.cpp": source(lmax) for lmax in range(tables.LMAX + 1)}
