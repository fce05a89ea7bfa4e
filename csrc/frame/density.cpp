#include "frame/density.h"

#include <limits>

#include "base/pool.h"
#include "frame/generated/calls.h"

namespace fl::frame {

double density_of(const Lattice& lattice) {
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k)
    if (uint64_t(lattice.struts[k]) >= uint64_t(lattice.num_nodes)) return std::numeric_limits<double>::quiet_NaN();
  const double volume = std::abs(determinant(lattice.cell));
  return density(lattice, lattice.cell, lattice.positions, lattice.radii, volume);
}

}  // namespace fl::frame

namespace fl::calls {

void run(const FrameDensity& call) {
  constexpr int64_t lattices_at_once = 256;
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) call.density[b] = frame::density_of(frame::lattice_of(call, b));
  });
}

}  // namespace fl::calls
