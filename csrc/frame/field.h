// Motions or forces of all nodes in six load cases, and their products.
#pragma once
#include <vector>

#include "base/symmetric6.h"
#include "frame/block.h"
#include "frame/matrix6.h"
#include "frame/strut_form.h"

namespace fl::frame {

using Field = std::vector<Block>;  // of a node: unknown by column, load cases on lanes

// Of the ends of a strut; and with its far end moved by the macro-strains too.
inline Motion motion_of(const Field& u, const Strut& strut) { return {u[strut.i].column, u[strut.j].column}; }
inline Motion strained_motion(const Field& u, const Strut& strut) {
  Motion motion = motion_of(u, strut);
  motion.strain(strut.vector);
  return motion;
}

// x m, load cases on lanes.
inline Block times(const Block& x, const Matrix6& m) {
  Block y;
  for (int r = 0; r < 6; ++r) y.column[r] = m.times(x.column[r]);
  return y;
}

// x^T y, summed over nodes and unknowns.
inline Matrix6 product(const Field& x, const Field& y) {
  Matrix6 sum;
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r)
      for (int m = 0; m < 6; ++m) sum.row[m].add(y[node].column[r], x[node].column[r][m]);
  return sum;
}

// y += sign x m.
inline void add_product(const Field& x, const Matrix6& m, double sign, Field& y) {
  const Matrix6 factor = sign * m;
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r)
      for (int k = 0; k < 6; ++k) y[node].column[r].add(factor.row[k], x[node].column[r][k]);
}

inline Field times(const Field& x, const Matrix6& m) {
  Field y(x.size(), Block{});
  add_product(x, m, 1, y);
  return y;
}

inline void add(const Field& x, Field& y) {
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r) y[node].column[r] += x[node].column[r];
}

inline Eigen6 eigen_of(const Matrix6& m) {
  double a[6][6];
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) a[i][j] = m.row[i][j];
  return Eigen6(a);
}

// The forces that the ends need to move as a and b.
FL_INLINE void add_end_forces(const Element<double>& e, const Block& a, const Block& b, Block& on_a, Block& on_b) {
  const Vector8 *u1 = a.column, *u2 = b.column, *th1 = a.column + 3, *th2 = b.column + 3;
  Vector8 Delta[3], sum[3], stretch{}, turn1{}, turn2{};
  for (int p = 0; p < 3; ++p) {
    Delta[p] = u2[p] - u1[p];
    sum[p] = th1[p] + th2[p];
    stretch.add(Delta[p], e.t[p]);
    turn1.add(th1[p], e.t[p]);
    turn2.add(th2[p], e.t[p]);
  }
  Vector8 force[3], moment1[3], moment2[3];
  for (int p = 0; p < 3; ++p) {
    const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
    const Vector8 bent = multiply_subtract(sum[p1], e.bt[p2], e.bt[p1] * sum[p2]);
    const Vector8 couple = multiply_subtract(Delta[p1], e.bt[p2], e.bt[p1] * Delta[p2]);
    force[p] = multiply_add(stretch, e.along[p], e.a * Delta[p]) + bent;
    moment1[p] = multiply_add(turn1, e.turned[p], e.c * th1[p]) + multiply_subtract(turn2, e.twisted[p], e.d * th2[p]);
    moment2[p] = multiply_add(turn2, e.turned[p], e.c * th2[p]) + multiply_subtract(turn1, e.twisted[p], e.d * th1[p]);
    moment1[p] -= couple;
    moment2[p] -= couple;
  }
  for (int p = 0; p < 3; ++p) {
    on_a.column[p] -= force[p];
    on_b.column[p] += force[p];
    on_a.column[3 + p] += moment1[p];
    on_b.column[3 + p] += moment2[p];
  }
}

}  // namespace fl::frame
