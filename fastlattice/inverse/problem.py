"""One batched evaluation of many starts: stiffness, cost, constraints, and the gradients of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fastlattice import elasticity
from fastlattice.errors import DesignError
from fastlattice.fe import homogenise
from fastlattice.inverse.constraints import Watched
from fastlattice.inverse.objective import Term
from fastlattice.inverse.variables import Starts
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.lattice import FloatArray
from fastlattice.models.base import StiffnessModel

DEFINITE = 1e-14
"""Smallest over largest Kelvin modulus of a stiffness that has moduli."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One start at one place.

    Attributes:
        cost: what is minimised.
        gradient: [n] of the cost.
        constraints: [k], not negative where they hold.
        jacobian: [k, n].
        failure: why there is no stiffness, or "".
    """

    cost: float
    gradient: FloatArray
    constraints: FloatArray
    jacobian: FloatArray
    failure: str

    @property
    def violation(self) -> float:
        """By how much the worst constraint is missed; 0 where all hold."""
        return float(-np.minimum(self.constraints, 0).min(initial=0.0))


class Problem:
    """A design problem: from places of starts to their evaluations.

    Args:
        starts: the starts.
        terms: what is asked for.
        watched: the geometric constraints.
        engine: None for exact finite elements, or a network.
        threads: of the finite elements.

    Raises:
        DesignError: a start has no stiffness by the engine, or an undefined property.
    """

    def __init__(
        self, starts: Starts, terms: Sequence[Term], watched: Watched, engine: StiffnessModel | None, threads: int = 1
    ) -> None:
        self.threads = threads
        self.starts, self.terms, self.watched, self.engine = starts, tuple(terms), watched, engine
        self.aims = [k for k, term in enumerate(self.terms) if not term.is_bound]
        self.bounds = [k for k, term in enumerate(self.terms) if term.is_bound]
        with torch.no_grad():
            stiffness, failures = self.stiffness(starts.batch)
            for row, reason in enumerate(failures):
                if reason:
                    raise DesignError(f"start {row} {starts.batch.names[row]!r}: {reason}")
            self.scales = [term.scale(stiffness) for term in self.terms]
        for term, scale in zip(self.terms, self.scales, strict=True):
            if not bool((scale > 0).all()):
                raise DesignError(
                    f"{term}: the property is zero or undefined at start {int((~(scale > 0)).nonzero()[0])}"
                )

    def stiffness(self, designs: LatticeBatch) -> tuple[Tensor, list[str]]:
        """[B, 6, 6] by the engine, differentiable, NaN where there is none; and why not, or ""."""
        failures = [""] * len(designs)
        if self.engine is None:
            result = homogenise(designs, threads=self.threads)
            stiffness = result.stiffness
            for failure in result.failures():
                failures[failure.index] = failure.reason
        else:
            given = self.engine.stiffness(designs).to("cpu", torch.float64)
            stiffness = (given + given.mT) / 2
        plain = stiffness.detach()
        finite = plain.isfinite().flatten(1).all(1)
        definite = elasticity.is_positive_definite(plain.where(finite[:, None, None], torch.nan), tolerance=DEFINITE)
        for row in (~definite).nonzero()[:, 0].tolist():
            failures[row] = failures[row] or "its stiffness is not positive definite"
        return stiffness.where(definite[:, None, None], torch.nan), failures

    def evaluate(self, rows: Sequence[int], places: Sequence[FloatArray]) -> list[Evaluation]:
        """Some starts, each at a place of its own, in one batch."""
        z = torch.from_numpy(np.concatenate(places)).requires_grad_()
        designs = self.starts.lattices(rows, z)
        stiffness, failures = self.stiffness(designs)
        chosen = torch.as_tensor(list(rows))
        costs = [self.terms[k].cost(stiffness, self.scales[k][chosen]) for k in self.aims]
        outputs = [sum(costs[1:], costs[0])]
        outputs += [self.terms[k].slack(stiffness) / self.scales[k][chosen] for k in self.bounds]
        outputs += list(self.watched.smooth(rows, designs).values())
        # Starts do not meet: the gradient of a sum over them holds the gradient of each.
        gradients = [
            torch.autograd.grad(o.sum(), z, retain_graph=True, allow_unused=True, materialize_grads=True)[0].numpy()
            if o.requires_grad
            else np.zeros(len(z))
            for o in outputs
        ]
        values = torch.stack(outputs).detach().numpy()
        ends = np.cumsum([len(place) for place in places])
        evaluations = []
        for b, (end, place) in enumerate(zip(ends, places, strict=True)):
            own = np.stack([g[end - len(place) : end] for g in gradients])
            failure = failures[b]
            if not failure and not (np.isfinite(values[:, b]).all() and np.isfinite(own).all()):
                failure = "its cost or a gradient is not finite"
            evaluations.append(Evaluation(float(values[0, b]), own[0], values[1:, b].copy(), own[1:], failure))
        return evaluations
