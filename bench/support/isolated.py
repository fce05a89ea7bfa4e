"""Calls a function in a process of its own, under limits of time and memory.

For peaks of memory and first calls, which a process sees once, and for peers that may not finish.
"""

import importlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "not enough memory", "Cannot allocate memory")


class StoppedError(RuntimeError):
    """The function did not return; the message says which limit stopped it, or what it raised."""


def run(function, *arguments, seconds=None, gigabytes=None):
    """What "module:function" returns for arguments that JSON can write.

    Args:
        function: by name.
        arguments: for it.
        seconds: time limit of the process, imports counted.
        gigabytes: limit of its private memory.

    Raises:
        StoppedError: it did not return.
    """
    call = json.dumps([function, arguments, gigabytes])
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.support.isolated", call],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise StoppedError(f"not finished after {seconds:.0f} s") from None
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if gigabytes and any(sign in done.stderr for sign in OUT_OF_MEMORY):
        raise StoppedError(f"out of its {gigabytes:g} GB after {time.perf_counter() - start:.0f} s")
    raise StoppedError(f"failed with status {done.returncode}: {done.stderr.strip()[-300:]}")


def main(call):
    name, arguments, gigabytes = json.loads(call)
    if gigabytes:
        resource.setrlimit(resource.RLIMIT_DATA, (int(gigabytes * 2**30),) * 2)
    module, function = name.split(":")
    print(json.dumps(getattr(importlib.import_module(module), function)(*arguments)))


if __name__ == "__main__":
    main(sys.argv[1])
