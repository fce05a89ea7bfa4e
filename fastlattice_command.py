"""The console script `fastlattice`, apart from the package so that it runs before torch is loaded."""

import os


def main() -> int:
    """Runs the command line; threads that wait for work sleep.

    The idle threads of torch's OpenMP spin by default: beside other busy processes they cost more time than they save,
    ten times a training step. The policy is read once, when torch is loaded; one that is set already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from fastlattice._command import main as command

    return command()
