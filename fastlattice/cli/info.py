"""Describes lattices: what an input holds, or, without an input, what is built in.

examples:
  fastlattice info
  fastlattice info octet
  fastlattice info catalogue.lat.gz nets:rcsr
  fastlattice info --identity catalogue.lat       which RCSR net each lattice is, whatever its geometry
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastlattice.cli import results, sources
from fastlattice.errors import LatticeError

if TYPE_CHECKING:
    import torch

    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.lattice.lattice import Lattice

EPILOG = "\n" + sources.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice info`."""
    sources.add_arguments(parser, required=False)
    parser.add_argument("--identity", action="store_true", help="name the RCSR net that each lattice is")


def run(arguments: argparse.Namespace) -> int:
    """Prints the description; returns 1 if entries were skipped."""
    if not arguments.inputs:
        _describe_built_in()
        return 0
    skipped = 0
    inputs = sources.open_sources(arguments)
    from fastlattice.topologies import cells

    for source in inputs:
        summary = _Summary()
        found: Counter[tuple[str, str]] = Counter()
        for batch in source.batches(sources.CHUNK):
            summary.add(batch)
            if arguments.identity:
                found.update(
                    (str(lattice.name), _identity(lattice)) for lattice in map(batch.__getitem__, range(len(batch)))
                )
        print(f"{source.spec}:")
        _print_pairs(summary.pairs())
        if summary.only is not None:
            _print_pairs(_details(summary.only))
            if summary.only.name in cells.unit_cell_names():
                _print_pairs([("description", cells.unit_cell_description(str(summary.only.name)))])
        _print_pairs(("identity", f"{name or 'no name'}: {net}{_times(count)}") for (name, net), count in found.items())
        for error in source.errors:
            print(f"  skipped: {error}")
        skipped += len(source.errors)
    return 1 if skipped else 0


def _describe_built_in() -> None:
    from fastlattice.topologies import cells, nets

    lattices = [cells.unit_cell(name) for name in cells.unit_cell_names()]
    rows = [
        [lattice.name, str(lattice.num_nodes), str(lattice.num_struts), cells.UNIT_CELLS[lattice.name].description]
        for lattice in lattices
    ]
    results.print_table(["unit cell", "nodes", "struts", "description"], rows, sys.stdout, text_columns={0, 3})
    print(f"\nand {len(nets.rcsr_names())} nets of the Reticular Chemistry Structure Resource: nets:pcu, nets:dia, ...")


def _identity(lattice: Lattice) -> str:
    from fastlattice.topologies import nets

    try:
        return ", ".join(nets.identify(lattice)) or "none of the table"
    except LatticeError as error:
        return f"no net ({error})"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


class _Summary:
    """Counts and ranges over a stream of batches."""

    def __init__(self) -> None:
        self.lattices = 0
        self.only: Lattice | None = None
        self._parts: dict[str, list[torch.Tensor]] = {"nodes": [], "struts": [], "relative density": []}
        self._labelled = 0
        self._bases: set[str] = set()

    def add(self, batch: LatticeBatch) -> None:
        import torch

        self.only = batch[0] if self.lattices == 0 and len(batch) == 1 else None
        self.lattices += len(batch)
        for label, values in zip(
            self._parts, (batch.node_counts, batch.strut_counts, batch.relative_density), strict=True
        ):
            self._parts[label].append(values.to(torch.float64))
        target = batch.columns.get("target")
        if isinstance(target, torch.Tensor):
            self._labelled += int((~target.isnan().any(-1).any(-1)).sum())
        self._bases.update(str(name) for name in batch.columns.get("base_name", batch.names))

    def pairs(self) -> Iterable[tuple[str, str]]:
        import torch

        yield "lattices", f"{self.lattices} of {len(self._bases)} base lattices, {self._labelled} labelled"
        for label, parts in self._parts.items():
            values = torch.cat(parts) if parts else torch.empty(0)
            if self.lattices > 1:
                low, middle, high = values.min(), values.median(), values.max()
                yield label, f"{low:.6g} to {high:.6g}, median {middle:.6g}"


def _details(lattice: Lattice) -> Iterable[tuple[str, str]]:
    import numpy as np

    from fastlattice.lattice.printed import printed

    degree = np.bincount(lattice.struts.ravel(), minlength=lattice.num_nodes)
    counts = ", ".join(f"{n} x {z}" for z, n in zip(*np.unique(degree, return_counts=True), strict=True))
    lengths = np.linalg.norm(lattice.cell, axis=1)
    cosines = [lattice.cell[i] @ lattice.cell[j] / lengths[i] / lengths[j] for i, j in ((1, 2), (0, 2), (0, 1))]
    primitive = lattice.primitive()
    yield "nodes", str(lattice.num_nodes)
    yield "struts", str(lattice.num_struts)
    yield "coordination", f"mean {degree.mean():.4g} (nodes x struts at the node: {counts})"
    yield "relative density", f"{lattice.relative_density:.6g}"
    part = printed(lattice)
    yield "printed density", f"{part.density:.4g} (struts' union; overlaps reach {part.overlap.max():.1%} of a strut)"
    yield "cell", ", ".join(f"{v:.6g}" for v in (*lengths, *np.degrees(np.arccos(np.clip(cosines, -1, 1)))))
    yield "strut lengths", f"{lattice.strut_lengths.min():.6g} to {lattice.strut_lengths.max():.6g}"
    yield "radii", f"{lattice.radii.min():.6g} to {lattice.radii.max():.6g}"
    yield "primitive cell", f"{primitive.num_nodes} nodes, {primitive.num_struts} struts"


def _print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    for label, text in pairs:
        print(f"  {label:<17} {text}")
