"""Stiffness predicted by a trained network.

The weights are those of a network that comes with the package, by name; a .safetensors file that a network's save
wrote; or a checkpoint of a network of Grega et al. (2024): then --config names a JSON file with its configuration,
unless the checkpoint holds its hyperparameters. A network answers for any lattice, also for a mechanism: what has no
stiffness, only `fastlattice fe` can tell, which on small cells and a CPU is faster as well.

examples:
  fastlattice predict cells:all --density 0.02
  fastlattice predict octet --weights network.safetensors
  fastlattice predict catalogue.lat.gz --weights network.safetensors -o predicted.parquet
  fastlattice predict catalogue.lat --weights last.ckpt --config network.json --compare
  fastlattice predict catalogue.lat --weights last.ckpt --conventions grega2024
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlattice.cli import pipeline, results, sources
from fastlattice.cli._types import count, number
from fastlattice.errors import ConfigError, FastlatticeError

if TYPE_CHECKING:
    import torch

    from fastlattice.fe import StiffnessResult
    from fastlattice.lattice.batch import LatticeBatch
    from fastlattice.models import Conventions, StiffnessModel

EPILOG = "\n" + sources.HELP
_CONVENTIONS = ("quantity", "scale", "radii")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice predict`."""
    pipeline.add_arguments(parser)
    add_network_arguments(parser, default="base")
    chunk_help = "lattices in a chunk (default: what suits the device and its threads)"
    parser.add_argument("--chunk", type=count, metavar="N", help=chunk_help)


def add_network_arguments(parser: argparse.ArgumentParser, default: str | None = None, named: bool = True) -> None:
    """The arguments that say which network runs, and where; `named`: its weights are an option, with this default."""
    if named:
        weights = None if default is None else Path(default)
        said = "the network; see below" + ("" if default is None else f" (default {default})")
        parser.add_argument("--weights", type=Path, default=weights, metavar="NAME|FILE", help=said)
    parser.add_argument("--config", type=Path, metavar="FILE.json", help="configuration of an original checkpoint")
    parser.add_argument(
        "--conventions",
        metavar="NAME",
        help="what the numbers of an original checkpoint mean: grega2024, as the released training script leaves them "
        "(output 10 C/density, radii smaller by sqrt(2)); without it the output is taken for C/E_s, radii as they are",
    )
    parser.add_argument("--quantity", help="C or C/density: what the raw output times --scale is")
    parser.add_argument("--scale", type=number(above=0), metavar="X", help="see --quantity")
    parser.add_argument("--radii", help="strut, or both_directions where the network saw radii smaller by sqrt(2)")
    parser.add_argument("--device", default="cpu", help="torch device, such as cpu or cuda:1 (default cpu)")
    parser.add_argument("--backend", default="auto", help="of the network's operations (default auto; see doctor)")


def device_of(name: str) -> torch.device:
    """The device that --device names.

    Raises:
        FastlatticeError: torch cannot use it.
    """
    import torch

    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FastlatticeError(f"--device {name}: {reason}") from None
    return device


def load_network(arguments: argparse.Namespace, kind: str = "StiffnessModel") -> StiffnessModel:
    """The network that the arguments name.

    Args:
        arguments: those of `add_network_arguments`.
        kind: name of the class of `fastlattice.models` that it must be of.

    Raises:
        FastlatticeError: a file is missing or malformed, holds another network, or the device does not exist.
    """
    weights = arguments.weights
    device = device_of(arguments.device)
    from fastlattice import models
    from fastlattice.models.weights import weights_of

    if not weights.is_file():
        if str(weights) not in models.pretrained_names():
            named = ", ".join(models.pretrained_names())
            raise FastlatticeError(f"{weights}: there is no such file, and no network of that name; there is {named}")
        weights = weights_of(str(weights))
    wanted: type[StiffnessModel] = getattr(models, kind)
    conventions = _conventions(arguments, models.Conventions())
    if weights.suffix == ".safetensors":
        model = wanted.load(weights, backend=arguments.backend)
        stated, model.conventions = model.conventions, _conventions(arguments, model.conventions)
        if model.conventions != stated:
            sources.say(f"{weights}: its conventions, {stated}, are replaced by {model.conventions}")
    else:
        config = None if arguments.config is None else _read_config(arguments.config)
        model = wanted.from_original(weights, config, conventions, backend=arguments.backend)
    return model.to(device)


def _conventions(arguments: argparse.Namespace, stated: Conventions) -> Conventions:
    """Those of the preset, or else those stated, with what single options change."""
    from fastlattice.models import Conventions

    base = stated if arguments.conventions is None else Conventions.preset(arguments.conventions)
    given = {name: getattr(arguments, name) for name in _CONVENTIONS}
    return replace(base, **{name: value for name, value in given.items() if value is not None})


def _read_config(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"{path}: not a JSON file ({error})") from None


def run(arguments: argparse.Namespace) -> int:
    """Predicts, prints and writes; returns 1 if an entry failed."""
    results.refuse_overwriting(arguments.inputs, arguments.output)
    inputs = sources.open_sources(arguments)
    model = load_network(arguments)
    from fastlattice.models import RangeWarning, predict
    from fastlattice.models.conventions import above_bound

    impossible: list[str] = []
    outside: Counter[str] = Counter()

    def compute(batch: LatticeBatch) -> StiffnessResult:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RangeWarning)  # said once, at the end, for all
            result = predict(model, batch, chunk=arguments.chunk)
        outside["lattices"] += int((~result.in_range).sum())
        if model.card is not None:
            outside.update({name: int(beyond.sum()) for name, beyond in model.card.outside(batch).items()})
        rows = above_bound(result.stiffness, batch.relative_density).nonzero()[:, 0].tolist()
        impossible.extend(batch.names[row] for row in rows)
        return result

    method = {"weights": str(arguments.weights), **vars(model.conventions)}
    code = pipeline.run(arguments, inputs, compute, method)
    if number_outside := outside.pop("lattices", 0):
        what = ", ".join(f"{name} ({number})" for name, number in outside.items() if number)
        sources.say(
            f"warning: {number_outside} lattices are outside what the network was trained on: {what}; its numbers mean "
            "little there (docs/accuracy.md)"
        )
    if impossible:
        listed = ", ".join(impossible[:3]) + (", ..." if len(impossible) > 3 else "")
        sources.say(
            f"warning: {len(impossible)} predictions exceed density x E_s, which no lattice can ({listed}); are the "
            "checkpoint's units others? --conventions grega2024 is for those of the released training script "
            "(docs/conventions.md)"
        )
    return code
