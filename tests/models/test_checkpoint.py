"""Weights in and out: the released network's formats, and our own files."""

import json
import os
import pathlib
import pickle
import subprocess
import zipfile
from argparse import Namespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from fastlattice import CheckpointError, ConfigError, Conventions, LatticeBatch, LatticeMACE, MACEConfig
from fastlattice.models import StiffnessModel
from tests.support.golden import load_golden
from tests.support.network import lattices, network

FORMAT = "fastlattice.LatticeMACE"


@pytest.fixture(scope="module")
def golden():
    return load_golden("F")


def same(model, parameters):
    state = model.state_dict()
    assert state.keys() == parameters.keys()
    return all(
        torch.equal(state[name], value) and state[name].dtype == value.dtype for name, value in parameters.items()
    )


def lightning(golden, **entries):
    """What Lightning writes: a prefix, e3nn's derived buffers, hyperparameters and the state of the training."""
    state = {f"model.{name}": value for name, value in golden.parameters.items()}
    for name in golden.buffers:
        empty = name.endswith((".bias", ".conv_tp.weight", ".mul.weight"))
        state[f"model.{name}"] = torch.zeros(0 if empty else 3, dtype=torch.float64)
    return {"state_dict": state, "epoch": 3, "hyper_parameters": {**golden.config, "lr": 1e-3}, **entries}


# ---- The released network's


def test_state_dict(golden):
    for config in (golden.config, Namespace(**golden.config)):
        assert same(LatticeMACE.from_original(golden.parameters, config), golden.parameters)


def test_single_precision(golden):
    single = {name: value.float() for name, value in golden.parameters.items()}
    assert same(LatticeMACE.from_original(single, golden.config), single)


def test_files(golden, tmp_path):
    bare, full = tmp_path / "bare.pt", tmp_path / "full.ckpt"
    torch.save(golden.parameters, bare)
    torch.save(lightning(golden), full)
    assert same(LatticeMACE.from_original(bare, golden.config), golden.parameters)
    assert same(LatticeMACE.from_original(str(full), golden.config), golden.parameters)
    assert same(LatticeMACE.from_original(full), golden.parameters)
    torch.save(lightning(golden, hyper_parameters=Namespace(**golden.config)), full)
    assert same(LatticeMACE.from_original(full), golden.parameters)


def test_parameters_go_back(golden):
    """What we save as a state dict is what the released network's load_state_dict wants, wrapped or not."""
    model = LatticeMACE.from_original(golden.parameters, golden.config)
    wrapped = {f"module.model.{name}": value for name, value in model.state_dict().items()}
    assert same(LatticeMACE.from_original(wrapped, golden.config), golden.parameters)


def test_without_configuration(golden):
    with pytest.raises(ConfigError, match="the state dict holds no hyperparameters"):
        LatticeMACE.from_original(golden.parameters)


LINEAR = "stiffness_head.linear.weight"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.pop(LINEAR), f"missing: {LINEAR}$"),
        (lambda p: p.update(extra=torch.ones(1)), "unexpected: extra$"),
        (lambda p: p.update({LINEAR: torch.ones(5).double()}), rf"of another shape: {LINEAR} \[5\] for \[10\]"),
        (lambda p: p.update({LINEAR: torch.ones(10)}), "dtypes torch.float32, torch.float64"),
        (lambda p: p.update({LINEAR: "weights"}), f"entry '{LINEAR}' is a str, not a tensor"),
        (lambda p: p.clear(), r"missing: .* and \d+ more"),
    ],
)
def test_wrong_state_dicts(golden, change, message):
    parameters = dict(golden.parameters)
    change(parameters)
    with pytest.raises(CheckpointError, match=message):
        LatticeMACE.from_original(parameters, golden.config)


def test_wrong_configuration(golden):
    with pytest.raises(CheckpointError, match=r"unexpected: stiffness_head.layers.2"):
        LatticeMACE.from_original(golden.parameters, {**golden.config, "message_passes": 2})


class Attack:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was executed",))


def test_pickles_are_not_executed(tmp_path):
    path = tmp_path / "evil.ckpt"
    torch.save({"state_dict": {}, "callbacks": Attack()}, path)
    with pytest.raises(CheckpointError, match="cannot be read as weights only"):
        LatticeMACE.from_original(path, {})
    path.write_bytes(pickle.dumps(Attack(), protocol=2))
    with pytest.raises(CheckpointError, match="cannot be read as weights only"):
        LatticeMACE.from_original(path, {})


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 broken zip"])
def test_unreadable_files(tmp_path, content):
    path = tmp_path / "broken.ckpt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"broken.ckpt: cannot be read"):
        LatticeMACE.from_original(path, {})
    with pytest.raises(CheckpointError, match=r"broken.ckpt: cannot be read"):
        LatticeMACE.load(path)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol:UserWarning")
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: b"\x80\x02" + tail)))
def test_any_bytes(tmp_path_factory, content):
    """Whatever a file holds, reading it fails as it should and runs nothing."""
    path = tmp_path_factory.mktemp("bytes") / "file"
    path.write_bytes(content)
    for read in (LatticeMACE.load, LatticeMACE.from_original):
        with pytest.raises((CheckpointError, ConfigError)):
            read(path)


def test_missing_files(tmp_path):
    with pytest.raises(CheckpointError, match=r"nowhere.pt"):
        LatticeMACE.from_original(tmp_path / "nowhere.pt", {})
    with pytest.raises(CheckpointError, match=r"nowhere.safetensors"):
        LatticeMACE.load(tmp_path / "nowhere.safetensors")


def test_other_contents(tmp_path):
    path = tmp_path / "list.pt"
    torch.save([torch.ones(3)], path)
    with pytest.raises(CheckpointError, match="holds a list, not a state dict"):
        LatticeMACE.from_original(path, {})
    torch.save({"state_dict": [1]}, path)
    with pytest.raises(CheckpointError, match="its state dict is a list"):
        LatticeMACE.from_original(path, {})


def test_numpy_scalars_in_hyperparameters(golden, tmp_path):
    """Hyperparameters from a pandas table are numpy scalars: plain numbers, allowed by name."""
    path = tmp_path / "numpy.ckpt"
    numbers = {**golden.config, "message_passes": np.int64(3), "lr": np.float64(1e-3)}
    torch.save(lightning(golden, hyper_parameters=numbers), path)
    assert same(LatticeMACE.from_original(path), golden.parameters)


def as_numpy_1_wrote_it(path):
    """Renames what numpy 2 calls numpy._core in a checkpoint's pickle, and adds nothing; numpy 1 writes it so."""
    with zipfile.ZipFile(path) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w") as target:
        for name, data in entries.items():
            if name.endswith("data.pkl"):
                data = data.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
                assert b"cnumpy.core.multiarray\n" in data
            target.writestr(name, data)


NUMBERS = [
    *(np.dtype(code).type(1) for code in "?bBhHiIlLqQefdgFDG"),
    np.str_("text"),
    np.bytes_(b"text"),
    np.datetime64("2023-05-01"),
    np.timedelta64(3, "s"),
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.dtype.char)
@pytest.mark.parametrize("numpy_1", [False, True])
def test_every_kind_of_scalar(golden, tmp_path, number, numpy_1):
    path = tmp_path / "numpy.ckpt"
    torch.save(lightning(golden, hyper_parameters={**golden.config, "scalar": number}), path)
    if numpy_1:
        as_numpy_1_wrote_it(path)
    assert same(LatticeMACE.from_original(path), golden.parameters)


def test_scalars_that_the_network_needs(golden, tmp_path):
    """Numbers of the configuration itself, as numpy 1 pickled them."""
    path = tmp_path / "numpy.ckpt"
    kinds = {int: np.int64, float: np.float64, bool: np.bool_, str: np.str_}
    numbers = {name: kinds[type(value)](value) for name, value in golden.config.items()}
    torch.save(lightning(golden, hyper_parameters=Namespace(**numbers)), path)
    as_numpy_1_wrote_it(path)
    model = LatticeMACE.from_original(path)
    assert same(model, golden.parameters)
    assert model.config == MACEConfig.from_any(golden.config)
    model.save(tmp_path / "ours.safetensors")
    assert LatticeMACE.load(tmp_path / "ours.safetensors").config == model.config


@pytest.mark.parametrize("kind", [pathlib.PosixPath, pathlib.PurePosixPath, pathlib.PureWindowsPath])
def test_paths_in_hyperparameters(golden, tmp_path, kind):
    path = tmp_path / "paths.ckpt"
    torch.save(lightning(golden, hyper_parameters={**golden.config, "data": kind("/home/data.lat")}), path)
    assert same(LatticeMACE.from_original(path), golden.parameters)


@pytest.mark.parametrize("name", [b"cpathlib._local\nPosixPath\n", b"cpathlib\nWindowsPath\n"])
def test_paths_of_other_systems_and_pythons(golden, tmp_path, name):
    path = tmp_path / "paths.ckpt"
    torch.save(lightning(golden, hyper_parameters={**golden.config, "data": pathlib.PosixPath("a.lat")}), path)
    with zipfile.ZipFile(path) as source:
        entries = {entry: source.read(entry) for entry in source.namelist()}
    with zipfile.ZipFile(path, "w") as target:
        for entry, data in entries.items():
            target.writestr(entry, data.replace(b"cpathlib\nPosixPath\n", name))
    assert same(LatticeMACE.from_original(path), golden.parameters)


class Harmful:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize(
    "harm",
    [
        Harmful(os.system, "true"),
        Harmful(eval, "1"),
        Harmful(np.load, "a.npy"),
        np.zeros(3),
        Harmful(pathlib.Path.unlink, pathlib.PosixPath("a")),
        Harmful(subprocess.run, "true"),
        pathlib.Path,
    ],
    ids=["a command", "an expression", "a load", "an array", "a file removed", "a process", "a class"],
)
def test_all_else_is_refused_and_nobody_is_told_to_execute_it(golden, tmp_path, harm):
    path = tmp_path / "harm.ckpt"
    torch.save(lightning(golden, hyper_parameters={**golden.config, "extra": harm}), path)
    with pytest.raises(CheckpointError, match=r"cannot be read as weights only \(it holds ") as caught:
        LatticeMACE.from_original(path)
    assert "weights_only" not in str(caught.value)
    assert "trust" not in str(caught.value)


# ---- Our own


def test_the_base_class_knows_every_network(golden, tmp_path):
    path = tmp_path / "network.safetensors"
    model = StiffnessModel.from_original(golden.parameters, golden.config)
    assert type(model) is LatticeMACE
    model.save(path)
    again = StiffnessModel.load(path)
    assert type(again) is LatticeMACE
    assert same(again, golden.parameters)
    with pytest.raises(CheckpointError, match=r"holds none of the networks .*LatticeMACE"):
        StiffnessModel.from_original({"transformer.0.weight": torch.zeros(1)}, golden.config)


def test_a_file_of_another_network(tmp_path):
    path = tmp_path / "network.safetensors"
    save_file({"weight": torch.ones(3)}, path, {"fastlattice.Other": json.dumps(ENTRIES)})
    for kind in (LatticeMACE, StiffnessModel):
        with pytest.raises(CheckpointError, match=f"holds a Other, not a {kind.__name__}"):
            kind.load(path)


ENTRIES = {"format_version": 1, "config": {}, "conventions": {}}


class Special(LatticeMACE):
    """What a user adds to the network."""


def test_subclasses_are_saved_and_loaded(tmp_path):
    path = tmp_path / "network.safetensors"
    Special(network().config).save(path)
    assert type(Special.load(path)) is Special
    assert type(LatticeMACE.load(path)) is LatticeMACE


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("entries", [{}, {"lmax": 2, "correlation": 1, "positive_function": "matrix_exp"}])
def test_round_trip(tmp_path, entries, dtype):
    path = tmp_path / "network.safetensors"
    model = network(dtype=dtype, **entries)
    model.conventions = Conventions("C/density", scale=0.1, radii="both_directions")
    model.save(path)
    again = LatticeMACE.load(path)
    assert same(again, model.state_dict())
    assert (again.config, again.conventions) == (model.config, model.conventions)
    batch = LatticeBatch.from_lattices(lattices())
    assert torch.equal(again.predict(batch), model.predict(batch))
    again.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()
    new = tmp_path / "any"
    new.touch()
    assert path.stat().st_mode == new.stat().st_mode, "whoever may read a new file may read a network"


def test_metadata_can_be_read_without_us(tmp_path):
    network().save(tmp_path / "network.safetensors")
    content = (tmp_path / "network.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    entries = json.loads(header[FORMAT])
    assert "Mandel" in entries["units"]
    assert entries["conventions"] == {"quantity": "C", "scale": 1.0, "radii": "strut"}
    assert entries["config"]["lmax"] == 4


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "network.safetensors"
    network().save(path)
    before = path.read_bytes()

    def full_disk(temporary, content):
        with temporary.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError("no space left on device")

    monkeypatch.setattr(type(path), "write_bytes", full_disk)
    with pytest.raises(OSError, match="no space left"):
        network(seed=1).save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def rewritten(tmp_path, **changes):
    """A saved network with changed metadata (None removes an entry)."""
    path = tmp_path / "network.safetensors"
    model = network()
    model.save(path)
    content = path.read_bytes()
    metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    entries = {k: v for k, v in {**json.loads(metadata[FORMAT]), **changes}.items() if v is not None}
    save_file(model.state_dict(), path, {FORMAT: json.dumps(entries)})
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 99}, "has format 99; this fastlattice reads up to 1"),
        ({"format_version": "one"}, "damaged metadata"),
        ({"config": "{"}, "damaged metadata"),
        ({"config": {"lmax": 4}}, "damaged metadata"),
        ({"conventions": {"quantity": "S"}}, "damaged metadata"),
        ({"conventions": {"colour": "red"}}, "damaged metadata"),
        ({"config": None}, "damaged metadata"),
    ],
)
def test_damaged_metadata(tmp_path, changes, message):
    with pytest.raises(CheckpointError, match=message):
        LatticeMACE.load(rewritten(tmp_path, **changes))


def test_foreign_files(tmp_path):
    path = tmp_path / "foreign.safetensors"
    for metadata in (None, {"format": "pt"}):
        save_file({"weight": torch.ones(3)}, path, metadata)
        with pytest.raises(CheckpointError, match=r"is not a checkpoint that LatticeMACE.save wrote"):
            LatticeMACE.load(path)
    save_file({"weight": torch.ones(3)}, path, {FORMAT: "{"})
    with pytest.raises(CheckpointError, match="damaged metadata"):
        LatticeMACE.load(path)


def test_truncated_file(tmp_path):
    path = tmp_path / "network.safetensors"
    network().save(path)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(CheckpointError, match="cannot be read as safetensors"):
        LatticeMACE.load(path)
