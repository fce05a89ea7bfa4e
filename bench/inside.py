"""Where the time goes inside the native code: shares of samples that Linux `perf` takes, one thread.

    python -m bench.inside        a table in the terminal

A process of its own runs inference, training steps, or inference of a single lattice, over the lattices of
bench/support/lattices.py, and is sampled once it is warm.
Functions of the native library are grouped by what they compute; all
other code by what it belongs to.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

GROUPS = (
    (
        "dense products: radial network and linear maps",
        r"fl::.*\bmultiply(_tile|_panel)?<|ChannelMap|EdgeConv<\w+>::linear\(",
    ),
    ("sums of the weights' gradients", r"add_outer_products|linear_gradient|tree_sum"),
    ("messages: products with harmonics", r"edge_conv::.*(convolve|couple)_\d|EdgeConv<\w+>::messages"),
    ("gradients of messages", r"edge_conv::.*(gradient|harmonics)_\d|edge_gradients"),
    (
        "symmetric contraction",
        r"(couple_forward|couple_backward|forward_\d|backward_\d)|::contract|SymmetricContraction",
    ),
    ("Gaussians, SiLU, gates", r"RadialMlp|Readout"),
    ("clearing and copying memory", r"mem(set|move|cpy)|gather_harmonics|pack_"),
)
"""What a function of the native or the C library computes, by its name; the first that matches."""

OWNERS = (
    ("the rest of the native code", r"libfastlattice"),
    ("Python", r"python|_ctypes"),
    ("torch", r"torch|c10|gomp"),
)
"""What any other code belongs to, by its object file."""


LATTICES = {"inference": 256, "training": 64, "one lattice": 1}
"""What is run, and how many lattices at a time."""


class NoProfilerError(RuntimeError):
    """`perf` is not installed, or may not take samples."""


def group_of(library, function):
    """The group of a function in an object file."""
    if re.search(r"libfastlattice|libc\b|libc\.", library):
        for name, pattern in GROUPS:
            if re.search(pattern, function):
                return name
    return next((name for name, pattern in OWNERS if re.search(pattern, library)), "the system")


def parse(report):
    """Shares by group, of lines "12.34%;object file;[.] function"."""
    shares = {}
    for line in report.splitlines():
        fields = line.strip().split(";", 2)
        if len(fields) == 3 and fields[0].strip().endswith("%"):
            name = group_of(fields[1], fields[2])
            shares[name] = shares.get(name, 0.0) + float(fields[0].strip()[:-1]) / 100
    return shares


def shares(direction, seconds=4):
    """Share of the time of each group, for a direction of LATTICES.

    Raises:
        NoProfilerError: there is no `perf`, or it may not look.
    """
    perf = shutil.which("perf")
    if perf is None:
        raise NoProfilerError("perf is not installed")
    command = [sys.executable, "-m", "bench.inside", direction]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            process.stdout.readline()  # it is warm
            samples = f"{folder}/samples"
            record = [perf, "record", "-e", "cpu-clock", "-F", "2000", "-p", str(process.pid), "-o", samples]
            done = subprocess.run([*record, "sleep", str(seconds)], capture_output=True, text=True)
        finally:
            process.kill()
        report = [perf, "report", "-i", samples, "--stdio", "--no-children", "-F", "overhead,dso,symbol", "-t", ";"]
        text = subprocess.run(report, capture_output=True, text=True).stdout if done.returncode == 0 else ""
    found = parse(text)
    if not found:
        raise NoProfilerError(f"perf took no samples: {done.stderr.strip()[-200:]}")
    return found


def work(direction):
    """Runs for ever, and says when it is warm."""
    import torch

    from bench.support.lattices import sample
    from bench.support.network import built

    torch.set_num_threads(1)
    network, batch = built(), sample(LATTICES[direction])
    optimiser = torch.optim.AdamW(network.parameters(), fused=True)

    def step():
        if direction != "training":
            return network.predict(batch)
        optimiser.zero_grad()
        network(batch)["stiffness"].square().mean().backward()
        return optimiser.step()

    for _ in range(10 if len(batch) > 1 else 500):
        step()
    print("warm", flush=True)
    while True:
        step()


def main():
    if len(sys.argv) > 1:
        work(sys.argv[1])
    columns = {direction: shares(direction) for direction in LATTICES}
    names = sorted({n for c in columns.values() for n in c}, key=lambda n: -columns["inference"].get(n, 0))
    print(f"{'':52}" + "".join(f"{direction:>12}" for direction in columns))
    for name in names:
        print(f"{name:52}" + "".join(f"{column.get(name, 0):12.1%}" for column in columns.values()))


if __name__ == "__main__":
    main()
