#include "frame/joints.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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

// What the square of a strut's radius is multiplied by, to be how far it covers another one at this angle, in squares.
FL_INLINE Part share(Part cosine) {
  const Part zero{}, one = broadcast(1), least = broadcast(least_square_sine), square = one - cosine * cosine;
  const Part sine = cosine > zero ? (square < least ? least : square) : one;
  return cosine < broadcast(straight) ? zero : one / sine;
}

FL_INLINE Part larger(Part x, Part y) { return x < y ? y : x; }

// Of each node, where its ends begin, and their end; end 2 k + s is that of strut k at its node s.
void count_ends(const Lattice& lattice, int64_t multiple, std::vector<int64_t>& starts) {
  starts.assign(lattice.num_nodes + 1, 0);
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) ++starts[lattice.struts[k] + 1];
  for (int64_t n = 0; n < lattice.num_nodes; ++n)
    starts[n + 1] = starts[n] + (starts[n + 1] + multiple - 1) / multiple * multiple;
}

}  // namespace

void Joints::reach(const Lattice& lattice, double* reached) {
  measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts_);
  sort_ends(lattice);
  for (int64_t node = 0; node < lattice.num_nodes; ++node)
    for (int64_t p = starts_[node]; p < ends_[node]; ++p) reached[places_[p]] = covered(p, starts_[node], ends_[node]);
}

double Joints::overlap(const double* reached) const {
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

// The ends of struts by the nodes that they are at; each node's begin a row of lanes, and zeros fill up its last.
void Joints::sort_ends(const Lattice& lattice) {
  count_ends(lattice, lanes, starts_);
  ends_.assign(starts_.begin(), starts_.end() - 1);
  const int64_t rows = starts_.back();
  for (std::vector<double>& column : columns_) column.assign(rows, 0);
  places_.resize(rows);
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) {
    const Strut& strut = struts_[k / 2];
    const double scale = (k % 2 ? -1 : 1) / strut.length;
    const int64_t p = ends_[lattice.struts[k]]++;
    for (int r = 0; r < 3; ++r) columns_[r][p] = scale * strut.vector[r];
    columns_[3][p] = strut.radius * strut.radius, places_[p] = k;
  }
}

// How far the other ends at its node, [begin, end), cover end p, in squares.
double Joints::covered(int64_t p, int64_t begin, int64_t end) {
  const double own = columns_[3][p];
  columns_[3][p] = 0;  // it does not cover itself
  const Part x = broadcast(columns_[0][p]), y = broadcast(columns_[1][p]), z = broadcast(columns_[2][p]);
  Part most{};
  for (int64_t q = begin; q < end; q += lanes)
    most = larger(most, row(3, q) * share(x * row(0, q) + y * row(1, q) + z * row(2, q)));
  columns_[3][p] = own;
  double found = 0;
  for (int lane = 0; lane < lanes; ++lane) found = std::max(found, double(most[lane]));
  return found;
}

Part Joints::row(int column, int64_t q) const {
  Part values;
  std::memcpy(&values, &columns_[column][q], sizeof values);
  return values;
}

void JointsTogether::analyse(const Lattice& lattice) {
  count_ends(lattice, 1, starts_);
  places_.resize(2 * lattice.num_struts);
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) places_[k] = starts_[lattice.struts[k]]++;
  for (int64_t n = lattice.num_nodes; n > 0; --n) starts_[n] = starts_[n - 1];
  starts_[0] = 0;
}

Lanes JointsTogether::overlap(const std::vector<StrutOf<Lanes>>& struts) {
  ends_.resize(places_.size());
  for (size_t k = 0; k < struts.size(); ++k) {
    End &here = ends_[places_[2 * k]], &there = ends_[places_[2 * k + 1]];
    const Lanes scale = 1.0 / struts[k].length;
    for (int r = 0; r < 3; ++r) there.direction[r] = -(here.direction[r] = scale * struts[k].vector[r]);
    here.square = there.square = struts[k].radius * struts[k].radius;
    here.covered = there.covered = 0.0;
  }
  for (size_t node = 0; node + 1 < starts_.size(); ++node)
    for (int64_t p = starts_[node]; p < starts_[node + 1]; ++p) {
      End& one = ends_[p];
      for (int64_t q = p + 1; q < starts_[node + 1]; ++q) {
        End& other = ends_[q];
        const Lanes *v = one.direction, *w = other.direction;
        const Part part = share((v[0] * w[0] + v[1] * w[1] + v[2] * w[2]).part);
        one.covered.part = larger(one.covered.part, other.square.part * part);
        other.covered.part = larger(other.covered.part, one.square.part * part);
      }
    }
  Lanes most = 0.0;
  for (size_t k = 0; k < struts.size(); ++k) {
    const Lanes a = ends_[places_[2 * k]].covered, b = ends_[places_[2 * k + 1]].covered;
    const Lanes least = most * struts[k].length;
    if (bits((a + b) * 2.0 < certainly_less * least * least) == (1u << Lanes::count) - 1) continue;
    const Part part = ((square_root(a) + square_root(b)) / struts[k].length).part, one = broadcast(1);
    most.part = larger(most.part, part < one ? part : one);
  }
  return most;
}

}  // namespace fl::frame

namespace fl::calls {

using namespace frame;

void run(const FrameJoints& call) {
  std::vector<Joints> joints(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const Lattice lattice = lattice_of(call, b);
      call.overlap[b] = NAN;
      if (!graph_is_valid(lattice)) continue;
      if (!call.reached) {
        call.overlap[b] = joints[worker].overlap(lattice);
        continue;
      }
      double* reached = call.reached + 2 * call.strut_offsets[b];
      joints[worker].reach(lattice, reached);
      call.overlap[b] = joints[worker].overlap(reached);
      for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) reached[k] = std::sqrt(reached[k]);
    }
  });
}

}  // namespace fl::calls
