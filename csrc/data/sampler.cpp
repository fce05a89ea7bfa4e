// What is drawn for a sample, and what becomes of its base: Purpose and index of every random number are here.
#include "data/sampler.h"

#include <stdexcept>

#include "base/vector3.h"
#include "lattice/edge_graph.h"

namespace fl::data {
namespace {

// A window of samples has eight parts; each part has one sample of each of the window's groups.
constexpr uint64_t parts = 8, groups = 512, window = parts * groups;

// The group of a sample: each part of a window takes the groups in an order of its own.
uint64_t group_of(uint64_t seed, uint64_t sample) {
  const uint64_t place = sample % window, part = place / groups;
  uint64_t x = place % groups;
  Words words;
  philox(seed, Purpose::order, sample / window, static_cast<uint32_t>(part), words);
  for (const auto& word : words.word) {  // each step maps 0 .. groups - 1 to itself, one to one
    x = (x * (2 * word[0] + 1) + (word[0] >> 16)) % groups;
    x ^= x >> 5;
  }
  return sample / window * groups + x;
}

}  // namespace

Choice choose(uint64_t seed, uint64_t sample, const Bases& bases, const Recipe& recipe) {
  Choice choice;
  choice.group = group_of(seed, sample);
  double draw[room(2)];
  uniform(seed, Purpose::choice, choice.group, 2, draw);
  const double* above = std::upper_bound(bases.cumulative, bases.cumulative + bases.count, draw[0]);
  choice.base = std::min<int64_t>(above - bases.cumulative, bases.count - 1);
  choice.nodes = bases.node_offsets[choice.base + 1] - bases.node_offsets[choice.base];
  choice.struts = bases.strut_offsets[choice.base + 1] - bases.strut_offsets[choice.base];
  choice.lost = 0;
  if (draw[1] < recipe.removal_share) {
    const double lost = std::floor(recipe.removal.linear(draw[2]) * static_cast<double>(choice.struts) + draw[3]);
    if (lost > 0) choice.lost = static_cast<int64_t>(std::min(lost, static_cast<double>(choice.struts)));
  }
  choice.struts -= choice.lost;
  return choice;
}

// All struts of the base but those with the smallest random keys.
void Sampler::copy_struts(const Choice& choice, const SampleRows& out) {
  const int64_t first = bases_.strut_offsets[choice.base], count = choice.struts + choice.lost;
  const int64_t *struts = bases_.struts + 2 * first, *shifts = bases_.shifts + 3 * first;
  if (!choice.lost) {
    std::copy(struts, struts + 2 * count, out.struts);
    std::copy(shifts, shifts + 3 * count, out.shifts);
    return;
  }
  keys_.resize(room((count + 1) / 2));
  Words words;
  for (int64_t index = 0; 2 * index < count; index += at_once) {
    philox(seed_, Purpose::removal, choice.group, static_cast<uint32_t>(index), words);
    for (int n = 0; n < at_once; ++n)
      for (int half = 0; half < 2; ++half)
        keys_[2 * (index + n) + half] = words.word[2 * half][n] << 32 | words.word[2 * half + 1][n];
  }
  order_.resize(count);
  for (int64_t k = 0; k < count; ++k) order_[k] = k;
  const auto before = [&](int64_t a, int64_t b) { return keys_[a] != keys_[b] ? keys_[a] < keys_[b] : a < b; };
  const auto kept = order_.begin() + choice.lost;
  std::nth_element(order_.begin(), kept, order_.end(), before);
  std::sort(kept, order_.end());
  for (int64_t k = 0; k < choice.struts; ++k) {
    std::copy_n(struts + 2 * kept[k], 2, out.struts + 2 * k);
    std::copy_n(shifts + 3 * kept[k], 3, out.shifts + 3 * k);
  }
}

// The cell after an affine strain, its longest vector 1, and the map of positions v -> v map that goes with it.
void Sampler::set_affine(double strained, const double* g, const double* base_cell, double* cell, double* map) const {
  double e[9] = {}, power[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, sum[9], product[9];
  const auto multiply = [&](const double* a, const double* b, double* out) {
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 3; ++c) out[3 * r + c] = a[3 * r] * b[c] + a[3 * r + 1] * b[3 + c] + a[3 * r + 2] * b[6 + c];
  };
  std::copy(power, power + 9, map);
  if (strained < recipe_.strain_share) {
    // exp(e) = exp(e / 64)^64, by Taylor's series.
    constexpr int squarings = 6, degree = 9;
    const double half = recipe_.strain * std::sqrt(0.5) / (1 << squarings);
    const double sixth = recipe_.strain * std::sqrt(1. / 6) / (1 << squarings);
    e[0] = half * g[0] + sixth * g[1];
    e[4] = -half * g[0] + sixth * g[1];
    e[8] = -2 * sixth * g[1];
    e[5] = e[7] = half * g[2];
    e[2] = e[6] = half * g[3];
    e[1] = e[3] = half * g[4];
    std::copy(power, power + 9, sum);
    for (int n = 1; n <= degree; ++n) {
      multiply(power, e, product);
      for (int k = 0; k < 9; ++k) sum[k] += power[k] = product[k] / n;
    }
    for (int n = 0; n < squarings; ++n) {
      multiply(sum, sum, product);
      std::copy(product, product + 9, sum);
    }
    std::copy(sum, sum + 9, map);
  }
  multiply(base_cell, map, cell);
  double longest = 0;
  for (int r = 0; r < 3; ++r) {
    const double* v = cell + 3 * r;
    longest = std::max(longest, v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }
  const double scale = 1 / std::sqrt(longest);
  for (int k = 0; k < 9; ++k) {
    cell[k] *= scale;
    map[k] *= scale;
  }
}

// A uniform rotation of a uniform quaternion (Shoemake, Graphics Gems III, 1992).
void Sampler::set_rotation(double u, double v, double w, double* turned) const {
  double cv, sv, cw, sw;
  turn(v, cv, sv);
  turn(w, cw, sw);
  const double a = std::sqrt(1 - u), b = std::sqrt(u), q = a * sv, x = a * cv, y = b * sw, z = b * cw;
  const double matrix[9] = {1 - 2 * (y * y + z * z), 2 * (x * y - q * z),     2 * (x * z + q * y),
                            2 * (x * y + q * z),     1 - 2 * (x * x + z * z), 2 * (y * z - q * x),
                            2 * (x * z - q * y),     2 * (y * z + q * x),     1 - 2 * (x * x + y * y)};
  std::copy(matrix, matrix + 9, turned);
}

void Sampler::set_positions(uint64_t sample, const Choice& choice, double level, const double* map, double* out) {
  const int64_t count = choice.nodes;
  const double* in = bases_.positions + 3 * bases_.node_offsets[choice.base];
  for (int64_t n = 0; n < count; ++n)
    for (int c = 0; c < 3; ++c)
      out[3 * n + c] = in[3 * n] * map[c] + in[3 * n + 1] * map[3 + c] + in[3 * n + 2] * map[6 + c];
  if (level == 0) return;
  if (recipe_.displacement == Displacement::exact) {
    draws_.resize(room(count));
    uniform(seed_, Purpose::node, sample, count, draws_.data());
    const double* draw = draws_.data();
    for (int64_t n = 0; n < count; ++n) {
      const double z = 2 * draw[2 * n] - 1, s = level * std::sqrt((1 - z) * (1 + z));
      double c, d;
      turn(draw[2 * n + 1], c, d);
      out[3 * n] += s * c;
      out[3 * n + 1] += s * d;
      out[3 * n + 2] += level * z;
    }
  } else {
    draws_.resize(room(2 * count));
    uniform(seed_, Purpose::node, sample, 2 * count, draws_.data());
    const double scale = level * std::sqrt(1. / 3);
    for (int64_t n = 0; n < count; ++n) {
      double* draw = draws_.data() + 4 * n;
      normal(draw);
      normal(draw + 2);
      for (int c = 0; c < 3; ++c) out[3 * n + c] += scale * draw[c];
    }
  }
}

// Radii up to a factor.
void Sampler::set_weights(uint64_t sample, int64_t struts, double which, double u, double share) {
  weights_.assign(struts, 1.0);
  const double sum = recipe_.uniform + recipe_.two_valued, kind = which * (sum + recipe_.log_normal);
  if (kind < recipe_.uniform) return;
  const int64_t pairs = (struts + 1) / 2;
  draws_.resize(room(pairs));
  double* draw = draws_.data();
  uniform(seed_, Purpose::strut, sample, pairs, draw);
  if (kind < sum) {
    const double ratio = recipe_.radius_ratio.logarithmic(u), probability = recipe_.other_share.linear(share);
    for (int64_t k = 0; k < struts; ++k) weights_[k] = draw[k] < probability ? ratio : 1.0;
  } else {
    const double sigma = recipe_.radius_sigma.linear(u);
    for (int64_t k = 0; k < pairs; ++k) normal(draw + 2 * k);
    for (int64_t k = 0; k < struts; ++k) weights_[k] = std::exp(sigma * draw[k]);
  }
}

void Sampler::make(uint64_t sample, const Choice& choice, const SampleRows& out) {
  copy_struts(choice, out);
  check_index(out.struts, 2 * choice.struts, choice.nodes, "struts", "nodes");
  double draw[room(8)], map[9];
  uniform(seed_, Purpose::sample, sample, 8, draw);
  const double level = draw[0] < recipe_.zero_share ? 0 : recipe_.level.linear(draw[1]);
  const double strained = draw[2], density = recipe_.density.logarithmic(draw[3]);
  if (strained < recipe_.strain_share)
    for (int pair = 5; pair < 8; ++pair) normal(draw + 2 * pair);
  set_affine(strained, draw + 10, bases_.cell + 9 * choice.base, out.cell, map);
  set_positions(sample, choice, level, map, out.positions);
  if (recipe_.rotation == Rotation::random) {
    double turned[9];
    set_rotation(draw[7], draw[8], draw[9], turned);
    const auto rotate = [&](double* v) {
      const double a = v[0], b = v[1], c = v[2];
      for (int r = 0; r < 3; ++r) v[r] = turned[3 * r] * a + turned[3 * r + 1] * b + turned[3 * r + 2] * c;
    };
    for (int k = 0; k < 3; ++k) rotate(out.cell + 3 * k);
    for (int64_t n = 0; n < choice.nodes; ++n) rotate(out.positions + 3 * n);
  }
  set_weights(sample, choice.struts, draw[4], draw[5], draw[6]);

  // All radii by one factor, which gives the density.
  lengths_.resize(choice.struts);
  double solid = 0;
  for (int64_t k = 0; k < choice.struts; ++k) {
    const double *from = out.positions + 3 * out.struts[2 * k], *to = out.positions + 3 * out.struts[2 * k + 1];
    const int64_t* shift = out.shifts + 3 * k;
    const double s[3] = {double(shift[0]), double(shift[1]), double(shift[2])};
    double square = 0;
    for (int c = 0; c < 3; ++c) {
      const double v = to[c] - from[c] + (s[0] * out.cell[c] + s[1] * out.cell[3 + c] + s[2] * out.cell[6 + c]);
      square += v * v;
    }
    lengths_[k] = std::sqrt(square);
    solid += pi * weights_[k] * weights_[k] * lengths_[k];
  }
  const double scale = std::sqrt(density * std::abs(determinant(out.cell)) / solid);
  bool slender = true;
  for (int64_t k = 0; k < choice.struts; ++k) {
    out.radii[k] = scale * weights_[k];
    slender &= out.radii[k] <= recipe_.max_slenderness * lengths_[k];
  }
  *out.level = level;
  *out.density = density;
  *out.beam_valid = slender;
}

}  // namespace fl::data
