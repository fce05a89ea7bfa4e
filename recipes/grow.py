"""Makes a network deeper without losing what it knows: `python recipes/grow.py WEIGHTS OUTPUT --after 1 2`.

Behind each layer that is named a copy of it is put in that adds nothing yet: its last linear map is zero, and between
two norms what the first has normed comes through the second nearly as it was. Training goes on from there.
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
    parser.add_argument("--after", type=int, nargs="+", required=True, help="layers to put a copy behind, from 1")
    arguments = parser.parse_args()
    model = LatticeMACE.load(arguments.weights)
    if not model.config.layer_norm:
        parser.error(f"{arguments.weights} has no norms between its layers")
    if not set(arguments.after) <= set(range(1, model.config.message_passes)):
        parser.error(f"--after takes layers from 1 to {model.config.message_passes - 1}")
    grown(model, arguments.after).save(arguments.output)


if __name__ == "__main__":
    main()
