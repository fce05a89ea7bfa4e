"""What the numbers of a checkpoint mean, on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from fastlattice import Conventions, LatticeBatch, LatticeMACE, unit_cell
from fastlattice.cli import main
from fastlattice.errors import ConfigError
from fastlattice.models.conventions import above_bound

SMALL = {"max_edge_radius": 0.1, "correlation": 2, "lmax": 2}


@pytest.fixture
def network(tmp_path: Path) -> LatticeMACE:
    torch.manual_seed(0)
    model = LatticeMACE({"hidden_irreps": "4x0e+4x1o+4x2e", "readout_irreps": "4x0e+4x1o+4x2e", **SMALL})
    model.save(tmp_path / "network.safetensors")
    torch.save(model.state_dict(), tmp_path / "network.ckpt")
    (tmp_path / "network.json").write_text(json.dumps(model.config.to_dict()))
    return model


def predicted(folder: Path, weights: str, *options: str) -> torch.Tensor:
    path = folder / "out.lat"
    config = ["--config", str(folder / "network.json")] if weights.endswith(".ckpt") else []
    arguments = ["predict", "octet", "kelvin", "--density", "0.04", "--weights", str(folder / weights), *config]
    assert main([*arguments, *options, "-o", str(path)]) == 0
    from fastlattice import read_catalogue

    target = read_catalogue(path).columns["target"]
    assert isinstance(target, torch.Tensor)
    return target


def test_the_preset_is_ten_times_c_over_density_of_thinner_struts(network: LatticeMACE, tmp_path: Path) -> None:
    cells = [unit_cell(name, 0.04) for name in ("octet", "kelvin")]
    thinner = LatticeBatch.from_lattices([cell.with_relative_density(0.02) for cell in cells])  # radii / sqrt(2)
    with torch.no_grad():
        raw = network(thinner)["stiffness"].double()
    expected = raw * 0.04 / 10
    for options in (
        ["--conventions", "grega2024"],
        ["--quantity", "C/density", "--scale", "0.1", "--radii", "both_directions"],
        ["--conventions", "grega2024", "--scale", "0.1"],
    ):
        found = predicted(tmp_path, "network.ckpt", *options)
        assert float((found - expected).norm() / expected.norm()) < 1e-5
    scaled = predicted(tmp_path, "network.ckpt", "--conventions", "grega2024", "--scale", "0.2")
    assert float((scaled - 2 * expected).norm() / expected.norm()) < 1e-5


@pytest.mark.usefixtures("network")
def test_conventions_are_recorded_and_those_of_a_file_are_not_replaced_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predicted(tmp_path, "network.safetensors")
    assert "replaced" not in capsys.readouterr().err
    predicted(tmp_path, "network.safetensors", "--conventions", "grega2024")
    assert "its conventions" in capsys.readouterr().err
    out = tmp_path / "out.json"
    arguments = ["predict", "octet", "--weights", str(tmp_path / "network.safetensors"), "-o", str(out)]
    assert main([*arguments, "--scale", "0.5"]) == 0
    made = json.loads(out.read_text())["origin"]
    assert (made["quantity"], made["scale"], made["radii"]) == ("C", 0.5, "strut")
    assert made["weights"].endswith("network.safetensors")


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--conventions", "grega"], "there are no conventions 'grega'; choose from grega2024"),
        (["--quantity", "GPa"], "quantity is 'GPa'; choose from C, C/density"),
        (["--radii", "half"], "radii is 'half'"),
    ],
)
def test_unknown_conventions_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], reason: str
) -> None:
    assert main(["predict", "octet", "--weights", str(tmp_path / "network.safetensors"), *options]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.usefixtures("network")
def test_what_no_lattice_can_have_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predicted(tmp_path, "network.ckpt", "--scale", "1e9")
    said = capsys.readouterr().err
    assert "2 predictions exceed density x E_s, which no lattice can (octet, kelvin)" in said
    assert "--conventions grega2024" in said
    predicted(tmp_path, "network.ckpt", "--scale", "1e-9")
    assert "exceed" not in capsys.readouterr().err


def test_the_bound_is_that_of_parallel_struts() -> None:
    density = torch.tensor([0.1, 0.1, 0.1])
    parallel = torch.zeros(3, 6, 6, dtype=torch.float64)
    parallel[:, 0, 0] = torch.tensor([0.1, 0.11, np.nan])
    assert above_bound(parallel, density).tolist() == [False, True, False]


def test_presets_by_name() -> None:
    assert Conventions.preset("grega2024") == Conventions("C/density", 0.1, "both_directions")
    with pytest.raises(ConfigError, match="grega2024"):
        Conventions.preset("none")
