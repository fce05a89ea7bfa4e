"""The processes of a run: one, or as many as torchrun started, which average their gradients."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta

import torch
import torch.distributed
from torch import Tensor, nn

_PATIENCE = timedelta(hours=6)
"""The others wait while the first process validates."""


class World:
    """The processes that train together.

    Attributes:
        rank: of this process; 0 writes files and talks.
        size: how many there are.
    """

    def __init__(self, device: torch.device) -> None:
        self.rank, self.size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.size > 1 and not torch.distributed.is_initialized():
            backend = "nccl" if device.type == "cuda" else "gloo"
            torch.distributed.init_process_group(backend, timeout=_PATIENCE)

    @staticmethod
    def device(name: str) -> torch.device:
        """The device of a name; "cuda" is the one that torchrun gave this process."""
        return torch.device(f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if name == "cuda" else name)

    def average(self, parameters: Sequence[nn.Parameter], figures: Sequence[float] = ()) -> list[list[float]]:
        """Makes the gradients the mean over all processes, the same bits in each: they are summed in order of rank.

        Args:
            parameters: the same in every process, with gradients of the same ones.
            figures: numbers that every process tells the others.

        Returns:
            The figures of every process, by rank.
        """
        if self.size == 1:
            return [list(figures)]
        gradients = [p.grad for p in parameters if p.grad is not None]
        told = torch.tensor(figures, dtype=torch.float64, device=gradients[0].device)
        mine = torch.cat([g.flatten() for g in gradients])
        means, start = self._gathered(mine).mean(0), 0
        for gradient in gradients:
            gradient.copy_(means[start : start + gradient.numel()].view_as(gradient))
            start += gradient.numel()
        return self._gathered(told).tolist()

    def any(self, flag: bool) -> bool:
        """Whether the flag is set in any process; every process asks at the same place."""
        if self.size == 1:
            return flag
        place = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
        return bool(self._gathered(torch.tensor([float(flag)], device=place)).any())

    def _gathered(self, values: Tensor) -> Tensor:
        """[size, n] the values [n] of every process, by rank."""
        rows = values.new_empty(self.size, len(values))
        torch.distributed.all_gather(list(rows.unbind()), values)
        return rows

    def close(self) -> None:
        """Ends the work in common."""
        if self.size > 1 and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
