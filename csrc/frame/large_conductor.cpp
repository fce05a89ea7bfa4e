// Conduction through many nodes, supernode by supernode.
#include <algorithm>

#include "base/simd.h"
#include "frame/conductor.h"

namespace fl::frame {
namespace {

double sum_of(const double* x, int64_t count) {
  Part parts{};
  int64_t k = 0;
  for (; k + lanes<double> <= count; k += lanes<double>) parts += load<double>(x + k);
  double sum = 0;
  for (; k < count; ++k) sum += x[k];
  for (int lane = 0; lane < lanes<double>; ++lane) sum += parts[lane];
  return sum;
}

void add_multiple(double* to, const double* x, double weight, int64_t count) {
  for (int64_t k = 0; k < count; ++k) to[k] = multiply_add(weight, x[k], to[k]);
}

// `Vectors` vectors of the sum of `width` columns, each times its weight; they lie `stride` apart.
template <int Vectors>
FL_INLINE void add_columns(double* to, const double* columns, int64_t stride, const double* weights, int32_t width) {
  Part sum[Vectors]{};
  for (int32_t c = 0; c < width; ++c) {
    const Part weight = broadcast(weights[c]);
    for (int v = 0; v < Vectors; ++v)
      sum[v] = multiply_add(weight, load<double>(columns + c * stride + v * lanes<double>), sum[v]);
  }
  for (int v = 0; v < Vectors; ++v) store<double>(to + v * lanes<double>, sum[v]);
}

}  // namespace

void LargeConductor::assemble(const std::vector<Strut>& struts) {
  const auto& position = structure_.position;
  // Sums of columns are taken in whole vectors, some of which end after the last column.
  conductances_.assign(structure_.num_blocks + lanes<double>, 0);
  flux_.assign(3 * position.size(), 0);
  Energy<double> energy;
  for (const Strut& strut : struts) {
    const double g = conductance_of(strut), *v = strut.vector;
    energy.add(g, v);
    if (strut.i == strut.j) continue;  // as much flows in as out
    const int32_t i = position[strut.i], j = position[strut.j], first = std::min(i, j), row = std::max(i, j);
    const Supernode& s = supernode_of(first);
    const int32_t* rows = rows_of(s);
    column(s, first - s.first)[std::lower_bound(rows, rows + s.num_rows, row) - rows] += g;
    for (int m = 0; m < 3; ++m) {
      flux_[3 * i + m] = multiply_add(g, v[m], flux_[3 * i + m]);
      flux_[3 * j + m] = multiply_subtract(g, v[m], flux_[3 * j + m]);
    }
  }
  energy_ = energy;
}

// Columns of a supernode, each of which adds to those after it.
void LargeConductor::eliminate(const Supernode& s) {
  const int32_t end = s.num_rows - 1;  // the macro-strain is the last row
  for (int32_t c = 0; c < s.width; ++c) {
    const double *own = column(s, c), *flux = &flux_[3 * (s.first + c)];
    const double sum = sum_of(own + c + 1, end - c - 1), inverse = inverse_of(sum);
    inverse_[s.first + c] = inverse;
    energy_.take(flux, inverse);
    for (int32_t next = c + 1; next < s.width; ++next) {
      const double weight = own[next] * inverse;
      add_multiple(column(s, next) + next + 1, own + next + 1, weight, end - next - 1);
      add_multiple(&flux_[3 * (s.first + next)], flux, weight, 3);
    }
  }
}

// What the columns of a supernode add to those of the rows below them.
void LargeConductor::update_ancestors(const Supernode& s) {
  constexpr int32_t vectors = 4, at_once = vectors * lanes<double>;
  const int32_t end = s.num_rows - 1, *rows = rows_of(s);
  const double* columns = column(s, 0);
  place_.resize(end);
  mesh_.resize(end + at_once);
  weights_.resize(s.width);
  const Supernode* target = nullptr;
  for (int32_t b = s.width; b < end; ++b) {
    for (int32_t c = 0; c < s.width; ++c) {
      weights_[c] = columns[int64_t{c} * s.num_rows + b] * inverse_[s.first + c];
      add_multiple(&flux_[3 * rows[b]], &flux_[3 * (s.first + c)], weights_[c], 3);
    }
    if (const Supernode& found = supernode_of(rows[b]); target != &found) {
      target = &found;
      const int32_t* target_rows = rows_of(found);
      for (int32_t a = b, p = 0; a < end; ++a, ++p) {
        while (target_rows[p] != rows[a]) ++p;
        place_[a] = p;
      }
    }
    int32_t a = b + 1;
    const auto add = [&](auto vectors) {
      constexpr int count = decltype(vectors)::value;
      for (; end - a > (count - 1) * lanes<double>; a += count * lanes<double>)
        add_columns<count>(&mesh_[a], columns + a, s.num_rows, weights_.data(), s.width);
    };
    add(std::integral_constant<int, vectors>());
    add(std::integral_constant<int, 1>());
    double* const to = column(*target, rows[b] - target->first);
    for (a = b + 1; a < end; ++a) to[place_[a]] += mesh_[a];
  }
}

void LargeConductor::find_temperatures(double* temperatures) {
  const auto n = static_cast<int32_t>(structure_.position.size()) - 1;
  node_.resize(n);
  for (int32_t i = 0; i < n; ++i) node_[structure_.position[i]] = i;
  for (int32_t k = n; k-- > 0;) {
    const Supernode& s = supernode_of(k);
    const double* own = column(s, k - s.first);
    const int32_t* rows = rows_of(s);
    double sum[3];
    std::copy_n(&flux_[3 * k], 3, sum);
    for (int32_t a = k - s.first + 1; a < s.num_rows - 1; ++a)
      add_multiple(sum, temperatures + 3 * node_[rows[a]], own[a], 3);
    for (int m = 0; m < 3; ++m) temperatures[3 * node_[k] + m] = sum[m] * inverse_[k];
  }
}

const double* LargeConductor::solve(const Lattice& lattice, const std::vector<Strut>& struts, double* temperatures) {
  build_structure(lattice, structure_);
  inverse_.resize(lattice.num_nodes);
  assemble(struts);
  for (size_t s = 0; s + 1 < structure_.supernodes.size(); ++s) {
    eliminate(structure_.supernodes[s]);
    update_ancestors(structure_.supernodes[s]);
  }
  if (temperatures) find_temperatures(temperatures);
  return energy_.of_pair;
}

}  // namespace fl::frame
