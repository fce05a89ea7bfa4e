"""The console script `fastlattice`, apart from the package so that it runs before torch is loaded."""

import os
import sys


def main() -> int:
    """Runs the command line; threads that wait for work sleep.

    The idle threads of torch's OpenMP spin by default: beside other busy processes they cost more time than they save,
    ten times a training step. The policy is read once, when torch is loaded; one that is set already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        from fastlattice.cli import main as command

        code = command()
    except KeyboardInterrupt:  # before the command could say so itself
        print("fastlattice: interrupted", file=sys.stderr)
        code = 130
    if code > 128:  # a native call may be at work still in another thread: the process does not wait for it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
