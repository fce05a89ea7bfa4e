"""Which paths an edge convolution has, and where their weights and their messages stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, product

import torch


@cache
def _starting(l1: int, lmax: int) -> tuple[int, ...]:
    degrees = range(lmax + 1)
    allowed = [l3 for l2, l3 in product(degrees, degrees) if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0]
    return tuple(allowed.count(l3) for l3 in degrees)


@dataclass(frozen=True)
class Paths:
    """The paths (l1, l2, l3) of a convolution, by l3, then l1, then l2: the order of `weight` and `linear_weight`.

    Middle features are the messages summed at their receivers, one block for each l3: [N, 2 l3 + 1, fan[l3], C].

    Attributes:
        l_in: largest degree l1 of the features.
        lmax: largest degree of harmonics (l2) and messages (l3).
    """

    l_in: int
    lmax: int

    @classmethod
    def of(cls, features: torch.Tensor, sh: torch.Tensor) -> "Paths":
        """Those between features [N, (l_in + 1)^2, C] and harmonics [E, (lmax + 1)^2]."""
        return _paths(*(round(t.shape[1] ** 0.5) - 1 for t in (features, sh)))

    def own(self, l1: int) -> tuple[int, ...]:
        """How many paths lead from l1 to each l3."""
        return _starting(l1, self.lmax)

    def first(self, l1: int) -> tuple[int, ...]:
        """The place of the first of those among all that lead to each l3."""
        lower = (_starting(l, self.lmax) for l in range(l1))
        return tuple(map(sum, zip((0,) * (self.lmax + 1), *lower, strict=True)))

    def start(self, l1: int) -> tuple[int, ...]:
        """Where the components of each l3 begin among those of the paths from l1."""
        sizes = [(2 * l3 + 1) * own for l3, own in enumerate(self.own(l1))]
        return tuple(accumulate(sizes[:-1], initial=0))

    @cached_property
    def fan(self) -> tuple[int, ...]:
        """How many paths lead to each l3."""
        return self.first(self.l_in + 1)

    def slices(self, l1: int, channels: int) -> list[slice]:
        """Rows of `weight` for the paths from l1, one slice for each l3."""
        starts = [sum(self.fan[:l3]) + first for l3, first in enumerate(self.first(l1))]
        return [slice(a * channels, (a + own) * channels) for a, own in zip(starts, self.own(l1), strict=True)]

    def size(self, nodes: int, channels: int) -> int:
        """How many middle features there are."""
        return nodes * channels * sum((2 * l3 + 1) * fan for l3, fan in enumerate(self.fan))

    def blocks(self, middle: torch.Tensor, nodes: int, channels: int) -> Iterator[torch.Tensor]:
        """Views [N (2 l3 + 1), fan[l3] C] of middle features, for each l3."""
        start = 0
        for l3, fan in enumerate(self.fan):
            rows = nodes * (2 * l3 + 1)
            yield middle[start : start + rows * fan * channels].view(rows, fan * channels)
            start += rows * fan * channels

    def linear(self, weight: torch.Tensor, channels: int) -> Iterator[torch.Tensor]:
        """Views [fan[l3] C, C] of the weights of the linear map, for each l3."""
        return (block.view(-1, channels) for block in weight.split([fan * channels**2 for fan in self.fan]))


@cache
def _paths(l_in: int, lmax: int) -> Paths:
    return Paths(l_in, lmax)
