// Directions over the hemisphere, each with a frame and its nearest neighbours.
#pragma once
#include <cstdint>

namespace fl::elasticity {

struct Grid {
  static constexpr int points = 768, neighbours = 8;
  // Every direction, or its opposite, is nearer than this to a point, in radians.
  static constexpr double covering = 0.074;

  double frame[points][3][3];  // rows n, t, u
  // Mandel vectors of n n, t t, t u (symmetrised) and u u, component by component.
  double nn[6][points], tt[6][points], tu[6][points], uu[6][points];
  int16_t beside[points][neighbours];
};

// The only one, made at the first call.
const Grid& grid();

// Mandel vector of the symmetric part of x y^T, in the order 11, 22, 33, 23, 13, 12.
template <class V>
inline void dyad(const V* x, const V* y, V* out) {
  constexpr double root_half = 0.70710678118654752440;
  out[0] = x[0] * y[0];
  out[1] = x[1] * y[1];
  out[2] = x[2] * y[2];
  out[3] = (x[1] * y[2] + x[2] * y[1]) * root_half;
  out[4] = (x[0] * y[2] + x[2] * y[0]) * root_half;
  out[5] = (x[0] * y[1] + x[1] * y[0]) * root_half;
}

}  // namespace fl::elasticity
