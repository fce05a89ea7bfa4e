"""Lists of arguments that several functions of codegen/abi_table.py and its parts share."""

from __future__ import annotations

from codegen.abi_terms import THREADS, degrees, integers, lists, numbers, offsets, reads, sizes

GRAPH = {"edge_index": "2 * edges"}
CONV = [
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
    *reads("i64", **GRAPH),
    *reads("T", linear_weight="paths(l_in, lmax) * channels * channels", linear_bias="channels"),
    *reads("i64", strut__="edges"),
]
CONTRACTION = [
    THREADS,
    *sizes("nodes"),
    *degrees("lmax"),
    *sizes("channels"),
    *integers("correlation output_degrees"),
    *reads("T", features="nodes * components(lmax) * channels", weights=None),
]
RADIAL = [
    THREADS,
    *sizes("rows layers"),
    *reads("i64", widths="layers + 1"),
    *numbers("max_length max_radius"),
    *reads("T", length="rows", radius="rows"),
    *lists("in", "weights", "layers", "Extent(widths[n]) * widths[n + 1]"),
    *lists("in", "biases", "layers", "widths[n + 1]"),
]
READOUT = [
    THREADS,
    *sizes("nodes lattices"),
    *degrees("lmax"),
    *integers("degrees"),
    *sizes("channels"),
    *reads("i64", multiplicities="lmax + 1"),
    *numbers("silu_gain"),
    *reads("i64", batch="nodes"),
    *reads(
        "T",
        gate="(2 * lmax + 1) * channels * channels",
        weight="multiplicity(multiplicities, lmax, degrees) * channels",
        bias="multiplicities[0]",
        features="nodes * components(lmax) * channels",
    ),
]
RESULT = (
    "multiplicities ? lattices * readout_size(multiplicities, lmax, output_degrees) "
    ": nodes * components(lmax) * channels"
)
KEPT = "2 * layers * nodes * components(lmax) * channels"
PARAMETERS = [
    *degrees("l_in lmax"),
    *sizes("channels hidden_layers"),
    *reads("i64", widths="hidden_layers + 1"),
    *numbers("max_length max_radius agg_norm"),
    *integers("correlation output_degrees residual norms"),
    *numbers("norm_share norm_floor"),
    *reads("i64", multiplicities__="lmax + 1"),
    *numbers("silu_gain"),
    *sizes("fold_rows fold_tensors"),
    *reads("i64", fold_counts__="fold_tensors"),
    *offsets(fold_starts__="fold_rows"),
    *reads("i64", fold_tensor__="fold_starts[fold_rows]", fold_row__="fold_starts[fold_rows]"),
    *reads("f64", fold_value__="fold_starts[fold_rows]"),
]
EDGES = [
    *reads("i64", **GRAPH, strut__="edges", batch__="nodes"),
]
NODES_AND_EDGES = reads(
    "T",
    features="nodes * components(l_in) * channels",
    sh="edges * components(lmax)",
    length="struts",
    radius="struts",
)
NETWORK = [
    THREADS,
    *sizes("nodes edges struts lattices layers"),
    *PARAMETERS,
    *EDGES,
    *lists("in", "parameters"),
    *NODES_AND_EDGES,
]
GEOMETRY = [
    *reads("f64", cell="9 * count", positions="3 * node_offsets[count]"),
    *reads("i64", struts="2 * strut_offsets[count]", shifts="3 * strut_offsets[count]"),
    *reads("f64", radii="strut_offsets[count]"),
    *offsets(node_offsets="count", strut_offsets="count"),
]
LATTICES = [*GEOMETRY, *numbers("nu kappa")]

AROUND_NODES = [
    *sizes("nodes edges"),
    *reads("i64", receivers="edges"),
    *reads("f64", vectors="3 * edges", radii="edges"),
    *numbers("nu kappa"),
]

RELAXATION = [
    THREADS,
    *sizes("nodes struts lattices order"),
    *reads("i64", batch="nodes", ends="2 * struts"),
    *reads("f64", vectors="3 * struts", radii="struts"),
    *numbers("nu kappa dependent"),
]

STREAM = [
    THREADS,
    *integers("seed first"),
    *sizes("count bases quantities"),
    *reads("f64", cumulative="bases"),
    *offsets(base_node_offsets="bases", base_strut_offsets="bases"),
    *reads("f64", low="quantities", high="quantities", choices="choice_offsets[quantities]"),
    *offsets(choice_offsets="quantities"),
    *numbers("removal_share"),
]

ROWWISE_LINEAR = [
    THREADS,
    *sizes("rows depth columns"),
    *reads("T", in_rows="rows * depth", weight="depth * columns"),
]

NODE_INPUTS = [
    THREADS,
    *sizes("nodes scalars channels"),
    *degrees("lmax l_odd"),
    *reads(
        "T",
        node="nodes * scalars",
        tensors="63 * nodes",
        odd="2 * nodes * components(l_odd)",
        bias="channels",
        scalar_weight="scalars * channels",
    ),
    *lists("in", "weights", "lmax + 1", "Extent(node_fan_in[n]) * channels"),
]

BOUNDED_HEAD = [
    THREADS,
    *sizes("count"),
    *numbers("largest"),
    *reads("T", matrix="36 * count", weights="2 * count"),
    *reads("f64", root="36 * count", guides="72 * count"),
]
