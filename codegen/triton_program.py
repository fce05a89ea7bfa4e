"""Emits the programs of codegen/program.py as Triton functions: the same statements, in Triton's Python.

A value is a block of lanes, an array a block of pointers to the first row of each lane; rows are ROW elements apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from codegen.program import Constants, InfixProgram


class TritonProgram(InfixProgram):
    """One function of a generated file of Triton functions.

    Args:
        constants: that the functions of the file share.
        masked: arrays that a lane reads and writes only where `mask` holds, and reads as zero elsewhere.
    """

    def __init__(self, constants: Constants, masked: Collection[str] = ()) -> None:
        super().__init__(constants)
        self._masked = masked
        self._indent = " "

    def _line(self, text: str) -> None:
        self._lines.append(self._indent + text)

    def _assign(self, expression: str) -> str:
        name = f"t{self._values}"
        self._values += 1
        self._line(f"{name}={expression}")
        return name

    def _set(self, variable: str, expression: str) -> None:
        self._line(f"{variable}={expression}")

    def load(self, array: str, row: int) -> str:
        """Row of an array."""
        return self._assign(f"tl.load({array}+{row}*ROW{',mask,0.' if array in self._masked else ''})")

    hold = load  # there is nothing to say about registers

    def store(self, array: str, row: int, value: str) -> None:
        """Writes a row of an array."""
        self._line(f"tl.store({array}+{row}*ROW,{value}{',mask' if array in self._masked else ''})")

    def variable(self) -> str:
        """A zero that `increase` adds to, also under conditions."""
        return self._assign("zero")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is emitted inside is compiled only if a condition on constants holds."""
        self._line(f"if {condition}:")
        self._indent += " "
        outside = self._values
        yield
        self._values = outside
        self._indent = self._indent[:-1]

    def barrier(self) -> None:
        """Nothing: Triton's compiler cannot be told."""

    def comment(self, text: str) -> None:
        """A line for the reader."""
        self._line(f"# {text}")

    def element(self, tuple_: str, index: int) -> str:
        """The variable at a place of a tuple of variables."""
        return f"{tuple_}{index}"

    def jit(self, name: str, arrays: Sequence[str], constants: Sequence[str], sums: int = 0) -> str:
        """The Triton function.

        Args:
            name: of the function.
            arrays: that it takes, before `mask` and `zero`, a block of zeros, and ROW.
            constants: names of compile-time constants that its conditions speak of; they follow.
            sums: length of the tuple "sum" of variables that the function takes last and returns, if any.
        """
        variables = "".join(f"{self.element('sum', n)}," for n in range(sums))
        parameters = [
            *arrays,
            "mask",
            "zero",
            *(f"{c}: tl.constexpr" for c in ("ROW", *constants)),
            *["sum"] * (sums > 0),
        ]
        head, tail = ([f" {variables}=sum"], [f" return {variables}"]) if sums else ([], [])
        return "\n".join(["@triton.jit", f"def {name}({', '.join(parameters)}):", *head, *self._lines, *tail, ""])


def file_text(generator: str, constants: Constants, body: str) -> str:
    """A generated file of Triton functions, after which the constants are complete."""
    table = "".join(f" {value!r},\n" for value in constants.values())
    return (
        f'"""Written by {generator}; not to be edited."""\n\nimport triton\nimport triton.language as tl\n\n'
        f"K = tl.constexpr((\n{table}))\n\n\n{body}"
    )
