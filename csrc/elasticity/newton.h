// Newton's method on the rotation group, for one start in each lane of a vector.
//
// S = W W^T, so that a component S_ijkl is the scalar product of two images W^T (e_i e_j) and W^T (e_k e_l). A small
// component between large ones, as along a stiff direction of a soft material, then keeps half the digits that it would
// lose in a rotated S. The derivatives follow from how the images change when the frame turns about its own axes:
// about e_1, x_11 does not change, x_22 becomes 2 x_23, x_12 becomes x_13, and so on.
#pragma once
#include <cmath>
#include <limits>

#include "base/simd.h"
#include "base/vector3.h"
#include "elasticity/grid.h"

namespace fl::elasticity {

enum class Modulus : int64_t { young, shear, poisson };

using V = Vector<double>;
using Mask = decltype(V{} < V{});
constexpr int starts_at_a_time = lanes<double>;

FL_INLINE V root(V x) {
  for (int n = 0; n < lanes<double>; ++n) x[n] = std::sqrt(x[n]);
  return x;
}
FL_INLINE V absolute(V x) { return x < 0 ? -x : x; }
FL_INLINE V larger(V x, V y) { return x > y ? x : y; }
FL_INLINE V smaller(V x, V y) { return x < y ? x : y; }
FL_INLINE bool any(Mask mask) {
  bool found = false;
  for (int n = 0; n < lanes<double>; ++n) found |= mask[n] != 0;
  return found;
}

// What is minimised: S1111 times `along`, and S1122 (Poisson's ratio) or S1212 (shear modulus) times `across`, which is
// 1, -1, or 0. For Poisson's ratio `along` is the largest ratio -across S1122 / S1111 known in each lane.
template <Modulus modulus>
struct Starts {
  V frame[3][3];  // rows n, m, p
  V along;
  double across;
  V ratio;
  V before;        // value with `along` as it was before this frame
  V value, scale;  // a change of the value counts if it is not small against the scale
  V gradient[3], hessian[3][3];

  // All of these for the frame, which may raise `along`.
  void evaluate(const double (*w)[6]) {
    V x[6][6];
    for (int c = 0; c < 6; ++c) {
      V d[6];
      dyad(frame[mandel_pairs[c][0]], frame[mandel_pairs[c][1]], d);
      for (int k = 0; k < 6; ++k) {
        V sum = d[0] * w[0][k];
        for (int a = 1; a < 6; ++a) sum += d[a] * w[a][k];
        x[c][k] = sum;
      }
    }
    V s[6][6];
    for (int i = 0; i < 6; ++i)
      for (int j = i; j < 6; ++j) {
        V sum = x[i][0] * x[j][0];
        for (int k = 1; k < 6; ++k) sum += x[i][k] * x[j][k];
        s[i][j] = s[j][i] = sum;
      }
    combine(s);
  }

 private:
  void combine(const V (*s)[6]) {
    V g[3], h[6];  // h: 11, 22, 33, 23, 13, 12
    if constexpr (modulus == Modulus::shear) {
      value = before = across * s[5][5];
      scale = s[5][5];
      g[0] = 2 * s[4][5], g[1] = -2 * s[3][5], g[2] = 2 * (s[1][5] - s[0][5]);
      h[0] = 2 * (s[4][4] - s[5][5]), h[1] = 2 * (s[3][3] - s[5][5]);
      h[2] = 2 * (s[1][1] - 2 * s[0][1] + s[0][0]) - 8 * s[5][5];
      h[3] = 2 * (s[0][3] - s[1][3]) + 3 * s[4][5], h[4] = 2 * (s[1][4] - s[0][4]) + 3 * s[3][5];
      h[5] = s[0][5] + s[1][5] - 2 * (s[2][5] + s[3][4]);
      for (V& y : g) y *= across;
      for (V& y : h) y *= across;
    } else {
      g[0] = V{}, g[1] = -4 * s[0][4], g[2] = 4 * s[0][5];
      h[0] = h[4] = h[5] = V{};  // turning about n changes nothing
      h[1] = 8 * s[4][4] - 4 * (s[0][0] - s[0][2]), h[2] = 8 * s[5][5] - 4 * (s[0][0] - s[0][1]);
      h[3] = -8 * s[4][5] - 4 * s[0][3];
      if constexpr (modulus == Modulus::young) {
        value = before = along * s[0][0];
        scale = s[0][0];
        for (V& y : g) y *= along;
        for (V& y : h) y *= along;
      } else {
        ratio = -across * s[0][1] / s[0][0];
        before = along * s[0][0] + across * s[0][1];
        along = larger(along, ratio);
        value = along * s[0][0] + across * s[0][1];
        scale = (1 + absolute(along)) * s[0][0];
        h[4] = 2 * s[0][4], h[5] = 2 * s[0][5];
        const V across_g[3] = {2 * s[0][3], -2 * s[1][4], 2 * (s[1][5] - s[0][5])};
        const V across_h[6] = {2 * (s[0][2] - s[0][1]),
                               2 * (s[1][2] - s[0][1]),
                               2 * (s[1][1] - 2 * s[0][1] + s[0][0]) - 8 * s[5][5],
                               s[0][3] - 2 * s[1][3] + 4 * s[4][5],
                               s[1][4] - 2 * s[0][4] + 4 * s[3][5],
                               s[1][5] + s[0][5] - 4 * s[3][4]};
        for (int k = 0; k < 3; ++k) g[k] = along * g[k] + across * across_g[k];
        for (int k = 0; k < 6; ++k) h[k] = along * h[k] + across * across_h[k];
      }
    }
    for (int k = 0; k < 3; ++k) gradient[k] = g[k], hessian[k][k] = h[k];
    hessian[1][2] = hessian[2][1] = h[3];
    hessian[0][2] = hessian[2][0] = h[4];
    hessian[0][1] = hessian[1][0] = h[5];
  }
};

// Eigenvalues and eigenvectors (columns of `axes`) of a symmetric matrix, which is lost: Jacobi's rotations.
FL_INLINE void diagonalise(V (*matrix)[3], V* values, V (*axes)[3]) {
  constexpr int sweeps = 5, rotations[3][3] = {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) axes[i][j] = V{} + (i == j ? 1.0 : 0.0);
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (const auto& [p, q, r] : rotations) {
      const V twice = 2 * matrix[p][q], difference = matrix[q][q] - matrix[p][p];
      const V size = absolute(difference) + root(difference * difference + twice * twice);
      const V tangent = (difference < 0 ? -twice : twice) / (size + std::numeric_limits<double>::min());
      const V cosine = 1 / root(1 + tangent * tangent), sine = cosine * tangent;
      matrix[p][p] -= tangent * matrix[p][q];
      matrix[q][q] += tangent * matrix[p][q];
      matrix[p][q] = matrix[q][p] = V{};
      const V rp = matrix[r][p], rq = matrix[r][q];
      matrix[r][p] = matrix[p][r] = cosine * rp - sine * rq;
      matrix[r][q] = matrix[q][r] = sine * rp + cosine * rq;
      for (int k = 0; k < 3; ++k) {
        const V xp = axes[k][p], xq = axes[k][q];
        axes[k][p] = cosine * xp - sine * xq;
        axes[k][q] = sine * xp + cosine * xq;
      }
    }
  for (int k = 0; k < 3; ++k) values[k] = matrix[k][k];
}

// The frame turned by a vector that is given in its own axes. Cayley's form of a rotation, equal to second order.
FL_INLINE void turn(const V (*frame)[3], const V* by, V (*turned)[3]) {
  const V a[3] = {by[0] / 2, by[1] / 2, by[2] / 2};
  const V square = a[0] * a[0] + a[1] * a[1] + a[2] * a[2], factor = 2 / (1 + square);
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    // e_i + factor (a x e_i + a (a e_i) - e_i a^2) in the frame's axes
    const V of_i = 1 - factor * (square - a[i] * a[i]);
    const V of_j = factor * (a[i] * a[j] + a[k]), of_k = factor * (a[i] * a[k] - a[j]);
    for (int c = 0; c < 3; ++c) turned[i][c] = of_i * frame[i][c] + of_j * frame[j][c] + of_k * frame[k][c];
  }
}

// Newton steps with the absolute values of the curvatures, in a trust region. Each lane stops by itself.
template <Modulus modulus>
void refine(const double (*w)[6], Starts<modulus>& at) {
  constexpr int most_steps = 50;
  constexpr double widest = 0.2, narrowest = 1e-9, negligible = 1e-15, noise = 1e-14;
  at.evaluate(w);
  V radius = V{} + widest;
  Mask running = radius > 0;
  for (int count = 0; count < most_steps; ++count) {
    V matrix[3][3], curvature[3], axes[3][3], step[3] = {}, expected{};
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) matrix[i][j] = at.hessian[i][j];
    diagonalise(matrix, curvature, axes);
    const V* g = at.gradient;
    for (V& c : curvature) c = absolute(c);
    const V largest = larger(curvature[0], larger(curvature[1], curvature[2]));
    // Rotations do not commute, so that along a flat direction the curvature is of the order of the gradient: noise.
    const V least = larger(root(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]), noise * largest) +
                    std::numeric_limits<double>::min();
    for (int k = 0; k < 3; ++k) {
      const V slope = axes[0][k] * g[0] + axes[1][k] * g[1] + axes[2][k] * g[2];
      const V length = slope / larger(curvature[k], least);
      for (int i = 0; i < 3; ++i) step[i] -= axes[i][k] * length;
      expected += slope * length;
    }
    running = running & (expected > negligible * at.scale) & (radius > narrowest);
    if (!any(running)) break;
    const V length = root(step[0] * step[0] + step[1] * step[1] + step[2] * step[2]);
    const V shorter = radius / larger(length, radius);
    for (V& s : step) s *= shorter;
    Starts<modulus> trial;
    turn(at.frame, step, trial.frame);
    trial.along = at.along;
    trial.across = at.across;
    trial.evaluate(w);
    const Mask better = running & (trial.before <= at.value);
    const V reached = smaller(length, radius);
    radius = better ? (length > radius ? smaller(2 * radius, V{} + widest) : radius) : reached / 4;
    const auto take = [&](V& old, V taken) { old = better ? taken : old; };
    for (int i = 0; i < 3; ++i) {
      take(at.gradient[i], trial.gradient[i]);
      for (int j = 0; j < 3; ++j) {
        take(at.frame[i][j], trial.frame[i][j]);
        take(at.hessian[i][j], trial.hessian[i][j]);
      }
    }
    take(at.along, trial.along);
    if constexpr (modulus == Modulus::poisson) take(at.ratio, trial.ratio);
    take(at.value, trial.value);
    take(at.scale, trial.scale);
  }
}

}  // namespace fl::elasticity
