"""One look for all pictures: colours that the colour-blind tell apart, numbers with their units, files that are whole.

Figures are made without pyplot, so that nothing global is touched and no display is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fastlattice._extras import module_of_extra
from fastlattice._files import replacing
from fastlattice.errors import ElasticityError, FastlatticeError

if TYPE_CHECKING:
    import torch
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""For lines and points, in this order; of Okabe and Ito, told apart by the colour-blind."""
GREY = "#777777"
COLOUR_MAP = "viridis"
"""For quantities."""
SOLID = "$E_s$"
"""The unit of stiffness where none is given: Young's modulus of the solid."""


def new_figure(**options: Any) -> Figure:
    """A figure that stands alone.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    return module_of_extra("matplotlib.figure", "plot", "a picture").Figure(**options)


def save(figure: Figure, path: str | Path | None) -> Figure:
    """Writes a figure, whole or not at all, where a path is given; returns it.

    Raises:
        FastlatticeError: the suffix is none that matplotlib writes.
        OSError: the file cannot be written.
    """
    if path is None:
        return figure
    path = Path(path)
    known = figure.canvas.get_supported_filetypes()
    if path.suffix[1:].lower() not in known:
        raise FastlatticeError(f"{path}: the suffix must be one of {', '.join('.' + k for k in sorted(known))}")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=160, format=path.suffix[1:].lower(), facecolor="white")
    return figure


def plain(axes: Any) -> None:
    """Axes of two dimensions without a frame on the right and the top, with a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="0.92", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def exponent(value: float) -> int:
    """The power of ten to write before a number; 0 where the number reads well without."""
    found = int(np.floor(np.log10(value)))
    return 0 if -2 <= found < 3 else found


def in_brackets(unit: str, power: int = 0) -> str:
    """A unit, with the power of ten that is before it, as labels have it."""
    factor = rf"$10^{{{power}}}\,$" if power else ""
    return f"[{factor}{unit}]"


def one_stiffness(stiffness: ArrayLike | torch.Tensor) -> FloatArray:
    """[6, 6] float64 of one stiffness.

    Raises:
        ElasticityError: it has another shape or holds a NaN.
    """
    given = stiffness.detach().cpu().numpy() if hasattr(stiffness, "detach") else np.asarray(stiffness)
    if given.shape != (6, 6) or np.isnan(given).any():
        raise ElasticityError(f"a picture needs one 6x6 stiffness without NaN, not shape {given.shape}")
    return given.astype(np.float64)


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name, in the order in which they come first; used again from the eighth on."""
    return {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(dict.fromkeys(names))}
