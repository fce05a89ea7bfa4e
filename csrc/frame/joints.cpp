// How far struts reach into one another at the nodes. Of two struts with radii r and s that meet at the angle t, the
// second covers the axis of the first up to s / sin t; beyond a right angle no further than s.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/generated/calls.h"
#include "frame/geometry.h"

namespace fl::frame {
namespace {

constexpr int64_t lattices_at_once = 16;
constexpr double least_square_sine = 1e-18;  // struts on top of each other cover each other throughout
constexpr double certainly_less = 1 - 1e-12;  // whatever rounding does
constexpr double straight = -1 + 1e-9;       // a strut that goes straight on covers nothing

class Joints {
 public:
  // The struts of a lattice whose graph is valid; writes [struts, 2], in squares.
  void reach(const Lattice& lattice, double* reached) {
    measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts_);
    sort_ends(lattice);
    for (int64_t node = 0; node < lattice.num_nodes; ++node)
      for (int64_t p = starts_[node]; p < ends_[node]; ++p)
        reached[places_[p]] = covered(p, starts_[node], ends_[node]);
  }

  // The largest part of a strut's length that both ends together take.
  double overlap(const double* reached) const {
    double most = 0;
    for (const Strut& strut : struts_) {
      const double a = *reached++, b = *reached++, least = most * strut.length;
      if (2 * (a + b) < certainly_less * least * least) continue;  // (sqrt a + sqrt b)^2 is no more than that
      const double part = (std::sqrt(a) + std::sqrt(b)) / strut.length;
      most = part < 1 ? std::max(most, part) : 1;  // also where there is no length
      if (most == 1) break;
    }
    return most;
  }

  std::vector<double> reached;  // where the caller keeps none

 private:
  static constexpr int64_t lanes = Lanes::count;

  // The ends of struts by the nodes that they are at; each node's begin a row of lanes, and zeros fill up its last.
  void sort_ends(const Lattice& lattice) {
    const int64_t count = 2 * lattice.num_struts;
    starts_.assign(lattice.num_nodes + 1, 0);
    for (int64_t k = 0; k < count; ++k) ++starts_[lattice.struts[k] + 1];
    for (int64_t n = 0; n < lattice.num_nodes; ++n)
      starts_[n + 1] = starts_[n] + (starts_[n + 1] + lanes - 1) / lanes * lanes;
    ends_.assign(starts_.begin(), starts_.end() - 1);
    const int64_t rows = starts_.back();
    for (std::vector<double>& column : columns_) column.assign(rows, 0);
    places_.resize(rows);
    for (int64_t k = 0; k < count; ++k) {
      const Strut& strut = struts_[k / 2];
      const double scale = (k % 2 ? -1 : 1) / strut.length;
      const int64_t p = ends_[lattice.struts[k]]++;
      for (int r = 0; r < 3; ++r) columns_[r][p] = scale * strut.vector[r];
      columns_[3][p] = strut.radius * strut.radius, places_[p] = k;
    }
  }

  // How far the other ends at its node, [begin, end), cover end p, in squares.
  double covered(int64_t p, int64_t begin, int64_t end) {
    const double own = columns_[3][p];
    columns_[3][p] = 0;  // it does not cover itself
    const Part x = broadcast(columns_[0][p]), y = broadcast(columns_[1][p]), z = broadcast(columns_[2][p]);
    const Part zero{}, one = broadcast(1), least = broadcast(least_square_sine), back = broadcast(straight);
    Part most{};
    for (int64_t q = begin; q < end; q += lanes) {
      const Part cosine = x * row(0, q) + y * row(1, q) + z * row(2, q), square = one - cosine * cosine;
      const Part sine = cosine > zero ? (square < least ? least : square) : one;
      const Part reach = cosine < back ? zero : row(3, q) / sine;
      most = most < reach ? reach : most;
    }
    columns_[3][p] = own;
    double found = 0;
    for (int lane = 0; lane < lanes; ++lane) found = std::max(found, double(most[lane]));
    return found;
  }
  Part row(int column, int64_t q) const {
    Part values;
    std::memcpy(&values, &columns_[column][q], sizeof values);
    return values;
  }

  std::vector<Strut> struts_;
  std::vector<int64_t> starts_, ends_, places_;  // of nodes; of nodes; of rows: where reach() writes
  std::vector<double> columns_[4];               // direction and square of the radius
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
      for (int64_t k = 0; call.reached && k < 2 * lattice.num_struts; ++k) reached[k] = std::sqrt(reached[k]);
    }
  });
}

}  // namespace fl::calls
