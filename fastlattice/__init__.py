"""fastlattice: homogenised elastic stiffness of periodic strut lattices.

Conventions: stiffness is a 6x6 Mandel matrix in the order 11, 22, 33, 23, 13, 12 and in units of the solid's
Young's modulus; rows of a cell are its lattice vectors; struts (i, j, s) are stored once.


torch, which takes a second or two, is imported with the first name that needs it.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fastlattice._version import __version__
from fastlattice._with_torch import call_with_torch
from fastlattice.errors import (
    ArgumentError,
    BackendError,
    CatalogueError,
    CheckpointError,
    ConfigError,
    DesignError,
    ElasticityError,
    FastlatticeError,
    GraphError,
    LatticeError,
    MissingExtraError,
)

if TYPE_CHECKING:
    from fastlattice._public import (
        CGC,
        MCGC,
        Bounds,
        CatalogueWriter,
        CGCConfig,
        Conductivity,
        Constraints,
        Conventions,
        Designs,
        Graph,
        Homogenised,
        Lattice,
        LatticeBatch,
        LatticeMACE,
        MACEConfig,
        MCGCConfig,
        NNConv,
        NNConvConfig,
        Status,
        StringColumn,
        StrutLoads,
        bounds,
        conductivity,
        design,
        homogenise,
        iter_catalogue,
        predict,
        pretrained_names,
        rcsr_batch,
        rcsr_names,
        rcsr_net,
        read,
        read_catalogue,
        read_cgd,
        screen,
        strut_loads,
        unit_cell,
        unit_cell_names,
        warmup,
        write,
        write_catalogue,
    )

__all__ = [
    "CGC",
    "MCGC",
    "ArgumentError",
    "BackendError",
    "Bounds",
    "CGCConfig",
    "CatalogueError",
    "CatalogueWriter",
    "CheckpointError",
    "Conductivity",
    "ConfigError",
    "Constraints",
    "Conventions",
    "DesignError",
    "Designs",
    "ElasticityError",
    "FastlatticeError",
    "Graph",
    "GraphError",
    "Homogenised",
    "Lattice",
    "LatticeBatch",
    "LatticeError",
    "LatticeMACE",
    "MACEConfig",
    "MCGCConfig",
    "MissingExtraError",
    "NNConv",
    "NNConvConfig",
    "Status",
    "StringColumn",
    "StrutLoads",
    "__version__",
    "bounds",
    "conductivity",
    "design",
    "homogenise",
    "iter_catalogue",
    "predict",
    "pretrained_names",
    "rcsr_batch",
    "rcsr_names",
    "rcsr_net",
    "read",
    "read_catalogue",
    "read_cgd",
    "screen",
    "strut_loads",
    "unit_cell",
    "unit_cell_names",
    "warmup",
    "write",
    "write_catalogue",
]

_ROOMS = ("elasticity", "fe", "io", "lattice", "models", "ops", "topologies")
"""Packages that are there without an import of their own."""


def _load() -> None:
    """Imports all that needs torch; names of `__all__` become plain attributes."""
    public = import_module("fastlattice._public")
    globals().update({name: getattr(public, name) for name in __all__ if name not in globals()})


def _load_with_torch() -> None:
    """What torch reads back and runs, lattices and ops, is known to it from when both packages are imported."""
    loading = (module for name, module in sys.modules.items() if name.startswith(f"{__name__}."))
    if not any(getattr(module.__spec__, "_initializing", False) for module in loading):  # it was not us who import it
        _load()


if not TYPE_CHECKING:  # else every name would be there

    def __getattr__(name: str) -> Any:
        if name in __all__:
            _load()
            return globals()[name]
        if name in _ROOMS:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})


call_with_torch(_load_with_torch)
