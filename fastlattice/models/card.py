"""What is known of trained weights: how they came about, how good they are, and what they have seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch

from fastlattice.lattice.batch import LatticeBatch
from fastlattice.lattice.joints import slenderness
from fastlattice.lattice.ragged import owners


class RangeWarning(UserWarning):
    """Lattices are outside what a network was trained on."""


@dataclass(frozen=True)
class Card:
    """Of trained weights; stored with them.

    Attributes:
        name: of the network.
        summary: one sentence.
        licence: of the weights.
        samples: how many labelled lattices training saw.
        recipe: the resolved configuration of the training run.
        data: what the samples were made of, with a hash of the bases.
        metrics: by test set, figures by name.
        trained: by quantity of `quantities`, the least and the largest value in training.
    """

    name: str
    summary: str = ""
    licence: str = ""
    samples: int = 0
    recipe: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    trained: dict[str, tuple[float, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """All entries, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Card:
        """What `to_dict` gave.

        Raises:
            TypeError, ValueError: it is not that.
        """
        trained = {str(name): (float(low), float(high)) for name, (low, high) in dict(entries["trained"]).items()}
        return cls(**{**entries, "trained": trained})

    def outside(self, batch: LatticeBatch) -> dict[str, torch.Tensor]:
        """By quantity, [B] bool: which lattices lie outside what training has seen."""
        found = quantities(batch)
        return {name: (found[name] < low) | (found[name] > high) for name, (low, high) in self.trained.items()}


def quantities(batch: LatticeBatch) -> dict[str, torch.Tensor]:
    """What a network's range is given in, [B] each: relative density, slenderness (the largest r/L), degree (the
    largest number of strut ends at a node) and nodes."""
    owner = owners(batch.strut_offsets)
    ends = (batch.struts + batch.node_offsets[:-1][owner][:, None]).flatten()
    degree = torch.bincount(ends, minlength=len(batch.positions)).double()
    nodes = owners(batch.node_offsets)
    zeros = torch.zeros(len(batch), dtype=torch.float64)
    return {
        "relative density": batch.relative_density,
        "slenderness": slenderness(batch),
        "degree": zeros.scatter_reduce(0, nodes, degree, "amax"),
        "nodes": batch.node_counts.double(),
    }
