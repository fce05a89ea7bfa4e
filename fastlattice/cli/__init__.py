"""The command `fastlattice`: one subcommand for each job, each in its own module.

Exit codes: 0 all done, 1 some lattices failed (they are listed), 2 the request could not be carried out,
130 Ctrl-C, 143 SIGTERM.

Stands on every other room; nothing imports it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from fastlattice._version import __version__
from fastlattice.cli._signals import Interrupted, interruptible
from fastlattice.errors import FastlatticeError

_DESCRIPTION = """\
Homogenised elastic stiffness of periodic strut lattices.

  fastlattice info                            the built-in unit cells and nets
  fastlattice fe octet kelvin                 exact stiffness of two unit cells
  fastlattice fe nets:rcsr -o nets.parquet    ... of 2,742 nets, kept with the lattices
  fastlattice plot octet -o octet.png         a lattice beside its directional Young's modulus
"""


def _parser() -> argparse.ArgumentParser:
    from fastlattice.cli import (
        card,
        convert,
        data,
        design,
        doctor,
        evaluate,
        fe,
        info,
        plot,
        predict,
        query,
        reproduce,
        screen,
        train,
        verify,
    )

    parser = argparse.ArgumentParser(
        prog="fastlattice",
        description=_DESCRIPTION,
        epilog="fastlattice COMMAND --help explains each command with examples.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"fastlattice {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    modules = [info, fe, predict, screen, query, design, data]
    modules += [train, evaluate, convert, card, plot, reproduce, verify, doctor]
    for module in modules:
        name = module.__name__.rpartition(".")[2]
        summary, _, details = (module.__doc__ or "").partition("\n")
        command = commands.add_parser(
            name,
            help=summary.rstrip("."),
            description=summary,
            epilog=details.strip() + "\n" + module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: arguments without the program's name; by default those of the process.

    Returns:
        The exit code.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    arguments = _parser().parse_args(given)
    arguments.line = shlex.join(["fastlattice", *given])
    try:
        with interruptible(), ExitStack() as arguments.resources:
            return int(arguments.run(arguments))
    except Interrupted as interruption:
        print(f"fastlattice: {interruption}; no output file was left half written", file=sys.stderr)
        return interruption.code
    except (FastlatticeError, OSError) as error:
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as in `fastlattice fe ... | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        print(f"fastlattice: {error}", file=sys.stderr)
        return 2
