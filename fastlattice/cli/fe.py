"""Exact homogenised stiffness by periodic frame finite elements.

Every strut is one exact Timoshenko beam of circular section; results are in units of the solid's Young's modulus
E_s unless --solid-modulus is given. A lattice without a stiffness (a mechanism, a floating piece, ...) is reported
with its reason and does not stop the others.

examples:
  fastlattice fe octet
  fastlattice fe octet kelvin --density 0.01,0.03,0.1 --solid-modulus 110
  fastlattice fe nets:rcsr --output nets.parquet
  fastlattice fe catalogue.lat.gz --output stiffness.csv --notation voigt
  fastlattice fe catalogue.lat --compare --discretisation abaqus-b31
"""

from __future__ import annotations

import argparse

from fastlattice.cli import pipeline, sources
from fastlattice.cli._types import count, number
from fastlattice.fe.homogenise import DISCRETISATIONS, homogenise
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.strings import StringColumn

EPILOG = "\n" + sources.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice fe`."""
    pipeline.add_arguments(parser)
    parser.add_argument(
        "--nu", type=number(above=-1, below=0.5), default=0.3, help="Poisson's ratio of the solid (default 0.3)"
    )
    parser.add_argument(
        "--kappa", type=number(above=0), default=0.89, help="shear correction factor of the section (default 0.89)"
    )
    parser.add_argument(
        "--discretisation",
        choices=DISCRETISATIONS,
        default="exact",
        help="exact beams (default), or the bending stiffness of the linear B31 elements behind published labels",
    )
    parser.add_argument(
        "--threads", type=count, metavar="N", help="worker threads (default: torch's number of threads)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Computes, prints and writes; returns 1 if a lattice or an entry failed."""

    def compute(batch: LatticeBatch) -> LatticeBatch:
        result = homogenise(
            batch,
            nu=arguments.nu,
            kappa=arguments.kappa,
            threads=arguments.threads,
            discretisation=arguments.discretisation,
        )
        reasons = [""] * len(batch)
        for failure in result.failures():
            reasons[failure.index] = failure.reason
        return batch.with_columns(
            stiffness=result.stiffness,
            status=result.status,
            rank=result.rank,
            beam_valid=result.beam_valid,
            reason=StringColumn.from_strings(reasons),
        )

    return pipeline.run(arguments, compute)
