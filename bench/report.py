"""Writes what a run measured into docs/performance.md and README.md, and draws docs/throughput.png.

    python -m bench.report [RUN.json]     default bench/results/latest.json, which `make bench` writes

Only what stands between <!-- bench: NAME --> and <!-- end --> changes.
"""

import json
import math
import re
import statistics
import sys
import textwrap
from pathlib import Path

from bench.inside import LATTICES
from bench.support import operations
from bench.support.network import CONFIG
from bench.support.throughput import OP, crossover, draw
from fastlattice import MACEConfig
from fastlattice._files import replacing

ROOT = Path(__file__).resolve().parents[1]
LATEST = ROOT / "bench" / "results" / "latest.json"
PAGES = (ROOT / "docs" / "performance.md", ROOT / "README.md")
BLOCK = re.compile(r"(<!-- bench: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


class Run:
    """Rows of one run of the benchmarks, and the machine.

    Raises:
        ValueError: the file holds no rows, or rows that were timed without their tests.
    """

    def __init__(self, path):
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        self.machine, self.rows = content["machine_info"], []
        for benchmark in content["benchmarks"]:
            self.rows.append({"stem": Path(benchmark["fullname"].split("::")[0]).stem, **benchmark["extra_info"]})
        if not self.rows:
            raise ValueError(f"{path} holds no rows")
        if any(row.get("ungated") for row in self.rows):
            raise ValueError(f"{path} was timed without the tests (--ungated): not to be published")

    def all(self, op, **entries):
        """Rows of an op whose entries are these; a text is enough if the row's starts with it."""

        def fits(found, wanted):
            return str(found).startswith(wanted) if isinstance(wanted, str) else found == wanted

        return [r for r in self.rows if r["op"] == op and all(fits(r.get(k), v) for k, v in entries.items())]

    def one(self, op, **entries):
        """The only such row.

        Raises:
            LookupError: there is none, or more than one.
        """
        found = self.all(op, **entries)
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows of {op!r} with {entries}; was the whole of bench/ run?")
        return found[0]


def number(value, digits=3):
    """Three significant digits, thousands separated."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    places = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}"


def seconds(value):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 1:
            return f"{number(value * factor)} {unit}"
    return f"{number(value * 1e9)} ns"


def percent(value):
    return f"{100 * value:.0f}%" if value >= 0.1 else f"{100 * value:.1f}%" if value >= 0.001 else "< 0.1%"


def table(head, rows):
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def paragraph(text):
    """A paragraph, wrapped; file names stay whole."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False) + "\n"


def notes(row):
    """What a row says beside its times."""
    texts = {
        "outcome": lambda x: x,
        "build_seconds": lambda x: f"built in {seconds(x)}",
        "of_forward": lambda x: f"{number(x)} times the forward pass",
        "backward_of_forward": lambda x: f"{number(x)} times the forward pass",
        "times_of_exact_fe": lambda x: f"{number(x)} times exact FE",
        "speed_up": lambda x: f"{number(x)} times one thread's speed",
        "of_ours": lambda x: f"{number(x)} times ours",
        "gigabytes": lambda x: f"{number(x)} GB",
        "megabytes": lambda x: f"{number(x)} MB" if x >= 1 else "",
        "megabytes_per_second": lambda x: f"{number(x)} MB/s",
        "of_bare": lambda x: f"{percent(x)} of what finite elements alone reach, by processor time",
        "processor_seconds": lambda x: f"{seconds(x)} of processor time",
        "difference_from_exact": lambda x: f"{x:.1e} from exact FE",
    }
    return "; ".join(filter(None, (text(row[key]) for key, text in texts.items() if key in row)))


def rows_table(rows):
    """Every row of some benchmarks."""

    def line(row):
        times = [seconds(row[p]) if p in row else "" for p in ("p20", "p50", "p80")]
        unit = next((u for u in ("lattices", "nodes", "edges", "struts") if f"{u}_per_second" in row), None)
        rate = f"{number(row[f'{unit}_per_second'])} {unit}/s" if unit else ""
        bound = f"{percent(row['fraction'])} {row['bound']}" if "fraction" in row else ""
        what = [row["op"], row["backend"], row["shapes"], row["dtype"].replace("float", "fp"), row["threads"]]
        return [*what, *times, rate, bound, notes(row)]

    head = ["what", "backend", "shapes", "type", "threads", "p20", "p50", "p80", "rate", "of the bound", "notes"]
    return table(head, map(line, rows))


def machine(run):
    """Where and what was measured."""
    first, cpu = run.rows[0], run.machine["cpu"]
    peaks = {
        key: statistics.median(r["bound_gfma"] for r in run.rows if r["dtype"] == key and "bound_gfma" in r)
        for key in ("float32", "float64")
    }
    copy = next(r["bound_gb"] for r in run.rows if "bound_gb" in r)
    return paragraph(
        f"{cpu['brand_raw']}, {run.machine['cores']} cores, instruction set {first['instruction_set']}; "
        f"torch {run.machine['torch']}; commit {first['commit']}, {run.machine['when']}. Limits of one core, measured "
        f"in the run: {peaks['float32']:.0f} G multiply-adds/s in fp32, {peaks['float64']:.0f} G in fp64; "
        f"{copy:.0f} GB/s read and written by a copy."
    )


def network(run):
    """The network's figures beside what they were meant to be and what e3nn takes in the same run."""

    def rate(row):
        bound = f", {percent(row['fraction'])} of the bound" if row["backend"] == "native" else ""
        return f"{number(row['lattices_per_second'])} lattices/s{bound}"

    def pair(op, text):
        found = [run.one(f"LatticeMACE, {op}", backend="native", threads=n) for n in (1, 2)]
        return f"{text(found[0])}; {text(found[1])}"

    def peer(op):
        return rate(run.one(f"LatticeMACE, {op}", backend="e3nn"))

    def contraction(backend, nodes="256 nodes, 32 channels, lmax 4, ν 3, all L"):
        wanted = {"backend": backend, "shapes": nodes, "dtype": "float32"}
        return next(r for r in run.all("symmetric_contraction forward", **wanted) if r["backend"] == backend)

    both = "stiffness and its gradient (positions, radii)"
    memory = run.one("LatticeMACE, peak memory of inference")["gigabytes"]
    library = run.one("native library, building")["p50"]
    e3nn = contraction("e3nn", "16 nodes")
    rows = [
        ["inference, from a LatticeBatch to 6×6", "7,500 lattices/s, 54%", pair("inference", rate), peer("inference")],
        ["training step, 64 lattices", "2,000 lattices/s", pair("training step", rate), peer("training step")],
        [
            "stiffness and its gradient, positions and radii",
            "3.5 times the forward pass",
            pair(both, lambda r: f"{number(r['of_forward'])} times"),
            "",
        ],
        ["one lattice of 20 nodes alone", "0.6 ms", pair("one lattice alone", lambda r: seconds(r["p50"])), ""],
        ["peak memory of inference over 4,096 lattices", "0.6 GB above imports", f"{number(memory)} GB", ""],
        ["building the model", "0.3 s", seconds(run.one("LatticeMACE, building the model")["p50"]), ""],
        [
            "symmetric contraction, forward, one thread",
            "80% of the multiply-adds",
            f"{percent(contraction('native kernel')['fraction'])} (the kernel), "
            f"{percent(contraction('native')['fraction'])} (a call of the op)",
            percent(e3nn["fraction"]),
        ],
        ["building the native library", "150 s on two cores", seconds(library), ""],
    ]
    return table(["what", "aim, two cores", "measured: one thread; two", "e3nn, one thread"], rows)


def profile(run):
    """Shares of inference, of a training step and of one lattice, or that there are none."""
    rows = [[row for row in run.rows if row["op"] == f"LatticeMACE, profile of {direction}"] for direction in LATTICES]
    if not all(rows):
        return "Linux `perf` was not there to take samples in this run."
    shares = [found[0]["profile"] for found in rows]
    names = sorted({name for column in shares for name in column}, key=lambda name: -shares[0].get(name, 0.0))
    body = [[name, *(percent(column[name]) if name in column else "" for column in shares)] for name in names]
    return table(["where", *LATTICES], body)


def bound(run):
    """What the machine's limit allows for one lattice of 20 nodes and 45 struts, by piece."""
    rate = run.one("LatticeMACE, inference", backend="native", threads=1)["bound_gfma"] * 1e9
    pieces = operations.parts(MACEConfig.from_any(CONFIG), 20, 45, 1)
    pieces["all"] = sum(pieces.values())
    rows = [[name, f"{number(count / 1e6)} M", seconds(count / rate)] for name, count in pieces.items()]
    return table(["piece", "multiply-adds", "least time, one core"], rows)


def crossing(run):
    """Where the network overtakes exact elements."""
    ratio = run.one("LatticeMACE, inference", backend="native", threads=1)["times_of_exact_fe"]
    nodes = crossover(run)
    where = (
        f"The two are equally fast at about {number(nodes, 2)} nodes per cell"
        if nodes
        else "No size was measured at which the network is faster"
    )
    return paragraph(
        f"On a CPU, exact finite elements are {number(ratio, 2)} times faster than the network on cells of 20 nodes, "
        f"and they are exact: there the network is no shortcut. {where}: the cost of the network grows with the number "
        "of nodes, that of the elements faster (4 struts a node, one thread each; "
        "`pytest bench/fe/bench_cell_size.py`)."
    )


def readme(run):
    """The README's table."""

    def pair(op, **entries):
        one, two = (run.one(op, threads=n, **entries)["lattices_per_second"] for n in (1, 2))
        return f"{number(one)} lattices/s; {number(two)} on two threads"

    def peers(*names):
        rates = [r[0]["lattices_per_second"] for name in names if (r := run.all("exact stiffness", backend=name))]
        present = [name for name in names if run.all("exact stiffness", backend=name)]
        return f"... by {', '.join(present)}", ", ".join(map(number, rates)) + " lattices/s"

    gradient = run.one("gradient of the exact stiffness", shapes="1,024")
    large = run.one("exact stiffness, diamond 13x13x13")
    reading = run.all("catalogue, read")[0]
    names, rates = peers("LAPACK", "numpy", "OpenSeesPy")
    single = run.one("LatticeMACE, one lattice alone", threads=1)
    rows = [
        ["exact stiffness", pair("exact stiffness", backend="native"), "fe/bench_frame.py -k throughput"],
        [names, rates, "fe/bench_frame.py -k peer"],
        [
            "its gradient",
            f"{number(gradient['backward_of_forward'], 2)} times the forward pass",
            "fe/bench_frame.py -k backward",
        ],
        [
            "one cell of 17,576 nodes (diamond)",
            f"{seconds(large['p50'])}, {number(large['megabytes'] / 1e3)} GB",
            "fe/bench_frame.py -k cost",
        ],
        [
            "reading `.lat` catalogues",
            f"{number(reading['megabytes_per_second'])} MB/s, {number(reading['lattices_per_second'])} lattices/s",
            "io/bench_lat.py -k read",
        ],
        [
            "LatticeMACE (32 channels, lmax 4, ν 3, two layers, fp32)",
            pair("LatticeMACE, inference", backend="native"),
            "models/bench_model.py -k inference",
        ],
        [
            "... a training step",
            pair("LatticeMACE, training step", backend="native"),
            "models/bench_model.py -k training",
        ],
        ["... one lattice alone", seconds(single["p50"]), "models/bench_model.py -k one_lattice"],
        [
            "... the same network in e3nn",
            f"{number(run.one('LatticeMACE, inference', backend='e3nn')['lattices_per_second'])} lattices/s",
            "models/bench_model.py -k reference",
        ],
    ]
    return table(["what", "figure", "command"], [[what, figure, f"`pytest bench/{c}`"] for what, figure, c in rows])


def sizes(run):
    """Lattices a second for every number of nodes per cell and every backend."""
    rates = {(r["nodes_per_cell"], r["backend"]): number(r["lattices_per_second"]) for r in run.all(OP)}
    nodes, backends = (list(dict.fromkeys(key[k] for key in rates)) for k in (0, 1))
    head = ["nodes per cell", *(f"{backend}, lattices/s" for backend in backends)]
    return table(head, [[f"{n:,}", *(rates.get((n, b), "") for b in backends)] for n in sorted(nodes)])


OPS = ("edge_sh", "radial_mlp", "edge_conv", "symmetric_contraction", "layer", "readout")


def block(run, name):
    """The text of a block.

    Raises:
        LookupError: there is no such block, or a row that it needs.
    """
    blocks = {
        "machine": machine,
        "network": network,
        "profile": profile,
        "bound": bound,
        "sizes": sizes,
        "crossover": crossing,
        "readme": readme,
    }
    if name in blocks:
        return blocks[name](run)
    stems = {"ops": OPS, "model": ("model", "library"), "screening": ("nets", "parquet", "start")}.get(
        name, (name.replace("-", "_"),)
    )
    rows = [row for stem in stems for row in run.rows if row["stem"] == f"bench_{stem}" and "profile" not in row]
    if not rows:
        raise LookupError(f"no rows for the block {name!r}; was the whole of bench/ run?")
    return rows_table(rows)


def write(run, page):
    """Renders the blocks of a page; it is replaced whole or not at all."""
    text = page.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda found: f"{found[1]}\n{block(run, found[2])}\n{found[3]}", text)
    with replacing(page) as temporary:
        temporary.write_text(text, encoding="utf-8")


def main():
    run = Run(sys.argv[1] if len(sys.argv) > 1 else LATEST)
    for page in PAGES:
        write(run, page)
    draw(run, ROOT / "docs" / "throughput.png")


if __name__ == "__main__":
    main()
