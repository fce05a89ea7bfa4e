"""The network's constants, read from the tables that codegen/tables.py derived from e3nn once.

Components of degree l stand at l^2 .. (l + 1)^2 - 1. Everything is fp64 on the CPU, cached, and not to be changed in
place; `constant` gives copies in another dtype or on another device. torch.compile takes them as constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from itertools import accumulate, product
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import torch

LMAX = 4
_FILE = Path(__file__).resolve().parent / "tables.safetensors"


_Function = TypeVar("_Function", bound=Callable[..., Any])


def made_apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns in a thread of its own.

    No mode and no transform of the caller's reaches there (FakeTensorMode, inference mode, torch.func, a default
    device): what is made is real, and may be kept.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments).result()


def table(function: _Function) -> _Function:
    """A function of constants: each is made once, and torch.compile takes it as it is, not as a program to trace.

    The mark is that of torch.compiler.assume_constant_result, which would import the compiler, seconds, for everyone.
    """
    cached = cache(lambda *arguments: made_apart(function, *arguments))

    def look_up(*arguments: Any) -> Any:
        return cached(*arguments)

    # The compiler knows what it keeps by the name of the code, and takes one tensor of each name into a graph.
    look_up.__code__ = look_up.__code__.replace(co_name=function.__name__)
    marked: Any = wraps(function)(look_up)
    marked.cache_clear, marked._dynamo_marked_constant = cached.cache_clear, True
    return cast(_Function, marked)


@table
def _stored() -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(_FILE)


def _dense(name: str, shape: tuple[int, ...]) -> torch.Tensor:
    """The dense fp64 array of a sparse table of signed square roots of rationals."""
    stored = _stored()
    ratio = (stored[f"{name}.numerator"].double() / stored[f"{name}.denominator"].double()).numpy()
    dense = torch.zeros(shape, dtype=torch.float64)
    # numpy's square root is correctly rounded; torch's is off by a unit in the last place on some machines.
    dense[tuple(stored[f"{name}.index"].long().T)] = torch.from_numpy(np.copysign(np.sqrt(abs(ratio)), ratio))
    return dense


@table
def _copy(
    make: Callable[..., torch.Tensor], arguments: tuple[Any, ...], dtype: torch.dtype, device: torch.device
) -> torch.Tensor:
    return make(*arguments).to(dtype=dtype, device=device)


def constant(
    make: Callable[..., torch.Tensor], *arguments: Any, like: torch.Tensor, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """make(*arguments) on the device of `like` and in a dtype, its own unless told, made once.

    A tensor of another class, a fake one for example, gets its own: those do not mix with others, and none is kept.
    """
    dtype = like.dtype if dtype is None else dtype
    if type(like) in (torch.Tensor, torch.nn.Parameter):
        return _copy(make, arguments, dtype, like.device)
    return torch.tensor(_listed(make, arguments), dtype=dtype, device=like.device)


@table
def _listed(make: Callable[..., torch.Tensor], arguments: tuple[Any, ...]) -> Any:
    return make(*arguments).tolist()


def components(degree: int) -> slice:
    """Where the components of a degree stand."""
    return slice(degree**2, (degree + 1) ** 2)


@table
def _clebsch_gordan() -> torch.Tensor:
    return _dense("clebsch_gordan", ((LMAX + 1) ** 2,) * 3)


def degree_mask(degrees: Iterable[int]) -> int:
    """One bit for each degree, as the native functions take them."""
    return sum(1 << degree for degree in set(degrees))


@table
def clebsch_gordan(l1: int, l2: int, l3: int) -> torch.Tensor:
    """[2 l1 + 1, 2 l2 + 1, 2 l3 + 1] coefficients, component-normalised: e3nn's wigner_3j times sqrt(2 l3 + 1)."""
    return _clebsch_gordan()[components(l1), components(l2), components(l3)].contiguous()


@table
def couplings() -> torch.Tensor:
    """[25, 25, 25]: `clebsch_gordan` of all degrees where their components stand."""
    return _clebsch_gordan()


@table
def edge_paths(l_in: int, lmax: int) -> list[tuple[int, int, int]]:
    """(l1 of the features, l2 of the harmonics, l3) of the edge convolution, in the order of its weights."""
    return [
        (l1, l2, l3)
        for l3, l1, l2 in product(range(lmax + 1), range(l_in + 1), range(lmax + 1))
        if abs(l1 - l2) <= l3 <= l1 + l2 and (l1 + l2 + l3) % 2 == 0
    ]


def _kept(name: str, lmax: int, columns: list[int]) -> torch.Tensor:
    """Rows of a path table whose degrees (in `columns`) do not exceed lmax."""
    return (_stored()[name][:, columns] <= lmax).all(dim=1)


@table
def quadratic_paths(lmax: int) -> list[tuple[int, int, int]]:
    """(l1 <= l2, L): the quadratic covariants of the two-stage contraction."""
    return [tuple(p) for p in _stored()["quadratic_paths"][_kept("quadratic_paths", lmax, [0, 1, 2])].tolist()]


@table
def cubic_paths(lmax: int) -> list[tuple[int, int, int, int, int]]:
    """(l1 <= l2, l12, l3, L): ((l1 l2) l12, l3) -> L, a basis of the cubic covariants, sorted by L, l3, l12."""
    return [tuple(p) for p in _stored()["cubic_paths"][_kept("cubic_paths", lmax, [0, 1, 3, 4])].tolist()]


@table
def original_counts(lmax: int) -> list[tuple[int, int, int]]:
    """For each L: how many weights the released network has for one, two and three factors."""
    counts = []
    for degree in range(lmax + 1):
        pair, triple = (
            int((_stored()[name][_kept(name, lmax, columns)][:, -1] == degree).sum())
            for name, columns in (("original_quadratic_paths", [0, 1, 2]), ("original_cubic_paths", [0, 1, 3, 4]))
        )
        counts.append((1, pair, triple))
    return counts


@table
def weight_counts(lmax: int, correlation: int) -> tuple[int, ...]:
    """How many weights the released network has for each L and, within it, each number of factors."""
    return tuple(count for degree in original_counts(lmax) for count in degree[:correlation])


@table
def folded_counts(lmax: int, correlation: int) -> tuple[int, ...]:
    """Rows of folded weights with one, two and three factors."""
    return (lmax + 1, len(quadratic_paths(lmax)), len(cubic_paths(lmax)))[:correlation]


@table
def fold_map(lmax: int, correlation: int) -> torch.Tensor:
    """[folded, original]: the exact linear map from the released network's weights to those of the two-stage basis.

    Rows: one factor by L, then `quadratic_paths`, then `cubic_paths`. Columns: by L, within it by the number of
    factors, within it the released network's paths.
    """
    blocks = [torch.eye(lmax + 1, dtype=torch.float64)]
    for name, columns in (("quadratic", [0, 1, 2]), ("cubic", [0, 1, 3, 4])):
        rows, originals = _stored()[f"{name}_paths"], _stored()[f"original_{name}_paths"]
        dense = _dense(f"fold_{name}", (len(rows), len(originals)))
        kept = _kept(f"{name}_paths", lmax, columns), _kept(f"original_{name}_paths", lmax, columns)
        blocks.append(dense[kept[0]][:, kept[1]])
    blocks = blocks[:correlation]
    # Columns of the blocks run by L within each number of factors; bring them to the order L, then number of factors.
    starts = list(accumulate((block.shape[1] for block in blocks), initial=0))
    order: list[int] = []
    for counts in original_counts(lmax):
        for factors, count in enumerate(counts[:correlation]):
            order.extend(range(starts[factors], starts[factors] + count))
            starts[factors] += count
    return torch.block_diag(*blocks)[:, order].contiguous()


@table
def fold_entries(lmax: int, correlation: int) -> tuple[torch.Tensor, ...]:
    """`fold_map` without its zeros, for one tensor of weights for each L and, within it, each number of factors.

    Returns:
        Rows of each tensor, where the entries of each folded row start [folded + 1], tensor, row in it and value of
        each entry; the values are float64, all else int64.
    """
    dense, counts = fold_map(lmax, correlation), torch.tensor(weight_counts(lmax, correlation))
    folded, original = dense.nonzero(as_tuple=True)
    starts = torch.searchsorted(folded, torch.arange(len(dense) + 1))
    ends = counts.cumsum(0)
    tensor = torch.searchsorted(ends, original, right=True)
    return counts, starts, tensor, original - (ends - counts)[tensor], dense[folded, original]


@table
def mandel_basis() -> torch.Tensor:
    """[21, 6, 6]: Mandel matrix of each coefficient of 2x0e + 2x2e + 1x4e."""
    return _dense("mandel_basis", (21, 6, 6))


@table
def silu_gain() -> float:
    """The factor that gives SiLU of a standard normal variable a second moment of one (e3nn's sampled value)."""
    return float(_stored()["silu_gain"])
