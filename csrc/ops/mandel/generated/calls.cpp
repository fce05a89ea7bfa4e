// Written by codegen/abi.py; not to be edited.
#include "ops/mandel/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_mandel_f32(int64_t threads, int64_t count, int64_t function, const float* coefficients,
                      int64_t coefficients_size, float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("coefficients", coefficients, coefficients_size, 21 * Extent(count));
    check_buffer("out", out, out_size, 36 * Extent(count));
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::Mandel<float>{thread_count(threads), count, static_cast<fl::PositiveFunction>(function),
        coefficients, out});
  });
}

int32_t fl_mandel_f64(int64_t threads, int64_t count, int64_t function, const double* coefficients,
                      int64_t coefficients_size, double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("coefficients", coefficients, coefficients_size, 21 * Extent(count));
    check_buffer("out", out, out_size, 36 * Extent(count));
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::Mandel<double>{thread_count(threads), count, static_cast<fl::PositiveFunction>(function),
        coefficients, out});
  });
}

int32_t fl_mandel_backward_f32(int64_t threads, int64_t count, int64_t function, const float* coefficients,
                               int64_t coefficients_size, const float* grad_out, int64_t grad_out_size,
                               float* grad_coefficients, int64_t grad_coefficients_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("coefficients", coefficients, coefficients_size, 21 * Extent(count));
    check_buffer("grad_out", grad_out, grad_out_size, 36 * Extent(count));
    check_buffer("grad_coefficients", grad_coefficients, grad_coefficients_size, 21 * Extent(count));
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::MandelBackward<float>{thread_count(threads), count,
        static_cast<fl::PositiveFunction>(function), coefficients, grad_out, grad_coefficients});
  });
}

int32_t fl_mandel_backward_f64(int64_t threads, int64_t count, int64_t function, const double* coefficients,
                               int64_t coefficients_size, const double* grad_out, int64_t grad_out_size,
                               double* grad_coefficients, int64_t grad_coefficients_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("coefficients", coefficients, coefficients_size, 21 * Extent(count));
    check_buffer("grad_out", grad_out, grad_out_size, 36 * Extent(count));
    check_buffer("grad_coefficients", grad_coefficients, grad_coefficients_size, 21 * Extent(count));
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::MandelBackward<double>{thread_count(threads), count,
        static_cast<fl::PositiveFunction>(function), coefficients, grad_out, grad_coefficients});
  });
}
