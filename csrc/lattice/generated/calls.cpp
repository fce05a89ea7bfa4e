// Written by codegen/abi.py; not to be edited.
#include "lattice/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_periodic_graph(int64_t lattices, int64_t nodes, int64_t struts, const double* cell, int64_t cell_size,
                          const int64_t* ends, int64_t ends_size, const int64_t* strut_shifts,
                          int64_t strut_shifts_size, const double* strut_radii, int64_t strut_radii_size,
                          const int64_t* node_offsets, int64_t node_offsets_size, const int64_t* strut_offsets,
                          int64_t strut_offsets_size, double* shifts, int64_t shifts_size, double* radii,
                          int64_t radii_size, int64_t* edge_index, int64_t edge_index_size, int64_t* batch,
                          int64_t batch_size, int64_t* strut, int64_t strut_size, int64_t* reverse,
                          int64_t reverse_size, int64_t* first_edge, int64_t first_edge_size) {
  return fl::guarded([&] {
    check_size("lattices", lattices);
    check_size("nodes", nodes);
    check_size("struts", struts);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(lattices));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(lattices));
    check_buffer("cell", cell, cell_size, 9 * Extent(lattices));
    check_buffer("ends", ends, ends_size, 2 * Extent(struts));
    check_buffer("strut_shifts", strut_shifts, strut_shifts_size, 3 * Extent(struts));
    check_buffer("strut_radii", strut_radii, strut_radii_size, Extent(struts));
    check_buffer("shifts", shifts, shifts_size, 6 * Extent(struts));
    check_buffer("radii", radii, radii_size, 2 * Extent(struts));
    check_buffer("edge_index", edge_index, edge_index_size, 4 * Extent(struts));
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("strut", strut, strut_size, 2 * Extent(struts));
    check_buffer("reverse", reverse, reverse_size, 2 * Extent(struts));
    check_buffer("first_edge", first_edge, first_edge_size, Extent(struts));
    fl::calls::run(fl::calls::PeriodicGraph{lattices, nodes, struts, cell, ends, strut_shifts, strut_radii,
        node_offsets, strut_offsets, shifts, radii, edge_index, batch, strut, reverse, first_edge});
  });
}

int32_t fl_check_graph_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lattices, const float* positions,
                           int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                           const float* shifts, int64_t shifts_size, const float* radii, int64_t radii_size,
                           const float* attributes, int64_t attributes_size, const int64_t* batch, int64_t batch_size,
                           int64_t* fault, int64_t fault_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("lattices", lattices);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("attributes", attributes, attributes_size, Extent(nodes));
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("fault", fault, fault_size, 2);
    fl::calls::run(fl::calls::CheckGraph<float>{thread_count(threads), nodes, edges, lattices, positions, edge_index,
        shifts, radii, attributes, batch, fault});
  });
}

int32_t fl_check_graph_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lattices, const double* positions,
                           int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                           const double* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                           const double* attributes, int64_t attributes_size, const int64_t* batch, int64_t batch_size,
                           int64_t* fault, int64_t fault_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("lattices", lattices);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("attributes", attributes, attributes_size, Extent(nodes));
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("fault", fault, fault_size, 2);
    fl::calls::run(fl::calls::CheckGraph<double>{thread_count(threads), nodes, edges, lattices, positions, edge_index,
        shifts, radii, attributes, batch, fault});
  });
}

int32_t fl_fold_wireframe(int64_t nodes, int64_t struts, const double* fractional, int64_t fractional_size,
                          const double* cell, int64_t cell_size, const double* margin, int64_t margin_size,
                          const int64_t* ends, int64_t ends_size, const double* radii, int64_t radii_size,
                          double reach, int64_t shares, double* places, int64_t places_size, int64_t* place_of,
                          int64_t place_of_size, int64_t* on_face, int64_t on_face_size, int64_t* folded_ends,
                          int64_t folded_ends_size, int64_t* folded_shifts, int64_t folded_shifts_size,
                          double* folded_radii, int64_t folded_radii_size, double* longest_point,
                          int64_t longest_point_size, int64_t* report, int64_t report_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("struts", struts);
    check_buffer("fractional", fractional, fractional_size, 3 * Extent(nodes));
    check_buffer("cell", cell, cell_size, 9);
    check_buffer("margin", margin, margin_size, 3);
    check_buffer("ends", ends, ends_size, 2 * Extent(struts));
    check_buffer("radii", radii, radii_size, Extent(struts));
    check_buffer("places", places, places_size, 3 * Extent(nodes));
    check_buffer("place_of", place_of, place_of_size, Extent(nodes));
    check_buffer("on_face", on_face, on_face_size, Extent(nodes));
    check_buffer("folded_ends", folded_ends, folded_ends_size, 2 * Extent(struts));
    check_buffer("folded_shifts", folded_shifts, folded_shifts_size, 3 * Extent(struts));
    check_buffer("folded_radii", folded_radii, folded_radii_size, Extent(struts));
    check_buffer("longest_point", longest_point, longest_point_size, 1);
    check_buffer("report", report, report_size, 12);
    fl::calls::run(fl::calls::FoldWireframe{nodes, struts, fractional, cell, margin, ends, radii, reach, shares,
        places, place_of, on_face, folded_ends, folded_shifts, folded_radii, longest_point, report});
  });
}

int32_t fl_lat_parse(const char* text, int64_t text_size, int64_t first_line, double default_density,
                     int64_t stop_at_error, void** handle, int64_t* sizes, int64_t sizes_size) {
  return fl::guarded([&] {
    check_pointer("text", text, text_size);
    check_buffer("sizes", sizes, sizes_size, 6);
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::LatParse{{text, text_size}, first_line, default_density, stop_at_error, handle, sizes});
  });
}

int32_t fl_lat_columns(void* handle, double* cell, int64_t cell_size, double* positions, int64_t positions_size,
                       int64_t* struts, int64_t struts_size, int64_t* shifts, int64_t shifts_size, double* radii,
                       int64_t radii_size, int64_t* node_offsets, int64_t node_offsets_size, int64_t* strut_offsets,
                       int64_t strut_offsets_size, char* names, int64_t names_size, int64_t* name_offsets,
                       int64_t name_offsets_size, char* base_names, int64_t base_names_size,
                       int64_t* base_name_offsets, int64_t base_name_offsets_size, double* imperfection_level,
                       int64_t imperfection_level_size, double* density, int64_t density_size, double* stiffness,
                       int64_t stiffness_size, int64_t* label_holders, int64_t label_holders_size,
                       int64_t* notation_unsaid, int64_t notation_unsaid_size) {
  return fl::guarded([&] {
    check_pointer("cell", cell, cell_size);
    check_pointer("positions", positions, positions_size);
    check_pointer("struts", struts, struts_size);
    check_pointer("shifts", shifts, shifts_size);
    check_pointer("radii", radii, radii_size);
    check_pointer("node_offsets", node_offsets, node_offsets_size);
    check_pointer("strut_offsets", strut_offsets, strut_offsets_size);
    check_pointer("names", names, names_size);
    check_pointer("name_offsets", name_offsets, name_offsets_size);
    check_pointer("base_names", base_names, base_names_size);
    check_pointer("base_name_offsets", base_name_offsets, base_name_offsets_size);
    check_pointer("imperfection_level", imperfection_level, imperfection_level_size);
    check_pointer("density", density, density_size);
    check_pointer("stiffness", stiffness, stiffness_size);
    check_pointer("label_holders", label_holders, label_holders_size);
    check_pointer("notation_unsaid", notation_unsaid, notation_unsaid_size);
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::LatColumns{handle, {cell, cell_size}, {positions, positions_size}, {struts, struts_size},
        {shifts, shifts_size}, {radii, radii_size}, {node_offsets, node_offsets_size}, {strut_offsets,
        strut_offsets_size}, {names, names_size}, {name_offsets, name_offsets_size}, {base_names, base_names_size},
        {base_name_offsets, base_name_offsets_size}, {imperfection_level, imperfection_level_size}, {density,
        density_size}, {stiffness, stiffness_size}, {label_holders, label_holders_size}, {notation_unsaid,
        notation_unsaid_size}});
  });
}

int32_t fl_lat_error(void* handle, int64_t index, int64_t* line, const char** entry, const char** reason) {
  return fl::guarded([&] {
    check_size("index", index);
    check_pointer("handle", handle, 1);
    check_pointer("line", line, 1);
    check_pointer("entry", entry, 1);
    check_pointer("reason", reason, 1);
    fl::calls::run(fl::calls::LatError{handle, index, line, entry, reason});
  });
}

int32_t fl_lat_free(void* handle) {
  return fl::guarded([&] {
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::LatFree{handle});
  });
}

int32_t fl_foreign_strut(int64_t count, const int64_t* struts, int64_t struts_size, const int64_t* node_offsets,
                         int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                         int64_t* strut, int64_t strut_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("strut", strut, strut_size, 1);
    fl::calls::run(fl::calls::ForeignStrut{count, struts, node_offsets, strut_offsets, strut});
  });
}

int32_t fl_lat_format(int64_t rows, const double* cell, int64_t cell_size, const double* positions,
                      int64_t positions_size, const int64_t* struts, int64_t struts_size, const int64_t* shifts,
                      int64_t shifts_size, const double* radii, int64_t radii_size, const int64_t* node_offsets,
                      int64_t node_offsets_size, const int64_t* strut_offsets, int64_t strut_offsets_size,
                      const char* names, int64_t names_size, const int64_t* name_offsets, int64_t name_offsets_size,
                      const char* base_names, int64_t base_names_size, const int64_t* base_name_offsets,
                      int64_t base_name_offsets_size, const double* imperfection_level,
                      int64_t imperfection_level_size, const double* density, int64_t density_size,
                      const double* stiffness, int64_t stiffness_size, const double* compliance,
                      int64_t compliance_size, int64_t digits, int64_t begin, int64_t end, int64_t* next,
                      void** handle, const char** text, int64_t* size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("digits", digits);
    check_size("begin", begin);
    check_size("end", end);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(rows));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(rows));
    check_offsets("name_offsets", name_offsets, name_offsets_size, Extent(rows));
    if (base_name_offsets) check_offsets("base_name_offsets", base_name_offsets, base_name_offsets_size, Extent(rows));
    check_buffer("cell", cell, cell_size, 9 * Extent(rows));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, rows));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, rows));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, rows));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, rows));
    check_buffer("names", names, names_size, element(name_offsets, name_offsets_size, rows));
    if (base_names) check_buffer("base_names", base_names, base_names_size, element(base_name_offsets, base_name_offsets_size, rows));
    if (imperfection_level) check_buffer("imperfection_level", imperfection_level, imperfection_level_size, Extent(rows));
    check_buffer("density", density, density_size, Extent(rows));
    if (stiffness) check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(rows));
    if (compliance) check_buffer("compliance", compliance, compliance_size, 36 * Extent(rows));
    check_pointer("next", next, 1);
    check_pointer("handle", handle, 1);
    check_pointer("text", text, 1);
    check_pointer("size", size, 1);
    fl::calls::run(fl::calls::LatFormat{rows, cell, positions, struts, shifts, radii, node_offsets, strut_offsets,
        names, name_offsets, base_names, base_name_offsets, imperfection_level, density, stiffness, compliance, digits,
        begin, end, next, handle, text, size});
  });
}

int32_t fl_lat_text_free(void* handle) {
  return fl::guarded([&] {
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::LatTextFree{handle});
  });
}
