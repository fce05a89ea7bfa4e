"""Generates what the Triton kernels of edge_conv do with one edge: kernels/generated/edge_conv_lmax*.py.

The paths (l1, l2, l3) are grouped by the degree l1 of the sender, as on the CPU (codegen/edge_conv.py, whose order of
messages this is). With h the sender's features of degree l1, y the harmonics of the edge, w the weight of each path and
C the Clebsch-Gordan coefficients, each group has two functions, over all paths of the group:

    convolve    sums[path]_M += w[path] sum_ij C_ijM (h_i y[l2]_j)
    gradient    from the gradients n of those sums, with u[path]_i = sum_M n[path]_M (sum_j C_ijM y[l2]_j):
                dw[path] = sum_i h_i u[path]_i,    dh_i = sum over paths of w[path] u[path]_i,
                dy[l2]_j += sum over channels of sum_i h_i (sum over paths and M of C_ijM (w[path] n[path]_M))

Paths of one l2 follow each other, so that few harmonics are alive at a time, and the products h y serve them all.
Nothing is made of the n alone, although that would save a fifth of the gradient's operations (sum_M C_ijM n_M serves
both u and dy): they are the same for all edges of a receiver, so the compiler would take such sums out of the loop
over edges, and spill them.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import torch

from codegen.edge_conv import Group
from codegen.program import Constants
from codegen.triton_program import TritonProgram, file_text
from fastlattice.ops import constants as tables

OUTPUT = Path(__file__).resolve().parents[1] / "kernels" / "generated"


class EdgeProgram(TritonProgram):
    """A program on blocks of channels, rows of arrays, and on the numbers of an edge."""

    def load_number(self, array: str, index: int) -> str:
        """A number of an array."""
        return self._assign(f"tl.load({array}+{index})")

    def add_number(self, array: str, index: int, value: str) -> None:
        """Adds the sum over a block to a number of an array."""
        self._line(f"tl.store({array}+{index},tl.load({array}+{index})+tl.sum({value}))")


class TritonGroup(Group):
    """The functions of the paths that start at one degree l1 of the senders."""

    def by_harmonics(self) -> list[tuple[int, list[int]]]:
        """(l2, paths with it)."""
        degrees = sorted({l2 for l2, _ in self.paths})
        return [(degree, [n for n, (l2, _) in enumerate(self.paths) if l2 == degree]) for degree in degrees]

    def convolve(self) -> str:
        """From h, y and w, added to the sums."""
        p = EdgeProgram(self.constants, masked=("h", "w"))
        h = [p.load("h", i) for i in range(2 * self.l1 + 1)]
        for degree, members in self.by_harmonics():
            y = [p.load_number("y", degree * degree + j) for j in range(2 * degree + 1)]
            p.comment(f"({self.l1}, {degree}, {', '.join(str(self.paths[n][1]) for n in members)})")
            z: dict[tuple[int, int], str] = {}
            for i, j in product(range(len(h)), range(len(y))):
                reached = [(n, M, c) for n in members for M, c in nonzero(self.coefficients(n)[i, j])]
                both = p.multiply(h[i], y[j]) if reached else ""
                for n, M, c in reached:
                    z[n, M] = p.fma(c, both, z.get((n, M)))
            weights = {n: p.load("w", n) for n in members}
            for (n, M), value in z.items():
                p.increase(p.element("sum", self.row(n, M)), [(weights[n], value)])
        return p.jit(f"convolve_{self.l1}", ["h", "y", "w"], [], self.rows)

    def gradient(self) -> str:
        """From h, y, w and gradients, written to dh and dw and added to dy."""
        p = EdgeProgram(self.constants, masked=("h", "w", "dh", "dw"))
        h = [p.load("h", i) for i in range(2 * self.l1 + 1)]
        dh: list[str | None] = [None] * len(h)
        for degree, members in self.by_harmonics():
            y = [p.load_number("y", degree * degree + j) for j in range(2 * degree + 1)]
            weights = {n: p.load("w", n) for n in members}
            for n, w in weights.items():
                p.comment(f"({self.l1}, {degree}, {self.paths[n][1]})")
                dw = None
                for i in range(len(h)):
                    u = None
                    for M, gradient in enumerate(self.gradients(p, n)):
                        terms = [(c, y[j]) for j, c in nonzero(self.coefficients(n)[i, :, M])]
                        u = p.fma(gradient, p.expression(terms), u) if terms else u
                    if u:
                        dw, dh[i] = p.fma(h[i], u, dw), p.fma(w, u, dh[i])
                p.store("dw", n, dw or "")
            with p.when("HARMONICS"):
                weighted = {n: [p.multiply(w, each) for each in self.gradients(p, n)] for n, w in weights.items()}
                for j in range(len(y)):
                    dy = None
                    for i in range(len(h)):
                        reached = [(n, M, c) for n in members for M, c in nonzero(self.coefficients(n)[i, j])]
                        terms = [(c, weighted[n][M]) for n, M, c in reached]
                        dy = p.fma(h[i], p.expression(terms), dy) if terms else dy
                    p.add_number("dy", degree * degree + j, dy or "")
        for i, value in enumerate(dh):
            p.store("dh", i, value or "zero")
        return p.jit(f"gradient_{self.l1}", ["h", "y", "w", "dh", "dy", "dw"], ["HARMONICS"], self.rows)

    def gradients(self, p: EdgeProgram, n: int) -> list[str]:
        """The gradients of the sums of path n."""
        return [p.element("sum", self.row(n, M)) for M in range(2 * self.paths[n][1] + 1)]


def nonzero(coefficients: torch.Tensor) -> list[tuple[int, float]]:
    """Place and value of those that are not zero."""
    return [(n, c) for n, c in enumerate(coefficients.tolist()) if c]


def source(lmax: int) -> str:
    """The file of one lmax."""
    constants = Constants()
    groups = [TritonGroup(l1, lmax, constants) for l1 in range(lmax + 1)]
    functions = "\n\n".join(text for group in groups for text in (group.convolve(), group.gradient()))
    for name in ("convolve", "gradient"):
        functions += f"\n\n{name.upper()} = ({', '.join(f'{name}_{l1}' for l1 in range(lmax + 1))},)\n"
    return file_text("codegen/edge_conv_gpu.py", constants, functions)


def files() -> dict[Path, str]:
    """One file for each lmax."""
    return {OUTPUT / f"edge_conv_lmax{lmax}.py": source(lmax) for lmax in range(tables.LMAX + 1)}
