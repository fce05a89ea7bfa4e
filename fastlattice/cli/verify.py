"""Checks on this machine that the network computes what it should.

Every operation and the whole network, in the backends that run here, against the plain reference (needs the extra
"reference"); equivariance under rotation and reflection; the same answer for a larger cell of the same material; a
positive semi-definite result. Exit code 1 if a check fails.

examples:
  fastlattice verify
  fastlattice verify --weights network.safetensors
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, cast

from fastlattice.cli import predict, results

if TYPE_CHECKING:
    from fastlattice.models import LatticeMACE

EPILOG = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice verify`."""
    predict.add_network_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints one row for each check; returns 1 if one fails."""
    predict.device_of(arguments.device)
    model = None if arguments.weights is None else cast("LatticeMACE", predict.load_network(arguments, "LatticeMACE"))
    from fastlattice.verify import run_checks

    checks = run_checks(model, device=arguments.device, backend=arguments.backend)
    verdicts = {True: "ok", False: "FAILED", None: "not run"}
    rows = [
        [
            check.name,
            "-" if check.measured is None else f"{check.measured:.1e}",
            f"{check.tolerance:.0e}",
            verdicts[check.passed] + (f": {check.note}" if check.note else ""),
        ]
        for check in checks
    ]
    results.print_table(["check", "measured", "allowed", "verdict"], rows, sys.stdout, text_columns={0, 3})
    return 1 if any(check.passed is False for check in checks) else 0
