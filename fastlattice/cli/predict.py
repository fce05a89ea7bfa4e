"""Stiffness predicted by a trained network.

The weights are a .safetensors file that a network's save wrote, or a checkpoint of a network of Grega et al. (2024):
then --config names a JSON file with its configuration, unless the checkpoint holds its hyperparameters. A network
answers for any lattice, also for a mechanism: what has no stiffness, only `fastlattice fe` can tell.

examples:
  fastlattice predict octet --weights network.safetensors
  fastlattice predict catalogue.lat.gz --weights network.safetensors -o predicted.parquet
  fastlattice predict catalogue.lat --weights last.ckpt --config network.json --compare
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, TypeVar

import torch

from fastlattice.cli import pipeline, sources
from fastlattice.cli._types import count
from fastlattice.errors import ConfigError, FastlatticeError
from fastlattice.lattice.batch import LatticeBatch
from fastlattice.models import StiffnessModel, predict

EPILOG = "\n" + sources.HELP
Model = TypeVar("Model", bound=StiffnessModel)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice predict`."""
    pipeline.add_arguments(parser)
    add_network_arguments(parser, required=True)
    chunk_help = "lattices in a chunk (default: what suits the device and its threads)"
    parser.add_argument("--chunk", type=count, metavar="N", help=chunk_help)


def add_network_arguments(parser: argparse.ArgumentParser, required: bool | None) -> None:
    """The arguments that say which network runs, and where; `required` None: its weights are no option."""
    if required is not None:
        parser.add_argument("--weights", type=Path, required=required, metavar="FILE", help="the network; see below")
    parser.add_argument("--config", type=Path, metavar="FILE.json", help="configuration of an original checkpoint")
    parser.add_argument("--device", default="cpu", help="torch device, such as cpu or cuda:1 (default cpu)")
    parser.add_argument("--backend", default="auto", help="of the network's operations (default auto; see doctor)")


def device_of(name: str) -> torch.device:
    """The device that --device names.

    Raises:
        FastlatticeError: there is none of that name.
    """
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise FastlatticeError(f"--device {name}: {str(error).splitlines()[0]}") from None
    return device


def load_network(arguments: argparse.Namespace, kind: type[Model]) -> Model:
    """The network that the arguments name.

    Args:
        arguments: those of `add_network_arguments`.
        kind: the class that it must be of.

    Raises:
        FastlatticeError: a file is missing or malformed, holds another network, or the device does not exist.
    """
    device = device_of(arguments.device)
    if not arguments.weights.is_file():
        raise FastlatticeError(f"{arguments.weights}: there is no such file")
    if arguments.weights.suffix == ".safetensors":
        model = kind.load(arguments.weights, backend=arguments.backend)
    else:
        config = None if arguments.config is None else _read_config(arguments.config)
        model = kind.from_original(arguments.weights, config, backend=arguments.backend)
    return model.to(device)


def _read_config(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path}: not a JSON file ({error})") from None


def run(arguments: argparse.Namespace) -> int:
    """Predicts, prints and writes; returns 1 if an entry failed."""
    model = load_network(arguments, StiffnessModel)

    def compute(batch: LatticeBatch) -> LatticeBatch:
        return pipeline.with_results(batch, predict(model, batch, chunk=arguments.chunk))

    return pipeline.run(arguments, compute)
