"""Reading catalogues: the authors' files against an independent parser, every variant of the format, streaming."""

import gzip
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fastlattice import Lattice, LatticeBatch, homogenise, iter_catalogue, read_catalogue, unit_cell, write_catalogue
from fastlattice.io import lat
from tests.support.catalogue_text import SEPARATOR, Entry, cell_matrix, parse, upper_triangle
from tests.support.published import authors_catalogue

FILES = ("sample_20.lat", "two_radii_396.lat")
MANDEL_FROM_VOIGT = np.diag([1, 1, 1, math.sqrt(0.5), math.sqrt(0.5), math.sqrt(0.5)])


def write(folder: Path, *entries: Entry | str, name: str = "some.lat") -> Path:
    path = folder / name
    path.write_bytes("\n".join(map(str, entries)).encode())
    return path


def stiffness_matrix(seed: int = 0) -> np.ndarray:
    root = np.random.default_rng(seed).standard_normal((6, 6))
    return root @ root.T + np.eye(6)


def assert_same(left: LatticeBatch, right: LatticeBatch) -> None:
    """The same bits in every array and column."""
    for name in ("cell", "positions", "struts", "shifts", "radii", "node_offsets", "strut_offsets"):
        assert torch.equal(getattr(left, name), getattr(right, name)), name
    assert list(left.columns) == list(right.columns)
    for name, column in left.columns.items():
        other = right.columns[name]
        if isinstance(column, torch.Tensor):
            assert column.dtype == other.dtype
            assert column.shape == other.shape
            assert column.numpy().tobytes() == other.numpy().tobytes(), name
        else:
            assert column == other, name


def struts_in_space(lattice: Lattice) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each strut as (fractional midpoint modulo 1, fractional vector), which numbering and gauge do not change."""
    ends = lattice.fractional
    i, j = lattice.struts.T
    vectors = ends[j] - ends[i] + lattice.shifts
    return list(zip((ends[i] + vectors / 2) % 1, vectors, strict=True))


def assert_same_struts(left: Lattice, right: Lattice, tolerance: float = 2e-4) -> None:
    assert left.num_nodes == right.num_nodes
    assert left.num_struts == right.num_struts
    remaining = struts_in_space(right)
    for middle, vector in struts_in_space(left):
        distances = []
        for other_middle, other_vector in remaining:
            off = np.abs(middle - other_middle)
            direction = min(np.abs(vector - other_vector).max(), np.abs(vector + other_vector).max())
            distances.append(max(np.minimum(off, 1 - off).max(), direction))
        assert min(distances) < tolerance
        del remaining[int(np.argmin(distances))]


# ------------------------------------------------------------------------------------------- the authors' files


@pytest.mark.parametrize("name", FILES)
def test_every_entry_of_the_authors_reads_as_an_independent_parser_says(name: str) -> None:
    batch = read_catalogue(authors_catalogue(name))
    row = 0
    for entry in parse(authors_catalogue(name).read_text()):
        densities = list(entry["radii"] or entry["compliances"] or {"0.01": None})
        labelled = 0
        for density in densities:
            lattice = batch[row]
            assert lattice.name == entry["name"]
            assert batch.columns["base_name"][row] == entry["base_name"]
            assert batch.columns["imperfection_level"][row] == entry["level"]
            assert batch.columns["relative_density"][row] == float(density)
            np.testing.assert_allclose(lattice.cell, entry["cell"], atol=1e-14)
            if entry["struts"] is not None:
                used, struts = np.unique(entry["struts"].astype(int), return_inverse=True)
                np.testing.assert_array_equal(lattice.struts, struts.reshape(-1, 2))
                np.testing.assert_array_equal(lattice.shifts, np.round(entry["shifts"]))
                np.testing.assert_allclose(lattice.positions, entry["positions"][used] @ entry["cell"], atol=1e-14)
            if entry["radii"]:
                np.testing.assert_array_equal(lattice.radii, entry["radii"][density])
                assert lattice.relative_density == pytest.approx(float(density), rel=1e-3)
            else:
                assert np.ptp(lattice.radii) == 0
                assert lattice.relative_density == pytest.approx(float(density), rel=1e-12)
            stiffness = batch.columns["target"][row]
            if not stiffness.isnan().any():
                labels = [v for k, v in entry["compliances"].items() if float(k) == round(float(density), 8)]
                upper = np.zeros((6, 6))
                upper[np.triu_indices(6)] = labels[0]
                expected = np.linalg.inv(np.triu(upper) + np.triu(upper, 1).T)
                np.testing.assert_allclose(stiffness, expected, rtol=1e-9, atol=1e-11 * np.abs(expected).max())
                labelled += 1
            row += 1
        assert labelled == len(entry["compliances"])
    assert row == len(batch) == (1188 if "396" in name else 58)


def test_labels_that_two_radius_sets_could_own_go_to_the_one_that_was_computed() -> None:
    batch = read_catalogue(authors_catalogue("two_radii_396.lat"))
    target, density = batch.columns["target"], batch.columns["relative_density"]
    unlabelled = target.isnan().flatten(1).any(1).nonzero()[:, 0].tolist()
    assert len(unlabelled) == 6
    names = list(batch.names)
    for row in unlabelled:
        (owner,) = [
            k for k, n in enumerate(names) if n == names[row] and k != row and abs(density[k] - density[row]) < 1e-8
        ]
        pair = homogenise([batch[row], batch[owner]]).stiffness
        wrong, right = ((pair - target[owner]).flatten(1).norm(dim=1) / target[owner].norm()).tolist()
        assert right < 4e-3
        assert wrong > 2 * right
        for lattice, key in ((batch[row], density[row]), (batch[owner], density[owner])):
            assert lattice.relative_density == pytest.approx(float(key), rel=1e-4)


@pytest.mark.parametrize(("name", "compared"), [("sample_20.lat", 19), ("two_radii_396.lat", 396)])
def test_nodal_representations_of_the_authors_fold_into_their_fundamental_ones(
    name: str, compared: int, tmp_path: Path
) -> None:
    whole = read_catalogue(authors_catalogue(name))
    given_lattices = {whole.names[i]: i for i in range(len(whole))}
    nodal_only = "".join(
        f"{SEPARATOR}\nName: {e['name']}\nNormalized unit cell parameters:\n{parameters}\nNodal positions:\n"
        + "".join(" ".join(map(repr, p)) + "\n" for p in e["positions"].tolist())
        + "Bar connectivities:\n"
        + "".join(f"{int(i)} {int(j)}\n" for i, j in e["bars"])
        for e, parameters in zip(
            parse(authors_catalogue(name).read_text()),
            [
                line
                for before, line in itertools.pairwise(authors_catalogue(name).read_text().split("\n"))
                if before.startswith("Normalized")
            ],
            strict=True,
        )
        if e["struts"] is not None
    )
    (tmp_path / name).write_text(nodal_only)
    folded = read_catalogue(tmp_path / name)
    assert len(folded) == compared
    for i in range(len(folded)):
        assert_same_struts(folded[i], whole[given_lattices[folded.names[i]]])


def test_the_cropped_cell_of_the_authors() -> None:
    batch = read_catalogue(authors_catalogue("sample_20.lat"))
    (row,) = [i for i, name in enumerate(batch.names) if name.startswith("ort_Z08.0_E2_")]
    lattice = batch[row]
    a, b, c = 0.85075, 0.57449, 1.0
    assert lattice.num_nodes == 1
    expected = {(a, b, 0), (0, 0, c), (a, 0, 0), (a, -b, 0)}
    found = {tuple((v * np.sign(v[np.flatnonzero(v)[0]])).round(10) + 0.0) for v in lattice.strut_vectors}
    assert found == expected
    assert batch.columns["relative_density"][row] == 0.01
    assert batch.columns["target"][row].isnan().all()


# -------------------------------------------------------------------------------------- nodal representations


def windowed(lattice: Lattice) -> Entry | None:
    """The nodal representation of a lattice whose nodes lie inside the cell: struts cut where they leave it.

    None where a cut comes too close to an edge of the cell or to another cut for five digits.
    """
    points: dict[tuple[str, ...], int] = {}

    def point(x: np.ndarray) -> int:
        return points.setdefault(tuple(f"{v:.5f}" for v in x + 0.0), len(points))

    for x in lattice.fractional:
        point(x)
    bars = []
    i, j = lattice.struts.T
    for start, vector in zip(
        lattice.fractional[i], lattice.fractional[j] - lattice.fractional[i] + lattice.shifts, strict=True
    ):
        cuts = [0.0, 1.0]
        for axis in range(3):
            low, high = sorted((start[axis], start[axis] + vector[axis]))
            cuts += [(plane - start[axis]) / vector[axis] for plane in range(math.ceil(low), math.floor(high) + 1)]
        cuts.sort()
        if min(np.diff(cuts)) < 1e-3:
            return None
        for first, last in itertools.pairwise(cuts):
            ends = start + np.outer([first, last], vector)
            inside = ends - np.floor(ends.mean(axis=0))
            bars.append(f"{point(inside[0])} {point(inside[1])}")
    return Entry(positions=[" ".join(p) for p in points], bars=bars, struts=None, shifts=None)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_windowed_cells_fold_back(tmp_path: Path, seed: int, num_nodes: int, num_struts: int) -> None:
    generator = np.random.default_rng(seed)
    struts = generator.integers(0, num_nodes, (num_struts, 2))
    shifts = generator.integers(-2, 3, (num_struts, 3))
    own_image = struts[:, 0] == struts[:, 1]
    shifts[own_image & (np.gcd.reduce(shifts, axis=1) != 1)] = [1, -1, 0]  # (2, 0, 0) would lie on itself
    used, struts = np.unique(struts, return_inverse=True)
    fractional = generator.uniform(0.05, 0.95, (len(used), 3)).round(5)
    lattice = Lattice.from_fractional(np.eye(3), fractional, struts.reshape(-1, 2), shifts, 0.01)
    both_ways = {(*e, *s) for e, s in zip(lattice.struts.tolist(), shifts.tolist(), strict=True)}
    both_ways |= {(j, i, -a, -b, -c) for i, j, a, b, c in both_ways}
    assume(len(both_ways) == 2 * num_struts)  # no strut twice
    entry = windowed(lattice)
    assume(entry is not None)
    assert_same_struts(read_catalogue(write(tmp_path, entry))[0], lattice)


def test_windowed_simple_cubic(tmp_path: Path) -> None:
    entry = Entry(
        positions=["0 .3 .2", "1 .3 .2", ".1 .3 .2", ".1 0 .2", ".1 1 .2", ".1 .3 0", ".1 .3 1"],
        bars=["0 2", "2 1", "3 2", "2 4", "5 2", "6 2"],
        struts=None,
        shifts=None,
    )
    lattice = read_catalogue(write(tmp_path, entry))[0]
    assert lattice.num_nodes == 1
    assert sorted(np.abs(lattice.shifts).tolist()) == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert lattice.radii == pytest.approx(math.sqrt(0.01 / (3 * math.pi)))


def test_cropped_cells_drop_images_and_repeated_struts(tmp_path: Path) -> None:
    corners = ["0 0 0", "1 0 0", "0 1 0", "1 1 0", "0 0 1", "1 0 1", "0 1 1", "1 1 1"]
    cube = [f"{a} {b}" for a, b in itertools.combinations(range(8), 2) if bin(a ^ b).count("1") == 1]
    body_centred = [f"8 {corner}" for corner in range(8)]
    entry = Entry(positions=[*corners, ".5 .5 .5"], bars=cube + body_centred, struts=None, shifts=None)
    lattice = read_catalogue(write(tmp_path, entry))[0]
    assert lattice.num_nodes == 2
    assert sorted(lattice.strut_lengths.round(12)) == [round(math.sqrt(0.75), 12)] * 8 + [1.0] * 3


def test_a_bent_node_on_a_face_and_a_straight_one_inside_stay(tmp_path: Path) -> None:
    entry = Entry(
        positions=["0 .5 .5", "1 .5 .5", ".4 .6 .5", ".7 .55 .5"],
        bars=["0 2", "2 3", "3 1"],
        struts=None,
        shifts=None,
    )
    lattice = read_catalogue(write(tmp_path, entry))[0]
    assert lattice.num_nodes == 3
    np.testing.assert_allclose(lattice.positions[0], [0, 0.5, 0.5])


def test_nodes_that_are_close_but_no_images_stay_apart(tmp_path: Path) -> None:
    entry = Entry(positions=[".1 .2 .3", ".1 .2 .30001", ".5 .5 .5"], bars=["0 2", "1 2"], struts=None, shifts=None)
    assert read_catalogue(write(tmp_path, entry))[0].num_nodes == 3


# ------------------------------------------------------------------------------------------------ the format


def test_unused_nodes_are_left_out_and_positions_not_wrapped(tmp_path: Path) -> None:
    entry = Entry(positions=["9 9 9", "1.25 0 -0.5", "0.5 0.5 0.5"], parameters="2 3 1 90 90 90")
    lattice = read_catalogue(write(tmp_path, entry))[0]
    np.testing.assert_array_equal(lattice.positions, [[2.5, 0, -0.5], [1, 1.5, 0.5]])
    np.testing.assert_array_equal(lattice.struts, [[0, 1]] * 8)


@pytest.mark.parametrize("angles", [(90, 90, 90), (90, 90, 120), (60, 60, 60), (75.5, 101.25, 83)])
def test_cell_matrix(tmp_path: Path, angles: tuple[float, ...]) -> None:
    text = ", ".join(map(str, (0.7, 1, 0.9, *angles)))
    cell = read_catalogue(write(tmp_path, Entry(parameters=text))).cell[0]
    np.testing.assert_allclose(cell, cell_matrix(0.7, 1, 0.9, *angles), atol=1e-15)


@pytest.mark.parametrize(("notation", "scale"), [(" (Mandel)", np.eye(6)), (" (Voigt)", MANDEL_FROM_VOIGT)])
def test_compliances_in_both_notations(tmp_path: Path, notation: str, scale: np.ndarray) -> None:
    compliance = stiffness_matrix()
    entry = Entry(notation=notation, compliances={"0.02": upper_triangle(compliance)})
    batch = read_catalogue(write(tmp_path, entry))
    np.testing.assert_allclose(batch.columns["target"][0], np.linalg.inv(scale @ compliance @ scale), rtol=1e-10)
    assert torch.equal(batch.columns["target"], batch.columns["target"].mT)
    assert batch.columns["relative_density"].tolist() == [0.02]


DERIVED = """
Young's moduli at relative density 0.02
  max: 0.0033005 at x,y,z=(-0.012459,-0.012101,-0.99985)
  min: 0.00017431 at x,y,z=(-0.71433,-0.50835,0.48094)

Scaling exponents
  max: 1.01341 at x,y,z=(-0.56399,0.50795,-0.65108)
  min: 0.99578 at x,y,z=(-0.015564,-0.978,0.20803)
"""


@pytest.mark.parametrize("doubled", [1, 2])
def test_a_header_without_notation_means_what_finite_elements_find(tmp_path: Path, doubled: int) -> None:
    """Voigt, or that of the first catalogues, whose shear block is twice as large and whose lists end in a comma."""
    lattice = read_catalogue(write(tmp_path, Entry()), default_density=0.02)
    stiffness = homogenise(lattice).stiffness[0].numpy()
    voigt = np.linalg.inv(MANDEL_FROM_VOIGT) @ np.linalg.inv(stiffness) @ np.linalg.inv(MANDEL_FROM_VOIGT)
    voigt[3:, 3:] *= doubled
    label = upper_triangle(voigt)
    if doubled == 1:
        silent = read_catalogue(write(tmp_path, Entry(notation="", compliances={"0.02": label})))
    else:
        entry = str(Entry(notation="", compliances={"0.02": label + ","})).replace("Nodal pos", DERIVED + "\nNodal pos")
        with pytest.warns(UserWarning, match="twice those of Voigt"):
            silent = read_catalogue(write(tmp_path, entry))
    np.testing.assert_allclose(silent.columns["target"][0], stiffness, rtol=1e-9, atol=1e-12 * stiffness.max())


def test_a_doubled_shear_block_that_is_said_to_be_voigt_is_not_doubted(tmp_path: Path) -> None:
    compliance = stiffness_matrix()
    entry = Entry(notation=" (Voigt)", compliances={"0.02": upper_triangle(compliance)})
    batch = read_catalogue(write(tmp_path, entry))
    expected = np.linalg.inv(MANDEL_FROM_VOIGT @ compliance @ MANDEL_FROM_VOIGT)
    np.testing.assert_allclose(batch.columns["target"][0], expected, rtol=1e-10)


def test_shift_of_each_end(tmp_path: Path) -> None:
    three = read_catalogue(write(tmp_path, Entry()))
    ends = [[1, 2, i] for i in range(8)]
    shifts = [
        " ".join(map(str, [*end, *(e + int(s) for e, s in zip(end, row.split(), strict=True))]))
        for end, row in zip(ends, Entry().shifts, strict=True)
    ]
    assert_same(three, read_catalogue(write(tmp_path, Entry(shifts=shifts))))


def test_shifts_that_were_rounded(tmp_path: Path) -> None:
    shifts = ["-0.99999 0 1.00001", *Entry().shifts[1:]]
    assert read_catalogue(write(tmp_path, Entry(shifts=shifts))).shifts[0].tolist() == [-1, 0, 1]


def test_radii_without_labels_and_labels_without_radii(tmp_path: Path) -> None:
    radii = {"0.0123456789012345": "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8", "0.5": ",".join(["1"] * 8)}
    batch = read_catalogue(write(tmp_path, Entry(radii=radii)))
    assert batch.columns["relative_density"].tolist() == [0.0123456789012345, 0.5]
    assert batch.radii.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] + [1.0] * 8
    assert batch.columns["target"].isnan().all()
    label = upper_triangle(stiffness_matrix())
    batch = read_catalogue(write(tmp_path, Entry(compliances={"0.01": label, "0.25": label})))
    assert batch.relative_density.tolist() == pytest.approx([0.01, 0.25], rel=1e-14)
    assert not batch.columns["target"].isnan().any()


def test_labels_find_their_radii_by_density(tmp_path: Path) -> None:
    labels = [upper_triangle(stiffness_matrix(seed)) for seed in range(3)]
    radii = {key: ",".join(["0.1"] * 8) for key in ("0.0200000049", "0.02345678901", "0.1", "0.02")}
    entry = Entry(compliances={"0.02345679": labels[0], "0.02": labels[1]}, radii=radii)
    target = read_catalogue(write(tmp_path, entry)).columns["target"]
    np.testing.assert_allclose(np.linalg.inv(target[1].numpy()), stiffness_matrix(0), atol=1e-9)
    np.testing.assert_allclose(np.linalg.inv(target[3].numpy()), stiffness_matrix(1), atol=1e-9)  # the equal key wins
    assert target[0].isnan().all()
    assert target[2].isnan().all()


def test_entries_without_density_get_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, Entry(base_name=None, level=None))
    batch = read_catalogue(path, default_density=0.07)
    assert batch.columns["relative_density"].tolist() == [0.07]
    assert batch.relative_density.tolist() == pytest.approx([0.07])
    assert batch.columns["base_name"][0] == ""
    assert batch.columns["imperfection_level"].isnan().all()
    for wrong in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="default_density"):
            read_catalogue(path, default_density=wrong)


def test_layout_does_not_matter(tmp_path: Path) -> None:
    entries = [Entry(compliances={"0.02": upper_triangle(stiffness_matrix())}), Entry(name="näme mit — space")]
    text = "\n".join(map(str, entries))
    expected = read_catalogue(write(tmp_path, text))
    assert list(expected.names) == ["bcc", "näme mit — space"]
    variants = {
        "crlf": text.replace("\n", "\r\n"),
        "mark": "\ufeff" + text,
        "blank lines": "\n \n" + text.replace("\n", "\n\n").replace(f"\n{SEPARATOR}", f"\n\t\n{SEPARATOR}"),
        "no blank line at the end": text.rstrip("\n") + "\n",
        "tabs and commas": text.replace("0.5 0.5 0.5", "  0.5,\t0.5 , +5e-1 "),
        "other metadata": text.replace("Nodal hash", "Average connectivity: Z_avg = 8\nSource: me\nNodal hash"),
    }
    for name, variant in variants.items():
        assert_same(expected, read_catalogue(write(tmp_path, variant, name=f"{name}.lat")))


def test_gzip_is_told_by_its_content(tmp_path: Path) -> None:
    path = write(tmp_path, Entry(), Entry(name="b"))
    for name in ("some.lat.gz", "odd-name.lat"):
        packed = tmp_path / "packed"
        packed.mkdir(exist_ok=True)
        (packed / name).write_bytes(gzip.compress(path.read_bytes()[:100]) + gzip.compress(path.read_bytes()[100:]))
        assert_same(read_catalogue(path), read_catalogue(packed / name))


@pytest.mark.parametrize("block", [1, 7, 64, 1000, 1 << 22])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_streaming_gives_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, line_end: str
) -> None:
    label = upper_triangle(stiffness_matrix())
    entries = [Entry(name=f"n{i}", compliances={f"0.0{k + 1}": label for k in range(1 + i % 4)}) for i in range(9)]
    path = write(tmp_path, "\n".join(map(str, entries)).replace("\n", line_end))
    whole = read_catalogue(path)
    assert len(whole) == 21
    monkeypatch.setattr(lat, "_BLOCK", block)
    assert_same(whole, read_catalogue(path))
    for size in (1, 2, 5, 21, 1000):
        batches = list(iter_catalogue(path, size))
        assert [len(b) for b in batches] == [size] * (21 // size) + [21 % size] * (21 % size > 0)
        assert_same(whole, LatticeBatch.concatenate(batches))


@pytest.mark.parametrize("name", FILES)
def test_streaming_the_authors_files(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_catalogue(authors_catalogue(name))
    monkeypatch.setattr(lat, "_BLOCK", 30_000)
    assert_same(whole, LatticeBatch.concatenate(list(iter_catalogue(authors_catalogue(name), 100))))


def test_streaming_does_not_read_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Entry(name=f"n{i}") for i in range(50)]
    path = write(tmp_path, *entries, "this is no line of a catalogue")
    monkeypatch.setattr(lat, "_BLOCK", 2000)
    iterator = iter_catalogue(path, 3)
    assert list(next(iterator).names) == ["n0", "n1", "n2"]  # the error at the end of the file has not been met


# ------------------------------------------------------------------------------------------------- the numbers


def levels_of(folder: Path, numbers: list[str]) -> list[float]:
    batch = read_catalogue(write(folder, *[Entry(level=number) for number in numbers]))
    return batch.columns["imperfection_level"].tolist()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_are_correctly_rounded(tmp_path: Path, values: list[float]) -> None:
    assert levels_of(tmp_path, list(map(repr, values))) == values
    five_digits = [f"{v:.5g}" for v in values if math.isfinite(float(f"{v:.5g}"))]
    if five_digits:
        assert levels_of(tmp_path, five_digits) == list(map(float, five_digits))


@given(
    st.lists(st.from_regex(r"\A[-+]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][-+]?[0-9]{1,2})?\Z"), min_size=1)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_decimal_text_reads_as_python_reads_it(tmp_path: Path, numbers: list[str]) -> None:
    assert levels_of(tmp_path, numbers) == list(map(float, numbers))


def test_hard_roundings(tmp_path: Path) -> None:
    numbers = ["9007199254740993", "9007199254740992.9", "1e22", "1e23", "8.5e-23", "2.2250738585072011e-308"]
    numbers += ["0.1e-5", "4.35", "123456789012345678901234567890", "5e-324", "1.7976931348623157e308", "-0.0"]
    found = levels_of(tmp_path, numbers)
    assert found == list(map(float, numbers))
    assert math.copysign(1, found[-1]) == -1


@pytest.mark.parametrize("suffix", [".lat", ".lat.gz"])
def test_progress_rises_to_the_end_of_the_file(suffix: str, tmp_path: Path) -> None:
    path, seen = tmp_path / f"many{suffix}", []
    write_catalogue(path, LatticeBatch.concatenate([LatticeBatch.from_lattices([unit_cell("octet")])] * 9))
    rows = sum(len(b) for b in iter_catalogue(path, 2, on_progress=seen.append))
    assert rows == 9
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
