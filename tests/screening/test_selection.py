import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fastlattice.screening.expressions import ExpressionError
from fastlattice.screening.selection import best, objective, pareto_front

NAMES = ("density", "E_min", "anisotropy")
# Few different values, so that there are ties.
values = arrays.arrays(
    np.float64, st.tuples(st.integers(0, 30), st.just(3)), elements=st.sampled_from([0, 1, 2, np.nan])
)


def columns(table: np.ndarray) -> dict[str, np.ndarray]:
    return {"id": np.arange(len(table)) * 7, **{name: table[:, k] for k, name in enumerate(NAMES)}}


def front_by_definition(table: np.ndarray) -> list[int]:
    costs = table * np.array([1, -1, 1])
    found = []
    for i, one in enumerate(costs):
        beaten = any((other <= one).all() and (other < one).any() for other in costs)
        if not np.isnan(one).any() and not beaten:
            found.append(i)
    return found


def test_objectives_know_which_way_is_better() -> None:
    assert str(objective("rho", NAMES)) == "min:density"
    assert str(objective("E_min", NAMES)) == "max:E_min"
    assert str(objective("max:anisotropy", NAMES)) == "max:anisotropy"
    with pytest.raises(ExpressionError, match="did you mean E_min"):
        objective("E_mn", NAMES)
    with pytest.raises(ExpressionError, match="min: or max:"):
        objective("top:E_min", NAMES)


@given(values)
def test_the_front_is_that_of_its_definition(table: np.ndarray) -> None:
    objectives = [objective(name, NAMES) for name in NAMES]
    assert pareto_front(columns(table), objectives).tolist() == front_by_definition(table)


@given(values, st.integers(1, 5), st.integers(0, 30))
def test_the_best_of_parts_hold_the_best_of_all(table: np.ndarray, count: int, cut: int) -> None:
    whole, by = columns(table), objective("E_min", NAMES)
    rows = best(whole, by, count)
    known = [(-e, k) for k, e in enumerate(table[:, 1]) if not np.isnan(e)]
    assert rows.tolist() == [k for _, k in sorted(known)[:count]]
    parts = [{k: v[:cut] for k, v in whole.items()}, {k: v[cut:] for k, v in whole.items()}]
    among = np.concatenate([part["id"][best(part, by, count)] for part in parts])
    assert set(whole["id"][rows]) <= set(among)


def test_a_large_front_is_found_block_by_block() -> None:
    angle = np.random.default_rng(0).permutation(2000) / 2000 * np.pi / 2
    table = np.stack([-np.cos(angle), np.sin(angle), np.zeros(2000)], axis=1)
    inside = table * 0.9
    found = pareto_front(columns(np.concatenate([inside, table])), [objective(name, NAMES) for name in NAMES[:2]])
    assert found.tolist() == list(range(2000, 4000))
