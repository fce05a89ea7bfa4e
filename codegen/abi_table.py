"""The table of the native boundary: every enumeration, and every exported function of the native library and of the
CUDA library; codegen/abi.py writes from it.
"""

from __future__ import annotations

from codegen.abi_terms import (
    HANDLE,
    STREAM,
    THREADS,
    Argument,
    degrees,
    function,
    integers,
    lists,
    numbers,
    offsets,
    reads,
    references,
    sizes,
    writes,
)

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
_PARAMETERS = [
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
]
_EDGES = [
    *reads("i64", **_GRAPH, strut__="edges", batch__="nodes"),
]
_NODES_AND_EDGES = reads(
    "T",
    features="nodes * components(l_in) * channels",
    sh="edges * components(lmax)",
    length="struts",
    radius="struts",
)
_NETWORK = [
    THREADS,
    *sizes("nodes edges struts lattices layers"),
    *_PARAMETERS,
    *_EDGES,
    *lists("in", "parameters"),
    *_NODES_AND_EDGES,
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
        "fl_network_pack",
        "network",
        """A network whose parameters are packed once, for fl_network_packed; to be freed with fl_network_free. The
        parameters must outlive it. Arguments as of fl_network, with copies.""",
        sizes("layers"),
        _PARAMETERS,
        lists("in", "parameters"),
        references("handle"),
    ),
    function(
        "fl_network_packed",
        "network",
        "What fl_network gives for the network of a handle, of as many channels and these degrees, and its readout.",
        THREADS,
        sizes("nodes edges struts lattices"),
        degrees("l_in lmax"),
        sizes("channels width"),
        HANDLE,
        _EDGES,
        _NODES_AND_EDGES,
        writes("T", out="lattices * width"),
    ),
    function("fl_network_free", "network", "Frees what fl_network_pack made.", HANDLE),
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
        for a row without label whose density rounds to that of a label, the row that has it; notation_unsaid: 1 where a
        label is a compliance of which the file does not say whether it is in Voigt or Mandel notation, else 0.""",
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
        writes("i64", label_holders=None, notation_unsaid=None),
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
        writes("f64", stiffness="36 * (order + 1) * count"),
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
        reads("f64", stiffness="36 * (order + 1) * count", cotangent="36 * (order + 1) * count"),
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

_DEVICE_CONTRACTION = [
    *degrees("lmax"),
    *sizes("channels"),
    *integers("correlation outputs"),
    *reads("T", features="nodes * components(lmax) * channels", weights=None),
]

CUDA_FUNCTIONS = (
    function(
        "fl_cuda_symmetric_contraction",
        "cuda",
        """features, out [nodes, (lmax + 1)^2, channels]; weights [blocks, folded, 32], blocks = channels / 32 rounded
        up. outputs: a bit for each degree, all or all even ones; the others come out as zeros.""",
        STREAM,
        sizes("nodes"),
        _DEVICE_CONTRACTION,
        writes("T", out="nodes * components(lmax) * channels"),
    ),
    function(
        "fl_cuda_symmetric_contraction_backward",
        "cuda",
        """Gradients of sum(grad_out * out). sums [slots, blocks, folded, 32]: of the weights, to be summed over slots;
        the lanes beyond the last channel are not written.""",
        STREAM,
        sizes("slots nodes"),
        _DEVICE_CONTRACTION,
        reads("T", grad_out="nodes * components(lmax) * channels"),
        writes("T", grad_features="nodes * components(lmax) * channels", sums=None),
    ),
)
