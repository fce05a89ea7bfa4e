// Samples of a stream: which base each is of, and its geometry. A function of the seed and the sample's number.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/generated/enums.h"
#include "data/random.h"

namespace fl::data {

// Arrays of the bases, as of a batch, and the running sum of their weights, its last entry 1.
struct Bases {
  int64_t count;
  const double* cumulative;
  const int64_t *node_offsets, *strut_offsets;
  const double *cell = nullptr, *positions = nullptr;
  const int64_t *struts = nullptr, *shifts = nullptr;
};

// What a quantity is drawn from: numbers that are equally likely, or a range where there is none.
struct Numbers {
  const double* values;
  int64_t count;
  double low, high;

  double one(double u) const { return values[std::min(static_cast<int64_t>(u * static_cast<double>(count)), count - 1)]; }
  double linear(double u) const { return count ? one(u) : low + (high - low) * u; }
  double logarithmic(double u) const { return count ? one(u) : low * std::exp(u * std::log(high / low)); }
};

// See fastlattice.data.Recipe.
struct Recipe {
  Numbers removal, level, radius_ratio, other_share, radius_sigma, density;
  double removal_share, strain_share = 0, strain = 0, zero_share = 0, uniform = 0, two_valued = 0, log_normal = 0,
         max_slenderness = 0;
  Displacement displacement = Displacement::exact;
  Rotation rotation = Rotation::none;
};

// Which base a sample is of, and how many struts its group has lost.
struct Choice {
  uint64_t group;
  int64_t base, nodes, struts, lost;
};

// One sample's rows of a batch.
struct SampleRows {
  double *cell, *positions;
  int64_t *struts, *shifts;
  double *radii, *level, *density;
  uint8_t* beam_valid;
};

Choice choose(uint64_t seed, uint64_t sample, const Bases& bases, const Recipe& recipe);

// Makes samples; keeps its memory from one to the next.
class Sampler {
 public:
  Sampler(uint64_t seed, const Bases& bases, const Recipe& recipe) : seed_(seed), bases_(bases), recipe_(recipe) {}

  void make(uint64_t sample, const Choice& choice, const SampleRows& out);

 private:
  void copy_struts(const Choice& choice, const SampleRows& out);
  void set_affine(double strained, const double* normals, const double* base_cell, double* cell, double* map) const;
  void set_rotation(double u, double v, double w, double* turn) const;
  void set_positions(uint64_t sample, const Choice& choice, double level, const double* map, double* out);
  void set_weights(uint64_t sample, int64_t struts, double which, double u, double share);

  uint64_t seed_;
  const Bases& bases_;
  const Recipe& recipe_;
  std::vector<double> draws_, weights_, lengths_;
  std::vector<uint64_t> keys_;
  std::vector<int64_t> order_;
};

}  // namespace fl::data
