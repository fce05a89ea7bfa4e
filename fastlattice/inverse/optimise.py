"""scipy's optimisers, one for each start, at work together: what all of them ask for next is evaluated in one batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import numpy as np

from fastlattice._extras import module_of_extra
from fastlattice.inverse.problem import Evaluation
from fastlattice.lattice.lattice import FloatArray

FEASIBLE = 1e-6
"""By how much a constraint may be missed, in units of its limit, and count as kept."""
_REMEMBERED = 64  # evaluations: an optimiser asks for its functions one by one, and tells later which place it took

Evaluate = Callable[[Sequence[int], Sequence[FloatArray]], list[Evaluation]]


@dataclass(eq=False)
class Run:
    """What one optimiser did.

    Attributes:
        place: [n] the best place: of those that keep the constraints the one of least cost; where none does, the one
            that misses them least.
        steps: evaluations at the start and after each step.
        places: [n] of each of them.
        evaluations: how many were asked for.
        converged: whether the optimiser says so.
        reason: why it stopped, in its words.
    """

    place: FloatArray
    steps: list[Evaluation] = field(default_factory=list)
    places: list[FloatArray] = field(default_factory=list)
    evaluations: int = 0
    converged: bool = False
    reason: str = ""

    def choose(self) -> None:
        """Sets `place` from the steps."""

        def merit(k: int) -> tuple[float, float]:
            missed = self.steps[k].violation
            return (0.0 if missed <= FEASIBLE else missed, self.steps[k].cost)

        self.place = self.places[min(range(len(self.steps)), key=merit)]


class _Stopped(Exception):  # noqa: N818  not an error: the way out of an optimiser
    """There is no stiffness at a place that the optimiser asks for, or nobody answers any more."""


def minimise_all(
    evaluate: Evaluate,
    begin: Sequence[FloatArray],
    bounds: Sequence[FloatArray],
    method: str,
    steps: int,
    tolerance: float,
    on_step: Callable[[int, int, float], None] | None = None,
) -> list[Run]:
    """Minimises from every start.

    Args:
        evaluate: takes rows of starts, ascending, and their places.
        begin: [n] for each start: where it begins.
        bounds: [n] for each start: |z| <= bounds.
        method: one of METHODS.
        steps: at most, of each.
        tolerance: relative change of the cost, at which an optimiser stops.
        on_step: called in a thread of the start's own with its row, the number of its step, and the cost.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    module_of_extra("scipy.optimize", "design", "inverse design")
    requests: SimpleQueue[tuple[int, FloatArray | None]] = SimpleQueue()
    answers: list[SimpleQueue[Evaluation | None]] = [SimpleQueue() for _ in bounds]
    runs = [Run(place) for place in begin]

    def work(row: int) -> None:
        def ask(z: FloatArray) -> Evaluation:
            requests.put((row, z))
            answer = answers[row].get()
            if answer is None:
                raise _Stopped("interrupted")
            return answer

        try:
            _Optimiser(row, runs[row], ask, bounds[row], on_step).run(method, steps, tolerance)
        except _Stopped as stop:
            runs[row].reason = str(stop)
        except Exception as error:
            errors.append(error)
        finally:
            requests.put((row, None))

    errors: list[Exception] = []
    threads = [threading.Thread(target=work, args=(row,), daemon=True) for row in range(len(bounds))]
    for thread in threads:
        thread.start()
    _serve(evaluate, requests, answers)
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return runs


def _serve(
    evaluate: Evaluate,
    requests: SimpleQueue[tuple[int, FloatArray | None]],
    answers: Sequence[SimpleQueue[Evaluation | None]],
) -> None:
    """Answers until every optimiser has finished; each waits until all that still run have asked."""
    running, waiting = len(answers), dict[int, FloatArray]()
    try:
        while running:
            row, z = requests.get()
            if z is None:
                running -= 1
            else:
                waiting[row] = z
            if waiting and len(waiting) == running:
                rows = sorted(waiting)
                found = evaluate(rows, [waiting[r] for r in rows])
                waiting.clear()
                for r, evaluation in zip(rows, found, strict=True):
                    answers[r].put(evaluation)
    finally:  # after an error or an interruption: nobody is left waiting
        for queue in answers:
            queue.put(None)


class _Optimiser:
    """One start: remembers what it was told, and works in y = z / bounds, so that all numbers are between -1 and 1."""

    def __init__(
        self,
        row: int,
        run: Run,
        ask: Callable[[FloatArray], Evaluation],
        bounds: FloatArray,
        on_step: Callable[[int, int, float], None] | None,
    ) -> None:
        self._row, self._run, self._ask, self._bounds, self._on_step = row, run, ask, bounds, on_step
        self._known: dict[bytes, Evaluation] = {}

    def run(self, method: str, steps: int, tolerance: float) -> None:
        from scipy.optimize import BFGS, Bounds, NonlinearConstraint, minimize

        y = self._run.place / self._bounds
        self._step(y)
        count = len(self._at(y).constraints)
        constraints: Any = ()
        if count and method == "SLSQP":
            constraints = {
                "type": "ineq",
                "fun": lambda y: self._at(y).constraints,
                "jac": lambda y: self._at(y).jacobian * self._bounds,
            }
        elif count:
            constraints = NonlinearConstraint(
                lambda y: self._at(y).constraints,
                0,
                np.inf,
                jac=lambda y: self._at(y).jacobian * self._bounds,
                hess=BFGS(),
            )
        options: dict[str, Any] = {
            "L-BFGS-B": {"maxiter": steps, "ftol": tolerance, "gtol": tolerance, "maxfun": 20 * steps, "maxcor": 20},
            "SLSQP": {"maxiter": steps, "ftol": tolerance},
            "trust-constr": {"maxiter": steps, "gtol": tolerance, "xtol": tolerance, "initial_tr_radius": 0.1},
        }[method]
        try:
            result = minimize(
                lambda y: (self._at(y).cost, self._at(y).gradient * self._bounds),
                y,
                jac=True,
                method=method,
                bounds=Bounds(-np.ones(len(y)), np.ones(len(y))),
                constraints=constraints,
                options=options,
                callback=(lambda y, state: self._step(y)) if method == "trust-constr" else self._step,
                **({"hess": BFGS()} if method == "trust-constr" else {}),
            )
            self._step(np.clip(result.x, -1, 1))
            self._run.converged, self._run.reason = bool(result.success), str(result.message)
        finally:
            self._run.choose()

    def _at(self, y: FloatArray) -> Evaluation:
        key = y.tobytes()
        if key not in self._known:
            found = self._ask(y * self._bounds)
            self._run.evaluations += 1
            if found.failure:
                raise _Stopped(f"a cell on the way is none: {found.failure}")
            if len(self._known) == _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = found
        return self._known[key]

    def _step(self, y: FloatArray) -> None:
        found = self._at(np.array(y, dtype=float))
        place = y * self._bounds
        if not self._run.places or not np.array_equal(place, self._run.places[-1]):
            self._run.steps.append(found)
            self._run.places.append(place)
            if self._on_step is not None:
                self._on_step(self._row, len(self._run.steps) - 1, found.cost)
