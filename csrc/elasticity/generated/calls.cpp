// Written by codegen/abi.py; not to be edited.
#include "elasticity/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_elasticity_moduli(int64_t count, const double* stiffness, int64_t stiffness_size, double* columns,
                             int64_t columns_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(count));
    check_buffer("columns", columns, columns_size, 34 * Extent(count));
    fl::calls::run(fl::calls::ElasticityModuli{count, stiffness, columns});
  });
}

int32_t fl_elasticity_extremes(int64_t threads, int64_t count, int64_t modulus, const double* factor,
                               int64_t factor_size, double* frames, int64_t frames_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("modulus", modulus);
    check_buffer("factor", factor, factor_size, 36 * Extent(count));
    check_buffer("frames", frames, frames_size, 18 * Extent(count));
    fl::calls::run(fl::calls::ElasticityExtremes{thread_count(threads), count, modulus, factor, frames});
  });
}
