"""Generates the symmetric contraction, forward and backward: csrc/ops/symmetric_contraction/generated.

With a the features of a node in one channel, C the Clebsch-Gordan coefficients and w the folded weights, for every
requested degree L (M is its component):

    couple   b[l1 l2 l12]_m = sum_ij C^(l1 l2 l12)_ijm a[l1]_i a[l2]_j      for all paths at once: products are shared
    nu = 1   o[L]_M  = w[L] a[L]_M
    nu = 2   o[L]_M += sum over paths with l12 = L of w[path] b[path]_M
    nu = 3   for each l3:  t[l12]_m = sum over l1 l2 of w[path] b[l1 l2 l12]_m                              the mixing
             o[L]_M += sum_j a[l3]_j (sum over l12, m of C^(l12 l3 L)_mjM t[l12]_m)

Backward goes through the same terms: from g = d/do to da and to d = d/dt, degree by degree; then, for all degrees at
once, from g and d to db, which stays in registers, on to da, and to dw. Otherwise there is one function for each L and
largest order: orders and degrees that nobody asked for cost nothing, and no function exceeds 30 KB of machine code
(beyond, instruction fetch is what limits).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby, product
from pathlib import Path

import torch

from codegen.program import Constants, Program
from fastlattice.ops import constants as tables

OUTPUT = Path(__file__).resolve().parents[1] / "csrc" / "ops" / "symmetric_contraction" / "generated"

Path3 = tuple[int, int, int]


class Generator:
    """The programs of one lmax.

    Attributes:
        pairs: number of coupled components.
        mixed: number of mixed components of all l12, l3 and L.
        weights: number of folded weights, by largest order.
    """

    def __init__(self, lmax: int) -> None:
        self.lmax = lmax
        self.constants = Constants()
        self.paths = tables.quadratic_paths(lmax)
        self.cubic_paths = tables.cubic_paths(lmax)
        # Coupled components stand block by block, in the order in which they are made.
        self.blocks = [(key, list(group)) for key, group in groupby(sorted(self.paths), key=lambda p: p[:2])]
        self.start: dict[Path3, int] = {}
        self.pairs = 0
        for _, group in self.blocks:
            for path in group:
                self.start[path] = self.pairs
                self.pairs += 2 * path[2] + 1
        # So do the mixed components, whose derivatives one function leaves for another.
        self.mixed_start: dict[Path3, int] = {}
        self.mixed = 0
        for key in sorted({path[2:] for path in self.cubic_paths}, key=lambda key: (key[2], key)):
            self.mixed_start[key] = self.mixed
            self.mixed += 2 * key[0] + 1
        self.weights = list(accumulate(tables.folded_counts(lmax, 3)))

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
                    c = tables.clebsch_gordan(*path)
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
            b: dict[int, str] = {}
            for i, j, terms in self.products(l1, l2, group):
                product = p.multiply(p.load("a", i), p.load("a", j))
                for component, coefficient in terms:
                    b[component] = p.fma(coefficient, product, b.get(component))
            store(p, "b", b)
            p.barrier()
        return p

    def mix(self, p: Program, mixed: dict[int, list[tuple[int, int]]]) -> dict[tuple[int, int], str]:
        """t[l12, m] of one l3."""
        t: dict[tuple[int, int], str] = {}
        for l12, members in mixed.items():
            for weight, start in members:
                w = p.hold("w", weight)
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
                w = p.hold("w", weight)
                for m, row in enumerate(o):
                    o[row] = p.fma(w, p.load("b", start + m), o[row])
        if correlation > 2:
            for l3, mixed in self.cubic(degree):
                p.barrier()
                p.comment(f"l3 = {l3}")
                t = self.mix(p, mixed)
                for j, column in enumerate(components(l3)):
                    a = p.hold("a", column)
                    for M, row in enumerate(o):
                        c = {key: float(tables.clebsch_gordan(key[0], l3, degree)[key[1], j, M]) for key in t}
                        terms = [(c[key], value) for key, value in t.items() if c[key]]
                        if terms:
                            o[row] = p.fma(a, p.dot(terms), o[row])
        store(p, "o", o)
        return p

    # ---- Backward: g = d/do; da and dw are added to

    def backward(self, degree: int, correlation: int) -> Program:
        """From g: the linear terms to da and dw, the cubic ones to da and to d = d/dt."""
        p = self.program()
        g = [p.load("g", row) for row in components(degree)]
        w = p.load("w", degree)
        for row, value in zip(components(degree), g, strict=True):
            p.store("da", row, p.fma(w, value, p.load("da", row)))
        dw = p.dot((value, p.load("a", row)) for row, value in zip(components(degree), g, strict=True))
        add_to(p, "dw", degree, dw)
        if correlation > 2:
            for l3, mixed in self.cubic(degree):
                for l12, members in mixed.items():
                    p.barrier()
                    p.comment(f"l3 = {l3}, l12 = {l12}")
                    self.cubic_backward(p, (l12, l3, degree), members, g)
        return p

    def cubic_backward(self, p: Program, path: Path3, members: list[tuple[int, int]], g: list[str]) -> None:
        """The terms of one (l12, l3, L): v_mj = sum_M C_mjM g_M serves both da_j += t_m v_mj and d_m += a_j v_mj."""
        l12, l3, _ = path
        c = tables.clebsch_gordan(*path)
        t = self.mix(p, {l12: members})
        d: dict[int, str] = {}
        for j, column in enumerate(components(l3)):
            a, da = p.hold("a", column), p.load("da", column)
            for m in nonzero(c[:, j].abs().sum(1)):
                v = p.dot((float(c[m, j, M]), g[M]) for M in nonzero(c[m, j]))
                da = p.fma(t[l12, m], v, da)
                d[m] = p.fma(a, v, d.get(m))
            p.store("da", column, da)
        store(p, "d", {self.mixed_start[path] + m: value for m, value in d.items()})

    def couple_backward(self, correlation: int, degrees: Sequence[int]) -> Program:
        """From g and d of these degrees to db, which stays in registers, and on to da; and to dw."""
        p = self.program()
        for (l1, l2), group in self.blocks:
            p.comment(f"({l1}, {l2})")
            db: dict[int, str] = {}
            for path in group:
                for weight, array, start in self.uses(path, correlation, degrees):
                    w, products = p.hold("w", weight), None
                    for m in range(2 * path[2] + 1):
                        component, x = self.start[path] + m, p.hold(array, start + m)
                        db[component] = p.fma(w, x, db.get(component))
                        products = p.fma(x, p.load("b", component), products)
                    assert products is not None
                    add_to(p, "dw", weight, products)
            da: dict[int, str] = {}
            for i, row in groupby(self.products(l1, l2, group), key=lambda product: product[0]):
                for _, j, terms in row:
                    twice = 2 if i == j else 1
                    used = [(twice * coefficient, db[component]) for component, coefficient in terms if component in db]
                    if used:
                        s = p.dot(used)
                        for mine, other in {i: j, j: i}.items():
                            da[mine] = p.fma(p.load("a", other), s, da.get(mine) or p.load("da", mine))
                if i in da:  # no later product has this factor
                    p.store("da", i, da.pop(i))
            store(p, "da", da)
            p.barrier()
        return p

    def uses(self, path: Path3, correlation: int, degrees: Sequence[int]) -> Iterator[tuple[int, str, int]]:
        """(weight, array, first row): what a coupled pair gets its derivative from."""
        first = self.lmax + 1
        if path[2] in degrees:
            yield first + self.paths.index(path), "g", path[2] ** 2
        if correlation > 2:
            first += len(self.paths)
            for n, (*pair, l3, degree) in enumerate(self.cubic_paths):
                if tuple(pair) == path and degree in degrees:
                    yield first + n, "d", self.mixed_start[path[2], l3, degree]

    def text(self) -> str:
        """The generated file."""
        functions: list[str] = []
        operations: dict[str, int] = {}

        def add(name: str, p: Program, reads: str, writes: str) -> None:
            functions.append(p.function(name, reads.split(), writes.split()))
            operations[name] = p.operations

        degrees = range(self.lmax + 1)
        add("couple_forward", self.couple(), "a", "b")
        for correlation in (2, 3):
            for name, some in (("all", degrees), ("even", degrees[::2])):
                p = self.couple_backward(correlation, some)
                add(f"couple_backward_{correlation}_{name}", p, "a b g d w", "da dw")
        for correlation, degree in product((1, 2, 3), degrees):
            suffix = f"{correlation}_{degree}"
            add(f"forward_{suffix}", self.forward(degree, correlation), "a b w", "o")
            add(f"backward_{suffix}", self.backward(degree, correlation), "a b g w", "da d dw")

        def grid(entry: Callable[[str], str]) -> str:
            """The entries of all orders and degrees as a C++ initialiser."""
            rows = (", ".join(entry(f"{correlation}_{degree}") for degree in degrees) for correlation in (1, 2, 3))
            return "{" + ",\n     ".join(f"{{{row}}}" for row in rows) + "}"

        couple_backward = [
            f"couple_backward_{correlation}_{name}" for correlation in (2, 3) for name in ("all", "even")
        ]
        weights = ", ".join(map(str, self.weights))
        parts = [
            f"// Written by codegen/symmetric_contraction.py, which says what it computes: lmax = {self.lmax}.",
            '#include "base/straight_line.h"',
            '#include "ops/symmetric_contraction/symmetric_contraction_programs.h"',
            "",
            "namespace fl {",
            "namespace {",
            "",
            self.constants.text(),
            "\n".join(functions),
            "template <class T>",
            "constexpr ContractionPrograms<T> programs = {",
            f"    {self.pairs}, {self.mixed}, {{{weights}}},",
            f"    couple_forward<T>, {pairs_of(f'{name}<T>' for name in couple_backward)},",
            f"    {grid(lambda suffix: f'forward_{suffix}<T>')},",
            f"    {grid(lambda suffix: f'backward_{suffix}<T>')},",
            f"    {operations['couple_forward']}, {pairs_of(str(operations[name]) for name in couple_backward)},",
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


def pairs_of(entries: Iterable[str]) -> str:
    """Four entries as a C++ initialiser of two rows of two."""
    a, b, c, d = entries
    return f"{{{{{a}, {b}}}, {{{c}, {d}}}}}"


def store(p: Program, array: str, values: dict[int, str]) -> None:
    """Writes rows of an array."""
    for row, value in values.items():
        p.store(array, row, value)


def add_to(p: Program, array: str, row: int, value: str) -> None:
    """Adds to a row of an array."""
    p.store(array, row, p.add(value, p.load(array, row)))


def files() -> dict[Path, str]:
    """One file for each lmax."""
    return {OUTPUT / f"symmetric_contraction_lmax{lmax}.cpp": Generator(lmax).text() for lmax in range(tables.LMAX + 1)}
