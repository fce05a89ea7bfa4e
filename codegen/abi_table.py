"""The table of the native boundary: every enumeration and every exported function; codegen/abi.py writes from it."""

from __future__ import annotations

from codegen.abi_lattices import LATTICE_FUNCTIONS
from codegen.abi_network import NETWORK_FUNCTIONS
from codegen.abi_terms import THREADS, function, reads, sizes, writes

NAMESPACES = {"Status": "fl::frame", "Discretisation": "fl::frame", "PositiveFunction": "fl", "Fault": "fl"}
NAMESPACES.update(dict.fromkeys(("Quantity", "Displacement", "Rotation"), "fl::data"))
ENUMS = {
    "Status": (
        "ok",
        "invalid_input",
        "zero_length_strut",
        "duplicate_strut",
        "isolated_node",
        "not_three_periodic",
        "floating_piece",
        "singular_pivot",
        "out_of_memory",
    ),
    "Discretisation": ("exact", "abaqus_b31"),
    "PositiveFunction": (
        "none",
        "matrix_power_2",
        "matrix_power_4",
        "matrix_exp",
        "matrix_trunc_exp_2",
        "matrix_trunc_exp_4",
    ),
    "Quantity": ("removal", "level", "radius_ratio", "other_share", "radius_sigma", "density"),
    "Displacement": ("exact", "gaussian"),
    "Rotation": ("none", "random"),
    "Fault": ("none", "position", "shift", "radius", "attribute", "edge", "owner", "empty", "bridge", "length"),
}

FUNCTIONS = (
    *NETWORK_FUNCTIONS,
    *LATTICE_FUNCTIONS,
    function(
        "fl_repeat",
        "base",
        "out [count, size]: every row a copy of row.",
        THREADS,
        sizes("count size"),
        reads("T", row="size"),
        writes("T", out="count * size"),
    ),
    function(
        "fl_fma_peak",
        "base",
        "Multiply-adds a second of one thread in float and in double, from one burst each.",
        writes("f64", f32="1", f64="1"),
    ),
)
