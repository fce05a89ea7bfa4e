// Written by codegen/abi.py; not to be edited.
#include "data/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_stream_sizes(int64_t threads, int64_t seed, int64_t first, int64_t count, int64_t bases, int64_t quantities,
                        const double* cumulative, int64_t cumulative_size, const int64_t* base_node_offsets,
                        int64_t base_node_offsets_size, const int64_t* base_strut_offsets,
                        int64_t base_strut_offsets_size, const double* low, int64_t low_size, const double* high,
                        int64_t high_size, const double* choices, int64_t choices_size, const int64_t* choice_offsets,
                        int64_t choice_offsets_size, double removal_share, int64_t* base, int64_t base_size,
                        int64_t* node_offsets, int64_t node_offsets_size, int64_t* strut_offsets,
                        int64_t strut_offsets_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("bases", bases);
    check_size("quantities", quantities);
    check_offsets("base_node_offsets", base_node_offsets, base_node_offsets_size, Extent(bases));
    check_offsets("base_strut_offsets", base_strut_offsets, base_strut_offsets_size, Extent(bases));
    check_offsets("choice_offsets", choice_offsets, choice_offsets_size, Extent(quantities));
    check_buffer("cumulative", cumulative, cumulative_size, Extent(bases));
    check_buffer("low", low, low_size, Extent(quantities));
    check_buffer("high", high, high_size, Extent(quantities));
    check_buffer("choices", choices, choices_size, element(choice_offsets, choice_offsets_size, quantities));
    check_buffer("base", base, base_size, Extent(count));
    check_buffer("node_offsets", node_offsets, node_offsets_size, Extent(count) + 1);
    check_buffer("strut_offsets", strut_offsets, strut_offsets_size, Extent(count) + 1);
    fl::calls::run(fl::calls::StreamSizes{thread_count(threads), seed, first, count, bases, quantities, cumulative,
        base_node_offsets, base_strut_offsets, low, high, choices, choice_offsets, removal_share, base, node_offsets,
        strut_offsets});
  });
}

int32_t fl_stream_fill(int64_t threads, int64_t seed, int64_t first, int64_t count, int64_t bases, int64_t quantities,
                       const double* cumulative, int64_t cumulative_size, const int64_t* base_node_offsets,
                       int64_t base_node_offsets_size, const int64_t* base_strut_offsets,
                       int64_t base_strut_offsets_size, const double* low, int64_t low_size, const double* high,
                       int64_t high_size, const double* choices, int64_t choices_size, const int64_t* choice_offsets,
                       int64_t choice_offsets_size, double removal_share, const double* base_cell,
                       int64_t base_cell_size, const double* base_positions, int64_t base_positions_size,
                       const int64_t* base_struts, int64_t base_struts_size, const int64_t* base_shifts,
                       int64_t base_shifts_size, double strain_share, double strain, double zero_share, double uniform,
                       double two_valued, double log_normal, double max_slenderness, int64_t displacement,
                       int64_t rotation, const int64_t* node_offsets, int64_t node_offsets_size,
                       const int64_t* strut_offsets, int64_t strut_offsets_size, double* cell, int64_t cell_size,
                       double* positions, int64_t positions_size, int64_t* struts, int64_t struts_size,
                       int64_t* shifts, int64_t shifts_size, double* radii, int64_t radii_size, double* level,
                       int64_t level_size, double* density, int64_t density_size, uint8_t* beam_valid,
                       int64_t beam_valid_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("bases", bases);
    check_size("quantities", quantities);
    check_offsets("base_node_offsets", base_node_offsets, base_node_offsets_size, Extent(bases));
    check_offsets("base_strut_offsets", base_strut_offsets, base_strut_offsets_size, Extent(bases));
    check_offsets("choice_offsets", choice_offsets, choice_offsets_size, Extent(quantities));
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cumulative", cumulative, cumulative_size, Extent(bases));
    check_buffer("low", low, low_size, Extent(quantities));
    check_buffer("high", high, high_size, Extent(quantities));
    check_buffer("choices", choices, choices_size, element(choice_offsets, choice_offsets_size, quantities));
    check_buffer("base_cell", base_cell, base_cell_size, 9 * Extent(bases));
    check_buffer("base_positions", base_positions, base_positions_size, 3 * element(base_node_offsets, base_node_offsets_size, bases));
    check_buffer("base_struts", base_struts, base_struts_size, 2 * element(base_strut_offsets, base_strut_offsets_size, bases));
    check_buffer("base_shifts", base_shifts, base_shifts_size, 3 * element(base_strut_offsets, base_strut_offsets_size, bases));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("level", level, level_size, Extent(count));
    check_buffer("density", density, density_size, Extent(count));
    check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    check_choice("displacement", displacement, 2);
    check_choice("rotation", rotation, 2);
    fl::calls::run(fl::calls::StreamFill{thread_count(threads), seed, first, count, bases, quantities, cumulative,
        base_node_offsets, base_strut_offsets, low, high, choices, choice_offsets, removal_share, base_cell,
        base_positions, base_struts, base_shifts, strain_share, strain, zero_share, uniform, two_valued, log_normal,
        max_slenderness, static_cast<fl::data::Displacement>(displacement), static_cast<fl::data::Rotation>(rotation),
        node_offsets, strut_offsets, cell, positions, struts, shifts, radii, level, density, beam_valid});
  });
}
