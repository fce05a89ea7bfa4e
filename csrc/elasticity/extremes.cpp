// Global extremes of Young's modulus, the shear modulus and Poisson's ratio over all directions, in double precision.
//
// They depend on the compliance only through its components S1111, S1122 and S1212 in a frame (n, m, p). A linear
// combination F of these is a trigonometric polynomial of degree 4 along every rotation, so that by Bernstein's
// inequality it rises from its minimum to a frame at an angle a by no more than (1 - cos 4 a) / 2 of its range. For a
// fixed n the best m solves a 2x2 eigenvalue problem. Hence a grid over n will do: its points that are within that bound
// of the lowest value known are all that can lie beside the global minimum, and from the best of them Newton's method
// goes on in all three angles. A ratio, which may peak sharply, becomes such a combination by Dinkelbach's iteration
// (Management Science 13, 1967, 492-498): F = r S1111 - a S1122 is negative where a S1122 / S1111 exceeds r.
//
// Where some modes are much softer than others, the minima lie in valleys too narrow for any grid. Then the soft modes
// are stiffened first, and made softer step by step; minima are followed from step to step, and the grid is searched
// again at each.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/pool.h"
#include "elasticity/generated/calls.h"
#include "elasticity/grid.h"
#include "elasticity/newton.h"

namespace fl::elasticity {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int points = Grid::points;
constexpr int order = 6;
constexpr double stiffening = 1e3;  // ratio of compliances that a grid resolves, and from one step to the next
constexpr int most_minima = 16, most_others = 8, most_followed = 8, most_rounds = 20;
constexpr double rounding = 1e-12;

// S = w w^T.
struct Compliance {
  double w[order][order], s[order][order];

  void multiply() {
    for (int i = 0; i < order; ++i)
      for (int j = 0; j <= i; ++j) {
        double sum = 0;
        for (int k = 0; k < order; ++k) sum += w[i][k] * w[j][k];
        s[i][j] = s[j][i] = sum;
      }
  }
};

// Eigenvalues and eigenvectors (columns) of a symmetric 6x6 matrix, which is lost: Jacobi's rotations.
void diagonalise(double (*a)[order], double* values, double (*axes)[order]) {
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) axes[i][j] = i == j;
  for (int sweep = 0; sweep < 12; ++sweep) {
    double off = 0, on = 0;
    for (int i = 0; i < order; ++i) {
      on += a[i][i] * a[i][i];
      for (int j = 0; j < i; ++j) off += a[i][j] * a[i][j];
    }
    if (off <= 1e-32 * on) break;
    for (int p = 0; p < order; ++p)
      for (int q = p + 1; q < order; ++q) {
        if (a[p][q] == 0) continue;
        const double difference = a[q][q] - a[p][p], twice = 2 * a[p][q];
        const double tangent =
            std::copysign(twice, difference < 0 ? -twice : twice) / (std::abs(difference) + std::hypot(difference, twice));
        const double cosine = 1 / std::sqrt(1 + tangent * tangent), sine = cosine * tangent;
        for (int k = 0; k < order; ++k) {
          const double x = a[k][p], y = a[k][q];
          a[k][p] = cosine * x - sine * y;
          a[k][q] = sine * x + cosine * y;
        }
        for (int k = 0; k < order; ++k) {
          const double x = a[p][k], y = a[q][k];
          a[p][k] = cosine * x - sine * y;
          a[q][k] = sine * x + cosine * y;
        }
        for (int k = 0; k < order; ++k) {
          const double x = axes[k][p], y = axes[k][q];
          axes[k][p] = cosine * x - sine * y;
          axes[k][q] = sine * x + cosine * y;
        }
      }
  }
  for (int k = 0; k < order; ++k) values[k] = a[k][k];
}

// The compliance of a stiffness L L^T, in units that make the stiffness of the order of 1; before it, where modes
// differ much, compliances with the soft modes stiffened, the stiffest first.
std::vector<Compliance> compliances(const double* factor) {
  double l[order][order], size = 0;
  for (int i = 0; i < order; ++i)
    for (int j = 0; j <= i; ++j) size = std::max(size, std::abs(factor[order * i + j]));
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) l[i][j] = j <= i ? factor[order * i + j] / size : 0;

  Compliance exact{};  // w = L^-T
  double softness = 0, stiffness = 0;
  for (int column = 0; column < order; ++column)
    for (int i = column; i < order; ++i) {
      double sum = i == column;
      for (int k = column; k < i; ++k) sum -= l[i][k] * exact.w[column][k];
      exact.w[column][i] = sum / l[i][i];
      softness += exact.w[column][i] * exact.w[column][i];
      stiffness += l[i][column] * l[i][column];
    }
  if (!(size < infinity && softness < infinity))  // also NaN
    throw std::invalid_argument("a Cholesky factor is singular or not finite");
  exact.multiply();

  std::vector<Compliance> all;
  if (softness * stiffness > 10 * stiffening) {
    double c[order][order], modulus[order], axes[order][order];
    for (int i = 0; i < order; ++i)
      for (int j = 0; j < order; ++j)
        c[i][j] = std::inner_product(l[i], l[i] + order, l[j], 0.0);
    diagonalise(c, modulus, axes);
    const double stiffest = *std::max_element(modulus, modulus + order);
    for (double ratio = stiffening; ratio < softness * stiffness; ratio *= stiffening) {
      Compliance stiffened;
      for (int k = 0; k < order; ++k) {
        const double scale = 1 / std::sqrt(std::max(modulus[k], stiffest / ratio));
        for (int i = 0; i < order; ++i) stiffened.w[i][k] = axes[i][k] * scale;
      }
      stiffened.multiply();
      all.push_back(stiffened);
    }
  }
  all.push_back(exact);
  return all;
}

// The symmetric matrix P with (n n) P (m m) = S_nmnm, as (n n) S (m m) = S_nnmm.
void exchange_middle_indices(const double (*s)[order], double (*p)[order]) {
  constexpr int place[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};
  const auto weight = [](int c) { return c < 3 ? 1 : std::sqrt(2.0); };
  const auto component = [&](int i, int j, int k, int l) {
    const int a = place[i][j], b = place[k][l];
    return s[a][b] / (weight(a) * weight(b));
  };
  for (int a = 0; a < order; ++a)
    for (int b = 0; b < order; ++b) {
      const auto [i, k] = mandel_pairs[a];
      const auto [j, l] = mandel_pairs[b];
      p[a][b] = weight(a) * weight(b) * (component(i, j, k, l) + component(i, l, k, j)) / 2;
    }
}

// At each grid point: S1111, and of S1122 or S1212 as a form in m the two eigenvalues and what their axes follow from.
struct Samples {
  alignas(64) double along[points], smallest[points], largest[points], half_difference[points], off_diagonal[points];
};

template <Modulus modulus>
void sample(const Compliance& compliance, Samples& out) {
  const Grid& g = grid();
  const double(*matrix)[order] = compliance.s;
  double exchanged[order][order];
  if (modulus == Modulus::shear) {
    exchange_middle_indices(compliance.s, exchanged);
    matrix = exchanged;
  }
  for (int i = 0; i < points; i += starts_at_a_time) {
    V nn[order], image[order];
    for (int a = 0; a < order; ++a) nn[a] = load(g.nn[a] + i);
    for (int a = 0; a < order; ++a) {
      image[a] = nn[0] * matrix[a][0];
      for (int b = 1; b < order; ++b) image[a] += nn[b] * matrix[a][b];
    }
    const auto with = [&](const V* vector) {
      V sum = vector[0] * image[0];
      for (int a = 1; a < order; ++a) sum += vector[a] * image[a];
      return sum;
    };
    const auto at = [&](const double (*table)[points]) {
      V vector[order];
      for (int a = 0; a < order; ++a) vector[a] = load(table[a] + i);
      return with(vector);
    };
    store(out.along + i, modulus == Modulus::shear ? V{} : with(nn));
    if (modulus == Modulus::young) continue;
    const V tt = at(g.tt), tu = at(g.tu), uu = at(g.uu);
    const V mean = (tt + uu) / 2, half = (tt - uu) / 2, radius = root(half * half + tu * tu);
    store(out.smallest + i, mean - radius);
    store(out.largest + i, mean + radius);
    store(out.half_difference + i, half);
    store(out.off_diagonal + i, tu);
  }
}

// Where to begin, and how low F is there.
struct Start {
  double frame[3][3];
  double value;
};

// One extreme: where F = along S1111 + across (S1122 or S1212) is smallest, or for Poisson's ratio where
// -across S1122 / S1111 is largest.
template <Modulus modulus>
class Search {
 public:
  Search(double along, double across) : along_(along), across_(across) {}

  // Goes on in a compliance from the minima found in the one before.
  void run(const Compliance& compliance, const Samples& samples) {
    std::vector<Start> starts = std::move(found_);
    found_.clear();
    for (Start& start : starts) start.value = -infinity;
    if constexpr (modulus == Modulus::poisson) {
      along_ = -infinity;
      for (int i = 0; i < points; ++i)  // rounding may make S1111 vanish where S is nearly singular
        if (samples.along[i] > 0) along_ = std::max(along_, -across(samples, i) / samples.along[i]);
      for (int round = 0; round < most_rounds; ++round) {
        const double before = along_;
        minimise(compliance, samples, starts, 0);
        along_ = std::max(before, -found_.front().value);
        if (along_ - before <= rounding * (1 + std::abs(along_))) break;
        starts.clear();
      }
    } else {
      minimise(compliance, samples, starts, infinity);
    }
  }

  const Start& best() const { return found_.front(); }

 private:
  // `across` times the eigenvalue that makes it smaller, or larger.
  double across(const Samples& s, int i, bool other = false) const {
    if (across_ == 0) return 0;
    return across_ * ((across_ > 0) != other ? s.smallest[i] : s.largest[i]);
  }

  // Newton from the starts, then from grid points. Those that cannot lead below `lowest`, which is reached, are left out.
  void minimise(const Compliance& compliance, const Samples& samples, std::vector<Start> starts, double lowest) {
    double margin = 0;
    choose(samples, lowest, margin, starts);
    for (std::size_t next = 0; next < starts.size();) {
      Starts<modulus> lanes;
      int used = 0;
      for (; next < starts.size() && used < starts_at_a_time; ++next)
        if (next == 0 || starts[next].value <= lowest + margin) put(starts[next].frame, lanes, used++);
      if (used == 0) break;
      for (int n = used; n < starts_at_a_time; ++n) copy(lanes, 0, n);
      lanes.along = V{} + along_;
      lanes.across = across_;
      refine(compliance.w, lanes);
      for (int n = 0; n < used; ++n) {
        lowest = std::min(lowest, static_cast<double>(lanes.value[n]));
        keep(lanes, n);
      }
    }
  }

  // Appends the local minima of the grid and its lowest other points, each with its best m, then with its worst where
  // that may become the best a little way off.
  void choose(const Samples& samples, double lowest, double& margin, std::vector<Start>& starts) {
    alignas(64) double value[points];
    double low = infinity, high = -infinity, size = 0;  // size: of the terms
    for (int i = 0; i < points; ++i) {
      const double along = along_ * samples.along[i];
      value[i] = along + across(samples, i);
      low = std::min(low, value[i]);
      high = std::max(high, along + across(samples, i, true));
      size = std::max(size, std::abs(along) + std::abs(across(samples, i)));
    }
    const double steepness = 1 - std::cos(4 * Grid::covering), range = (high - low) / (1 - steepness);
    margin = range * steepness / 2;
    const double limit = std::max(low, std::min(low, lowest) + margin);  // the lowest point is always one
    struct Candidate {
      double value;
      int point;
      bool operator<(const Candidate& other) const {
        return value != other.value ? value < other.value : point < other.point;
      }
    };
    std::vector<Candidate> minima, others;
    const bool constant = range <= rounding * size;
    for (int i = 0; i < points; ++i) {
      if (value[i] > limit) continue;
      const int16_t* beside = grid().beside[i];
      const bool is_minimum =
          std::all_of(beside, beside + Grid::neighbours, [&](int16_t j) { return value[i] <= value[j]; });
      (is_minimum ? minima : others).push_back({value[i], i});
    }
    const auto shorten = [](std::vector<Candidate>& list, int most) {
      const std::size_t count = std::min<std::size_t>(most, list.size());
      std::partial_sort(list.begin(), list.begin() + count, list.end());
      list.resize(count);
    };
    shorten(minima, constant ? 1 : most_minima);
    shorten(others, constant ? 0 : most_others);
    minima.insert(minima.end(), others.begin(), others.end());
    for (const Candidate& c : minima) starts.push_back(start(samples, c.point, c.value, false));
    if (across_ == 0 || constant) return;
    for (const Candidate& c : minima) {
      const double worse = along_ * samples.along[c.point] + across(samples, c.point, true);
      if (worse <= limit) starts.push_back(start(samples, c.point, worse, true));
    }
  }

  Start start(const Samples& s, int i, double value, bool other) const {
    const double(*frame)[3] = grid().frame[i];
    double cosine = 1, sine = 0;
    if (across_ != 0) {  // m = cosine t + sine u belongs to the smaller eigenvalue of `sign` times the form
      const double sign = other ? -across_ : across_, half = sign * s.half_difference[i],
                   off = sign * s.off_diagonal[i], radius = std::sqrt(half * half + off * off);
      if (radius > 0) {
        const double larger = std::sqrt((radius + std::abs(half)) / (2 * radius)), smaller = -off / (2 * radius * larger);
        cosine = half < 0 ? larger : smaller;
        sine = half < 0 ? smaller : larger;
      }
    }
    Start out;
    for (int k = 0; k < 3; ++k) {
      out.frame[0][k] = frame[0][k];
      out.frame[1][k] = cosine * frame[1][k] + sine * frame[2][k];
      out.frame[2][k] = cosine * frame[2][k] - sine * frame[1][k];
    }
    out.value = value;
    return out;
  }

  static void put(const double (*frame)[3], Starts<modulus>& lanes, int n) {
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 3; ++k) lanes.frame[i][k][n] = frame[i][k];
  }
  static void copy(Starts<modulus>& lanes, int from, int to) {
    for (auto& row : lanes.frame)
      for (V& component : row) component[to] = component[from];
  }

  // Keeps the best few minima that differ, the best first.
  void keep(const Starts<modulus>& lanes, int n) {
    Start next{};
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 3; ++k) next.frame[i][k] = lanes.frame[i][k][n];
    next.value = modulus == Modulus::poisson ? -lanes.ratio[n] : lanes.value[n];
    const auto better = [](const Start& x, const Start& y) { return x.value < y.value; };
    const auto place = std::upper_bound(found_.begin(), found_.end(), next, better);
    const auto same = [&](const Start& other) {
      return std::abs(other.value - next.value) <= 1e-9 * std::abs(next.value);
    };
    if (place != found_.begin() && same(place[-1])) return;
    if (place != found_.end() && same(*place)) {
      *place = next;
      return;
    }
    found_.insert(place, next);
    if (found_.size() > most_followed) found_.pop_back();
  }

  double along_, across_;
  std::vector<Start> found_;
};

template <Modulus modulus>
void extremes(const double* factor, double* frames) {
  const double along = modulus == Modulus::young, across = modulus != Modulus::young;
  Search<modulus> smallest(-along, -across), largest(along, across);
  Samples samples;
  for (const Compliance& compliance : compliances(factor)) {
    sample<modulus>(compliance, samples);
    smallest.run(compliance, samples);
    largest.run(compliance, samples);
  }
  for (const Search<modulus>* search : {&smallest, &largest})
    for (const auto& row : search->best().frame) frames = std::copy(row, row + 3, frames);
}

}  // namespace
}  // namespace fl::elasticity

namespace fl::calls {

using namespace fl::elasticity;

void run(const ElasticityExtremes& call) {
  const auto search = [&]() -> void (*)(const double*, double*) {
    switch (call.modulus) {
      case static_cast<int64_t>(Modulus::young):
        return extremes<Modulus::young>;
      case static_cast<int64_t>(Modulus::shear):
        return extremes<Modulus::shear>;
      case static_cast<int64_t>(Modulus::poisson):
        return extremes<Modulus::poisson>;
    }
    throw std::invalid_argument("there is no such modulus");
  }();
  parallel_for(call.threads, call.count, 1, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) search(call.factor + 36 * n, call.frames + 18 * n);
  });
}

}  // namespace fl::calls
