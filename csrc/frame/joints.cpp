// How far struts reach into one another at the nodes. Of two struts with radii r and s that meet at the angle t, the
// second covers the axis of the first up to s / sin t; beyond a right angle no further than s.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/generated/calls.h"
#include "frame/geometry.h"

namespace fl::frame {
namespace {

constexpr int64_t lattices_at_once = 16;
constexpr double least_square_sine = 1e-18;  // struts on top of each other cover each other throughout
constexpr double straight = -1 + 1e-9;       // a strut that goes straight on covers nothing

class Joints {
 public:
  // The struts of a lattice whose graph is valid; writes [struts, 2].
  void reach(const Lattice& lattice, double* reached) {
    measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts_);
    sort_ends(lattice);
    std::fill_n(reached, 2 * lattice.num_struts, 0.0);
    for (int64_t node = 0; node < lattice.num_nodes; ++node)
      for (int64_t p = starts_[node]; p < starts_[node + 1]; ++p)
        for (int64_t q = starts_[node]; q < p; ++q) meet(ends_[p], ends_[q], reached);
    for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) reached[k] = std::sqrt(reached[k]);
  }

  // The largest part of a strut's length that both ends together take.
  double overlap(const double* reached) const {
    double most = 0;
    for (const Strut& strut : struts_) {
      const double part = (reached[0] + reached[1]) / strut.length;
      most = part < 1 ? std::max(most, part) : 1;  // also where there is no length
      if (most == 1) break;
      reached += 2;
    }
    return most;
  }

  std::vector<double> reached;  // where the caller keeps none

 private:
  struct End {
    double direction[3], radius;
    int64_t place;  // in reached
  };

  // The ends of struts by the nodes that they are at.
  void sort_ends(const Lattice& lattice) {
    const int64_t count = 2 * lattice.num_struts;
    starts_.assign(lattice.num_nodes + 2, 0);
    for (int64_t k = 0; k < count; ++k) ++starts_[lattice.struts[k] + 2];
    for (int64_t n = 2; n < lattice.num_nodes + 2; ++n) starts_[n] += starts_[n - 1];
    ends_.resize(count);
    for (int64_t k = 0; k < count; ++k) {
      const Strut& strut = struts_[k / 2];
      const double scale = (k % 2 ? -1 : 1) / strut.length;
      ends_[starts_[lattice.struts[k] + 1]++] = {
          {scale * strut.vector[0], scale * strut.vector[1], scale * strut.vector[2]}, strut.radius, k};
    }
  }

  // Two ends at one node, in squares.
  static void meet(const End& a, const End& b, double* reached) {
    const double* d = a.direction;
    const double cosine = d[0] * b.direction[0] + d[1] * b.direction[1] + d[2] * b.direction[2];
    if (cosine < straight) return;
    const double square_sine = cosine > 0 ? std::max(1 - cosine * cosine, least_square_sine) : 1;
    reached[a.place] = std::max(reached[a.place], b.radius * b.radius / square_sine);
    reached[b.place] = std::max(reached[b.place], a.radius * a.radius / square_sine);
  }

  std::vector<Strut> struts_;
  std::vector<int64_t> starts_;
  std::vector<End> ends_;
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace frame;

void run(const FrameJoints& call) {
  std::vector<Joints> joints(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    Joints& mine = joints[worker];
    for (int64_t b = begin; b < end; ++b) {
      const Lattice lattice = lattice_of(call, b);
      call.overlap[b] = NAN;
      if (!graph_is_valid(lattice)) continue;
      mine.reached.resize(call.reached ? 0 : 2 * lattice.num_struts);
      double* reached = call.reached ? call.reached + 2 * call.strut_offsets[b] : mine.reached.data();
      mine.reach(lattice, reached);
      call.overlap[b] = mine.overlap(reached);
    }
  });
}

}  // namespace fl::calls
