"""Malformed catalogues: each gets a CatalogueError with its line, and the rest of the file is still read on request."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastlattice import CatalogueError, iter_catalogue, read_catalogue
from fastlattice.io import lat
from tests.io.test_lat_read import assert_same, stiffness_matrix, write
from tests.support.catalogue_text import SEPARATOR, Entry, upper_triangle

LABEL = upper_triangle(stiffness_matrix())
RADII = ",".join(["0.1"] * 8)


def entry() -> Entry:
    """An entry with every section."""
    return Entry(name="faulty", compliances={"0.02": LABEL, "0.04": LABEL}, radii={"0.020": RADII, "0.040": RADII})


# (what is replaced, by what, the line that the error names, given as the text of that line, and the reason)
FAULTS = {
    "position is no number": ("0 0 0", "0 zero 0", "0 zero 0", "'zero' is not a finite number"),
    "NaN": ("0.5 0.5 0.5", "0.5 nan 0.5", "0.5 nan 0.5", "'nan' is not a finite number"),
    "NaN alone": ("0.5 0.5 0.5", "nan nan nan", "nan nan nan", "not a line of a catalogue"),
    "infinite": ("0.5 0.5 0.5", "0.5 inf 0.5", "0.5 inf 0.5", "'inf' is not a finite number"),
    "overflow": ("0.5 0.5 0.5", "0.5 1e999 0.5", "0.5 1e999 0.5", "'1e999' is not a finite number"),
    "hexadecimal": ("0.5 0.5 0.5", "0x1p3 0 0", "0x1p3 0 0", "'0x1p3' is not a finite number"),
    "glued": ("0.5 0.5 0.5", "0.5 0.5 0.5x", "0.5 0.5 0.5x", "'0.5x' is not a finite number"),
    "two coordinates": ("0.5 0.5 0.5", "0.5 0.5", "0.5 0.5", "expected 3 numbers, found 2"),
    "four coordinates": ("0.5 0.5 0.5", "0.5 0.5 0.5 1", "0.5 0.5 0.5 1", "expected 3 numbers, found 4"),
    "two commas": ("0.5 0.5 0.5", "0.5,,0.5 0.5", "0.5,,0.5 0.5", "'' is not a finite number"),
    "index of a real number": ("adjacency\n1 2", "adjacency\n1 2.0", "1 2.0", "'2.0' is not an integer"),
    "index beyond 64 bits": ("adjacency\n1 2", f"adjacency\n1 {10**20}", f"1 {10**20}", "is not an integer"),
    "index out of range": ("adjacency\n1 2", "adjacency\n1 3", "1 3", "there is no node 3: the 3 nodes count from 0"),
    "negative index": ("adjacency\n1 2", "adjacency\n-1 2", "-1 2", "there is no node -1"),
    "shift in between": ("vectors\n-0 -0 -0", "vectors\n-0 0.5 0", "-0 0.5 0", "not a whole number of cells"),
    "shift of four": ("vectors\n-0 -0 -0", "vectors\n0 0 0 0", "0 0 0 0", "expected 3 or 6 numbers, found 4"),
    "shift too far": ("vectors\n-0 -0 -0", "vectors\n0 0 1e300", "0 0 1e300", "not a whole number of cells"),
    "a shift missing": ("-1 -1 -1\n", "", "Fundamental tesselation vectors", "8 fundamental edges, but 7 tesselation"),
    "cell without volume": ("90, 90, 90", "90, 90, 180", "1, 1, 1, 90, 90, 180", "angle is not between 0 and 180"),
    "impossible angles": ("90, 90, 90", "10, 10, 90", "1, 1, 1, 10, 10, 90", "the cell angles enclose no volume"),
    "negative length": ("1, 1, 1", "1, -1, 1", "1, -1, 1, 90, 90, 90", "a cell length is not positive"),
    "five cell parameters": ("1, 1, 1, 90", "1, 1, 90", "1, 1, 90, 90, 90", "expected 6 numbers, found 5"),
    "level": ("level: 0.02", "level: much", "Imperfection level: much", "imperfection level 'much' is not"),
    "density": ("density 0.04:", "density thick:", "-> at relative density thick:", "relative density 'thick' is not"),
    "zero density": ("density 0.04:", "density 0:", "-> at relative density 0:", "density '0' is not positive"),
    "no colon": ("density 0.04:", "density 0.04", "-> at relative density 0.04", "does not end in a colon"),
    "20 components": (LABEL, LABEL.rsplit(",", 1)[0], "-> at relative density 0.02:", "expected 21 compliance"),
    "two commas at the end": (LABEL, LABEL + ",,", LABEL + ",,", "'' is not a finite number"),
    "comma after radii": (f"{RADII}\n", f"{RADII},\n", f"{RADII},", "'' is not a finite number"),
    "indefinite compliance": (LABEL, "-" + LABEL, "-> at relative density 0.02:", "not positive definite"),
    "singular compliance": (LABEL, ",".join(["1"] * 21), "-> at relative density 0.02:", "not positive definite"),
    "zero compliance": (LABEL, ",".join(["0"] * 21), "-> at relative density 0.02:", "not positive definite"),
    "unknown notation": ("(Mandel) start", "(Kelvin) start", "Compliance tensors (Kelvin) start", "unknown notation"),
    "two notations": ("(Mandel) end", "(Voigt) end", "Compliance tensors (Voigt) end", "ends in another notation"),
    "section not ended": ("Compliance tensors (Mandel) end\n", "", "Fundamental edge radii start", "does not end"),
    "end without start": ("Fundamental edge radii start\n", "", "-> at relative density 0.020:", "outside of"),
    "a radius missing": (f"{RADII}\n", f"{RADII[4:]}\n", "-> at relative density 0.020:", "expected 8 radii"),
    "a radius of zero": (f"{RADII}\n", f"0{RADII[3:]}\n", "-> at relative density 0.020:", "a radius is not positive"),
    "section twice": ("Bar connectivities:", "Nodal positions:", "Nodal positions:", "given before, in line"),
    "name twice": ("Base name:", "Name:", "Name: cub_Z08", "a second name without a separator line"),
    "no name": ("Name: faulty", "", SEPARATOR, "the entry has no name"),
    "numbers before a section": ("Nodal hash: -12", "12 13", "12 13", "numbers outside of a section: '12 13'"),
    "no line of the format": ("Nodal hash: -12", "Some text", "Some text", "not a line of a catalogue: 'Some text'"),
    "control bytes": ("Nodal hash: -12", "\x00\x01\x02", "\x00\x01\x02", "not a line of a catalogue: '???'"),
    "tab in a name": ("Name: faulty", "Name: fau\tlty", "Name: fau\tlty", "control character"),
    "after the separator": (SEPARATOR, SEPARATOR + "-", SEPARATOR + "-", "text after the separator"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_its_line_and_does_not_disturb_the_others(tmp_path: Path, fault: str) -> None:
    before, after, line_text, reason = FAULTS[fault]
    text = str(entry())
    assert before in text
    head = text.index("adjacency") if before.startswith("adjacency") else 0
    faulty = text[:head] + text[head:].replace(before, after, 1)
    whole = f"{Entry(name='first')}\n{faulty}\n{Entry(name='last')}"
    path = write(tmp_path, whole)
    first = faulty.split("\n").index(line_text)
    if "given before" in reason:
        first = faulty.split("\n").index(line_text, first + 1)
    expected_line = len(str(Entry(name="first")).split("\n")) + 1 + first
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert reason in caught.value.reason
    assert caught.value.line == expected_line
    assert caught.value.path == str(path)
    assert str(caught.value).startswith(f"{path}:{expected_line}: ")
    assert caught.value.entry == ("faulty" if "name" not in fault and "separator" not in fault else caught.value.entry)

    errors: list[CatalogueError] = []
    rest = read_catalogue(path, on_error=errors.append)
    assert list(rest.names) == ["first", "last"]
    assert [str(e) for e in errors] == [str(caught.value)]
    assert_same(rest, read_catalogue(write(tmp_path, Entry(name="first"), Entry(name="last"), name="good.lat")))


def test_sections_that_need_each_other(tmp_path: Path) -> None:
    faults = {
        "fundamental edges without tesselation vectors": Entry(shifts=None),
        "tesselation vectors without fundamental edges": Entry(struts=None),
        "the entry has no unit cell": Entry(parameters=None),
        "the unit cell has 0 lines of numbers, not 1": Entry(parameters=""),
        "the entry has no nodal positions": Entry(positions=None),
        "the entry has neither fundamental edges nor bar connectivities": Entry(bars=None, struts=None, shifts=None),
        "edge radii without fundamental edges": Entry(struts=None, shifts=None, radii={"0.02": RADII}),
        "the entry has no struts": Entry(struts=[], shifts=[]),
        "no edge radii belong to this relative density": Entry(radii={"0.02": RADII}, compliances={"0.03": LABEL}),
        "a second label for the same lattice": Entry(
            radii={"0.0200000012": RADII}, compliances={"0.02": LABEL, "0.020000001": LABEL}
        ),
        "the bar joins a node to itself": Entry(struts=None, shifts=None, bars=["1 2", "2 2"]),
        "no radius gives the struts their relative density": Entry(struts=["1 1"], shifts=["0 0 0"]),
        "there is no node 7": Entry(struts=None, shifts=None, bars=["1 7"]),
        "the position is not finite": Entry(positions=["0 0 0", "1 1 1e308", "1 1 1"], parameters="9,9,9,90,90,90"),
    }
    path = write(tmp_path, *faults.values())
    errors: list[CatalogueError] = []
    assert len(read_catalogue(path, on_error=errors.append)) == 0
    assert len(errors) == len(faults)
    for error, reason in zip(errors, faults, strict=True):
        assert reason in error.reason


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    for name in (b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\x80", b"\xe0\x80\x80"):
        path = tmp_path / "latin.lat"
        path.write_bytes(str(Entry(name="NAME")).encode().replace(b"NAME", name))
        with pytest.raises(CatalogueError, match=r":2: the name is not UTF-8 text"):
            read_catalogue(path)


def test_files_that_are_no_catalogues(tmp_path: Path) -> None:
    for content, reason in (
        (b"", "the file is empty"),
        (b" \n\r\n\n", "the file is empty"),
        (b"hello\n", "1: text before the first entry: 'hello'"),
        (b"\n\nPAR1\x00\x01", "3: text before the first entry: 'PAR1??'"),
        (bytes(range(256)) * 50, "text before the first entry"),
        ("\ufeffx".encode("utf-16"), "text before the first entry"),
    ):
        path = tmp_path / "no.lat"
        path.write_bytes(content)
        with pytest.raises(CatalogueError, match=reason.replace("?", r"\?")):
            read_catalogue(path)
        with pytest.raises(CatalogueError, match=reason.replace("?", r"\?")):
            list(iter_catalogue(path))
    with pytest.raises(FileNotFoundError):
        read_catalogue(tmp_path / "missing.lat")


def test_text_before_the_first_entry_can_be_skipped(tmp_path: Path) -> None:
    errors: list[CatalogueError] = []
    batch = read_catalogue(write(tmp_path, "A catalogue", "by me", Entry()), on_error=errors.append)
    assert len(batch) == 1
    assert [e.line for e in errors] == [1]


def test_damaged_gzip(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress("\n".join(str(Entry(name=f"n{i}")) for i in range(50)).encode()))
    flipped = bytearray(packed)
    flipped[-6] ^= 1  # in the check sum
    middle = bytearray(packed)
    middle[len(packed) // 2] ^= 0xFF
    for content in (packed[:-20], packed[:30], packed[:2], flipped, middle):
        path = tmp_path / "damaged.lat.gz"
        path.write_bytes(content)
        for on_error in ("raise", "skip"):
            with pytest.raises(CatalogueError):
                read_catalogue(path, on_error=on_error)


def test_skip_warns_once_with_the_count_and_the_first_error(tmp_path: Path) -> None:
    path = write(tmp_path, Entry(name="a"), Entry(name="b", level="x"), Entry(name="c", level="y"), Entry(name="d"))
    with pytest.warns(UserWarning, match=r"2 malformed entries were skipped; the first: .*entry b: .*'x'") as caught:
        batch = read_catalogue(path, on_error="skip")
    assert len(caught) == 1
    assert list(batch.names) == ["a", "d"]
    with pytest.raises(ValueError, match="on_error"):
        read_catalogue(path, on_error="ignore")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="batch_size"):
        iter_catalogue(path, 0)


def test_lines_are_counted_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Entry(name=f"n{i}", level="x" if i in (3, 17) else "0.1") for i in range(20)]
    text = "\n\n" + "\n".join(map(str, entries))
    path = write(tmp_path, text)
    for block in (1, 100, 5000, 1 << 22):
        monkeypatch.setattr(lat, "_BLOCK", block)
        errors: list[CatalogueError] = []
        batches = list(iter_catalogue(path, 7, on_error=errors.append))
        assert sum(map(len, batches)) == 18
        lines = text.split("\n")
        assert [e.line for e in errors] == [i + 1 for i, line in enumerate(lines) if line == "Imperfection level: x"]
        assert [e.entry for e in errors] == ["n3", "n17"]


def test_an_entry_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lat, "_BLOCK", 1000)
    monkeypatch.setattr(lat, "_LONGEST_ENTRY", 10_000)
    path = write(tmp_path, Entry(), Entry(positions=["0 0 0"] * 5000))
    with pytest.raises(CatalogueError, match="an entry is longer than"):
        list(iter_catalogue(path, 1, on_error="skip"))


def _read(folder: Path, content: bytes) -> None:
    """Reads; anything but rows that make sense or a CatalogueError is a failure."""
    path = folder / "fuzzed.lat"
    path.write_bytes(content)
    errors: list[CatalogueError] = []
    try:
        batch = read_catalogue(path, on_error=errors.append)
    except CatalogueError as error:  # the file is empty
        errors.append(error)
        batch = None
    for error in errors:
        assert error.reason
        assert error.line is None or 1 <= error.line <= content.count(b"\n") + 1
    if batch is None:
        return
    assert len(batch) or errors
    for array in (batch.cell, batch.positions, batch.radii):
        assert np.isfinite(array.numpy()).all()
    for i in range(len(batch)):
        assert math.isfinite(batch[i].volume)
        batch.names[i].encode()


WHOLE = "\n".join(str(e) for e in (entry(), Entry(struts=None, shifts=None), Entry(name="ü", notation=""))).encode()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 4)), max_size=4))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_files_read_or_raise(tmp_path: Path, changes: list[tuple[int, bytes, int]]) -> None:
    content = bytearray(WHOLE)
    for place, inserted, removed in changes:
        content[place : place + removed] = inserted
    _read(tmp_path, bytes(content))


@given(st.integers(0, len(WHOLE)), st.sampled_from([b"", b"\xff", b"-", b"1", b"\n"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_truncated_files_read_or_raise(tmp_path: Path, length: int, tail: bytes) -> None:
    _read(tmp_path, WHOLE[:length] + tail)


@given(st.lists(st.sampled_from(sorted(set(WHOLE.decode().split("\n")))), max_size=60), st.randoms())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shuffled_lines_read_or_raise(tmp_path: Path, lines: list[str], random: object) -> None:
    _read(tmp_path, "\n".join([SEPARATOR, *lines]).encode())


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_binary_garbage_raises(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.lat"
    for start in (b"", b"\x1f\x8b", SEPARATOR.encode() + b"\n"):
        path.write_bytes(start + content)
        with pytest.raises(CatalogueError):
            read_catalogue(path)


def test_skipping_gives_the_same_rows_however_the_file_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    for _ in range(20):
        content = bytearray(WHOLE * 3)
        for place in generator.integers(0, len(content), 8):
            content[place] = generator.integers(0, 256)
        path = tmp_path / "cut.lat"
        path.write_bytes(content)
        results = []
        for block in (13, 1 << 22):
            monkeypatch.setattr(lat, "_BLOCK", block)
            errors: list[CatalogueError] = []
            results.append((read_catalogue(path, on_error=errors.append), list(map(str, errors))))
        assert_same(results[0][0], results[1][0])
        assert results[0][1] == results[1][1]


def test_reading_leaves_no_open_file(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    path = write(tmp_path, Entry(), Entry(level="x"))
    for _ in range(3):
        with pytest.raises(CatalogueError):
            read_catalogue(path)
    iterator = iter_catalogue(write(tmp_path, Entry(), Entry(), name="b.lat"), 1)
    next(iterator)
    iterator.close()  # type: ignore[attr-defined]
    assert not [w for w in recwarn if issubclass(w.category, ResourceWarning)]
