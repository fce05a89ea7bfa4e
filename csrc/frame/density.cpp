// Relative densities: plain products and sums, lattice by lattice, so that every instruction set gives the same bits.
#include <cmath>
#include <limits>

#include "base/pool.h"
#include "base/vector3.h"
#include "frame/generated/calls.h"

namespace fl::calls {
namespace {

constexpr int64_t lattices_at_once = 256;

// Sum of pi r^2 L over the struts of lattice b by the volume of its cell; NaN where a strut has no such node.
double density_of(const FrameDensity& call, int64_t b) {
  const double *cell = call.cell + 9 * b, *positions = call.positions + 3 * call.node_offsets[b];
  const uint64_t nodes = uint64_t(call.node_offsets[b + 1] - call.node_offsets[b]);
  double sum = 0;
  for (int64_t m = call.strut_offsets[b]; m < call.strut_offsets[b + 1]; ++m) {
    const int64_t i = call.struts[2 * m], j = call.struts[2 * m + 1], *shift = call.shifts + 3 * m;
    if (uint64_t(i) >= nodes || uint64_t(j) >= nodes) return std::numeric_limits<double>::quiet_NaN();
    double square = 0;
    for (int x = 0; x < 3; ++x) {
      const double image =
          double(shift[0]) * cell[x] + double(shift[1]) * cell[3 + x] + double(shift[2]) * cell[6 + x];
      const double along = positions[3 * j + x] - positions[3 * i + x] + image;
      square += along * along;
    }
    sum += pi * call.radii[m] * call.radii[m] * std::sqrt(square);
  }
  return sum / std::abs(determinant(cell));
}

}  // namespace

void run(const FrameDensity& call) {
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) call.density[b] = density_of(call, b);
  });
}

}  // namespace fl::calls
