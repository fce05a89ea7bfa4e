// Written by codegen/abi.py; not to be edited.
#include "ops/edge_sh/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_edge_sh_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const float* positions,
                       int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size, const float* shifts,
                       int64_t shifts_size, const int64_t* reverse, int64_t reverse_size, float* sh, int64_t sh_size,
                       float* length, int64_t length_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_degree("lmax", lmax);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    if (reverse) check_buffer("reverse", reverse, reverse_size, Extent(edges));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(edges));
    fl::calls::run(fl::calls::EdgeSh<float>{thread_count(threads), nodes, edges, lmax, positions, edge_index, shifts,
        reverse, sh, length});
  });
}

int32_t fl_edge_sh_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const double* positions,
                       int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                       const double* shifts, int64_t shifts_size, const int64_t* reverse, int64_t reverse_size,
                       double* sh, int64_t sh_size, double* length, int64_t length_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_degree("lmax", lmax);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    if (reverse) check_buffer("reverse", reverse, reverse_size, Extent(edges));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(edges));
    fl::calls::run(fl::calls::EdgeSh<double>{thread_count(threads), nodes, edges, lmax, positions, edge_index, shifts,
        reverse, sh, length});
  });
}

int32_t fl_edge_sh_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const float* positions,
                                int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                                const float* shifts, int64_t shifts_size, const float* grad_sh, int64_t grad_sh_size,
                                const float* grad_length, int64_t grad_length_size, float* grad_positions,
                                int64_t grad_positions_size, float* grad_shifts, int64_t grad_shifts_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_degree("lmax", lmax);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("grad_length", grad_length, grad_length_size, Extent(edges));
    check_buffer("grad_positions", grad_positions, grad_positions_size, 3 * Extent(nodes));
    check_buffer("grad_shifts", grad_shifts, grad_shifts_size, 3 * Extent(edges));
    fl::calls::run(fl::calls::EdgeShBackward<float>{thread_count(threads), nodes, edges, lmax, positions, edge_index,
        shifts, grad_sh, grad_length, grad_positions, grad_shifts});
  });
}

int32_t fl_edge_sh_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const double* positions,
                                int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                                const double* shifts, int64_t shifts_size, const double* grad_sh, int64_t grad_sh_size,
                                const double* grad_length, int64_t grad_length_size, double* grad_positions,
                                int64_t grad_positions_size, double* grad_shifts, int64_t grad_shifts_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_degree("lmax", lmax);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("grad_length", grad_length, grad_length_size, Extent(edges));
    check_buffer("grad_positions", grad_positions, grad_positions_size, 3 * Extent(nodes));
    check_buffer("grad_shifts", grad_shifts, grad_shifts_size, 3 * Extent(edges));
    fl::calls::run(fl::calls::EdgeShBackward<double>{thread_count(threads), nodes, edges, lmax, positions, edge_index,
        shifts, grad_sh, grad_length, grad_positions, grad_shifts});
  });
}
