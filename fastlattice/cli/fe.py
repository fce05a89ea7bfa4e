"""Exact homogenised stiffness by periodic frame finite elements.

Every strut is one exact Timoshenko beam of circular section; results are in units of the solid's Young's modulus
E_s unless --solid-modulus is given. A lattice without a stiffness (a mechanism, a floating piece, ...) is reported
with its reason and does not stop the others. --compare also says which computation the labels of a file come closest
to: exact Timoshenko beams, Euler-Bernoulli beams, or Abaqus' B31 elements.

examples:
  fastlattice fe octet
  fastlattice fe octet kelvin --density 0.01,0.03,0.1 --solid-modulus 110
  zcat catalogue.lat.gz | fastlattice fe - --format csv --notation abaqus --solid-modulus 68.9 --unit MPa
  fastlattice fe nets:rcsr --output nets.parquet
  fastlattice fe catalogue.lat.gz --output stiffness.csv --notation voigt
  fastlattice fe catalogue.lat --compare --discretisation abaqus-b31
"""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from fastlattice._choices import BEAMS, DISCRETISATIONS, KAPPA
from fastlattice.cli import pipeline, results, sources
from fastlattice.cli._types import count, number
from fastlattice.errors import FastlatticeError

if TYPE_CHECKING:
    import torch

    from fastlattice.fe import StiffnessResult
    from fastlattice.lattice.batch import LatticeBatch

EPILOG = "\n" + sources.HELP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice fe`."""
    pipeline.add_arguments(parser)
    parser.add_argument(
        "--nu", type=number(above=-1, below=0.5), default=0.3, help="Poisson's ratio of the solid (default 0.3)"
    )
    parser.add_argument(
        "--kappa",
        type=number(above=0, infinite=True),
        default=KAPPA,
        help="shear correction factor of the section (default 0.89; inf: none of the struts' shear)",
    )
    parser.add_argument(
        "--beam",
        choices=BEAMS,
        default="timoshenko",
        help="beam theory (default timoshenko); euler-bernoulli, as in older catalogues, is --kappa inf",
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
    if arguments.beam == "euler-bernoulli" and arguments.kappa not in (KAPPA, math.inf):
        raise FastlatticeError("--kappa: an Euler-Bernoulli beam has no shear that it could correct")
    results.refuse_overwriting(arguments.inputs, arguments.output)
    inputs = sources.open_sources(arguments)
    from fastlattice.fe import homogenise

    solid = {"nu": arguments.nu, "threads": arguments.threads}
    options = {"kappa": arguments.kappa, "discretisation": arguments.discretisation, "beam": arguments.beam}

    def compute(batch: LatticeBatch) -> StiffnessResult:
        return homogenise(batch, **solid, **options)

    def theories(batch: LatticeBatch) -> dict[str, torch.Tensor]:
        kappa = arguments.kappa if math.isfinite(arguments.kappa) and arguments.beam == "timoshenko" else KAPPA
        return {
            "exact": homogenise(batch, kappa=kappa, **solid).stiffness,
            "euler-bernoulli": homogenise(batch, beam="euler-bernoulli", **solid).stiffness,
            "abaqus-b31": homogenise(batch, kappa=kappa, discretisation="abaqus-b31", **solid).stiffness,
        }

    shears = arguments.beam == "timoshenko" and math.isfinite(arguments.kappa)
    method = {
        "nu": arguments.nu,
        "kappa": arguments.kappa if shears else "inf",
        "beam": "timoshenko" if shears else "euler-bernoulli",
        "discretisation": arguments.discretisation,
    }
    return pipeline.run(arguments, inputs, compute, method, theories)
