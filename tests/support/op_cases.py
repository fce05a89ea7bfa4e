"""Arguments of every op, and where the tensors are among them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from fastlattice import LatticeBatch, ops, unit_cell
from fastlattice.verify import op_inputs
from tests.support.network import FLOAT, config

Path = tuple[Any, ...]


def op_cases(dtype: torch.dtype = FLOAT, **entries: Any) -> dict[str, tuple[Any, ...]]:
    """Positional arguments of each op, on two small lattices with the options of `config`."""
    cells = unit_cell("simple_cubic"), unit_cell("bcc").perturb(0.04, seed=1)
    sizes = {"lmax": 2, "channels": 3, "correlation": 2, "inter_MLP_dim": 4, **entries}
    return dict(op_inputs(config(**sizes), LatticeBatch.from_lattices(cells), torch.zeros((), dtype=dtype)))


def tensors_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, torch.Tensor]]:
    """The tensors among arguments, each with the way to it: indices and names of attributes."""
    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, (list, tuple)):
        for n, one in enumerate(value):
            yield from tensors_in(one, (*path, n))
    elif is_dataclass(value):
        for field in fields(value):
            yield from tensors_in(getattr(value, field.name), (*path, field.name))


def with_tensor(value: Any, path: Path, tensor: torch.Tensor) -> Any:
    """The arguments with another tensor at the end of a path."""
    if not path:
        return tensor
    here, *rest = path
    if isinstance(here, str):
        return replace(value, **{here: with_tensor(getattr(value, here), tuple(rest), tensor)})
    changed = with_tensor(value[here], tuple(rest), tensor)
    return type(value)(changed if n == here else one for n, one in enumerate(value))


def mapped(value: Any, function) -> Any:
    """The arguments with every tensor replaced by what a function makes of it."""
    for path, tensor in list(tensors_in(value)):
        value = with_tensor(value, path, function(tensor))
    return value


def name_of(op: str, path: Path) -> str:
    """What an argument is called in messages."""
    parameters = list(inspect.signature(getattr(ops, op)).parameters)
    names = [step for step in path if isinstance(step, str)]
    name = names[-1] if names else parameters[path[0]]
    name = "edge_index" if name == "index" else name
    return f"{name}[{path[-1]}]" if len(path) > 1 and isinstance(path[-1], int) else name


def run(op: str, arguments: tuple[Any, ...], backend: str) -> tuple[torch.Tensor, ...]:
    """The results of an op as a tuple."""
    out = getattr(ops, op)(*arguments, backend=backend)
    return out if isinstance(out, tuple) else (out,)


def leaves(arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[torch.Tensor]]:
    """The arguments with copies of the floating-point tensors that require gradients, and these."""
    found = mapped(arguments, lambda t: t.detach().clone().requires_grad_() if t.is_floating_point() else t)
    return found, [tensor for _, tensor in tensors_in(found) if tensor.is_floating_point()]


class Recorder(TorchDispatchMode):
    """Which ops of the package torch sees, with their arguments."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, tuple[Any, ...]]] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func.namespace == "fastlattice":
            self.calls.append((func, args))
        return func(*args, **(kwargs or {}))
