"""Changes a cell by gradients until its stiffness is what is asked for.

The struts stay, nodes move and radii change; exact finite elements give the gradients and verify the result. The
relative density is held unless --free-density. A number before "*" is a term's weight.

examples:
  fastlattice design kelvin --density 0.05 --minimise E_y --variables positions -o soft.parquet --picture soft.png
  fastlattice design octet --maximise E_x --bound "E_y >= 0.001" --symmetry orthotropic
  fastlattice design kelvin --target nu_xy=-0.3 --target nu_yx=-0.3 --move 0.2 --starts 8 --node-distance 0.1
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from fastlattice._choices import METHODS, PROPERTIES, RADII, SYMMETRIES, VARIABLES
from fastlattice._version import __version__
from fastlattice.cli import pipeline, results, sources
from fastlattice.cli._types import count, number
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastlattice.inverse import Designs, Term
    from fastlattice.lattice.batch import LatticeBatch

EPILOG = "\nproperties (P):\n" + "\n".join(f"  {line}" for line in PROPERTIES.splitlines()) + "\n\n" + sources.HELP
_LISTED = 10
_LIMITS = {
    "smallest_radius": "of any strut",
    "largest_radius": "of any strut",
    "slenderness": "largest radius over length of any strut",
    "node_distance": "smallest distance between nodes",
    "strut_distance": "smallest distance between axes of struts that do not meet",
    "angle": "smallest angle between struts at a node, in degrees",
    "overhang": "smallest angle between a strut and the build plate (normal to z), in degrees",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice design`."""
    sources.add_arguments(parser)
    results.add_arguments(parser)
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draws the best design (.png, .svg, .pdf)")
    wishes = parser.add_argument_group("what is asked for; each may be given several times")
    for kind, form, what in (
        ("minimise", "P", "a property to be made small"),
        ("maximise", "P", "a property to be made large"),
        ("target", "P=V", "a property that is to have a value"),
    ):
        wishes.add_argument(f"--{kind}", action="append", default=[], metavar=form, help=what)
    wishes.add_argument("--bound", action="append", default=[], metavar="'P>=V'", help="a bound to keep; or P<=V")
    free = parser.add_argument_group("what may change")
    known = f"some of {', '.join(VARIABLES)} (default positions,radii)"
    free.add_argument("--variables", default="positions,radii", metavar="NAMES", help=known)
    free.add_argument("--symmetry", choices=SYMMETRIES, default="none", help="of the cell, that is kept (default none)")
    free.add_argument("--radii", choices=RADII, default="strut", help="what shares a radius (default strut)")
    free.add_argument("--free-density", action="store_true", help="the relative density may change")
    free.add_argument(
        "--move",
        type=number(above=0),
        default=0.1,
        help="how far a node may move in each direction, in units of the longest lattice vector (default 0.1)",
    )
    limits = parser.add_argument_group("limits of the geometry, lengths in the lattice's unit")
    for name, what in _LIMITS.items():
        limits.add_argument(f"--{name.replace('_', '-')}", type=number(above=0), metavar="X", help=what)
    search = parser.add_argument_group("the search")
    search.add_argument("--engine", default="fe", help="fe (default), or a network: its name or file")
    search.add_argument("--steps", type=count, default=100, help="of each optimiser at most (default 100)")
    search.add_argument("--starts", type=count, default=1, metavar="N", help="starts from each cell (default 1)")
    search.add_argument("--seed", type=int, default=0, help="of the random starts (default 0)")
    search.add_argument("--method", choices=METHODS, help="default: L-BFGS-B, with bounds or limits SLSQP")


def run(arguments: argparse.Namespace) -> int:
    """Designs, prints and writes; returns 1 if no design keeps its constraints."""
    kinds = ("minimise", "maximise", "target")
    objective = [f"{kind} {text}" for kind in kinds for text in getattr(arguments, kind)] + arguments.bound
    if not objective:
        raise FastlatticeError("nothing is asked for: --minimise, --maximise or --target")
    from fastlattice._progress import ProgressBar
    from fastlattice.cli.writers import open_sinks
    from fastlattice.inverse.objective import terms_of
    from fastlattice.lattice.batch import LatticeBatch

    terms = terms_of(objective)
    results.refuse_overwriting(arguments.inputs, [*arguments.output, *([arguments.picture] * bool(arguments.picture))])
    batches = [b for source in sources.open_sources(arguments) for b in source.batches(sources.CHUNK)]
    cells = LatticeBatch.concatenate([batch.replace(columns={"name": batch.names}) for batch in batches])
    origin = {"design": objective, "engine": arguments.engine, "inputs": arguments.inputs}
    origin |= {"version": f"fastlattice {__version__}", "command": arguments.line}
    report = results.report_of(arguments, origin)
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink) for sink in open_sinks(arguments, report)]
        total = len(cells) * arguments.starts * arguments.steps
        bar = stack.enter_context(ProgressBar(total=total, unit=" steps", disable=None, leave=False))
        made = _design(arguments, cells, terms, lambda row, step, cost: bar.update(step > 0))
        chunk = _with_columns(arguments, made)
        for sink in sinks:
            sink(chunk)
    if arguments.format == "table":
        _explain(made)
    if arguments.picture is not None:
        made.plot(arguments.picture)
        print(f"{made.lattices.names[made.best] or 'the best design'} drawn in {arguments.picture}")
    if not bool(made.feasible.any()):
        print("no design keeps all constraints", file=sys.stderr)
        return 1
    return 0


def _design(
    arguments: argparse.Namespace,
    cells: LatticeBatch,
    terms: Sequence[Term],
    on_step: Callable[[int, int, float], None],
) -> Designs:
    from fastlattice.inverse import Constraints, design

    return design(
        cells,
        terms,
        tuple(arguments.variables.split(",")),
        engine=arguments.engine,
        constraints=Constraints(**{name: getattr(arguments, name) for name in _LIMITS}),
        symmetry=arguments.symmetry,
        radii=arguments.radii,
        density=None if arguments.free_density else "start",
        move=arguments.move,
        starts=arguments.starts,
        seed=arguments.seed,
        method=arguments.method,
        steps=arguments.steps,
        on_step=on_step,
    )


def _with_columns(arguments: argparse.Namespace, made: Designs) -> LatticeBatch:
    """The designs with their exact results, as every format writes them, and what is known of the search."""
    spec, extremes = " ".join(arguments.inputs), arguments.extremes is not False
    chunk = pipeline.with_results(made.lattices, made.exact, spec, extremes, arguments.printed_density)
    return chunk.with_columns(
        relative_density=made.lattices.relative_density.detach(),
        cost=made.cost,
        start_cost=made.start_cost,
        feasible=made.feasible,
        converged=made.converged,
    )


def _explain(made: Designs) -> None:
    """What became of the best designs, and why each stopped."""
    order = sorted(range(len(made)), key=lambda s: (s != made.best, not made.feasible[s], float(made.cost[s])))
    header = ["design", "cost", "of start", "steps", *made.values, *(f"slack of {k}" for k in made.slack), "stopped"]
    rows = [
        [
            made.lattices.names[s] or str(s),
            f"{float(made.cost[s]):.4g}",
            f"{float(made.start_cost[s]):.4g}",
            str(len(made.history[s]) - 1),
            *(f"{float(v[s]):.4g}" for v in made.values.values()),
            *(f"{float(v[s]):.3g}" for v in made.slack.values()),
            made.reasons[s].capitalize(),
        ]
        for s in order[:_LISTED]
    ]
    print()
    results.print_table(header, rows, sys.stdout, text_columns={0, len(header) - 1})
    if len(made) > _LISTED:
        print(f"{len(made) - _LISTED} more designs are not shown (--output FILE keeps all)")
