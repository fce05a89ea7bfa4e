"""Makes more of a network without losing what it knows; training goes on from there.

    python recipes/grow.py WEIGHTS OUTPUT --after 1 2               deeper
    python recipes/grow.py WEIGHTS OUTPUT --relaxation-steps 8      the same network, behind more steps

Behind each layer that is named a copy of it is put in that adds nothing yet: its last linear map is zero, and between
two norms what the first has normed comes through the second nearly as it was.
"""

import argparse
import re
from dataclasses import replace
from pathlib import Path

import torch

from fastlattice import LatticeMACE


def grown(model: LatticeMACE, after: list[int]) -> LatticeMACE:
    """The network with a copy behind each of the layers `after`, counted from 0; the first cannot be copied, which may
    read other degrees than the rest."""
    order = [layer for t in range(model.config.message_passes) for layer in [(t, False), (t, True)][: 1 + (t in after)]]
    deeper = LatticeMACE(replace(model.config, message_passes=len(order)), model.conventions)
    known = model.state_dict()
    deeper.load_state_dict({name: _parameter(name, known, order) for name in deeper.state_dict()})
    return deeper


def behind(model: LatticeMACE, steps: int) -> LatticeMACE:
    """The network with another number of relaxation steps; it had some already, so that it reads what they give."""
    if not model.config.relaxation_steps:
        raise SystemExit("the network has no relaxation steps")
    other = LatticeMACE(replace(model.config, relaxation_steps=steps), model.conventions)
    other.load_state_dict(model.state_dict())
    return other


def _parameter(name: str, known: dict[str, torch.Tensor], order: list[tuple[int, bool]]) -> torch.Tensor:
    """A parameter of the deeper network, of which layer k is layer order[k][0] of the other, or a copy of it."""
    found = re.search(r"\.(layers|norms)\.(\d+)\.", name)
    if not found:
        return known[name]
    part, k = found[1], int(found[2])
    t, copied = order[k if part == "layers" else k + 1]  # the first layer has no norm
    if part == "norms":
        return torch.ones_like(known["stiffness_head.norms.0.scale"]) if copied else known[_of(name, part, t - 1)]
    value = known[_of(name, part, t)]
    return torch.zeros_like(value) if copied and ".product.linear." in name else value


def _of(name: str, part: str, t: int) -> str:
    return re.sub(rf"\.{part}\.\d+\.", f".{part}.{t}.", name)


def main() -> None:
    """Reads, copies, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="of a LatticeMACE with norms between its layers")
    parser.add_argument("output", type=Path)
    parser.add_argument("--after", type=int, nargs="+", default=[], help="layers to put a copy behind, from 1")
    parser.add_argument("--relaxation-steps", type=int, help="that the grown network reads and starts from")
    arguments = parser.parse_args()
    model = LatticeMACE.load(arguments.weights)
    if not model.config.layer_norm:
        parser.error(f"{arguments.weights} has no norms between its layers")
    if not set(arguments.after) <= set(range(1, model.config.message_passes)):
        parser.error(f"--after takes layers from 1 to {model.config.message_passes - 1}")
    if arguments.relaxation_steps is not None:
        model = behind(model, arguments.relaxation_steps)
    grown(model, arguments.after).save(arguments.output)


if __name__ == "__main__":
    main()
