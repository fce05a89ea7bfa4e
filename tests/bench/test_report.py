"""The report of a run: tables between markers, where the network overtakes exact elements, a picture."""

import json

import pytest

from bench import report
from bench.support.throughput import OP, crossover, draw

BASE = {"instruction_set": "avx512", "commit": "abc", "shapes": "cells", "dtype": "float32", "threads": 1}


def row(op, backend, stem="cell_size", **entries):
    return {"fullname": f"bench/bench_{stem}.py::test", "extra_info": {**BASE, "op": op, "backend": backend, **entries}}


def cells(backend, rates):
    return [row(OP, backend, nodes_per_cell=n, lattices_per_second=r, p50=1 / r) for n, r in rates.items()]


@pytest.fixture
def run_of(tmp_path):
    def write(rows):
        path = tmp_path / "run.json"
        machine = {"cpu": {"brand_raw": "CPU"}, "cores": 2, "torch": "2", "when": "2000-01-01"}
        path.write_text(json.dumps({"machine_info": machine, "benchmarks": rows}))
        return report.Run(path)

    return write


def test_crossover_lies_where_the_rates_meet(run_of):
    """Rates 100 and 10,000 / n^1.5 (times 1) meet at n = (10,000 / 100)^(1 / 1.5); powers are exact in between."""
    sizes = (1, 10, 100, 1000)
    rows = cells("LatticeMACE", dict.fromkeys(sizes, 100.0)) + cells("exact FE", {n: 1e4 / n**1.5 for n in sizes})
    assert crossover(run_of(rows)) == pytest.approx(100 ** (1 / 1.5))


def test_no_crossover(run_of):
    rows = cells("LatticeMACE", {1: 1.0, 10: 1.0}) + cells("exact FE", {1: 5.0, 10: 2.0})
    assert crossover(run_of(rows)) is None


def test_sizes_must_be_the_same(run_of):
    with pytest.raises(LookupError, match="sizes"):
        crossover(run_of(cells("LatticeMACE", {1: 1.0}) + cells("exact FE", {2: 5.0})))


def test_what_skipped_its_tests_is_not_published(run_of):
    with pytest.raises(ValueError, match="ungated"):
        run_of([row("x", "native", ungated=True)])


def test_an_empty_run(run_of):
    with pytest.raises(ValueError, match="no rows"):
        run_of([])


def test_one_row_and_no_other(run_of):
    run = run_of([row("x", "native", threads=1), row("x", "native", threads=2)])
    assert run.one("x", threads=2)["threads"] == 2
    for wanted in ({"threads": 3}, {}):
        with pytest.raises(LookupError, match="rows of 'x'"):
            run.one("x", **wanted)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (123456, "123,000"), (12345, "12,300"), (99.99, "100"), (1.234, "1.23"), (0.01234, "0.0123")],
)
def test_numbers(value, text):
    assert report.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.5, "2.50 s"), (0.0131, "13.1 ms"), (1.5e-6, "1.50 µs"), (4.2e-8, "42.0 ns")]
)
def test_times(value, text):
    assert report.seconds(value) == text


def test_only_what_stands_between_markers_changes(run_of, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n\n<!-- bench: cell-size -->\nold\n<!-- end -->\n\nafter\n")
    run = run_of([row(OP, "CalculiX", p20=1.0, p50=2.0, p80=3.0), row(OP, "cuEquivariance", outcome="out of its 8 GB")])
    report.write(run, page)
    first = page.read_text()
    assert first.startswith("before\n\n<!-- bench: cell-size -->\n\n| what | backend |")
    assert first.endswith("\n<!-- end -->\n\nafter\n")
    assert "| 1.00 s | 2.00 s | 3.00 s |" in first
    assert "out of its 8 GB" in first
    assert "old" not in first
    report.write(run, page)
    assert page.read_text() == first


def test_an_unknown_block(run_of, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- bench: nonsense -->\nold\n<!-- end -->\n")
    with pytest.raises(LookupError, match="nonsense"):
        report.write(run_of([row("x", "native")]), page)
    assert "old" in page.read_text()


@pytest.mark.parametrize("page", report.PAGES, ids=lambda page: page.name)
def test_pages_have_blocks(page):
    text = page.read_text(encoding="utf-8")
    assert report.BLOCK.findall(text)
    assert text.count("<!-- bench: ") == text.count("<!-- end -->") == len(report.BLOCK.findall(text))


def test_picture(run_of, tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "throughput.png"
    draw(run_of(cells("LatticeMACE", {1: 1.0, 10: 1.0}) + cells("exact FE", {1: 5.0, 10: 0.5})), path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert list(tmp_path.glob("*.part")) == []
