"""Generates the symmetric contraction: csrc/generated/symmetric_contraction_lmax*.cpp, forward and backward.

    python codegen/symmetric_contraction.py            writes the files
    python codegen/symmetric_contraction.py --check    fails if the committed files differ

With a the features of a node in one channel, C the Clebsch-Gordan coefficients and w the folded weights, for every
requested degree L (M is its component):

    couple   b[l1 l2 l12]_m = sum_ij C^(l1 l2 l12)_ijm a[l1]_i a[l2]_j      for all paths at once: products are shared
    nu = 1   o[L]_M  = w[L] a[L]_M
    nu = 2   o[L]_M += sum over paths with l12 = L of w[path] b[path]_M
    nu = 3   for each l3:  t[l12]_m = sum over l1 l2 of w[path] b[l1 l2 l12]_m                              the mixing
             o[L]_M += sum_j a[l3]_j (sum over l12, m of C^(l12 l3 L)_mjM t[l12]_m)

The backward programs go through the same terms: from g = d/do to db, da and dw. There is one function for each L and
largest order: orders and degrees that nobody asked for cost nothing, and a function stays below 25 KB of machine code
(beyond, instruction fetch is what limits).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby, product
from pathlib import Path

import torch
from program import Constants, Program, write_or_check

from fastlattice import _tables

OUTPUT = Path(__file__).resolve().parents[1] / "csrc" / "generated"

Path3 = tuple[int, int, int]


class Generator:
    """The programs of one lmax.

    Attributes:
        pairs: number of coupled components.
        weights: number of folded weights, by largest order.
    """

    def __init__(self, lmax: int) -> None:
        self.lmax = lmax
        self.constants = Constants()
        self.paths = _tables.quadratic_paths(lmax)
        self.cubic_paths = _tables.cubic_paths(lmax)
        # Coupled components stand block by block, in the order in which they are made.
        self.blocks = [(key, list(group)) for key, group in groupby(sorted(self.paths), key=lambda p: p[:2])]
        self.start: dict[Path3, int] = {}
        self.pairs = 0
        for _, group in self.blocks:
            for path in group:
                self.start[path] = self.pairs
                self.pairs += 2 * path[2] + 1
        self.weights = list(accumulate(_tables.folded_counts(lmax, 3)))

    def program(self) -> Program:
        """An empty program."""
        return Program(self.constants)

    def quadratic(self, degree: int) -> list[tuple[int, int]]:
        """(weight, first coupled component) of the quadratic paths that end in a degree."""
        return [(self.lmax + 1 + n, self.start[path]) for n, path in enumerate(self.paths) if path[2] == degree]

    def cubic(self, degree: int) -> Iterator[tuple[int, dict[int, list[tuple[int, int]]]]]:
        """For each l3, by l12: (weight, first coupled component) of the cubic paths that end in a degree."""
        first = self.lmax + 1 + len(self.paths)
        mine = [(first + n, path) for n, path in enumerate(self.cubic_paths) if path[4] == degree]
        for l3, group in groupby(mine, key=lambda item: item[1][3]):
            mixed: dict[int, list[tuple[int, int]]] = {}
            for weight, path in group:
                mixed.setdefault(path[2], []).append((weight, self.start[path[:3]]))
            yield l3, mixed

    def products(self, l1: int, l2: int, group: list[Path3]) -> Iterator[tuple[int, int, list[tuple[int, float]]]]:
        """(i, j, terms): components of a whose product enters (coupled component, coefficient); i <= j if l1 = l2."""
        for i in range(2 * l1 + 1):
            for j in range(i if l1 == l2 else 0, 2 * l2 + 1):
                terms = []
                for path in group:
                    c = _tables.clebsch_gordan(*path)
                    both = c[i, j] + c[j, i] if l1 == l2 and i != j else c[i, j]
                    terms += [(self.start[path] + m, float(both[m])) for m in nonzero(both)]
                if terms:
                    yield l1 * l1 + i, l2 * l2 + j, terms

    # ---- Forward

    def couple(self) -> Program:
        """From a to b."""
        p = self.program()
        for (l1, l2), group in self.blocks:
            p.comment(f"({l1}, {l2})")
            b: dict[int, str | None] = {}
            for i, j, terms in self.products(l1, l2, group):
                product = p.multiply(p.load("a", i), p.load("a", j))
                for component, coefficient in terms:
                    b[component] = p.fma(coefficient, product, b.get(component))
            for component, value in b.items():
                p.store("b", component, value)
            p.barrier()
        return p

    def mix(self, p: Program, mixed: dict[int, list[tuple[int, int]]]) -> dict[tuple[int, int], str]:
        """t[l12, m] of one l3."""
        t: dict[tuple[int, int], str] = {}
        for l12, members in mixed.items():
            for weight, start in members:
                w = p.load("w", weight)
                for m in range(2 * l12 + 1):
                    t[l12, m] = p.fma(w, p.load("b", start + m), t.get((l12, m)))
        return t

    def forward(self, degree: int, correlation: int) -> Program:
        """From a and b to the output."""
        p = self.program()
        w = p.load("w", degree)
        o = {row: p.multiply(w, p.load("a", row)) for row in components(degree)}
        if correlation > 1:
            for weight, start in self.quadratic(degree):
                w = p.load("w", weight)
                for m, row in enumerate(o):
                    o[row] = p.fma(w, p.load("b", start + m), o[row])
        if correlation > 2:
            for l3, mixed in self.cubic(degree):
                p.barrier()
                p.comment(f"l3 = {l3}")
                t = self.mix(p, mixed)
                for j, column in enumerate(components(l3)):
                    a = p.load("a", column)
                    for M, row in enumerate(o):
                        s = None
                        for (l12, m), value in t.items():
                            s = couple_term(p, (l12, l3, degree), (m, j, M), value, s)
                        if s is not None:
                            o[row] = p.fma(a, s, o[row])
        store(p, "o", o)
        return p

    # ---- Backward: g = d/do; da, db and dw are added to

    def unmix(self, p: Program, weight: int, start: int, d: Sequence[str]) -> None:
        """From d/dt to db and dw of one path."""
        w, dw = p.load("w", weight), None
        for m, value in enumerate(d):
            p.store("db", start + m, p.fma(w, value, p.load("db", start + m)))
            dw = p.fma(value, p.load("b", start + m), dw)
        add_to(p, "dw", weight, dw)

    def backward(self, degree: int, correlation: int) -> Program:
        """To da, db and dw: for each l3 first to the factor a[l3], then to the mixed components."""
        p = self.program()
        g = [p.load("g", row) for row in components(degree)]
        w, dw = p.load("w", degree), None
        for row, value in zip(components(degree), g, strict=True):
            p.store("da", row, p.fma(w, value, p.load("da", row)))
            dw = p.fma(value, p.load("a", row), dw)
        add_to(p, "dw", degree, dw)
        if correlation > 1:
            for weight, start in self.quadratic(degree):
                self.unmix(p, weight, start, g)
        if correlation > 2:
            for l3, mixed in self.cubic(degree):
                p.barrier()
                self.cubic_backward(p, degree, l3, mixed, g)
        return p

    def cubic_backward(
        self, p: Program, degree: int, l3: int, mixed: dict[int, list[tuple[int, int]]], g: list[str]
    ) -> None:
        """The cubic terms of one L and l3."""
        p.comment(f"l3 = {l3}: to da")
        t = self.mix(p, mixed)
        for j, column in enumerate(components(l3)):
            da = p.load("da", column)
            for M, value in enumerate(g):
                s = None
                for (l12, m), mixed_value in t.items():
                    s = couple_term(p, (l12, l3, degree), (m, j, M), mixed_value, s)
                if s is not None:
                    da = p.fma(value, s, da)
            p.store("da", column, da)
        p.barrier()
        p.comment(f"l3 = {l3}: to db and dw")
        d: dict[tuple[int, int], str] = {}
        for j, column in enumerate(components(l3)):
            a = p.load("a", column)
            for M, value in enumerate(g):
                used = [key for key in t if _tables.clebsch_gordan(key[0], l3, degree)[key[1], j, M] != 0]
                if used:
                    u = p.multiply(a, value)
                    for l12, m in used:
                        d[l12, m] = couple_term(p, (l12, l3, degree), (m, j, M), u, d.get((l12, m)))
        for l12, members in mixed.items():
            for weight, start in members:
                self.unmix(p, weight, start, [d[l12, m] for m in range(2 * l12 + 1)])

    def couple_backward(self) -> Program:
        """From db to da."""
        p = self.program()
        for (l1, l2), group in self.blocks:
            p.comment(f"({l1}, {l2})")
            da = {row: p.load("da", row) for row in dict.fromkeys([*components(l1), *components(l2)])}
            rows = [self.start[path] + m for path in group for m in range(2 * path[2] + 1)]
            db = {row: p.load("db", row) for row in rows}
            for i, j, terms in self.products(l1, l2, group):
                s = None
                for component, coefficient in terms:
                    s = p.fma(2 * coefficient if i == j else coefficient, db[component], s)
                da[i] = p.fma(p.load("a", j), s, da[i])
                if i != j:
                    da[j] = p.fma(p.load("a", i), s, da[j])
            store(p, "da", da)
            p.barrier()
        return p

    def text(self) -> str:
        """The generated file."""
        functions: list[str] = []
        operations: dict[str, int] = {}

        def add(name: str, p: Program, reads: str, writes: str) -> None:
            functions.append(p.function(name, reads.split(), writes.split()))
            operations[name] = p.operations

        degrees = range(self.lmax + 1)
        add("couple_forward", self.couple(), "a", "b")
        add("couple_backward", self.couple_backward(), "a db", "da")
        for correlation, degree in product((1, 2, 3), degrees):
            suffix = f"{correlation}_{degree}"
            add(f"forward_{suffix}", self.forward(degree, correlation), "a b w", "o")
            add(f"backward_{suffix}", self.backward(degree, correlation), "a b g w", "da db dw")

        def grid(entry: Callable[[str], str]) -> str:
            """The entries of all orders and degrees as a C++ initialiser."""
            rows = (", ".join(entry(f"{correlation}_{degree}") for degree in degrees) for correlation in (1, 2, 3))
            return "{" + ",\n     ".join(f"{{{row}}}" for row in rows) + "}"

        weights = ", ".join(map(str, self.weights))
        parts = [
            f"// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = {self.lmax}.",
            '#include "../straight_line.h"',
            '#include "../symmetric_contraction_programs.h"',
            "",
            "namespace fl {",
            "namespace {",
            "",
            self.constants.text(),
            "\n".join(functions),
            "template <class T>",
            "constexpr ContractionPrograms<T> programs = {",
            f"    {self.pairs}, {{{weights}}},",
            "    couple_forward<T>, couple_backward<T>,",
            f"    {grid(lambda suffix: f'forward_{suffix}<T>')},",
            f"    {grid(lambda suffix: f'backward_{suffix}<T>')},",
            f"    {operations['couple_forward']}, {operations['couple_backward']},",
            f"    {grid(lambda suffix: str(operations[f'forward_{suffix}']))},",
            f"    {grid(lambda suffix: str(operations[f'backward_{suffix}']))},",
            "};",
            "",
            "}  // namespace",
            "",
            *(
                f"template <>\nconst ContractionPrograms<{T}>& contraction_programs<{self.lmax}, {T}>() {{\n"
                f"  return programs<{T}>;\n}}"
                for T in ("float", "double")
            ),
            "",
            "}  // namespace fl",
            "",
        ]
        return "\n".join(parts)


def components(degree: int) -> range:
    """Rows of a degree's components."""
    return range(degree**2, (degree + 1) ** 2)


def nonzero(row: torch.Tensor) -> list[int]:
    """Indices of the entries that are not zero (those that cancel leave rounding)."""
    return (row.abs() > 1e-12).nonzero().flatten().tolist()


def couple_term(p: Program, path: Path3, indices: tuple[int, int, int], value: str, total: str | None) -> str | None:
    """total + C^path[indices] value; the total itself where that coefficient is zero."""
    coefficient = float(_tables.clebsch_gordan(*path)[indices])
    return p.fma(coefficient, value, total) if coefficient else total


def store(p: Program, array: str, values: dict[int, str]) -> None:
    """Writes rows of an array."""
    for row, value in values.items():
        p.store(array, row, value)


def add_to(p: Program, array: str, row: int, value: str) -> None:
    """Adds to a row of an array."""
    p.store(array, row, p.add(value, p.load(array, row)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes or checks the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    options = parser.parse_args(arguments)
    files = {OUTPUT / f"symmetric_contraction_lmax{lmax}.cpp": Generator(lmax).text() for lmax in range(5)}
    return write_or_check(files, "codegen/symmetric_contraction.py", options.check)


if __name__ == "__main__":
    sys.exit(main())
