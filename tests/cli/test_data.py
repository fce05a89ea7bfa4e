"""`fastlattice data`: sets, splits and labels as files."""

from pathlib import Path

import pytest
import torch

from fastlattice import LatticeBatch, homogenise, rcsr_names, rcsr_net, read, read_catalogue, unit_cell, write_catalogue
from fastlattice.cli import main
from fastlattice.data.realisations import content_hash
from fastlattice.data.sets import SHA256
from fastlattice.data.splits import held_out, side_of_fingerprint
from fastlattice.io.parquet import parquet_dataset, read_parquet
from fastlattice.topologies.nets import rcsr_fingerprint
from tests.support.published import authors_catalogue


def small(side: str, number: int) -> list[str]:
    """Some RCSR nets of a side, few nodes each."""
    found = [name for name in rcsr_names() if side_of_fingerprint(rcsr_fingerprint(name)) == side]
    return sorted(found, key=lambda name: int(rcsr_fingerprint(name).partition("-")[0]))[:number]


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Nets of all sides, two realisations of each."""
    names = ["dia", *small("test", 3), *small("validation", 2)]
    lattices = [rcsr_net(name).primitive() for name in names]
    batch = LatticeBatch.from_lattices([each.perturb(0.02, seed) for each in lattices for seed in (0, 1)])
    batch = batch.with_columns(base_name=[name for name in names for _ in (0, 1)])
    write_catalogue(tmp_path / "all.lat", batch)
    return tmp_path / "all.lat"


def test_a_fixed_set_is_the_one_with_its_hash(tmp_path, capsys):
    path = tmp_path / "T4.parquet"
    assert main(["data", "make", "T4", "-o", str(path)]) == 0
    assert "600 lattices of 100 nets written to" in capsys.readouterr().out
    assert parquet_dataset(path)["content_sha256"] == SHA256["T4"]
    assert parquet_dataset(path)["recipe"] == {"set": "T4"}
    assert len(read_parquet(path)) == 600


def test_a_training_set_of_ones_own_bases(tmp_path, catalogue, capsys):
    path = tmp_path / "train.parquet"
    arguments = ["data", "make", "1imp", "--bases", "octet", "kelvin", str(catalogue), "--density", "0.02"]
    assert main([*arguments, "-o", str(path), "--seed", "4"]) == 0
    batch = read_parquet(path)
    assert set(batch.columns["net"]) == {"fcu", "sod", "dia"}
    assert not held_out(batch).any()
    assert "10 with a net that is held out" in capsys.readouterr().err
    assert len(batch) == 1 + 3 * 4  # octet has one node, and so no realisations
    assert torch.equal(batch.columns["target"], homogenise(batch).stiffness)
    recipe = parquet_dataset(path)["recipe"]
    assert recipe["composition"] == "1imp"
    assert recipe["seed"] == 4
    assert recipe["densities"] == [0.02]


def test_the_authors_file_makes_t2(tmp_path):
    path = tmp_path / "T2.parquet"
    assert main(["data", "make", "T2", "--file", str(authors_catalogue("two_radii_396.lat")), "-o", str(path)]) == 0
    assert len(read_parquet(path)) == 1182


@pytest.fixture
def streams():
    """What makes streams."""
    pytest.importorskip("yaml")
    from fastlattice.data import stream

    return stream


def test_samples_of_a_stream(tmp_path, streams, capsys):
    (tmp_path / "recipe.yaml").write_text("level: {low: 0.0, high: 0.02}\ndensity: [0.01, 0.03]\nremoval_share: 0\n")
    path = tmp_path / "samples.parquet"
    arguments = ["--samples", "5000", "--recipe", str(tmp_path / "recipe.yaml"), "--seed", "7"]
    assert main(["data", "make", "stream", *arguments, "--bases", "octet", "kelvin", "-o", str(path)]) == 0
    batch = read_parquet(path)
    assert len(batch) == 5000
    assert set(batch.names) == {"octet", "kelvin"}
    assert batch.columns["level"].max() <= 0.02
    assert set(batch.columns["relative_density"].tolist()) == {0.01, 0.03}
    recipe = parquet_dataset(path)["recipe"]
    assert recipe["stream"]["density"] == [0.01, 0.03]
    assert recipe["seed"] == 7
    assert content_hash(batch) in capsys.readouterr().out


@pytest.mark.parametrize("text", ["levle: 3", "level: [", "- 1"])
def test_a_recipe_that_makes_no_sense_is_refused_by_name(tmp_path, streams, capsys, text):
    (tmp_path / "recipe.yaml").write_text(text)
    arguments = ["--samples", "8", "--recipe", str(tmp_path / "recipe.yaml"), "--bases", "octet"]
    assert main(["data", "make", "stream", *arguments, "-o", str(tmp_path / "a.parquet")]) == 2
    assert "recipe.yaml: " in capsys.readouterr().err
    assert not (tmp_path / "a.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["T5"], "there is no set 'T5'; choose from T1, T2"),
        (["T2"], "name it by --file"),
        (["T1", "--seed", "3"], "T1 takes no --seed"),
        (["T3", "--max-nodes", "3"], "T3 takes no --max-nodes"),
        (["T1", "--file", "a"], "T1 takes no --file"),
        (["1imp", "--file", "a"], "1imp takes no --file"),
        (["1imp", "--samples", "8"], "1imp takes no --samples"),
        (["stream"], "say by --samples how many"),
        (["stream", "--samples", "8", "--density", "0.1"], "stream takes no --density"),
        (["1imp", "--random", "5", "--max-nodes", "20"], "--random needs --max-nodes of at least 30"),
        (["1imp", "--bases", "no_such_cell"], "there is no unit cell 'no_such_cell'"),
    ],
)
def test_requests_that_make_no_sense_are_refused(tmp_path, capsys, arguments, message):
    assert main(["data", "make", *arguments, "-o", str(tmp_path / "a.parquet")]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_sets_are_parquet(tmp_path, capsys):
    assert main(["data", "make", "T3", "-o", str(tmp_path / "a.lat")]) == 2
    assert "sets are written as .parquet" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["parquet", "lat"])
def test_a_split_puts_all_realisations_of_a_net_on_its_side(tmp_path, catalogue, capsys, suffix):
    folder = tmp_path / "parts"
    assert main(["data", "split", str(catalogue), "-o", str(folder), "--format", suffix]) == 0
    parts = {side: read(folder / f"{side}.{suffix}") for side in ("training", "validation", "test")}
    assert {side: len(part) for side, part in parts.items()} == {"training": 2, "validation": 4, "test": 6}
    for side, part in parts.items():
        bases = [str(base) for base in part.columns["base_name"]]
        assert {side_of_fingerprint(rcsr_fingerprint(base)) for base in bases} == {side}
    assert "3 nets" in capsys.readouterr().out


def test_a_split_by_base_names(tmp_path, catalogue):
    (tmp_path / "names.txt").write_text("dia\n" + small("test", 3)[1] + "\n")
    folder = tmp_path / "parts"
    arguments = ["--training-bases", str(tmp_path / "names.txt"), "-o", str(folder)]
    assert main(["data", "split", str(catalogue), *arguments]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["test.parquet", "training.parquet"]
    training = read(folder / "training.parquet")
    assert set(training.columns["base_name"]) == {"dia", small("test", 3)[1]}
    assert len(read(folder / "test.parquet")) == 8


def test_parts_go_into_a_folder_and_never_over_an_input(tmp_path, catalogue, capsys):
    assert main(["data", "split", str(catalogue), "-o", str(catalogue)]) == 2
    assert "the parts go into a folder" in capsys.readouterr().err
    training = tmp_path / "training.lat"
    catalogue.rename(training)
    assert main(["data", "split", str(training), "--format", "lat", "-o", str(tmp_path)]) == 2
    assert "the output would overwrite an input" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["parquet", "lat"])
def test_labels_are_the_exact_stiffness_and_failures_are_listed(tmp_path, capsys, suffix):
    cells = [unit_cell("octet", 0.03), unit_cell("kelvin")]
    sheet = rcsr_net("pcu")
    sheet = type(sheet)(sheet.cell, sheet.positions, sheet.struts[:2], sheet.shifts[:2], 0.01, "sheet")
    write_catalogue(tmp_path / "in.lat", LatticeBatch.from_lattices([*cells, sheet]))
    output = tmp_path / f"out.{suffix}"
    assert main(["data", "label", str(tmp_path / "in.lat"), "-o", str(output)]) == 1
    captured = capsys.readouterr()
    assert "2 lattices with targets written" in captured.out
    assert "sheet: no piece of the lattice is connected in three directions" in captured.err
    batch = read(output)
    expected = homogenise(read_catalogue(tmp_path / "in.lat")[:2]).stiffness
    torch.testing.assert_close(batch.columns["target"], expected, rtol=1e-12, atol=1e-18)


@pytest.mark.parametrize("action", ["make", "split", "label"])
def test_help_teaches_by_examples(action, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["data", action, "--help"])
    assert stopped.value.code == 0
    assert f"fastlattice data {action} " in capsys.readouterr().out.split("examples:")[1]
