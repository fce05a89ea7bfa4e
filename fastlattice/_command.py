"""The command line as a process: from its start, which may be interrupted, to its exit code."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Runs the command line of this process; see `fastlattice.cli`. Threads that wait for work sleep.

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
    if code > 128:  # a native call may still be at work in another thread: the process does not wait for it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
