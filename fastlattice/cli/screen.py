"""The stiffness of any number of lattices, into a folder; stopped runs are resumed.

The folder gets one Parquet file for each shard (131,072 rows of the source) with id, name, density, the 21 numbers of
the stiffness, moduli along the axes, anisotropy and status; rejected.csv with what could not be read; and complete.json
last. However a run ends, --resume computes what is missing, and the files are those of an uninterrupted run, byte for
byte, on the same instruction set. docs/screening.md says more.

columns for --where, --by and --pareto:
  density (or rho), C_11 .. C_66, E_x E_y E_z, G_yz G_xz G_xy, nu_xy nu_xz nu_yx nu_yz nu_zx nu_zy, anisotropy,
  E_min E_max G_min G_max nu_min nu_max, beam_valid, joints_valid, in_range, and in --where also name and status ("ok")
  --by and --pareto make density and anisotropy small and all else large; min:NAME and max:NAME say otherwise

examples:
  fastlattice screen catalogue.parquet -o results
  fastlattice screen 'nets:rcsr?level=0.05&density=0.001..0.1&count=1000000&seed=1' -o results
  fastlattice screen folder/ -o best --where "anisotropy < 0.1 and E_z/rho > 0.3" --top 1000 --by E_min
  fastlattice screen catalogue.lat.gz -o front --pareto rho,E_min
  fastlattice screen catalogue.parquet -o certified --engine network.safetensors --by E_z --certify 1000
  fastlattice screen catalogue.parquet -o results --shards 3/64
  fastlattice screen catalogue.parquet -o results --cluster auto

--shards K/N is one of an array of N jobs, K from 0 on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice._progress import ProgressBar
from fastlattice.cli._types import count, number

if TYPE_CHECKING:
    from fastlattice.screening.runs import Outcome

EPILOG = """
where lattices come from:
  FILE, FOLDER, GLOB    .parquet, .lat, .lat.gz and every other format that fastlattice reads, one after another
  cells:all, cells:octet, nets:rcsr, nets:pcu,dia
                        built-in cells and nets, at --density
  nets:...?level=0.05&density=0.001..0.1&count=1000000&seed=1
                        realisations of them, made as they are needed; entries are those of a stream's recipe
                        (docs/data.md), count, seed, and max_nodes (40) of a base's cell
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice screen`."""
    parser.add_argument("source", metavar="SOURCE", help="file, folder, glob, cells: or nets:; see below")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FOLDER", help="for the results")
    parser.add_argument(
        "--engine",
        default="fe",
        metavar="NAME",
        help="fe (exact; default), a shipped network or a .safetensors file, fe+NAME for both, or auto",
    )
    parser.add_argument("--device", default="cpu", help="torch device of a network (default cpu)")
    parser.add_argument("--resume", action="store_true", help="go on with a run of the same job")
    parser.add_argument("--where", metavar="CONDITION", help='keep only what fulfils it, as "E_z/rho > 0.3"')
    parser.add_argument("--top", type=count, metavar="N", help="keep only the best N; --by says of what")
    parser.add_argument("--by", metavar="NAME", help="what is to be large, or small: see below")
    parser.add_argument("--pareto", metavar="NAME,NAME", help="keep only the Pareto front")
    parser.add_argument("--extremes", action="store_true", help="add the extremes of the moduli over all directions")
    parser.add_argument("--certify", type=count, default=0, metavar="N", help="compute the best N again by exact FE")
    parser.add_argument(
        "--density", type=number(above=0, below=1), default=0.01, help="where the source states none (default 0.01)"
    )
    parser.add_argument("--shards", type=_share, default=(0, 1), metavar="K/N", help="every N-th shard, from K on")
    parser.add_argument("--shard-rows", type=count, metavar="ROWS", help="rows of a shard (default 131072)")
    parser.add_argument(
        "--threads", type=count, metavar="N", help="that compute (default: torch's number; 1 for a cluster's workers)"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="let the workers of a Ray cluster compute: its address, local (one in this machine), or auto",
    )


def _share(text: str) -> tuple[int, int]:
    index, slash, shares = text.partition("/")
    if not (slash and index.isdecimal() and shares.isdecimal() and int(index) < int(shares)):
        raise argparse.ArgumentTypeError(f"{text!r} is not K/N with 0 <= K < N")
    return int(index), int(shares)


def run(arguments: argparse.Namespace) -> int:
    """Screens; returns 1 if something of the source could not be read."""
    from fastlattice import screening
    from fastlattice.screening.shards import SHARD

    cluster = None
    if arguments.cluster:  # first: it may decide on the instruction set
        cluster = arguments.resources.enter_context(screening.cluster(arguments.cluster))
    source = screening.open_source(arguments.source, arguments.density)
    engine = screening.open_engine(arguments.engine, source, arguments.device)
    if engine.choice:
        print(engine.choice, file=sys.stderr)
    options = screening.parsed(
        *(arguments.where, arguments.top, arguments.by, arguments.pareto),
        *(arguments.extremes, arguments.certify, engine.both),
    )
    job = screening.job_of(source, engine, options, arguments.shard_rows or SHARD)
    rejects = len(source.rejects)
    shards = range(arguments.shards[0], job.shards, arguments.shards[1])
    total = sum(stop - start for start, stop in map(job.range, shards))
    with ProgressBar(total=total, unit=" lattices", unit_scale=True, disable=None, leave=False) as bar:

        def begun(rows: int) -> None:
            bar.initial = rows  # the rate is of what is left
            bar.update(rows)

        def progress(rows: int, rejected: int) -> None:
            nonlocal rejects
            rejects += rejected
            bar.set_postfix_str(f"{rejects} rejected", refresh=False)
            bar.update(rows)

        outcome = screening.run(
            *(job, arguments.output, arguments.resume, arguments.shards, arguments.threads),
            *(progress, begun, cluster),
        )
    return _report(outcome)


def _report(outcome: Outcome) -> int:
    if outcome.rows:
        rate = outcome.rows / outcome.seconds
        print(f"{outcome.rows} lattices in {outcome.seconds:.1f} s, {rate:.0f} a second")
    if not outcome.complete:
        print(f"{outcome.missing} shards of other shares are still missing in {outcome.folder}")
        return 0
    summary: dict[str, Any] = json.loads((outcome.folder / "complete.json").read_text(encoding="utf-8"))
    print(f"{outcome.folder} is complete: {summary['rows']} lattices, {summary['without_stiffness']} without stiffness")
    for what in ("selected", "certified"):
        if what in summary:
            print(f"{summary[what]} in {outcome.folder / what}.parquet")
    if comparison := summary.get("comparison"):
        _compare(comparison)
    if summary["rejected"]:
        print(f"{summary['rejected']} rejected: {outcome.folder / 'rejected.csv'}", file=sys.stderr)
    return 1 if summary["rejected"] else 0


def _compare(comparison: dict[str, Any]) -> None:
    if not comparison["rows"]:
        return print("no lattice has both numbers")
    worst, ranks = comparison["worst"], comparison["rank_correlation"]
    listed = ", ".join(f"{name} {value:.4f}" for name, value in ranks.items() if value is not None)
    print(f"network and finite elements, {comparison['rows']} lattices")
    print(f"  rank correlation: {listed}")
    print(f"  relative difference of C (Frobenius): median {comparison['median_disagreement']:.2e}, ", end="")
    print(f"worst {worst['disagreement']:.2e} ({worst['name']}, id {worst['id']})")
