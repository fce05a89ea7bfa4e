"""The command line: what it prints, what it writes, and its exit codes."""

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import (
    CGC,
    Lattice,
    LatticeBatch,
    LatticeMACE,
    elasticity,
    homogenise,
    read,
    read_catalogue,
    unit_cell,
    write_catalogue,
)
from fastlattice.cli import _parser, main

SMALL = {"max_edge_radius": 0.1, "correlation": 2}
COMMANDS = ("info", "fe", "predict", "screen", "query", "design", "data", "train", "evaluate")
COMMANDS += ("convert", "card", "plot", "reproduce", "verify", "doctor")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """Two sound lattices around a sheet, which has no stiffness."""
    sheet = Lattice(np.eye(3), [[0, 0, 0]], [[0, 0]] * 2, [[1, 0, 0], [0, 1, 0]], 0.05, "sheet")
    path = tmp_path / "three.lat"
    write_catalogue(path, LatticeBatch.from_lattices([unit_cell("octet"), sheet, unit_cell("kelvin")]))
    return path


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_sound_lattice_prints_its_moduli_and_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", "simple_cubic", "--density", "0.03"]) == 0
    _, _, row, unit = capsys.readouterr().out.splitlines()
    # Three struts of area rho/3 along the axes carry rho/3 each.
    assert row.split()[:4] == ["simple_cubic", "0.03", "1", "3"]
    assert row.split()[5] == "0.01"
    assert "units of E_s" in unit


def test_csv_holds_the_stiffness_in_the_notation_and_unit_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert main(["fe", "octet", "--solid-modulus", "110", "--notation", "voigt", "-o", str(path)]) == 0
    (record,) = records(path)
    stiffness = 110 * homogenise(unit_cell("octet")).stiffness[0].numpy()
    assert float(record["C_11_voigt_GPa"]) == pytest.approx(stiffness[0, 0], rel=1e-14)
    assert float(record["C_12_voigt_GPa"]) == pytest.approx(stiffness[0, 1], rel=1e-14)
    assert float(record["C_44_voigt_GPa"]) == pytest.approx(stiffness[3, 3] / 2, rel=1e-14)
    assert not [name for name in record if name.startswith("C_") and not name.endswith("voigt_GPa")]


def test_json_states_its_conventions(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    assert main(["fe", "octet", "bcc", "--density", "0.01,0.02", "-o", str(path)]) == 0
    content = json.loads(path.read_text())
    assert "mandel" in content["conventions"]["stiffness"]
    assert [(r["name"], round(r["relative_density"], 12)) for r in content["results"]] == [
        ("octet", 0.01),
        ("octet", 0.02),
        ("bcc", 0.01),
        ("bcc", 0.02),
    ]
    stiffness = homogenise(unit_cell("bcc", 0.02)).stiffness[0]
    assert content["results"][3]["C_55_mandel_Es"] == pytest.approx(float(stiffness[4, 4]), rel=1e-12)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_results_can_be_printed_whole(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", "octet", "--format", form]) == 0
    printed = capsys.readouterr().out
    rows = json.loads(printed)["results"] if form == "json" else list(csv.DictReader(printed.splitlines()))
    assert [row["name"] for row in rows] == ["octet"]


def test_parquet_keeps_lattices_and_results(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert main(["fe", "octet", "kelvin", "-o", str(path)]) == 0
    batch = LatticeBatch.from_parquet(path)
    assert list(batch.names) == ["octet", "kelvin"]
    assert batch[1] == LatticeBatch.from_lattices([unit_cell("kelvin")])[0]
    np.testing.assert_array_equal(batch.columns["stiffness"], homogenise(batch).stiffness)


@pytest.mark.parametrize(
    ("theory", "options"),
    [
        ("exact", []),
        ("euler-bernoulli", ["--beam", "euler-bernoulli"]),
        ("euler-bernoulli", ["--kappa", "inf"]),
        ("abaqus-b31", ["--discretisation", "abaqus-b31"]),
    ],
)
def test_which_beam_theory_labels_were_made_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], theory: str, options: list[str]
) -> None:
    path = tmp_path / "labelled.lat"
    assert main(["fe", "octet", "kelvin", "--density", "0.05", "-o", str(path), *options]) == 0
    capsys.readouterr()
    assert main(["fe", str(path), "--compare"]) == 0
    assert f"the labels are closest to {theory} (medians: exact " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["fe", "octet", "--kappa", "-inf"])
    assert main(["fe", "octet", "--beam", "euler-bernoulli", "--kappa", "0.8"]) == 2


def test_a_catalogue_is_labelled_and_compared_with_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "labelled.lat.gz"
    assert main(["fe", "octet", "kelvin", "-o", str(path)]) == 0
    np.testing.assert_array_equal(
        read_catalogue(path).columns["target"], homogenise([unit_cell("octet"), unit_cell("kelvin")]).stiffness
    )
    capsys.readouterr()
    assert main(["fe", str(path), "--compare", "--nu", "0.3"]) == 0
    assert "2 labelled lattices compared, 0 without" in capsys.readouterr().out
    assert main(["fe", str(path), "--compare", "--nu", "0.0"]) == 0
    shown = capsys.readouterr().out
    assert 1e-5 < float(shown.split(", max ")[1].split()[0]) < 0.1


def test_lattices_without_a_stiffness_are_listed_and_do_not_stop_the_others(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.csv"
    assert main(["fe", str(catalogue), "-o", str(path)]) == 1
    shown = capsys.readouterr()
    assert "1 lattices have no stiffness" in shown.err
    assert "sheet: " in shown.err
    assert [record["name"] for record in records(path)] == ["octet", "sheet", "kelvin"]
    assert [record["C_11_mandel_Es"] == "" for record in records(path)] == [False, True, False]
    assert "three" in records(path)[1]["status"]


def test_malformed_entries_stop_or_are_skipped_as_asked(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = catalogue.read_text()
    broken = tmp_path / "broken.lat"
    broken.write_text(
        text.replace("Name: sheet", "Name: sheet\nNonsense 12", 1).replace("1, 1, 1, 90", "1, x, 1, 90", 1)
    )
    output = tmp_path / "out.csv"
    assert main(["fe", str(broken), "-o", str(output)]) == 2
    message = capsys.readouterr().err
    line = next(i for i, text in enumerate(broken.read_text().splitlines(), 1) if "1, x, 1" in text)
    assert f"{broken}:{line}: " in message
    assert not output.exists()
    assert list(tmp_path.glob(".out*")) == []
    assert main(["fe", str(broken), "-o", str(output), "--on-error", "skip"]) == 1
    assert "malformed entries were skipped" in capsys.readouterr().err
    assert "kelvin" in [record["name"] for record in records(output)]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["fe", "octe"], "did you mean octet"),
        (["fe", "nets:pcuu"], "pcu"),
        (["fe", "missing.lat"], "missing.lat: there is no such file"),
        (["plot", "octet", "--index", "1", "-o", "{tmp}/x.png"], "holds 1 lattices"),
        (["convert", "octet", "-o", "{tmp}/x.csv"], "suffix must be"),
        (["convert", "octet", "-o", "{tmp}/x.lat", "--scale", "2"], "--scale: for .3mf"),
        (["convert", "cells:octet,kelvin", "-o", "{tmp}/x.obj"], "holds one lattice"),
        (["convert", "octet", "-o", "{tmp}/x.inp", "--faces", "cut"], "--faces is for blocks"),
        (["convert", "{tmp}/three.lat", "-o", "{tmp}/three.lat"], "would overwrite an input"),
        (["fe", "{tmp}/three.lat", "-o", "{tmp}/three.lat"], "would overwrite an input"),
    ],
)
def test_requests_that_cannot_be_met_exit_with_2(
    arguments: list[str], reason: str, catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = catalogue.read_bytes()
    assert main([a.format(tmp=tmp_path) for a in arguments]) == 2
    assert reason in capsys.readouterr().err
    assert catalogue.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "COMMAND"),
        (["fe"], "INPUT"),
        (["fe", "octet", "--nu", "0.5"], "--nu: 0.5 must be"),
        (["fe", "octet", "--density", "0.1,2"], "--density: 2 must be"),
        (["fe", "octet", "--threads", "0"], "--threads: '0' is not a positive integer"),
        (["fe", "octet", "--solid-modulus", "stiff"], "'stiff' is not a number"),
        (["fe", "octet", "-o", "out.docx"], "the suffix must be one of"),
        (["fe", "octet", "-o", "nowhere/out.csv"], "there is no folder 'nowhere'"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err


def test_convert_is_exact(catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet, back = tmp_path / "three.parquet", tmp_path / "back.lat"
    assert main(["convert", str(catalogue), "-o", str(parquet)]) == 0
    assert "3 lattices written" in capsys.readouterr().out
    assert main(["convert", str(parquet), "-o", str(back)]) == 0
    assert back.read_bytes() == catalogue.read_bytes()


@pytest.mark.parametrize("suffix", [".3mf", ".ltcx", ".obj", ".vtu", ".stl", ".inp"])
def test_convert_writes_what_printers_and_solvers_take(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip({".3mf": "lib3mf", ".vtu": "meshio", ".stl": "manifold3d"}.get(suffix, "json"))
    path, back = tmp_path / f"octet{suffix}", tmp_path / "back.lat"
    block = ["--tessellate", "2", "1", "1", "--scale", "5", "--unit", "cm"]
    assert main(["convert", "octet", "--density", "0.03", "-o", str(path), *block]) == 0
    if suffix == ".stl":
        return
    assert main(["convert", str(path), "-o", str(back)]) == 0
    assert float(read(back).relative_density[0]) == pytest.approx(0.03, rel=1e-5)


def test_convert_says_what_a_catalogue_cannot_keep(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "results.parquet"
    assert main(["fe", "octet", "-o", str(results)]) == 0
    assert main(["convert", str(results), "-o", str(tmp_path / "octet.lat")]) == 0
    message = capsys.readouterr().err
    listed = message.split("left out: ")[1].split("\n")[0].split(", ")
    assert {"beam_valid", "rank", "reason", "status", "stiffness", "E_x_Es", "nu_xy"} <= set(listed)


def test_a_folder_does_not_hide_a_unit_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "octet").mkdir()
    assert main(["fe", "octet"]) == 0


def test_info_lists_what_is_built_in_and_describes_what_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info"]) == 0
    shown = capsys.readouterr().out
    assert "octet " in shown
    assert "2742 nets" in shown
    assert main(["info", "octet", "cells:all"]) == 0
    shown = capsys.readouterr().out
    assert "primitive cell    1 nodes, 6 struts" in shown
    assert "mean 12 " in shown
    assert "printed density   0.009" in shown  # less than the relative density: struts overlap at the nodes


def test_info_names_the_net(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--identity", "octet", "nets:dia"]) == 0
    shown = capsys.readouterr().out
    assert "identity          octet: fcu" in shown
    assert "identity          dia: dia" in shown


def test_plot_writes_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "octet.png"
    assert main(["plot", "octet", "-o", str(path)]) == 0
    assert path.read_bytes().startswith(b"\x89PNG")


def test_plot_draws_a_lattice_without_stiffness_and_says_why_it_is_alone(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", str(catalogue), "--index", "1", "-o", str(tmp_path / "x.svg")]) == 0
    assert "sheet has no stiffness to draw: no piece" in capsys.readouterr().err
    assert (tmp_path / "x.svg").stat().st_size > 10_000


def test_plot_draws_all_that_it_is_given(catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    assert main(["plot", "octet", "-o", str(one)]) == 0
    assert main(["plot", "octet", "kelvin", "-o", str(two)]) == 0
    assert "octet, kelvin drawn in" in capsys.readouterr().out
    heights = [int.from_bytes(path.read_bytes()[20:24], "big") for path in (one, two)]  # of the PNG's header
    assert heights[1] == 2 * heights[0]
    assert main(["plot", "cells:all", "-o", str(two)]) == 2
    assert "more than 20 lattices: --index chooses one" in capsys.readouterr().err


def test_doctor_names_the_instruction_set(capsys: pytest.CaptureFixture[str]) -> None:
    from fastlattice import _native

    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert _native.instruction_set() in shown
    assert "threads" in shown


def test_doctor_says_which_backend_each_op_takes_and_why(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert "native on the CPU in fp32" in shown
    assert "on a CUDA device in fp32" in shown
    assert "not native" not in shown
    monkeypatch.setenv("FASTLATTICE_BACKEND", "abacus")
    assert main(["doctor"]) == 0
    assert "FASTLATTICE_BACKEND=abacus does not exist" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_examples_that_parse(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    examples = [
        line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith(f"  fastlattice {command}")
    ]
    assert examples or command == "doctor"
    for example in examples:
        assert _parser().parse_args(shlex.split(example)[1:]).command == command


def test_a_reader_that_leaves_early_is_no_error() -> None:
    script = f"{shlex.quote(sys.executable)} -m fastlattice fe nets:rcsr --format csv | head -n 2"
    shown = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert len(shown.stdout.splitlines()) == 2
    assert "Traceback" not in shown.stderr


def test_moduli_in_the_table_agree_with_elasticity(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fe", "bcc"]) == 0
    row = capsys.readouterr().out.splitlines()[2].split()
    extremes = elasticity.young_modulus_extremes(homogenise(unit_cell("bcc")).stiffness[0])
    assert float(row[4]) == pytest.approx(float(extremes.minimum), rel=1e-3)
    assert float(row[5]) == pytest.approx(float(extremes.maximum), rel=1e-3)


@pytest.fixture
def network(tmp_path: Path) -> LatticeMACE:
    """A small network with random weights, saved as network.safetensors and as a bare state dict."""
    torch.manual_seed(0)
    model = LatticeMACE({"hidden_irreps": "4x0e+4x1o+4x2e", "readout_irreps": "4x0e+4x1o+4x2e", "lmax": 2, **SMALL})
    model.save(tmp_path / "network.safetensors")
    torch.save(model.state_dict(), tmp_path / "network.ckpt")
    (tmp_path / "network.json").write_text(json.dumps(model.config.to_dict()))
    return model


def test_predict_gives_what_the_network_gives(network: LatticeMACE, tmp_path: Path) -> None:
    expected = network.predict(LatticeBatch.from_lattices([unit_cell("octet"), unit_cell("kelvin")])).double()
    weights = {
        "ours": ["--weights", str(tmp_path / "network.safetensors")],
        "original": ["--weights", str(tmp_path / "network.ckpt"), "--config", str(tmp_path / "network.json")],
    }
    for label, arguments in weights.items():
        path = tmp_path / f"{label}.parquet"
        assert main(["predict", "octet", "kelvin", *arguments, "-o", str(path)]) == 0
        np.testing.assert_array_equal(LatticeBatch.from_parquet(path).columns["stiffness"], expected)


def test_predict_takes_any_network_and_verify_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network, weights = CGC({"hidden_irreps": 4}), str(tmp_path / "cgc.safetensors")
    network.save(weights)
    assert main(["predict", "octet", "--weights", weights, "-o", str(tmp_path / "out.parquet")]) == 0
    found = LatticeBatch.from_parquet(tmp_path / "out.parquet").columns["stiffness"]
    np.testing.assert_array_equal(found, network.predict(unit_cell("octet")).double())
    assert main(["verify", "--weights", weights]) == 2
    assert "holds a CGC, not a LatticeMACE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--weights", "{tmp}/none.safetensors"], "there is no such file"),
        (["--weights", "{tmp}/network.ckpt"], "pass the network's configuration"),
        (["--weights", "{tmp}/network.ckpt", "--config", "{tmp}/network.ckpt"], "not a JSON file"),
        (["--weights", "{tmp}/network.safetensors", "--device", "nowhere"], "--device nowhere"),
        (["--weights", "{tmp}/network.safetensors", "--backend", "abacus"], "abacus does not exist"),
    ],
)
@pytest.mark.usefixtures("network")
def test_predict_says_what_is_wrong_with_a_network(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", "octet", *(a.format(tmp=tmp_path) for a in arguments)]) == 2
    assert reason in capsys.readouterr().err


def test_predict_flags_struts_too_thick_for_beams(network: LatticeMACE, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    arguments = ["--density", "0.01,0.6", "--weights", str(tmp_path / "network.safetensors"), "-o", str(path)]
    assert main(["predict", "simple_cubic", *arguments]) == 0
    assert [record["beam_valid"] for record in records(path)] == ["True", "False"]
    assert main(["fe", "simple_cubic", "--density", "0.01,0.6", "-o", str(path)]) == 0
    assert [record["beam_valid"] for record in records(path)] == ["True", "False"]


@pytest.mark.usefixtures("network")
def test_verify_passes_on_this_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--weights", str(tmp_path / "network.safetensors")]) == 0
    shown = capsys.readouterr().out
    assert "equivariance under rotation and reflection (float64)" in shown
    assert "FAILED" not in shown
