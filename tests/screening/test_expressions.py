from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastlattice.screening.expressions import ExpressionError, conditions

NUMBERS = ("density", "E_z", "E_x", "anisotropy", "beam_valid")
COLUMNS = {
    "density": np.array([0.1, 0.2, 0.4, 0.1]),
    "E_z": np.array([0.05, 0.02, 0.2, np.nan]),
    "E_x": np.array([1.0, 4.0, 9.0, 16.0]),
    "anisotropy": np.array([1.0, 2.0, 0.5, 0.1]),
    "beam_valid": np.array([True, False, True, True]),
    "status": np.array(["ok", "ok", "singular_pivot", "ok"]),
    "name": np.array(["a", "b", "c", "a"], dtype=object),
}


def passed(text: str) -> list[bool]:
    kept = np.ones(4, dtype=bool)
    for part in conditions(text, NUMBERS, ("status", "name")):
        kept &= part(COLUMNS)
    return kept.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E_z/rho > 0.3 and anisotropy < 1.5", [True, False, True, False]),
        ("E_z/density > 0.3 or beam_valid", [True, False, True, False]),
        ("1 < E_x <= 9", [False, True, True, False]),
        ("sqrt(E_x) == 3", [False, False, True, False]),
        ("max(E_x, 5) - min(E_x, 5) >= abs(-4) ** 1", [True, False, True, True]),
        ("not beam_valid", [False, True, False, False]),
        ("not E_z > 0.1", [True, True, False, False]),
        ("status == 'ok' and name != \"b\"", [True, False, False, True]),
        ("1 > 0", [True] * 4),
    ],
)
def test_conditions_mean_what_they_say_and_nan_never_passes(text: str, expected: list[bool]) -> None:
    assert passed(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("E_zz > 1", "did you mean E_z"),
        ("__import__('os').system('true') == 0", "only numbers, columns"),
        ("open('x') > 0", "no function 'open'"),
        ("E_z.__class__ > 0", "only numbers, columns"),
        ("[1][0] > 0", "only numbers, columns"),
        ("(lambda: 1)() > 0", "only numbers, columns"),
        ("E_z", "compare it"),
        ("E_z > ", "is no condition"),
        ("E_z > 'a'", "cannot be compared"),
        ("name < 'a'", "cannot be compared"),
        ("E_z in (1, 2)", "only numbers, columns"),
        ("E_z + beam_valid > 1", "where a number is needed"),
        ("True", "neither a number nor a text"),
        ("min(E_z) > 1", "min takes 2"),
        ("E_z > 1j", "neither a number"),
        ("E_z := 3", "is no condition"),
        ("x" * 20_000, "at most"),
    ],
)
def test_everything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        conditions(text, NUMBERS, ("status", "name"))


def test_huge_powers_and_deep_nesting_end_at_once() -> None:
    assert passed("10**10**10 > E_x") == [True] * 4
    with pytest.raises(ExpressionError):
        conditions("(" * 4000 + "1" + ")" * 4000 + " > 0", NUMBERS)
    with pytest.raises(ExpressionError):
        conditions("-" * 9000 + "1 > 0", NUMBERS)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused(text: str) -> None:
    with suppress(ExpressionError):
        for part in conditions(text, NUMBERS, ("status", "name")):
            assert part.names <= {*NUMBERS, "status", "name"}
