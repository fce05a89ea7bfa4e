"""The functions of lattices, finite elements and elasticity, rows of codegen/abi_table.py."""

from __future__ import annotations

from codegen.abi_arguments import (
    AROUND_NODES,
    GEOMETRY,
    GRAPH,
    LATTICES,
    RELAXATION,
    STREAM,
)
from codegen.abi_terms import (
    HANDLE,
    THREADS,
    Argument,
    function,
    integers,
    numbers,
    offsets,
    reads,
    references,
    sizes,
    writes,
)

LATTICE_FUNCTIONS = (
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
        reads("i64", **GRAPH),
        reads("T", shifts="3 * edges", radii="edges", attributes="nodes"),
        reads("i64", batch="nodes"),
        writes("i64", fault="2"),
    ),
    function(
        "fl_fold_wireframe",
        "lattice",
        """The periodic cell of a wireframe: nodes in parts of the lattice vectors, and struts between them. Nodes are
        one that are within `margin`, in parts of the lattice vectors, and `reach`, in space, of each other, modulo the
        lattice; pieces of straight struts are joined; of equal struts one stays, with the cross-section of all where
        shares is not zero. place_of: the first node in the place of each; places: where that is, in the cell; on_face:
        1 where that is in a face of the cell, else 0. folded_ends name first nodes. longest_point: of the struts within
        one place. report: struts that are left and written; nodes welded to others of their cell, and to images; struts
        within one place, and equal to others; strut places with several radii, and the ends of one; nodes inside
        straight struts; then three nodes, each -1 or the reason why all else is unwritten: one that is not finite or
        too far from the cell, one of too many that are close and not one, one in a chain of close places.""",
        sizes("nodes struts"),
        reads("f64", fractional="3 * nodes", cell="9", margin="3"),
        reads("i64", ends="2 * struts"),
        reads("f64", radii="struts"),
        numbers("reach"),
        integers("shares"),
        writes("f64", places="3 * nodes"),
        writes("i64", place_of="nodes", on_face="nodes", folded_ends="2 * struts", folded_shifts="3 * struts"),
        writes("f64", folded_radii="struts", longest_point="1"),
        writes("i64", report="12"),
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
        "fl_foreign_strut",
        "lattice",
        "strut: the first one that joins what is no node of its lattice, or -1.",
        sizes("count"),
        reads("i64", struts="2 * strut_offsets[count]"),
        offsets(node_offsets="count", strut_offsets="count"),
        writes("i64", strut="1"),
    ),
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
        offending (strut or node, -1), beam_valid; overlap as of fl_frame_joints; density as of fl_frame_density;
        displacements [nodes, 6, 8]: unknown, macro-strain and padding; zero where status is not ok.""",
        sizes("count"),
        LATTICES,
        Argument("discretisation", "Discretisation"),
        THREADS,
        writes("f64", stiffness="36 * count"),
        writes("i32", status="count", rank="count"),
        writes("i64", offending="count"),
        writes("bool", beam_valid="count"),
        writes("f64", overlap__="count", density__="count"),
        writes("f64", aligned=64, displacements__="48 * node_offsets[count]"),
    ),
    function(
        "fl_frame_check",
        "frame",
        """Only the checks before the solver: status, rank, offending, beam_valid as of fl_frame_homogenise, but for
        singular_pivot.""",
        sizes("count"),
        GEOMETRY,
        THREADS,
        writes("i32", status="count", rank="count"),
        writes("i64", offending="count"),
        writes("bool", beam_valid="count"),
    ),
    function(
        "fl_frame_density",
        "frame",
        """density: sum of pi r^2 L over the struts of each lattice by the volume of its cell; NaN where a strut has no
        such node. The same bits on every instruction set.""",
        sizes("count"),
        GEOMETRY,
        THREADS,
        writes("f64", density="count"),
    ),
    function(
        "fl_frame_conductivity",
        "frame",
        """Effective conductivity of lattices over that of their solid, conductivity [count, 3, 3] (NaN where status is
        not ok); status, rank, offending, beam_valid as of fl_frame_homogenise; temperatures [nodes, 3]: fluctuations
        under unit gradients, zero where status is not ok.""",
        sizes("count"),
        GEOMETRY,
        THREADS,
        writes("f64", conductivity="9 * count"),
        writes("i32", status="count", rank="count"),
        writes("i64", offending="count"),
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
        GEOMETRY,
        THREADS,
        writes("f64", overlap="count", reached__="2 * strut_offsets[count]"),
    ),
    function(
        "fl_stream_sizes",
        "data",
        """Bases and offsets of samples first .. first + count - 1 of a stream (fastlattice.data.Stream). cumulative:
        running sum of the bases' weights, the last 1; low, high, choices: what each of the quantities of Quantity is
        drawn from, one of its choices or, where it has none, a range.""",
        STREAM,
        writes("i64", base="count", node_offsets="count + 1", strut_offsets="count + 1"),
    ),
    function(
        "fl_stream_fill",
        "data",
        "The samples themselves; offsets as fl_stream_sizes gave them. The longest vector of each base's cell is 1.",
        STREAM,
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
        "fl_elasticity_moduli",
        "elasticity",
        """Columns [21 + 13, count] of stiffnesses [count, 6, 6] (Mandel): their entries on and above the diagonal, row
        by row; Young's moduli along the axes, shear moduli of yz, xz, xy, Poisson's ratios nu_xy, nu_xz, nu_yx, nu_yz,
        nu_zx, nu_zy, universal anisotropy. The last 13 are NaN where a stiffness is not positive definite.""",
        sizes("count"),
        reads("f64", stiffness="36 * count"),
        writes("f64", columns="34 * count"),
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
        LATTICES,
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
        (Mandel, E_s = 1; NaN where status is not ok), status, rank, offending, beam_valid as of
        fl_frame_homogenise.""",
        sizes("count order"),
        LATTICES,
        THREADS,
        writes("f64", stiffness="36 * (order + 1) * count"),
        writes("i32", status="count", rank="count"),
        writes("i64", offending="count"),
        writes("bool", beam_valid="count"),
    ),
    function(
        "fl_frame_bounds_adjoint",
        "frame",
        """Gradients of sum(stiffness * cotangent) from what fl_frame_bounds gave; zero where status is not ok.""",
        sizes("count order"),
        LATTICES,
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
        AROUND_NODES,
        writes("f64", energy="36 * nodes", release="36 * nodes"),
    ),
    function(
        "fl_frame_node_mechanics_backward",
        "frame",
        "Gradients of sum(grad_energy * energy) + sum(grad_release * release).",
        AROUND_NODES,
        reads("f64", grad_energy="36 * nodes", grad_release="36 * nodes"),
        writes("f64", grad_vectors="3 * edges", grad_radii="edges"),
    ),
    function(
        "fl_relaxed_energies",
        "frame",
        """Of each lattice, [lattices, order + 1, 6, 6]: the energies V C_0 ... V C_order of truncated relaxations; NaN
        where the stiffness of a node is singular. Of each node, [nodes, 6, 6]: its share of the last energy, and what
        it alone would release beyond it. ends [2, struts]: nodes at which struts start, then end; batch: the lattice
        of each node. dependent: what part of the energy of a step's fields is none of a new field.""",
        RELAXATION,
        writes("f64", energies="36 * lattices * (order + 1)", share="36 * nodes", release="36 * nodes"),
    ),
    function(
        "fl_relaxed_energies_backward",
        "frame",
        "Gradients of sum(grad_energies * energies + grad_share * share + grad_release * release).",
        RELAXATION,
        reads("f64", grad_energies="36 * lattices * (order + 1)", grad_share="36 * nodes", grad_release="36 * nodes"),
        writes("f64", grad_vectors="3 * struts", grad_radii="struts"),
    ),
)
