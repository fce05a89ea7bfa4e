"""Emits straight-line programs: the text of the generated kernels, the same for every machine.

A program is a list of assignments, each the result of one operation, over values of one type V (a vector of channels
on a CPU, a number on a GPU). The text is C++ over these names, which the file that includes it defines:

    PIECE                    what stands before a function          PROLOGUE   V and the constants, at its start
    K(i)                     constant number i of the file's table  BARRIER    keep no loaded value beyond this point
    HOLD(x)                        keep the loaded value x in a register, do not load it again
    LOAD(p, i) STORE(p, i, x)  row i of the array p                 SCALAR(p, i)  number i of the array p, for all lanes
    ZERO                           what a sum starts from
    ADD(x, y) SUB(x, y) MUL(x, y)    FMA(x, y, z) = z + x y         FNMA(x, y, z) = z - x y

csrc/base/straight_line.h defines them for the CPU. For GPUs operators take the place of the last line, and K is an
array: csrc/cuda/straight_line.h defines the rest, codegen/triton_program.py writes the same programs in Triton's
Python. A barrier between stages keeps a compiler from carrying constants and loaded values across, which it would have
to spill. Operands are numbers (constants, with their sign), or what the emitting methods returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

Operand = str | float


class Constants:
    """The distinct constants that the programs of one file share."""

    def __init__(self) -> None:
        self._index: dict[float, int] = {}

    def index(self, value: float) -> int:
        """Position of a value in the table, with a new row for a new value."""
        return self._index.setdefault(float(value), len(self._index))

    def values(self) -> list[float]:
        """The table."""
        return list(self._index)

    def text(self, qualifier: str = "alignas(64)") -> str:
        """The table as a C++ variable template over the dtype; every digit that fp64 has is written."""
        rows = "".join(f"    T({value!r}),\n" for value in self._index)
        # A file without constants still has a table: an empty array is no C++.
        return f"template <class T>\n{qualifier} constexpr T constants[] = {{\n{rows or '    T(0),'}}};\n"


class Program:
    """One function of a generated file.

    Attributes:
        operations: vector multiply-adds, multiplications and additions emitted so far.
    """

    def __init__(self, constants: Constants) -> None:
        self._constants = constants
        self._lines: list[str] = []
        self._values = 0
        self.operations = 0

    def _assign(self, expression: str) -> str:
        name = f"t{self._values}"
        self._values += 1
        self._lines.append(f"V {name}={expression};")
        return name

    def _set(self, variable: str, expression: str) -> None:
        self._lines.append(f"{variable}={expression};")

    def _operate(self, expression: str) -> str:
        self.operations += 1
        return self._assign(expression)

    def _expression(self, operation: str, *operands: str) -> str:
        """An operation as text."""
        return f"{operation}({','.join(operands)})"

    def _constant(self, value: float) -> str:
        """A constant as text."""
        return f"K({self._constants.index(value)})"

    def _product(self, x: Operand, y: str) -> str:
        """The product x y as text."""
        if isinstance(x, str):
            return self._expression("MUL", x, y)
        return y if x == 1 else self._expression("MUL", self._constant(x), y)

    def _sum(self, x: Operand, y: str, total: str) -> str:
        """total + x y as text."""
        if isinstance(x, str):
            return self._expression("FMA", x, y, total)
        if abs(x) == 1:
            return self._expression("ADD" if x > 0 else "SUB", total, y)
        return self._expression("FMA" if x > 0 else "FNMA", self._constant(abs(x)), y, total)

    def load(self, array: str, row: int) -> str:
        """Row of an array. Load close to the use: the compiler keeps what it can in registers until a barrier."""
        return self._assign(f"LOAD({array},{row})")

    def hold(self, array: str, row: int) -> str:
        """Like `load`, but in a register: a compiler may load anew for every use, which costs where loads are short."""
        value = self.load(array, row)
        self._lines[-1] += f"HOLD({value});"
        return value

    def scalar(self, array: str, index: int) -> str:
        """A number of an array, the same for all lanes; for use as the first factor of `multiply` and `fma`."""
        return f"SCALAR({array},{index})"

    def store(self, array: str, row: int, value: str) -> None:
        """Writes a row of an array."""
        self._lines.append(f"STORE({array},{row},{value});")

    def multiply(self, x: Operand, y: str) -> str:
        """The product x y; no operation where x is 1."""
        product = self._product(x, y)
        return y if product == y else self._operate(product)

    def fma(self, x: Operand, y: str, total: str | None) -> str:
        """total + x y; the product alone where there is no total yet."""
        return self.multiply(x, y) if total is None else self._operate(self._sum(x, y, total))

    def dot(self, terms: Iterable[tuple[Operand, str]], total: str | None = None) -> str:
        """total + the sum of the products x y of all terms; there must be one of the two."""
        for x, y in terms:
            total = self.fma(x, y, total)
        if total is None:
            raise ValueError("a sum without terms")
        return total

    def add(self, x: str, total: str | None) -> str:
        """total + x; x where there is no total yet."""
        return x if total is None else self._operate(self._expression("ADD", total, x))

    def expression(self, terms: Iterable[tuple[Operand, str]]) -> str:
        """The sum of the products x y of all terms, as an operand without a name: for one use, not across a store."""
        total = None
        for x, y in terms:
            self.operations += total is not None or x != 1
            total = self._product(x, y) if total is None else self._sum(x, y, total)
        if total is None:
            raise ValueError("a sum without terms")
        return total

    def name(self, expression: str) -> str:
        """Gives an expression a name."""
        return self._assign(expression)

    def variable(self) -> str:
        """A zero that `increase` adds to, also under conditions."""
        return self._assign("ZERO")

    def increase(self, variable: str, terms: Iterable[tuple[str, str]]) -> None:
        """Adds the products x y of all terms to a variable."""
        total = variable
        for x, y in terms:
            self.operations += 1
            total = self._sum(x, y, total)
        self._set(variable, total)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is emitted inside counts only if a condition on constants holds; C++ and Python both know its words.

        Values named inside are not there afterwards: their names are given again.
        """
        self._lines.append(f"if ({condition}) {{")
        outside = self._values
        yield
        self._values = outside
        self._lines.append("}")

    def barrier(self) -> None:
        """Ends a stage."""
        self._lines.append("BARRIER;")

    def comment(self, text: str) -> None:
        """A line for the reader."""
        self._lines.append(f"// {text}")

    def element(self, tuple_: str, index: int) -> str:
        """The variable at a place of a tuple of variables."""
        return f"{tuple_}[{index}]"

    def function(
        self,
        name: str,
        reads: Sequence[str],
        writes: Sequence[str],
        template: str = "class T",
        more: Sequence[str] = (),
    ) -> str:
        """The function template `name`, which takes the arrays it reads, those it writes or updates, and `more`."""
        body = "\n".join(self._lines)
        used = set(re.findall(r"(?:LOAD|STORE|SCALAR)\((\w+),", body))  # C++ warns of parameters that are not
        parameters = [
            f"{kind} FL_RESTRICT{f' {array}' if array in used else ''}"
            for kind, arrays in (("const T*", reads), ("T*", writes))
            for array in arrays
        ]
        signature = f"template <{template}>\nPIECE void {name}({', '.join([*parameters, *more])})"
        return f"{signature} {{\nPROLOGUE;\n{body}\n}}\n"


class InfixProgram(Program):
    """A program in operators that C++ and Python share, for compilers that contract x y + z by themselves."""

    def _constant(self, value: float) -> str:
        return f"K[{self._constants.index(value)}]"

    def _product(self, x: Operand, y: str) -> str:
        if isinstance(x, str):
            return f"{_factor(x)}*{_factor(y)}"
        return y if x == 1 else f"{self._constant(x)}*{_factor(y)}"

    def _sum(self, x: Operand, y: str, total: str) -> str:
        if isinstance(x, str):
            return f"{total}+{self._product(x, y)}"
        # A sum may follow a plus as it is, but not a minus.
        return f"{total}+{self._product(x, y)}" if x > 0 else f"{total}-{self._product(-x, _factor(y))}"

    def add(self, x: str, total: str | None) -> str:
        """total + x; x where there is no total yet."""
        return x if total is None else self._operate(f"{total}+{x}")


def _factor(x: str) -> str:
    """An operand of a product."""
    return x if x.isidentifier() else f"({x})"
