"""Conditions on columns, as in "E_z/rho > 0.3 and anisotropy < 1.5": parsed, checked against a list, never executed.

Numbers, names of columns, + - * / **, comparisons (also chained), and, or, not, and a few functions; texts can be
compared with the columns of texts. Nothing else of Python's language is accepted.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from fastlattice.errors import FastlatticeError

ALIASES = {"rho": "density", "relative_density": "density", "A_U": "anisotropy"}
"""Other words for columns."""
_LONGEST = 10_000  # characters
_FUNCTIONS = {"abs": np.abs, "sqrt": np.sqrt, "log10": np.log10, "min": np.minimum, "max": np.maximum}
_ARGUMENTS = {"abs": 1, "sqrt": 1, "log10": 1, "min": 2, "max": 2}
_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_LOGIC: dict[type[ast.AST], Any] = {ast.And: np.logical_and, ast.Or: np.logical_or}


class ExpressionError(FastlatticeError, ValueError):
    """A condition or the name of a column is malformed. The message says what and where."""


@dataclass(frozen=True)
class Condition:
    """A condition on the columns of results.

    Attributes:
        text: as it was written.
        names: the columns that it needs.
    """

    text: str
    names: frozenset[str]
    _tree: ast.expr

    def __call__(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """[n] bool: which rows fulfil it. A row where one of its numbers is NaN does not, whatever the condition."""
        with np.errstate(all="ignore"):
            passed = np.asarray(_value(self._tree, columns), dtype=bool)
        for name in sorted(self.names):
            if columns[name].dtype.kind == "f":
                passed = passed & ~np.isnan(columns[name])
        return passed


def column_named(name: str, known: Collection[str]) -> str:
    """The column that a user's word means.

    Raises:
        ExpressionError: there is none; the message has the words that come closest.
    """
    meant = ALIASES.get(name, name)
    if meant in known:
        return meant
    close = difflib.get_close_matches(name, [*known, *ALIASES], 3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
    raise ExpressionError(f"there is no column {name!r}; {hint}")


def conditions(text: str, numbers: Collection[str], texts: Collection[str] = ()) -> list[Condition]:
    """The parts of a condition that are joined by `and`, each for itself.

    Args:
        text: the condition.
        numbers: names of columns of numbers and of booleans.
        texts: names of columns of texts.

    Raises:
        ExpressionError: the text is no condition, or names what there is not.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"a condition has at most {_LONGEST} characters, not {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
        return [_condition(text, part, numbers, texts) for part in parts]
    except SyntaxError as error:
        raise ExpressionError(f"{text!r} is no condition: {error.msg} at character {error.offset}") from None
    except (RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"{text[:60]!r} is no condition: {error or 'nested too deeply'}") from None


def _condition(text: str, tree: ast.expr, numbers: Collection[str], texts: Collection[str]) -> Condition:
    names: set[str] = set()
    kind = _check(tree, numbers, texts, names)
    if kind != "truth":
        raise ExpressionError(f"{ast.unparse(tree)!r} is a {kind}, not a condition: compare it with something")
    return Condition(ast.unparse(tree), frozenset(names), tree)


def _check(node: ast.expr, numbers: Collection[str], texts: Collection[str], names: set[str]) -> str:
    """What a node gives, "number", "text" or "truth"; puts down the columns that it needs.

    Names of columns are replaced by those that they mean.
    """

    def expect(part: ast.expr, kind: str) -> None:
        found = _check(part, numbers, texts, names)
        if found != kind:
            raise ExpressionError(f"{ast.unparse(part)!r} is a {found} where a {kind} is needed")

    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return "text"
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise ExpressionError(f"{node.value!r} is neither a number nor a text")
        node.value = float(node.value) if abs(node.value) < 1e300 else np.inf
        return "number"
    if isinstance(node, ast.Name):
        node.id = column_named(node.id, [*numbers, *texts])
        names.add(node.id)
        truths = ("beam_valid", "joints_valid", "in_range")
        return "truth" if node.id in truths else "text" if node.id in texts else "number"
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        expect(node.left, "number")
        expect(node.right, "number")
        return "number"
    if isinstance(node, ast.UnaryOp):
        kind = "truth" if isinstance(node.op, ast.Not) else "number"
        if kind == "number" and type(node.op) not in _OPERATORS:
            raise ExpressionError(f"{ast.unparse(node)!r}: this operator is not known here")
        expect(node.operand, kind)
        return kind
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            expect(part, "truth")
        return "truth"
    if isinstance(node, ast.Compare):
        kinds = {_check(part, numbers, texts, names) for part in (node.left, *node.comparators)}
        wrong = any(type(op) not in _OPERATORS for op in node.ops)
        if (
            wrong
            or len(kinds) != 1
            or (kinds == {"text"} and any(type(op) not in (ast.Eq, ast.NotEq) for op in node.ops))
        ):
            raise ExpressionError(f"{ast.unparse(node)!r} compares what cannot be compared")
        return "truth"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = node.func.id
        if function not in _FUNCTIONS:
            raise ExpressionError(f"there is no function {function!r}; there are {', '.join(_FUNCTIONS)}")
        if len(node.args) != _ARGUMENTS[function]:
            raise ExpressionError(f"{function} takes {_ARGUMENTS[function]}, not {len(node.args)} numbers")
        for part in node.args:
            expect(part, "number")
        return "number"
    raise ExpressionError(f"{ast.unparse(node)!r}: only numbers, columns, arithmetic and comparisons are accepted")


def _value(node: ast.expr, columns: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else np.float64(cast(float, node.value))
    if isinstance(node, ast.Name):
        return columns[node.id]
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left, columns), _value(node.right, columns))
    if isinstance(node, ast.UnaryOp):
        operand = _value(node.operand, columns)
        return np.logical_not(operand) if isinstance(node.op, ast.Not) else _OPERATORS[type(node.op)](operand)
    if isinstance(node, ast.BoolOp):
        values = [_value(part, columns) for part in node.values]
        return _LOGIC[type(node.op)].reduce(np.broadcast_arrays(*values))
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return _FUNCTIONS[node.func.id](*(_value(part, columns) for part in node.args))
    assert isinstance(node, ast.Compare)
    values = [_value(part, columns) for part in (node.left, *node.comparators)]
    compared = [
        _OPERATORS[type(op)](left, right) for op, left, right in zip(node.ops, values[:-1], values[1:], strict=True)
    ]
    return np.logical_and.reduce(np.broadcast_arrays(*compared))
