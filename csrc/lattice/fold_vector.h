// Vectors of three doubles, as the fold needs them.
#pragma once
#include <cmath>

#include "lattice/fold.h"

namespace fl::fold {

inline Vector operator-(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Vector operator+(const Vector& a, const Vector& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline double norm(const Vector& a) { return std::sqrt(dot(a, a)); }
inline Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

// In space, of what is given in parts of the lattice vectors.
inline Vector in_space(const Vector& f, const double* cell) {
  return {f[0] * cell[0] + f[1] * cell[3] + f[2] * cell[6], f[0] * cell[1] + f[1] * cell[4] + f[2] * cell[7],
          f[0] * cell[2] + f[1] * cell[5] + f[2] * cell[8]};
}

}  // namespace fl::fold
