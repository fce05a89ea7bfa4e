// Written by codegen/abi.py; not to be edited.
#include "base/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_repeat_f32(int64_t threads, int64_t count, int64_t size, const float* row, int64_t row_size, float* out,
                      int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("size", size);
    check_buffer("row", row, row_size, Extent(size));
    check_buffer("out", out, out_size, Extent(count) * Extent(size));
    fl::calls::run(fl::calls::Repeat<float>{thread_count(threads), count, size, row, out});
  });
}

int32_t fl_repeat_f64(int64_t threads, int64_t count, int64_t size, const double* row, int64_t row_size, double* out,
                      int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_size("size", size);
    check_buffer("row", row, row_size, Extent(size));
    check_buffer("out", out, out_size, Extent(count) * Extent(size));
    fl::calls::run(fl::calls::Repeat<double>{thread_count(threads), count, size, row, out});
  });
}

int32_t fl_fma_peak(double* f32, int64_t f32_size, double* f64, int64_t f64_size) {
  return fl::guarded([&] {
    check_buffer("f32", f32, f32_size, 1);
    check_buffer("f64", f64, f64_size, 1);
    fl::calls::run(fl::calls::FmaPeak{f32, f64});
  });
}
