"""Training of a network, from a configuration file.

CONFIG is a YAML file with the sections model, data, loss, optimiser, schedule, validation and run; what it leaves out
has its default, and a misspelt entry is refused. The run's folder gets

  last.safetensors, best.safetensors   the averaged weights, for predict and evaluate
  config.yaml                          every entry, those at their defaults too
  training.csv, validation.csv         figures on the way (and TensorBoard's logs, if it is installed)
  state.pt                             what --resume goes on from

Ctrl-C (or SIGTERM) ends the run after the step that is under way; a run that was killed loses what came after the last
state, run.state_minutes at most. Resumed, it ends with the same bits as if it had never stopped, unless its length is
given in minutes.

examples:
  fastlattice train config.yaml
  fastlattice train config.yaml --output runs/wide --set optimiser.learning_rate=2e-3 --set schedule.minutes=10
  fastlattice train config.yaml --output runs/wide --resume
  torchrun --nproc-per-node 2 --no-python fastlattice train config.yaml

a configuration, with what is mostly changed (docs/training.md has every entry):
  model:
    settings:
      hidden_irreps: 16x0e+16x1o+16x2e+16x3o+16x4e
      readout_irreps: 16x0e+16x1o+16x2e+16x3o+16x4e
      max_edge_radius: 0.05
  data: {files: [labelled.parquet], batch: 64, rotate: true}
  # or fresh lattices in every step:  data: {bases: {kinds: [rcsr, cells]}, recipe: {level: {low: 0, high: 0.1}}}
  loss: {name: relative_frobenius}
  optimiser: {learning_rate: 4e-3, averaging: 0.999}
  schedule: {steps: 10_000, warm_up: 150}
  validation: {data: [held_out.parquet], every: 500, patience: 20}
"""

from __future__ import annotations

import argparse
from pathlib import Path

EPILOG = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `fastlattice train`."""
    parser.add_argument(
        "config", type=Path, metavar="CONFIG", help="the YAML file; see below (needs the extra 'train')"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="RUN", help="the run's folder (default: runs/ and the name of CONFIG)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in that folder")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="changes",
        metavar="SECTION.NAME=VALUE",
        help="an entry in the place of the file's, such as run.threads=1. May be given several times",
    )
    parser.add_argument("--quiet", action="store_true", help="show nothing; training.csv has all")


def run(arguments: argparse.Namespace) -> int:
    """Trains; returns 0 if the run is complete, 128 and the signal's number if one ended it."""
    from fastlattice.training.config import TrainingConfig
    from fastlattice.training.loop import train

    config = TrainingConfig.from_yaml(arguments.config, arguments.changes)
    folder = arguments.output or Path("runs") / arguments.config.stem
    outcome = train(config, folder, arguments.resume, not arguments.quiet)
    said = {
        "done": f"{outcome.steps} steps done",
        "patience": f"stopped after {outcome.steps} steps: validation has got no better",
        "signal": f"stopped after {outcome.steps} steps: go on with --resume",
    }
    print(f"{said[outcome.reason]}; weights: {outcome.weights}")
    return 128 + outcome.signal if outcome.reason == "signal" else 0
