"""Generates the symmetric contraction for GPUs, from the formulas of codegen/symmetric_contraction.py.

A thread does one channel of one node, and everything between its loads and its stores stays in registers. So the
coupled components are never all there: for l12 = 0..lmax, those of one l12 are built (54 at most), mixed, coupled into
the output and dropped. With a, b, t, o, w, C as there, and g = d/do:

    b[l1 l2 l12]_m = sum_i a[l1]_i (sum_j C_ijm a[l2]_j)
    o[l12] += w b;  for each L and l3:   t_m = sum over l1 l2 of w b_m,   o[L]_M += sum_j a[l3]_j (sum_m C_mjM t_m)

Backward is one function for each l12, which adds its part to da and to the sums that become dw:

    for each L and l3:   v_mj = sum_M C_mjM g_M,   da[l3]_j += sum_m t_m v_mj,   d_m = sum_j a[l3]_j v_mj
                         db += w d,   dw += sum_m d_m b_m
    da[l1]_i += sum_j a[l2]_j s_ij,   da[l2]_j += sum_i a[l1]_i s_ij   where   s_ij = sum_m C_ijm db_m

An l12 with more of b, db and dw than fits the registers is split by (l1, l2); da goes to memory l3 by l3, but for the
first function, which sets it. Orders and degrees that nobody asked for are left out by conditions on the constants
CORRELATION and OUTPUTS (one bit for each degree): one text serves all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, groupby
from pathlib import Path

import torch

from codegen.program import Constants, InfixProgram, Program
from codegen.symmetric_contraction import Path3, add_to, components, nonzero, store
from codegen.triton_program import TritonProgram, file_text
from fastlattice.ops import constants as tables

ROOT = Path(__file__).resolve().parents[1]
NAME = "codegen/symmetric_contraction_gpu.py"
CROWDED = {(4, "1"), (4, "2a"), (4, "2b"), (4, "4b")}  # lmax and piece: 168 registers do not suffice, by trial
MOST_VALUES = 100  # of b, db and dw that one backward function keeps in registers

CONSTANTS = ["CORRELATION", "OUTPUTS"]
Key = tuple[int, int]  # L and l3
Rows = dict[int, str]  # values by row of an array


def wanted(degree: int, order: int = 1) -> str:
    """The condition under which terms of an order that end in a degree are computed."""
    return " and ".join([*[f"CORRELATION>{order - 1}"] * (order > 1), f"OUTPUTS>>{degree}&1"])


def merged(path: Path3) -> torch.Tensor:
    """Coefficients of a pair; where both factors are the same, those of (i, j) and (j, i) together, i <= j."""
    c = tables.clebsch_gordan(*path)
    if path[0] != path[1]:
        return c
    i, j = torch.triu_indices(len(c), len(c), offset=1)
    both = torch.zeros_like(c)
    both[i, j] = c[i, j] + c[j, i]
    both.diagonal().copy_(c.diagonal())
    return both


@dataclass(frozen=True)
class Piece:
    """What one backward function does.

    Attributes:
        name: l12, and a letter where it is split.
        l12: degree of the coupled components that it builds.
        quadratic: their paths (l1, l2, l12), and the row of w of each.
        cubic: by (L, l3), those of the paths that go on from there, likewise.
        first: it does the linear terms too, and sets da.
    """

    name: str
    l12: int
    quadratic: dict[Path3, int]
    cubic: dict[Key, dict[Path3, int]]
    first: bool

    @property
    def factors(self) -> set[int]:
        """Degrees of a that it reads."""
        return {l for path in self.quadratic for l in path[:2]} | {l3 for _, l3 in self.cubic}

    @property
    def gradients(self) -> set[int]:
        """Degrees of g that it reads."""
        return {self.l12} | {L for L, _ in self.cubic}


class Contraction:
    """The programs of one lmax.

    Args:
        lmax: largest degree.
        program: makes an empty program.
    """

    def __init__(self, lmax: int, program: Callable[[], Program]) -> None:
        self.program = program
        self.size = (lmax + 1) ** 2
        self.degrees = range(lmax + 1)
        self.weights = list(accumulate(tables.folded_counts(lmax, 3)))  # by largest order
        # Rows of w by l12: of the paths of coupled pairs, and by (L, l3) of the paths that go on from there.
        self.quadratic: list[dict[Path3, int]] = [{} for _ in self.degrees]
        self.cubic: list[dict[Key, dict[Path3, int]]] = [{} for _ in self.degrees]
        for row, path in enumerate(tables.quadratic_paths(lmax), self.weights[0]):
            self.quadratic[path[2]][path] = row
        for row, (l1, l2, l12, l3, degree) in enumerate(tables.cubic_paths(lmax), self.weights[1]):
            self.cubic[l12].setdefault((degree, l3), {})[l1, l2, l12] = row

    def couple(self, p: Program, a: Rows, paths: Sequence[Path3]) -> dict[Path3, list[str]]:
        """b of some paths."""
        b: dict[Path3, list[str]] = {}
        for l1, l2, l12 in paths:
            c, left, right = merged((l1, l2, l12)), components(l1), components(l2)
            b[l1, l2, l12] = [
                p.name(
                    p.expression(
                        (a[left[i]], p.expression((float(c[i, j, m]), a[right[j]]) for j in nonzero(c[i, :, m])))
                        for i in nonzero(c[:, :, m].abs().sum(1))
                    )
                )
                for m in range(2 * l12 + 1)
            ]
        return b

    def mix(self, p: Program, members: dict[Path3, int], b: dict[Path3, list[str]]) -> list[str]:
        """t of one (l12, l3, L)."""
        w = [p.load("w", row) for row in members.values()]
        columns = zip(*(b[path] for path in members), strict=True)
        return [p.name(p.expression(zip(w, column, strict=True))) for column in columns]

    def couple_third(self, p: Program, path: Path3, a: Rows, t: list[str], o: Rows) -> None:
        """From t of one (l12, l3, L) and a to o."""
        _, l3, L = path
        c, column = tables.clebsch_gordan(*path), components(l3)
        for M, row in enumerate(components(L)):
            p.increase(
                o[row],
                (
                    (a[column[j]], p.expression((float(c[m, j, M]), t[m]) for m in nonzero(c[:, j, M])))
                    for j in nonzero(c[:, :, M].abs().sum(0))
                ),
            )

    def forward(self) -> Program:
        """From a and w to o."""
        p = self.program()
        a = {row: p.load("a", row) for row in range(self.size)}
        o = {row: p.variable() for row in a}
        for L in self.degrees:
            with p.when(wanted(L)):
                w = p.load("w", L)
                for row in components(L):
                    p.increase(o[row], [(w, a[row])])
        for l12 in self.degrees:
            p.comment(f"l12 = {l12}")
            b = self.couple(p, a, list(self.quadratic[l12]))
            with p.when(wanted(l12, 2)):
                w = [p.load("w", row) for row in self.quadratic[l12].values()]
                for row, *column in zip(components(l12), *b.values(), strict=True):
                    p.increase(o[row], zip(w, column, strict=True))
            for (L, l3), members in self.cubic[l12].items():
                with p.when(wanted(L, 3)):
                    t = self.mix(p, members, b)
                    self.couple_third(p, (l12, l3, L), a, t, o)
        store(p, "o", o)
        return p

    def pieces(self) -> list[Piece]:
        """The backward functions in the order in which they run."""
        pieces = []
        for l12 in self.degrees:
            paths = list(self.quadratic[l12])
            weights = len(paths) + sum(map(len, self.cubic[l12].values()))
            if 2 * len(paths) * (2 * l12 + 1) + weights <= MOST_VALUES:
                pieces.append(self.piece(f"{l12}", l12, paths))
            else:
                half = (len(paths) + 1) // 2
                pieces += [self.piece(f"{l12}a", l12, paths[:half]), self.piece(f"{l12}b", l12, paths[half:])]
        return pieces

    def piece(self, name: str, l12: int, paths: list[Path3]) -> Piece:
        """The piece that builds the components of some paths."""
        mine = {
            key: {path: row for path, row in everyone.items() if path in paths}
            for key, everyone in self.cubic[l12].items()
        }
        cubic = {key: mine[key] for key in sorted(mine, key=lambda key: (key[1], key[0])) if mine[key]}
        return Piece(name, l12, {path: self.quadratic[l12][path] for path in paths}, cubic, paths[0] == (0, 0, 0))

    def backward(self, piece: Piece) -> tuple[Program, list[int]]:
        """From a, g and w to sums and da, which all pieces but the first add to; and the rows of w of the sums."""
        p = self.program()
        a, g = (
            {row: p.load(array, row) for l in (self.degrees if piece.first else sorted(read)) for row in components(l)}
            for array, read in (("a", piece.factors), ("g", piece.gradients))
        )
        rows: list[int] = []

        def sum_of(row: int) -> str:
            """The sum that becomes a row of dw."""
            rows.append(row)
            return p.element("sum", len(rows) - 1)

        held = self.linear_backward(p, a, g, sum_of) if piece.first else {}
        b = self.couple(p, a, list(piece.quadratic))
        db = {path: [p.variable() for _ in b[path]] for path in b}

        def weighted_backward(members: dict[Path3, int], sums: list[str], d: list[str]) -> None:
            """From d, the derivative by sums of w b, to db and dw."""
            for dw, (path, row) in zip(sums, members.items(), strict=True):
                w = p.load("w", row)
                for variable, value in zip(db[path], d, strict=True):
                    p.increase(variable, [(w, value)])
                p.increase(dw, zip(d, b[path], strict=True))

        sums = list(map(sum_of, piece.quadratic.values()))
        with p.when(wanted(piece.l12, 2)):
            weighted_backward(piece.quadratic, sums, [g[row] for row in components(piece.l12)])
        for l3, keys in groupby(piece.cubic, key=lambda key: key[1]):
            da = {row: held.get(row) or p.variable() for row in components(l3)}
            for L, _ in keys:
                members = piece.cubic[L, l3]
                sums = list(map(sum_of, members.values()))
                with p.when(wanted(L, 3)):
                    t = self.mix(p, members, b)
                    weighted_backward(members, sums, self.cubic_backward(p, (piece.l12, l3, L), a, g, t, da))
            if not held:
                add_rows(p, "da", da)
        da = self.couple_backward(p, a, db, held)
        if held:
            store(p, "da", da)
        else:
            add_rows(p, "da", da)
        return p, rows

    def linear_backward(self, p: Program, a: Rows, g: Rows, sum_of: Callable[[int], str]) -> Rows:
        """Adds to dw and returns da."""
        da = {row: p.variable() for row in range(self.size)}
        for L in self.degrees:
            dw = sum_of(L)
            with p.when(wanted(L)):
                w = p.load("w", L)
                for row in components(L):
                    p.increase(da[row], [(w, g[row])])
                p.increase(dw, ((a[row], g[row]) for row in components(L)))
        return da

    def cubic_backward(self, p: Program, path: Path3, a: Rows, g: Rows, t: list[str], da: Rows) -> list[str]:
        """Adds to da and returns d of one (l12, l3, L)."""
        c, out = tables.clebsch_gordan(*path), components(path[2])
        terms: list[list[tuple[str, str]]] = [[] for _ in t]
        for j, (column, variable) in enumerate(da.items()):
            v = {
                m: p.name(p.expression((float(c[m, j, M]), g[out[M]]) for M in nonzero(c[m, j])))
                for m in nonzero(c[:, j].abs().sum(1))
            }
            p.increase(variable, ((t[m], value) for m, value in v.items()))
            for m, value in v.items():
                terms[m].append((a[column], value))
        return [p.name(p.expression(products)) for products in terms]

    def couple_backward(self, p: Program, a: Rows, db: dict[Path3, list[str]], held: Rows) -> Rows:
        """From db to da, which is added to the variables that hold some of it."""
        da = dict(held)
        for path, values in db.items():
            c, left, right = merged(path), components(path[0]), components(path[1])
            terms: dict[int, list[tuple[str, str]]] = {}
            for i, row in enumerate(left):
                for j, column in enumerate(right):
                    if used := nonzero(c[i, j]):
                        twice = 2 if row == column else 1
                        s = p.name(p.expression((twice * float(c[i, j, m]), values[m]) for m in used))
                        for mine, other in {row: column, column: row}.items():
                            terms.setdefault(mine, []).append((a[other], s))
            for row, products in terms.items():
                if row in da:
                    p.increase(da[row], products)
                else:
                    da[row] = p.name(p.expression(products))
        return da


def add_rows(p: Program, array: str, values: Rows) -> None:
    """Adds to rows of an array."""
    for row, value in values.items():
        add_to(p, array, row, value)


def _bool(value: bool) -> str:
    return "true" if value else "false"


def cuda_text(lmax: int) -> str:
    """The generated file of one lmax in C++."""
    constants = Constants()
    contraction = Contraction(lmax, partial(InfixProgram, constants))
    template = "class T, int CORRELATION, int OUTPUTS"
    run = contraction.forward().function("run", ["a", "w"], ["o"], template, ["int row"])
    structs, names = [f"struct Forward {{\n{run}}};\n"], []
    for n, piece in enumerate(contraction.pieces()):
        p, rows = contraction.backward(piece)
        count = len(rows)
        run = p.function("run", ["a", "g", "w"], ["da"], template, ["int row", f"T (&sum)[{count}]"])
        names.append(f"Backward{piece.name}")
        structs.append(
            f"struct {names[-1]} {{\nstatic constexpr int weights = {count};\n"
            f"static constexpr bool first = {_bool(n == 0)}, crowded = {_bool((lmax, piece.name) in CROWDED)};\n"
            f"static constexpr __device__ int row(int i) {{\n"
            f"constexpr int rows[] = {{{', '.join(map(str, rows))}}};\nreturn rows[i];\n}}\n{run}}};\n"
        )
    one, two, three = contraction.weights
    return "\n".join(
        [
            f"// Written by {NAME}, which says what it computes: lmax = {lmax}.",
            '#include "cuda/straight_line.h"',
            '#include "cuda/symmetric_contraction_kernels.h"',
            "",
            "#define ROW_a row",
            "#define ROW_g row",
            "#define ROW_o row",
            "#define ROW_da row",
            "#define ROW_w weight_lanes",
            "",
            "namespace fl {",
            f"namespace lmax{lmax} {{",
            "",
            constants.text("__device__"),
            "\n".join(structs),
            "struct Programs {",
            f"  static constexpr int lmax = {lmax};",
            "  static constexpr __host__ __device__ int folded(int order) {",
            f"    return order == 1 ? {one} : order == 2 ? {two} : {three};",
            "  }",
            f"  using Forward = lmax{lmax}::Forward;",
            f"  using Backward = List<{', '.join(names)}>;",
            "};",
            "",
            f"}}  // namespace lmax{lmax}",
            "",
            *(f"FL_DEFINE_CONTRACTION(lmax{lmax}::Programs, {T})" for T in ("float", "double")),
            "",
            "}  // namespace fl",
            "",
        ]
    )


def triton_text(lmax: int) -> str:
    """The generated file of one lmax in Python."""
    constants = Constants()
    contraction = Contraction(lmax, partial(TritonProgram, constants, masked=("a", "g", "o", "da")))
    functions = [contraction.forward().jit("forward", ["a", "w", "o"], CONSTANTS)]
    table = ""
    for piece in contraction.pieces():
        p, rows = contraction.backward(piece)
        name = f"backward_{piece.name}"
        functions.append(p.jit(name, ["a", "g", "w", "da"], CONSTANTS, len(rows)))
        table += f" ({name}, ({', '.join(map(str, rows))},)),\n"
    folded = ", ".join(map(str, contraction.weights))
    functions.append(
        f"FOLDED = ({folded})\n"
        f"# Programs, and the rows of the weights that they sum gradients of.\nBACKWARD = (\n{table})\n"
    )
    return file_text(NAME, constants, "\n\n".join(functions))


def files() -> dict[Path, str]:
    """For each lmax, the CUDA programs and Triton's."""
    result = {}
    for lmax in range(tables.LMAX + 1):
        stem = f"symmetric_contraction_lmax{lmax}"
        result[ROOT / "csrc" / "cuda" / "generated" / f"{stem}.cu"] = cuda_text(lmax)
        result[ROOT / "kernels" / "generated" / f"{stem}.py"] = triton_text(lmax)
    return result
