"""`fastlattice.warmup` compiles exactly what the network launches, whatever the sizes of its batches."""

import json
import os
import subprocess
import sys

import pytest
import torch

import fastlattice
from fastlattice import BackendError, ConfigError
from tests.gpu.compiled import ROOT
from tests.support.network import config

pytest.importorskip("triton")

EXTENDED = {
    **{"edge_scalars": "relative", "node_inputs": "mechanics", "layer_norm": True, "pooled_gate": True},
    **{"positive_function": "bounded", "max_edge_length": 1.0, "max_edge_radius": 1.0, "correlation": 2},
}
CONFIGURATIONS = {
    "three layers": {"message_passes": 3, "channels": 8},
    "one layer": {"message_passes": 1},
    "nu 1, lmax 2": {"correlation": 1, "lmax": 2, "channels": 3, "positive_function": "matrix_exp"},
    "nu 2, lmax 3, fp64": {"correlation": 2, "lmax": 3, "dtype": "float64"},
    "as base": {**EXTENDED, "message_passes": 3},
    "as small": {**EXTENDED, "lmax": 3},
}


@pytest.fixture(scope="module")
def found():
    """For each configuration, what its launches would compile and what `warmup` would."""
    settings = json.dumps([{"dtype": "float32", **entries} for entries in CONFIGURATIONS.values()])
    command = [sys.executable, "-m", "tests.gpu.launches", settings]
    environment = {**os.environ, "TRITON_INTERPRET": "0"}
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr[-3000:]
    return dict(zip(CONFIGURATIONS, map(json.loads, finished.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_warmup_compiles_what_is_launched(found, name):
    launched, warmed = set(found[name]["launched"]), set(found[name]["warmed"])
    assert launched
    assert launched - warmed == set()
    assert warmed - launched == set()


def test_on_the_cpu_there_is_nothing_to_do():
    assert fastlattice.warmup(config(), "cpu") == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_so():
    with pytest.raises(BackendError, match="torch cannot use cuda:1 here"):
        fastlattice.warmup(config(), "cuda:1")


def test_a_malformed_configuration_is_refused():
    with pytest.raises(ConfigError, match="has no"):
        fastlattice.warmup({}, "cpu")
