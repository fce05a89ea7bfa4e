"""Inverse design by gradients: cells with the stiffness that is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from fastlattice import elasticity
from fastlattice._choices import METHODS
from fastlattice.errors import DesignError
from fastlattice.fe import Homogenised, homogenise
from fastlattice.inverse.constraints import Constraints, Watched
from fastlattice.inverse.objective import Term, terms_of
from fastlattice.inverse.optimise import FEASIBLE, Run, minimise_all
from fastlattice.inverse.problem import Problem
from fastlattice.inverse.variables import Freedom, Parametrisation, Starts, parametrise
from fastlattice.lattice.batch import LatticeBatch, as_batch
from fastlattice.lattice.lattice import FloatArray, Lattice
from fastlattice.models.base import StiffnessModel
from fastlattice.models.pretrained import network_of
from fastlattice.ops.backends.native import one_torch_thread

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FEW_STRUTS = 2_000


@dataclass(frozen=True, eq=False)
class Designs:
    """What became of S starts.

    Attributes:
        start: the starts, made exactly symmetric and of the density that is held.
        lattices: the designs, in the order of the starts.
        start_exact: the exact stiffness of the starts.
        exact: their exact stiffness by finite elements, whatever the engine was.
        predicted: [S, 6, 6] their stiffness by the engine; NaN where it has none.
        cost: [S] what was minimised, by exact stiffness; NaN where there is none.
        start_cost: [S] the same of the starts.
        values: [S] by the name of each property asked for, by exact stiffness.
        slack: [S] by constraint, text of a bound or name of a limit: how far on the good side, negative where it is
            missed, in units of the property or the limit.
        feasible: [S] bool, whether all constraints hold, to 1e-6 of their limits, by exact stiffness.
        history: [steps + 1] of each start, the cost by the engine at the start and after each step.
        evaluations: [S] how often each start was evaluated.
        converged: [S] bool, whether the optimiser says that it has converged.
        reasons: why each stopped.
    """

    start: LatticeBatch
    lattices: LatticeBatch
    start_exact: Homogenised
    exact: Homogenised
    predicted: torch.Tensor
    cost: torch.Tensor
    start_cost: torch.Tensor
    values: dict[str, torch.Tensor]
    slack: dict[str, torch.Tensor]
    feasible: torch.Tensor
    history: tuple[FloatArray, ...]
    evaluations: tuple[int, ...]
    converged: torch.Tensor
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lattices)

    def __repr__(self) -> str:
        best, feasible = self.best, int(self.feasible.sum())
        cost = f"cost {float(self.start_cost[best]):.4g} to {float(self.cost[best]):.4g}"
        return f"Designs({len(self)} starts, {feasible} feasible; best {best}: {cost})"

    @property
    def best(self) -> int:
        """The feasible design of least cost; where none is feasible, the one that misses its constraints least."""
        missed = torch.zeros(len(self), dtype=torch.float64)
        for spare in self.slack.values():
            missed = torch.maximum(missed, -spare.nan_to_num(nan=-math.inf))
        missed[self.feasible] = 0
        order = np.lexsort([self.cost.nan_to_num(nan=math.inf).numpy(), missed.numpy()])
        return int(order[0])

    @property
    def lattice(self) -> Lattice:
        """The best design."""
        return self.lattices[self.best]

    @property
    def stiffness(self) -> torch.Tensor:
        """[6, 6] exact stiffness of the best design."""
        return self.exact.stiffness[self.best]

    def plot(self, path: str | Path | None = None, target: torch.Tensor | None = None) -> Figure:
        """A picture of the best design: the cell and its Young's modulus before and after, and the cost of each step.

        Args:
            path: file to write; the suffix chooses the format (.png, .svg, .pdf).
            target: [6, 6] the stiffness that was wanted, if any, drawn beside that of the design.

        Raises:
            MissingExtraError: matplotlib is not installed (extra "plot").
            FastlatticeError: the suffix is none that matplotlib writes.
            OSError: the file cannot be written.
        """
        from fastlattice.pictures.design import plot_design

        best = self.best
        before, after = self.start_exact.stiffness[best], self.exact.stiffness[best]
        return plot_design(self.start[best], self.lattice, before, after, self.history[best], path, target=target)

    @property
    def prediction_error(self) -> torch.Tensor:
        """[S] relative Frobenius distance of the engine's stiffness from the exact one: zero for exact elements."""
        norm = torch.linalg.matrix_norm
        return norm(self.predicted - self.exact.stiffness) / norm(self.exact.stiffness)


def design(
    lattices: LatticeBatch | Lattice | Iterable[Lattice],
    objective: str | Term | Iterable[str | Term],
    variables: Sequence[str] | str = ("positions", "radii"),
    *,
    engine: str | Path | StiffnessModel = "fe",
    constraints: Constraints | None = None,
    symmetry: str = "none",
    radii: str = "strut",
    density: float | str | None = "start",
    move: float = 0.1,
    thickening: float = 4.0,
    strain: float = 0.2,
    starts: int = 1,
    scatter: float = 0.3,
    seed: int = 0,
    method: str | None = None,
    steps: int = 100,
    tolerance: float = 1e-9,
    on_step: Callable[[int, int, float], None] | None = None,
) -> Designs:
    """Changes cells by gradients until their stiffness is what is asked for.

    Every start has an optimiser of its own, scipy's, and all that they ask for next is evaluated in one batch, with
    exact gradients. The topology stays: struts join the same nodes, positions, radii and the cell change. What a start
    comes to does not depend on the other starts. Designs are verified by exact finite elements.

    Args:
        lattices: cells to start from: one, several, or a batch.
        objective: terms, as text or from `fastlattice.inverse`: "minimise E_y", "maximise K", "target nu_xy=-0.3",
            bounds as "E_x >= 1e-4"; all terms are added up, all bounds kept.
            `fastlattice.inverse.properties` lists the names of properties.
        variables: what changes: some of "positions", "radii", "cell".
        engine: "fe", exact finite elements; or the name of a network that comes with the package, the path of one's
            own, or a network.
        constraints: geometric limits.
        symmetry: which isometries of a start its design keeps, exactly: "none", "translations", "orthotropic",
            "tetragonal", "cubic" (about the coordinate axes), or "all".
        radii: what shares a radius: "strut" (each its own, struts that the kept symmetry makes alike together),
            "orbit" (struts alike in the start), or "one".
        density: "start": each keeps its start's relative density, to rounding; a number: all have that; None: free.
        move: how far a node may move in each free direction, in units of the longest lattice vector.
        thickening: the factor by which a radius may grow or shrink, before all are scaled to hold the density.
        strain: the largest component of the cell's strain.
        starts: how many starts from each cell: the cell itself, then random ones that share its symmetry. The designs
            of a cell stand together.
        scatter: how far from the cell random starts are, as a fraction of how far a design may be.
        seed: of the random starts.
        method: of scipy.optimize.minimize: "L-BFGS-B", "SLSQP" or "trust-constr"; None: the first without
            constraints, the second with them.
        steps: of each optimiser, at most.
        tolerance: relative change of the cost at which it stops.
        on_step: called after each step of a start with the start's row, the step's number and the cost; in a thread.

    Raises:
        DesignError: the objective, variables, constraints or settings make no sense, a start has no stiffness, or
            nothing of it is free.
        LatticeError: something among the starts is not a Lattice, or the density is out of range.
        CheckpointError: there is no such network.
        MissingExtraError: scipy is not installed (extra "design").

    Example:
        >>> fastlattice.design(fastlattice.unit_cell("kelvin", 0.05), "minimise E_y", ("positions",), steps=50)
    """
    terms = terms_of(objective)
    limits = constraints or Constraints()
    names = (variables,) if isinstance(variables, str) else tuple(variables)
    freedom = Freedom(names, symmetry, radii, move, thickening, strain)
    constrained = bool(limits.kinds()) or any(term.is_bound for term in terms)
    method = _checked_method(method, constrained, steps, tolerance)
    if not (isinstance(starts, int) and starts >= 1 and 0 < scatter <= 1):
        raise DesignError(f"starts is a positive integer and scatter at most 1, not {starts!r} and {scatter}")
    batch = as_batch(lattices)
    if not len(batch):
        raise DesignError("there is no start to design from")
    _refuse_without_stiffness(batch)
    held = _densities(batch, density)
    cells = [parametrise(batch[row], freedom, held[row]) for row in range(len(batch))]
    each = [cell for cell in cells for _ in range(starts)]
    begin = _places(each, starts, scatter, seed)
    network = None if isinstance(engine, str) and engine == "fe" else network_of(engine)
    struts = int(batch.strut_counts.sum()) * starts
    # Beside finite elements, which get all threads, and in a network on few struts torch works on small tensors: its
    # threads would wait for each other longer than they work, and on a busy machine ten times as long.
    threads = torch.get_num_threads()
    with one_torch_thread(network is None or struts <= _FEW_STRUTS):
        problem = Problem(Starts(each), terms, Watched(limits, each), network, threads)
        runs = minimise_all(problem.evaluate, begin, [p.bounds for p in each], method, steps, tolerance, on_step)
        return _verified(problem, begin, runs)


def _places(each: Sequence[Parametrisation], starts: int, scatter: float, seed: int) -> list[FloatArray]:
    """Where each start begins: zero for the cell itself, then random places, the same whatever else is designed."""
    places = []
    for row, start in enumerate(each):
        random = np.random.default_rng([seed, row % starts]).uniform(-scatter, scatter, len(start.bounds))
        places.append(random * start.bounds if row % starts else np.zeros(len(start.bounds)))
    return places


def _checked_method(method: str | None, constrained: bool, steps: int, tolerance: float) -> str:
    if method not in (None, *METHODS):
        raise DesignError(f"method is one of {', '.join(METHODS)}, not {method!r}")
    if method == "L-BFGS-B" and constrained:
        raise DesignError("L-BFGS-B keeps no constraints: take SLSQP or trust-constr")
    if not (isinstance(steps, int) and steps >= 1):
        raise DesignError(f"steps must be a positive integer, not {steps!r}")
    if not 0 < tolerance < 1:
        raise DesignError(f"tolerance must lie between 0 and 1, not {tolerance}")
    return method or ("SLSQP" if constrained else "L-BFGS-B")


def _refuse_without_stiffness(batch: LatticeBatch) -> None:
    for failure in homogenise(batch).failures():
        raise DesignError(f"start {failure.index} {failure.name!r} has no stiffness: {failure.reason}")


def _densities(batch: LatticeBatch, density: float | str | None) -> list[float | None]:
    if density is None:
        return [None] * len(batch)
    if density == "start":
        return list(batch.relative_density.tolist())
    if isinstance(density, str):
        raise DesignError(f"density is 'start', a number or None, not {density!r}")
    return [float(density)] * len(batch)


def _verified(problem: Problem, begin: Sequence[FloatArray], runs: Sequence[Run]) -> Designs:
    """The places that the optimisers found, as lattices with their exact stiffness."""
    rows = range(len(runs))
    with torch.no_grad():
        first, lattices = (
            problem.starts.lattices(rows, torch.from_numpy(np.concatenate(places)))
            for places in (begin, [run.place for run in runs])
        )
        predicted, _ = problem.stiffness(lattices)
        exact, start = homogenise(lattices), homogenise(first)
        stiffness, beginning = (elasticity.definite(result.stiffness) for result in (exact, start))
        aims = [(problem.terms[k], problem.scales[k]) for k in problem.aims]
        cost, start_cost = (torch.stack([t.cost(c, scale) for t, scale in aims]).sum(0) for c in (stiffness, beginning))
        values = {term.name: term.measured(stiffness) for term in problem.terms}
        bounds = [problem.terms[k] for k in problem.bounds]
        slack = {str(term): term.slack(stiffness) for term in bounds}
        relative = [term.slack(stiffness) / problem.scales[k] for k, term in zip(problem.bounds, bounds, strict=True)]
        geometric = problem.watched.slack(rows, lattices)
        relative += [spare / getattr(problem.watched.limits, kind) for kind, spare in geometric.items()]
    feasible = torch.ones(len(runs), dtype=torch.bool)
    for spare in relative:
        feasible &= spare >= -FEASIBLE
    return Designs(
        start=first,
        start_exact=start,
        lattices=lattices,
        exact=exact,
        predicted=predicted,
        cost=cost,
        start_cost=start_cost,
        values=values,
        slack={**slack, **geometric},
        feasible=feasible & ~cost.isnan(),
        history=tuple(np.array([step.cost for step in run.steps]) for run in runs),
        evaluations=tuple(run.evaluations for run in runs),
        converged=torch.tensor([run.converged for run in runs]),
        reasons=tuple(run.reason for run in runs),
    )
