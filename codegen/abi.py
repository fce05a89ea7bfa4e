"""The boundary between Python and the native library: every exported function, once.

From the table below come

    csrc/abi.h                       the public C header
    csrc/*/generated/calls.{h,cpp}   for the functions of a folder: the struct of a call's arguments, and the exported
                                     function, which checks them and runs the call
    csrc/base/generated/enums.h      enumerations
    csrc/base/generated/version.h    the version of the boundary
    fastlattice/_abi.py              what fastlattice/_native.py passes, the same enumerations and the same version

A buffer crosses as a pointer and its number of elements. How many it must have is written here in C++: over the sizes
among the function's arguments, which may not overflow unseen, elements of its other arrays, and the functions of
csrc/base/extents.h. The exported function refuses anything else by the name of the buffer, before memory is touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Element types: C type, name in fastlattice/_abi.py. "T" is both of f32 and f64.
TYPES = {
    "f32": "float",
    "f64": "double",
    "i64": "int64_t",
    "i32": "int32_t",
    "u8": "char",
    "bool": "uint8_t",
    "T": "T",
}
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


@dataclass(frozen=True)
class Argument:
    """An argument of an exported function.

    Attributes:
        name: as in C.
        kind: threads, size (>= 0), degree (0 to 4), integer, number (double), the name of an enumeration, in or out (a
            buffer), offsets (of ragged rows: ascending from 0), list_in or list_out (of buffers), handle, or reference
            (to a handle, an integer or a text that the function sets).
        type: of a buffer's elements.
        extent: how many elements, in C++; of offsets, how many rows; of the buffers of a list, element n's. None: the
            call looks itself.
        optional: whether null stands for "not given".
        count: of a list, how many buffers.
        aligned: of a buffer, in bytes.
    """

    name: str
    kind: str
    type: str = ""
    extent: str | None = None
    optional: bool = False
    count: str | None = None
    aligned: int = 1

    @property
    def written(self) -> bool:
        """Whether the function writes it."""
        return self.kind in ("out", "list_out")

    @property
    def is_buffer(self) -> bool:
        """Whether it is one buffer."""
        return self.kind in ("in", "out", "offsets")

    @property
    def is_list(self) -> bool:
        """Whether it is a list of buffers."""
        return self.kind.startswith("list")


def _of_kind(kind: str, names: str) -> list[Argument]:
    return [Argument(name, kind) for name in names.split()]


def sizes(names: str) -> list[Argument]:
    """Numbers of things."""
    return _of_kind("size", names)


def degrees(names: str) -> list[Argument]:
    """Degrees l."""
    return _of_kind("degree", names)


def integers(names: str) -> list[Argument]:
    """Integers that the call looks at itself."""
    return _of_kind("integer", names)


def numbers(names: str) -> list[Argument]:
    """Doubles."""
    return _of_kind("number", names)


def references(names: str) -> list[Argument]:
    """What the function sets."""
    return _of_kind("reference", names)


def reads(type_: str, aligned: int = 1, **extents: str | None) -> list[Argument]:
    """Buffers that are read; a name that ends in two underscores is optional."""
    return _buffers("in", type_, aligned, extents)


def writes(type_: str, aligned: int = 1, **extents: str | None) -> list[Argument]:
    """Buffers that are written."""
    return _buffers("out", type_, aligned, extents)


def offsets(**rows: str) -> list[Argument]:
    """Where each of the rows of a ragged array starts, and its end."""
    return _buffers("offsets", "i64", 1, dict(rows))


def _buffers(kind: str, type_: str, aligned: int, extents: dict[str, str | None]) -> list[Argument]:
    return [
        Argument(name.removesuffix("__"), kind, type_, extent, name.endswith("__"), aligned=aligned)
        for name, extent in extents.items()
    ]


def lists(kind: str, names: str, count: str | None = None, extent: str | None = None, optional: bool = False):  # type: ignore[no-untyped-def]
    """Lists of buffers of T; kind: in or out."""
    return [Argument(name, f"list_{kind}", "T", extent, optional, count) for name in names.split()]


THREADS, HANDLE = Argument("threads", "threads"), Argument("handle", "handle")


@dataclass(frozen=True)
class Function:
    """An exported function.

    Attributes:
        name: with "T" for the dtype in the name of each of the two functions that it stands for: none, or a suffix.
        folder: of csrc, where the call is written.
        story: for csrc/abi.h.
        arguments: in the order in which Python gives them.
    """

    name: str
    folder: str
    story: str
    arguments: tuple[Argument, ...]

    @property
    def generic(self) -> bool:
        """Whether there is one function for each dtype."""
        return any(a.type == "T" for a in self.arguments)

    @property
    def struct(self) -> str:
        """Name of the struct of arguments: fl_edge_sh -> EdgeSh."""
        return "".join(part.capitalize() for part in self.name.split("_")[1:])

    def exported(self) -> list[tuple[str, str]]:
        """(name, type T) of each function."""
        return [(f"{self.name}_{t}", t) for t in ("f32", "f64")] if self.generic else [(self.name, "")]


def function(name: str, folder: str, story: str, *arguments: Argument | list[Argument]) -> Function:
    """A row of the table."""
    flat = [a for group in arguments for a in (group if isinstance(group, list) else [group])]
    return Function(name, folder, " ".join(story.split()), tuple(flat))


_GRAPH = {"edge_index": "2 * edges"}
_CONV = [
    THREADS,
    *sizes("nodes edges rows"),
    *degrees("l_in lmax"),
    *sizes("channels width"),
    *numbers("agg_norm"),
    *reads(
        "T",
        features="nodes * components(l_in) * channels",
        sh="edges * components(lmax)",
        hidden="rows * width",
        weight="paths(l_in, lmax) * channels * width",
    ),
    *reads("i64", **_GRAPH),
    *reads("T", linear_weight="paths(l_in, lmax) * channels * channels", linear_bias="channels"),
    *reads("i64", strut__="edges"),
]
_CONTRACTION = [
    THREADS,
    *sizes("nodes"),
    *degrees("lmax"),
    *sizes("channels"),
    *integers("correlation outputs"),
    *reads("T", features="nodes * components(lmax) * channels", weights=None),
]
_RADIAL = [
    THREADS,
    *sizes("rows layers"),
    *reads("i64", widths="layers + 1"),
    *numbers("max_length max_radius"),
    *reads("T", length="rows", radius="rows"),
    *lists("in", "weights", "layers", "Extent(widths[n]) * widths[n + 1]"),
    *lists("in", "biases", "layers", "widths[n + 1]"),
]
_READOUT = [
    THREADS,
    *sizes("nodes lattices"),
    *degrees("lmax"),
    *integers("degrees"),
    *sizes("channels"),
    *reads("i64", copies="lmax + 1"),
    *numbers("silu_gain"),
    *reads("i64", batch="nodes"),
    *reads(
        "T",
        gate="(2 * lmax + 1) * channels * channels",
        weight="multiplicity(copies, lmax, degrees) * channels",
        bias="copies[0]",
        features="nodes * components(lmax) * channels",
    ),
]
_RESULT = "copies ? lattices * readout_size(copies, lmax, outputs) : nodes * components(lmax) * channels"
_KEPT = "kept_arrays(layers, copies) * nodes * components(lmax) * channels"
_NETWORK = [
    THREADS,
    *sizes("nodes edges struts lattices layers"),
    *degrees("l_in lmax"),
    *sizes("channels hidden_layers"),
    *reads("i64", widths="hidden_layers + 1"),
    *numbers("max_length max_radius agg_norm"),
    *integers("correlation outputs residual"),
    *reads("i64", copies__="lmax + 1"),
    *numbers("silu_gain"),
    *sizes("fold_rows fold_tensors"),
    *reads("i64", fold_counts__="fold_tensors"),
    *offsets(fold_starts__="fold_rows"),
    *reads("i64", fold_tensor__="fold_starts[fold_rows]", fold_row__="fold_starts[fold_rows]"),
    *reads("f64", fold_value__="fold_starts[fold_rows]"),
    *reads("i64", **_GRAPH, strut__="edges", batch__="nodes"),
    *lists("in", "parameters"),
    *reads(
        "T",
        features="nodes * components(l_in) * channels",
        sh="edges * components(lmax)",
        length="struts",
        radius="struts",
    ),
]
_GEOMETRY = [
    *reads("f64", cell="9 * count", positions="3 * node_offsets[count]"),
    *reads("i64", struts="2 * strut_offsets[count]", shifts="3 * strut_offsets[count]"),
    *reads("f64", radii="strut_offsets[count]"),
    *offsets(node_offsets="count", strut_offsets="count"),
]
_LATTICES = [*_GEOMETRY, *numbers("nu kappa")]

_AROUND_NODES = [
    *sizes("nodes edges"),
    *reads("i64", receivers="edges"),
    *reads("f64", vectors="3 * edges", radii="edges"),
    *numbers("nu kappa"),
]

_STREAM = [
    THREADS,
    *integers("seed first"),
    *sizes("count bases quantities"),
    *reads("f64", cumulative="bases"),
    *offsets(base_node_offsets="bases", base_strut_offsets="bases"),
    *reads("f64", low="quantities", high="quantities", choices="choice_offsets[quantities]"),
    *offsets(choice_offsets="quantities"),
    *numbers("removal_share"),
]

FUNCTIONS = (
    function(
        "fl_edge_sh",
        "ops/edge_sh",
        "Harmonics [edges, (lmax + 1)^2] and lengths of the edges; reverse: the opposite of each edge, if any.",
        THREADS,
        sizes("nodes edges"),
        degrees("lmax"),
        reads("T", positions="3 * nodes"),
        reads("i64", **_GRAPH),
        reads("T", shifts="3 * edges"),
        reads("i64", reverse__="edges"),
        writes("T", sh="edges * components(lmax)", length="edges"),
    ),
    function(
        "fl_edge_sh_backward",
        "ops/edge_sh",
        "Gradients of sum(grad_sh * sh) + sum(grad_length * length).",
        THREADS,
        sizes("nodes edges"),
        degrees("lmax"),
        reads("T", positions="3 * nodes"),
        reads("i64", **_GRAPH),
        reads("T", shifts="3 * edges", grad_sh="edges * components(lmax)", grad_length="edges"),
        writes("T", grad_positions="3 * nodes", grad_shifts="3 * edges"),
    ),
    function(
        "fl_radial_mlp",
        "ops/radial_mlp",
        "The radial network's hidden rows [rows, widths[layers]]; widths: 2 * Gaussians, then of each layer.",
        _RADIAL,
        writes("T", out="rows * widths[layers]"),
    ),
    function(
        "fl_radial_mlp_backward",
        "ops/radial_mlp",
        "Gradients of sum(grad * out); null ones are not computed: those of weights and biases together.",
        _RADIAL,
        reads("T", grad="rows * widths[layers]"),
        writes("T", grad_length__="rows", grad_radius__="rows"),
        lists("out", "grad_weights", "layers", "Extent(widths[n]) * widths[n + 1]", optional=True),
        lists("out", "grad_biases", "layers", "widths[n + 1]", optional=True),
    ),
    function(
        "fl_edge_conv",
        "ops/edge_conv",
        "Messages of the edges, summed over each node's and mapped: out [nodes, (lmax + 1)^2, channels]. strut: the "
        "row of hidden of each edge, its own where null.",
        _CONV,
        writes("T", out="nodes * components(lmax) * channels"),
    ),
    function(
        "fl_edge_conv_backward",
        "ops/edge_conv",
        "Gradients of sum(grad * out); null ones are not computed: those of the three parameters together.",
        _CONV,
        reads("T", grad="nodes * components(lmax) * channels"),
        writes(
            "T",
            grad_features__="nodes * components(l_in) * channels",
            grad_sh__="edges * components(lmax)",
            grad_hidden__="rows * width",
            grad_weight__="paths(l_in, lmax) * channels * width",
            grad_linear_weight__="paths(l_in, lmax) * channels * channels",
            grad_linear_bias__="channels",
        ),
    ),
    function(
        "fl_symmetric_contraction",
        "ops/symmetric_contraction",
        "features, out [nodes, (lmax + 1)^2, channels], weights [folded, channels]; outputs: a bit for each degree.",
        _CONTRACTION,
        writes("T", out="nodes * components(lmax) * channels"),
    ),
    function(
        "fl_symmetric_contraction_backward",
        "ops/symmetric_contraction",
        "Gradients of sum(grad_out * out); those of the weights are sums over fixed tiles of nodes in a fixed tree.",
        _CONTRACTION,
        reads("T", grad_out="nodes * components(lmax) * channels"),
        writes("T", grad_features="nodes * components(lmax) * channels", grad_weights=None),
    ),
    function(
        "fl_symmetric_contraction_operations",
        "ops/symmetric_contraction",
        "Multiply-adds (and lone multiplications and additions) for a node and channel.",
        degrees("lmax"),
        integers("correlation outputs"),
        writes("i64", forward="1", backward="1"),
    ),
    function(
        "fl_mandel",
        "ops/mandel",
        "Stiffnesses [count, 6, 6] from coefficients [count, 21].",
        THREADS,
        sizes("count"),
        Argument("function", "PositiveFunction"),
        reads("T", coefficients="21 * count"),
        writes("T", out="36 * count"),
    ),
    function(
        "fl_mandel_backward",
        "ops/mandel",
        "Gradients of sum(grad_out * out).",
        THREADS,
        sizes("count"),
        Argument("function", "PositiveFunction"),
        reads("T", coefficients="21 * count", grad_out="36 * count"),
        writes("T", grad_coefficients="21 * count"),
    ),
    function(
        "fl_readout",
        "ops/readout",
        "The readout of every lattice, [lattices, size]: degree after degree, copies[l] times 2 l + 1. batch: the "
        "lattice of each node; degrees: a bit for each that is read.",
        _READOUT,
        writes("T", out="lattices * readout_size(copies, lmax, degrees)"),
    ),
    function(
        "fl_readout_backward",
        "ops/readout",
        "Gradients of sum(grad * out); null ones are not computed: those of the three parameters together.",
        _READOUT,
        reads("T", grad="lattices * readout_size(copies, lmax, degrees)"),
        writes(
            "T",
            grad_features__="nodes * components(lmax) * channels",
            grad_gate__="(2 * lmax + 1) * channels * channels",
            grad_weight__="multiplicity(copies, lmax, degrees) * channels",
            grad_bias__="copies[0]",
        ),
    ),
    function(
        "fl_network",
        "network",
        """Layers and, with copies, the readout. outputs: degrees of the last layer, residual: layers that add their
        features, one bit each. fold_...: the map from the weights of the contraction in fold_tensors tensors to those
        of its basis; without rows there is one tensor, of the basis. parameters, layer by layer: up, radial, linear,
        bias, product, tensors of the contraction, hidden weights, hidden biases; last gate, weight and bias of the
        readout. strut: the row of length and radius of each edge, its own where null. kept: what gradients need.""",
        _NETWORK,
        writes("T", out=_RESULT, kept__=_KEPT),
    ),
    function(
        "fl_network_backward",
        "network",
        "Gradients of sum(grad * out); null ones are not computed: those of length and radius together.",
        _NETWORK,
        reads("T", kept=_KEPT, grad=_RESULT),
        writes(
            "T",
            grad_features__="nodes * components(l_in) * channels",
            grad_sh__="edges * components(lmax)",
            grad_length__="struts",
            grad_radius__="struts",
        ),
        lists("out", "grad_parameters", optional=True),
    ),
    function(
        "fl_periodic_graph",
        "lattice",
        "The edges of lattices, both directions of every strut, sorted by receiver: shifts, radii, edge_index, strut "
        "and reverse of each; batch: the lattice of each node; first_edge: the first of a strut's two.",
        sizes("lattices nodes struts"),
        reads("f64", cell="9 * lattices"),
        reads("i64", ends="2 * struts", strut_shifts="3 * struts"),
        reads("f64", strut_radii="struts"),
        offsets(node_offsets="lattices", strut_offsets="lattices"),
        writes("f64", shifts="6 * struts", radii="2 * struts"),
        writes(
            "i64",
            edge_index="4 * struts",
            batch="nodes",
            strut="2 * struts",
            reverse="2 * struts",
            first_edge="struts",
        ),
    ),
    function(
        "fl_check_graph",
        "lattice",
        "fault: the first Fault of a graph, and the node, edge or lattice that has it.",
        THREADS,
        sizes("nodes edges lattices"),
        reads("T", positions="3 * nodes"),
        reads("i64", **_GRAPH),
        reads("T", shifts="3 * edges", radii="edges", attributes="nodes"),
        reads("i64", batch="nodes"),
        writes("i64", fault="2"),
    ),
    function(
        "fl_lat_parse",
        "lattice",
        """Parses text that begins at line first_line of its file and either at the start of an entry or before the
        first one. Entries with errors leave no rows. default_density: of entries that name none; stop_at_error:
        non-zero to stop at the first faulty entry. handle, to be freed with fl_lat_free: what was found; sizes: rows,
        nodes, struts, bytes of names, bytes of base names, errors; the first three summed over rows.""",
        reads("u8", text=None),
        integers("first_line"),
        numbers("default_density"),
        integers("stop_at_error"),
        references("handle"),
        writes("i64", sizes="6"),
    ),
    function(
        "fl_lat_columns",
        "lattice",
        """Copies the columns out, of the sizes that fl_lat_parse reported, in the layout of fastlattice.LatticeBatch.
        imperfection_level and stiffness (Mandel: 11, 22, 33, 23, 13, 12) are NaN where not given; label_holders: -1, or
        for a row without label whose density rounds to that of a label, the row that has it.""",
        HANDLE,
        writes("f64", cell=None, positions=None),
        writes("i64", struts=None, shifts=None),
        writes("f64", radii=None),
        writes("i64", node_offsets=None, strut_offsets=None),
        writes("u8", names=None),
        writes("i64", name_offsets=None),
        writes("u8", base_names=None),
        writes("i64", base_name_offsets=None),
        writes("f64", imperfection_level=None, density=None, stiffness=None),
        writes("i64", label_holders=None),
    ),
    function(
        "fl_lat_error",
        "lattice",
        "Error number index: its line, the name of its entry and the reason, as texts that live as long as the handle.",
        HANDLE,
        sizes("index"),
        references("line entry reason"),
    ),
    function("fl_lat_free", "lattice", "Frees what fl_lat_parse made.", HANDLE),
    function(
        "fl_lat_format",
        "lattice",
        """Formats rows [begin, end) as entries. Consecutive rows of one name and geometry and of different densities
        become one entry, which may take in rows after end: next is the first row not written. compliance:
        Mandel, in the frame of the cell parameters (a along x, b in the xy plane), NaN for rows without. names
        must not hold line breaks. digits: 0 for shortest exact numbers and the sections that make the round
        trip lossless, else significant digits. text, size bytes of it, lives until fl_lat_text_free(handle).""",
        sizes("rows"),
        reads("f64", cell="9 * rows", positions="3 * node_offsets[rows]"),
        reads("i64", struts="2 * strut_offsets[rows]", shifts="3 * strut_offsets[rows]"),
        reads("f64", radii="strut_offsets[rows]"),
        offsets(node_offsets="rows", strut_offsets="rows"),
        reads("u8", names="name_offsets[rows]"),
        offsets(name_offsets="rows"),
        reads("u8", base_names__="base_name_offsets[rows]"),
        offsets(base_name_offsets__="rows"),
        reads("f64", imperfection_level__="rows", density="rows", stiffness__="36 * rows", compliance__="36 * rows"),
        sizes("digits begin end"),
        references("next handle text size"),
    ),
    function("fl_lat_text_free", "lattice", "Frees what fl_lat_format made.", HANDLE),
    function(
        "fl_frame_homogenise",
        "frame",
        """Homogenises lattices. stiffness [count, 6, 6] (Mandel, E_s = 1; NaN where status is not ok), status, rank,
        where (strut or node at fault, -1), beam_valid; displacements [nodes, 6, 8]: unknown, macro-strain and padding;
        zero where status is not ok.""",
        sizes("count"),
        _LATTICES,
        Argument("discretisation", "Discretisation"),
        THREADS,
        writes("f64", stiffness="36 * count"),
        writes("i32", status="count", rank="count"),
        writes("i64", where="count"),
        writes("bool", beam_valid="count"),
        writes("f64", aligned=64, displacements__="48 * node_offsets[count]"),
    ),
    function(
        "fl_frame_check",
        "frame",
        """Only the checks before the solver: status, rank, where, beam_valid as of fl_frame_homogenise, but for
        singular_pivot.""",
        sizes("count"),
        _GEOMETRY,
        THREADS,
        writes("i32", status="count", rank="count"),
        writes("i64", where="count"),
        writes("bool", beam_valid="count"),
    ),
    function(
        "fl_frame_density",
        "frame",
        """density: sum of pi r^2 L over the struts of each lattice by the volume of its cell; NaN where a strut has no
        such node. The same bits on every instruction set.""",
        sizes("count"),
        _GEOMETRY,
        THREADS,
        writes("f64", density="count"),
    ),
    function(
        "fl_frame_conductivity",
        "frame",
        """Effective conductivity of lattices over that of their solid, conductivity [count, 3, 3] (NaN where status is
        not ok); status, rank, where, beam_valid as of fl_frame_homogenise; temperatures [nodes, 3]: fluctuations under
        unit gradients, zero where status is not ok.""",
        sizes("count"),
        _GEOMETRY,
        THREADS,
        writes("f64", conductivity="9 * count"),
        writes("i32", status="count", rank="count"),
        writes("i64", where="count"),
        writes("bool", beam_valid="count"),
        writes("f64", temperatures__="3 * node_offsets[count]"),
    ),
    function(
        "fl_frame_joints",
        "frame",
        """How far struts reach into one another at the nodes. overlap: the largest part of a strut's length, both ends
        together, that lies inside others, at most 1; NaN where an index is out of range. reached [struts, 2]: how far
        others reach along each strut from its two ends; not written where overlap is NaN.""",
        sizes("count"),
        _GEOMETRY,
        THREADS,
        writes("f64", overlap="count", reached__="2 * strut_offsets[count]"),
    ),
    function(
        "fl_stream_sizes",
        "data",
        """Bases and offsets of samples first .. first + count - 1 of a stream (fastlattice.data.Stream). cumulative:
        running sum of the bases' weights, the last 1; low, high, choices: what each of the quantities of Quantity is
        drawn from, one of its choices or, where it has none, a range.""",
        _STREAM,
        writes("i64", base="count", node_offsets="count + 1", strut_offsets="count + 1"),
    ),
    function(
        "fl_stream_fill",
        "data",
        "The samples themselves; offsets as fl_stream_sizes gave them. The longest vector of each base's cell is 1.",
        _STREAM,
        reads("f64", base_cell="9 * bases", base_positions="3 * base_node_offsets[bases]"),
        reads("i64", base_struts="2 * base_strut_offsets[bases]", base_shifts="3 * base_strut_offsets[bases]"),
        numbers("strain_share strain zero_share uniform two_valued log_normal max_slenderness"),
        Argument("displacement", "Displacement"),
        Argument("rotation", "Rotation"),
        offsets(node_offsets="count", strut_offsets="count"),
        writes("f64", cell="9 * count", positions="3 * node_offsets[count]"),
        writes("i64", struts="2 * strut_offsets[count]", shifts="3 * strut_offsets[count]"),
        writes("f64", radii="strut_offsets[count]", level="count", density="count"),
        writes("bool", beam_valid="count"),
    ),
    function(
        "fl_elasticity_extremes",
        "elasticity",
        """Frames [count, 2, 3, 3] of the smallest and the largest of a modulus (0 Young's, 1 shear, 2 Poisson's ratio)
        of stiffnesses by their Cholesky factors [count, 6, 6].""",
        THREADS,
        sizes("count modulus"),
        reads("f64", factor="36 * count"),
        writes("f64", frames="18 * count"),
    ),
    function(
        "fl_frame_adjoint",
        "frame",
        """Gradients of sum(stiffness * cotangent) from what fl_frame_homogenise (exact discretisation) gave; zero where
        status is not ok.""",
        sizes("count"),
        _LATTICES,
        THREADS,
        reads("i32", status="count"),
        reads("f64", stiffness="36 * count"),
        reads("f64", aligned=64, displacements="48 * node_offsets[count]"),
        reads("f64", cotangent="36 * count"),
        writes(
            "f64", grad_cell="9 * count", grad_positions="3 * node_offsets[count]", grad_radii="strut_offsets[count]"
        ),
    ),
    function(
        "fl_frame_bounds",
        "frame",
        """Upper bounds C_0 ... C_order of stiffnesses by truncated relaxation: stiffness [count, order + 1, 6, 6]
        (Mandel, E_s = 1; NaN where status is not ok), status, rank, where, beam_valid as of fl_frame_homogenise.""",
        sizes("count order"),
        _LATTICES,
        THREADS,
        writes("f64", stiffness="36 * count * (order + 1)"),
        writes("i32", status="count", rank="count"),
        writes("i64", where="count"),
        writes("bool", beam_valid="count"),
    ),
    function(
        "fl_frame_bounds_adjoint",
        "frame",
        """Gradients of sum(stiffness * cotangent) from what fl_frame_bounds gave; zero where status is not ok.""",
        sizes("count order"),
        _LATTICES,
        THREADS,
        reads("i32", status="count"),
        reads("f64", stiffness="36 * count * (order + 1)", cotangent="36 * count * (order + 1)"),
        writes(
            "f64", grad_cell="9 * count", grad_positions="3 * node_offsets[count]", grad_radii="strut_offsets[count]"
        ),
    ),
    function(
        "fl_frame_node_mechanics",
        "frame",
        """Of each node, [nodes, 6, 6]: its share of the energy of the affine bound, and the energy that it alone would
        release. The edges, each strut in both directions, stand for the ends at their receivers.""",
        _AROUND_NODES,
        writes("f64", energy="36 * nodes", release="36 * nodes"),
    ),
    function(
        "fl_frame_node_mechanics_backward",
        "frame",
        "Gradients of sum(grad_energy * energy) + sum(grad_release * release).",
        _AROUND_NODES,
        reads("f64", grad_energy="36 * nodes", grad_release="36 * nodes"),
        writes("f64", grad_vectors="3 * edges", grad_radii="edges"),
    ),
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


def version() -> int:
    """What changes with anything that crosses: 63 bits of a hash of the table."""
    crossing = repr(([(f.name, f.arguments) for f in FUNCTIONS], ENUMS))
    return int.from_bytes(hashlib.sha256(crossing.encode()).digest()[:8], "big") >> 1


# ---- C++


def _parameters(a: Argument) -> list[str]:
    """An argument as the exported function takes it."""
    if a.is_buffer:
        return [f"{'' if a.written else 'const '}{TYPES[a.type]}* {a.name}", f"int64_t {a.name}_size"]
    if a.is_list:
        of = f"{'' if a.written else 'const '}{TYPES[a.type]}* const*"
        return [f"{of} {a.name}", f"const int64_t* {a.name}_sizes", f"int64_t {a.name}_count"]
    types = {"number": "double", "handle": "void*", "reference": _REFERENCES.get(a.name, "")}
    return [f"{types.get(a.kind, 'int64_t')} {a.name}"]


_REFERENCES = {
    "handle": "void**",
    **dict.fromkeys(("line", "next", "size"), "int64_t*"),
    **dict.fromkeys(("entry", "reason", "text"), "const char**"),
}


def _signature(f: Function, name: str, type_: str) -> str:
    text = ", ".join(parameter for a in f.arguments for parameter in _parameters(a))
    return f"int32_t {name}({_typed(text, type_)})"


def _typed(text: str, type_: str) -> str:
    return re.sub(r"\bT\b", TYPES[type_], text) if type_ else text


def _comment(text: str, indent: str = "") -> str:
    lines, line = [], ""
    for word in text.split():
        if len(indent) + 3 + len(line) + 1 + len(word) > 120:
            lines.append(line)
            line = ""
        line += f" {word}" if line else word
    return "".join(f"{indent}// {each}\n" for each in [*lines, line])


def _wrapped(text: str, hanging: int) -> str:
    """A long line of comma-separated parts, broken at commas."""
    lines, line = [], ""
    for part in text.split(", "):
        piece = part if not line else f"{line}, {part}"
        if len(piece) > 118 and line:
            lines.append(line + ",")
            line = " " * hanging + part
        else:
            line = piece
    return "\n".join([*lines, line])


_HEADER = """// Written by codegen/abi.py; not to be edited.
//
// The native library's public header. It knows pointers and sizes only, and no type of its own. Functions return 0 on
// success and -1 on failure, after which fl_last_error() says why (per thread). A buffer is contiguous, in C order, and
// comes with its number of elements: any other than the one that the function's sizes ask for is refused. Which may be
// null is said. Integers by value are int64_t. `threads` is taken as at least 1 and at most four for each of the
// machine's cores. No exception leaves the library.
#pragma once
#include <stdint.h>

#ifndef FL_EXPORT
#ifdef __cplusplus
#define FL_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define FL_EXPORT
#endif
#endif

// Reason of the calling thread's last failure; valid until its next call into the library.
FL_EXPORT const char* fl_last_error();

// Bit mask of the x86-64 instruction sets that this machine and its operating system support:
// 1 = AVX2 and FMA, 2 = AVX-512 (F, DQ, BW, VL). 0 elsewhere.
FL_EXPORT int32_t fl_instruction_sets();

// Differs between libraries whose functions take other arguments.
FL_EXPORT int64_t fl_abi_version();
"""


def header() -> str:
    """csrc/abi.h."""
    parts = [_HEADER]
    for f in FUNCTIONS:
        extents = [f"{a.name} {_extent_words(a)}" for a in f.arguments if a.is_buffer or a.is_list]
        story = _comment(f.story) + (_comment("Sizes: " + "; ".join(extents) + ".") if extents else "")
        functions = "\n".join(
            _wrapped(f"FL_EXPORT {_signature(f, name, t)};", len(f"FL_EXPORT int32_t {name}("))
            for name, t in f.exported()
        )
        parts.append(story + functions + "\n")
    return "\n".join(parts)


def _extent_words(a: Argument) -> str:
    words = f"[{a.extent} + 1]" if a.kind == "offsets" else f"[{a.extent}]" if a.extent else "[as the call says]"
    if a.is_list:
        words = f"({a.count or 'several'}) {words.replace('Extent(widths[n])', 'widths[n]')}"
    return words + " or null" * a.optional


def _checked(expression: str, f: Function) -> str:
    """An extent over sizes that cannot overflow, and elements that are there."""
    exact = {a.name for a in f.arguments if a.kind in ("size", "degree")}
    arrays = {a.name for a in f.arguments if a.is_buffer}
    elements: list[str] = []

    def element(match: re.Match[str]) -> str:
        array, index = match.groups()
        if array not in arrays or "n" in index.split():
            return match.group(0)
        elements.append(f"element({array}, {array}_size, {index})")
        return f"@{len(elements) - 1}@"

    text = re.sub(r"(\w+)\[([^\]]+)\]", element, expression)
    text = re.sub(r"\b[a-z_]\w*\b", lambda m: f"Extent({m[0]})" if m[0] in exact else m[0], text)
    return re.sub(r"@(\d+)@", lambda m: elements[int(m[1])], text)


def _checks(f: Function) -> Iterable[str]:
    """Statements of the exported function, in the order in which they may rely on each other."""
    order = {"size": 0, "degree": 0, "offsets": 1, "in": 2, "out": 3}
    for a in sorted(f.arguments, key=lambda a: order.get(a.kind, 4)):
        given = f'"{a.name}", {a.name}'
        if a.kind == "size":
            yield f"check_size({given});"
        elif a.kind == "degree":
            yield f"check_degree({given});"
        elif a.kind == "offsets":
            check = f"check_offsets({given}, {a.name}_size, Extent({a.extent}));"
            yield f"if ({a.name}) {check}" if a.optional else check
        elif a.is_buffer and a.extent is not None:
            more = f", {a.aligned}" if a.aligned > 1 else ""
            check = f"check_buffer({given}, {a.name}_size, {_checked(a.extent, f)}{more});"
            yield f"if ({a.name}) {check}" if a.optional else check
        elif a.is_buffer:
            yield f"check_pointer({given}, {a.name}_size);"
        elif a.is_list:
            count = _checked(a.count, f) if a.count else f"Extent({a.name}_count)"
            check = f"check_list({given}, {a.name}_sizes, {a.name}_count, {count});"
            if a.extent:
                check += (
                    f"\n    for (int64_t n = 0; n < {a.name}_count; ++n)\n"
                    f'      check_buffer("{a.name}", {a.name}[n], {a.name}_sizes[n], {a.extent});'
                )
            yield f"if ({a.name}) {{\n    {check}\n    }}" if a.optional else check
        elif a.kind in ("handle", "reference"):
            yield f"check_pointer({given}, 1);"
        elif a.kind in ENUMS:
            yield f"check_choice({given}, {len(ENUMS[a.kind])});"


def _member(a: Argument) -> str:
    """An argument in the struct of a call."""
    const = "" if a.written else "const "
    if a.is_list:
        return f"BufferList<{const}{TYPES[a.type]}> {a.name};"
    if a.is_buffer and a.extent is None:
        return f"Buffer<{const}{TYPES[a.type]}> {a.name};"
    if a.is_buffer:
        return f"{const}{TYPES[a.type]}* {a.name};"
    if a.kind in ENUMS:
        return f"{NAMESPACES[a.kind]}::{a.kind} {a.name};"
    types = {"threads": "int32_t", "number": "double", "handle": "void*", "reference": _REFERENCES.get(a.name, "")}
    return f"{types.get(a.kind, 'int64_t')} {a.name};"


def _value(a: Argument) -> str:
    if a.kind == "threads":
        return "thread_count(threads)"
    if a.is_list:
        return f"{{{a.name}, {a.name}_sizes, {a.name}_count}}"
    if a.is_buffer and a.extent is None:
        return f"{{{a.name}, {a.name}_size}}"
    return f"static_cast<{NAMESPACES[a.kind]}::{a.kind}>({a.name})" if a.kind in ENUMS else a.name


def calls_header(folder: str) -> str:
    """csrc/FOLDER/generated/calls.h."""
    text = (
        "// Written by codegen/abi.py; not to be edited.\n//\n// The arguments of this folder's exported functions"
        ', checked, and what runs them.\n#pragma once\n#include "base/boundary.h"\n\nnamespace fl::calls {\n'
    )
    for f in FUNCTIONS:
        if f.folder != folder:
            continue
        template, name = ("template <class T>\n", f"{f.struct}<T>") if f.generic else ("", f.struct)
        members = "".join(f"  {_member(a)}\n" for a in f.arguments)
        text += f"\n{template}struct {f.struct} {{\n{members}}};\n{template}void run(const {name}& call);\n"
    return text + "\n}  // namespace fl::calls\n"


def calls_source(folder: str) -> str:
    """csrc/FOLDER/generated/calls.cpp."""
    text = (
        f'// Written by codegen/abi.py; not to be edited.\n#include "{folder}/generated/calls.h"\n\n#include "abi.h"\n'
        '#include "base/extents.h"\n\nusing namespace fl::boundary;\n'
    )
    for f in FUNCTIONS:
        if f.folder != folder:
            continue
        for name, type_ in f.exported():
            signature = _wrapped(_signature(f, name, type_) + " {", len(f"int32_t {name}("))
            checks = "".join(f"    {line}\n" for line in _checks(f))
            struct = f"{f.struct}<{TYPES[type_]}>" if type_ else f.struct
            values = _wrapped(f"    fl::calls::run(fl::calls::{struct}{{{', '.join(map(_value, f.arguments))}}});", 8)
            text += f"\n{signature}\n  return fl::guarded([&] {{\n{checks}{values}\n  }});\n}}\n"
    return text


def enums_header() -> str:
    """csrc/base/generated/enums.h."""
    text = "// Written by codegen/abi.py; not to be edited.\n#pragma once\n#include <cstdint>\n"
    for name, members in ENUMS.items():
        text += _wrapped(f"\nnamespace {NAMESPACES[name]} {{\nenum class {name} : int32_t {{{', '.join(members)}}};", 4)
        text += "\n}\n"
    return text


def version_header() -> str:
    """csrc/base/generated/version.h: apart, so that a new function compiles no more than its folder anew."""
    return (
        "// Written by codegen/abi.py; not to be edited.\n#pragma once\n#include <cstdint>\n\nnamespace fl {\n"
        f"constexpr int64_t abi_version = {version()};\n}}\n"
    )


# ---- Python


def _code(a: Argument) -> str:
    """An argument as fastlattice/_native.py reads it."""
    if a.is_buffer:
        return f"{'out' if a.written else 'in'} {a.type}{'?' * a.optional}"
    if a.is_list:
        return f"{a.kind[5:]} {a.type}[]{'?' * a.optional}"
    return {"number": "double", "handle": "pointer", "reference": "pointer"}.get(a.kind, "int")


def python() -> str:
    """fastlattice/_abi.py."""
    text = (
        '"""Written by codegen/abi.py; not to be edited. What the native functions take; see csrc/abi.h."""\n\n'
        f"VERSION = {version()}\n\n"
    )
    for name, members in ENUMS.items():
        constant = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
        rows = "".join(f'    "{member}",\n' for member in members)
        text += f"{constant} = (\n{rows})\n"
    text += "\nFUNCTIONS = {\n"
    for f in FUNCTIONS:
        for name, type_ in f.exported():
            codes = [re.sub(r"\bT\b", type_, _code(a)) for a in f.arguments]
            if len(codes) == 1:
                text += f'    "{name}": ("{codes[0]}",),\n'
            else:
                text += f'    "{name}": (\n' + "".join(f'        "{code}",\n' for code in codes) + "    ),\n"
    return text + "}\n"


def files() -> dict[Path, str]:
    """Everything, by path."""
    csrc = ROOT / "csrc"
    result = {
        csrc / "abi.h": header(),
        csrc / "base" / "generated" / "enums.h": enums_header(),
        csrc / "base" / "generated" / "version.h": version_header(),
        ROOT / "fastlattice" / "_abi.py": python(),
    }
    for folder in sorted({f.folder for f in FUNCTIONS}):
        result[csrc / folder / "generated" / "calls.h"] = calls_header(folder)
        result[csrc / folder / "generated" / "calls.cpp"] = calls_source(folder)
    return result
