// 6x6 blocks of one lattice, and what the solver does with them. lane_block.h has the same of several lattices at once:
// every entry goes through the same operations in the same order there and here, so that both have the same bits.
#pragma once
#include <algorithm>

#include "frame/element.h"

namespace fl::frame {

// A pivot is compared with the diagonal entry it started from: that ratio does not depend on the unit of rotations
// (or any other scaling of the unknowns), so none is needed. Elimination leaves about sqrt(6 N) rounding errors
// where a pivot vanishes, 1e-13 for the largest cells; the softest lattices worth asking for (r/L = 1e-5) leave 1e-10.
constexpr double singular = 1e-12;

// Column by column.
struct Block {
  using Number = double;
  static constexpr int lattices = 1;
  // Rows of blocks that one call of subtract_product takes, if registers allow.
  static constexpr int rows_at_once = 12 * Vector8::parts + 2 <= vector_registers ? 2 : 1;
  Vector8 column[6];

  double entry(int row, int col) const { return column[col][row]; }
};

// z[r] -= x[r] y^T for strips of `count` blocks. Two strips at a time share the loads of y.
template <int Rows>
FL_INLINE void subtract_product(const Block* const (&x)[Rows], const Block* y, int count, Block* const (&z)[Rows]) {
  // As many columns of z at once as the registers hold.
  constexpr int columns = 6 * Vector8::parts * Rows <= vector_registers - 2 ? 6 : 2;
#pragma GCC unroll 3
  for (int first = 0; first < 6; first += columns) {
    Vector8 sum[Rows][columns];
#pragma GCC unroll 2
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) sum[r][j] = z[r]->column[first + j];
    for (int k = 0; k < count; ++k)
#pragma GCC unroll 6
      for (int m = 0; m < 6; ++m)
#pragma GCC unroll 6
        for (int j = 0; j < columns; ++j) {
          const double factor = y[k].column[m][first + j];
#pragma GCC unroll 2
          for (int r = 0; r < Rows; ++r) sum[r][j].subtract(x[r][k].column[m], factor);
        }
#pragma GCC unroll 2
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) z[r]->column[first + j] = sum[r][j];
  }
}

// z -= x x^T; only the lower triangle of z is wanted.
FL_INLINE void subtract_square(const Block* x, int count, Block& z) { subtract_product<1>({x}, x, count, {&z}); }

// Diagonal block = L D L^T with unit lower L. Square roots are taken at the end, off the chain of pivots: the
// Cholesky factor is L D^1/2. Leaves L below the diagonal of the block and D^-1/2 on it. Says whether no pivot vanished.
inline uint32_t factorise_diagonal(Block& block, const double* scale) {
  double a[6][6], pivot[6];
  for (int j = 0; j < 6; ++j)
    for (int i = j; i < 6; ++i) a[i][j] = block.column[j][i];
  bool regular = true;
#pragma GCC unroll 6
  for (int j = 0; j < 6; ++j) {
    pivot[j] = a[j][j];
    regular &= pivot[j] > singular * scale[j];
    const double inverse = 1 / pivot[j];
#pragma GCC unroll 6
    for (int i = j + 1; i < 6; ++i) {
      const double l = a[i][j] * inverse;
#pragma GCC unroll 6
      for (int k = j + 1; k <= i; ++k) a[i][k] = multiply_subtract(l, a[k][j], a[i][k]);
      block.column[j].set(i, l);
    }
  }
  for (int j = 0; j < 6; ++j) block.column[j].set(j, 1 / square_root(pivot[j]));
  return regular;
}

// A block on its own, whose pivots are compared with its own diagonal.
inline bool factorise_diagonal(Block& block) {
  double scale[6];
  for (int r = 0; r < 6; ++r) scale[r] = block.entry(r, r);
  return factorise_diagonal(block, scale);
}

// x = x L^-T D^-1/2 for a factorised diagonal block.
FL_INLINE void solve_right(Block& x, const Block& diagonal) {
  Vector8 c[6];
  for (int j = 0; j < 6; ++j) c[j] = x.column[j];
#pragma GCC unroll 6
  for (int j = 0; j < 6; ++j) {
#pragma GCC unroll 6
    for (int i = j + 1; i < 6; ++i) c[i].subtract(c[j], diagonal.column[j][i]);
    x.column[j] = diagonal.column[j][j] * c[j];
  }
}

// x = x D^-1/2 L^-1 for a factorised diagonal block, which completes what solve_right begins.
inline void solve_left(Block& x, const Block& diagonal) {
  for (int j = 5; j >= 0; --j) {
    x.column[j] = diagonal.column[j][j] * x.column[j];
    for (int i = j + 1; i < 6; ++i) x.column[j].subtract(x.column[i], diagonal.column[j][i]);
  }
}

// Rows and columns of the translations become those of the unit matrix.
inline void pin_translations(Block& diagonal) {
  for (int j = 0; j < 6; ++j)
    for (int i = 0; i < 6; ++i)
      if (i < 3 || j < 3) diagonal.column[j].set(i, i == j);
}

inline void clear_translations(Block& row) { std::fill_n(row.column, 3, Vector8{}); }

FL_INLINE Vector8 unit(int lane) { return Vector8::unit(lane); }

// x on three lanes; sums and products with ones and zeros are what takes least time.
template <int First>
FL_INLINE Vector8 on_lanes(const double x[3]) {
  return multiply_add(unit(First + 2), x[2], multiply_add(unit(First + 1), x[1], x[0] * unit(First)));
}

// Adds a strut's stiffness to the diagonal blocks of its ends and to the lower block between them, whose row is end 2 if
// `sign` is 1 and end 1 if it is -1.
FL_INLINE void add_element(const Element<double>& e, Block& first, Block& second, Block& between, double sign) {
  // Columns of the 3x3 matrices, on the lanes of u and on the lanes of theta.
  const Vector8 tu = on_lanes<0>(e.t), tr = on_lanes<3>(e.t);
  const double* b = e.bt;
  const Vector8 xu[3] = {multiply_subtract(unit(2), b[1], b[2] * unit(1)),
                         multiply_subtract(unit(0), b[2], b[0] * unit(2)),
                         multiply_subtract(unit(1), b[0], b[1] * unit(0))};
  const Vector8 xr[3] = {multiply_subtract(unit(5), b[1], b[2] * unit(4)),
                         multiply_subtract(unit(3), b[2], b[0] * unit(5)),
                         multiply_subtract(unit(4), b[0], b[1] * unit(3))};
  for (int s = 0; s < 3; ++s) {
    const Vector8 uu = multiply_add(tu, e.along[s], e.a * unit(s));
    const Vector8 rr = multiply_add(tr, e.turned[s], e.c * unit(3 + s));
    const Vector8 rs = multiply_subtract(tr, e.twisted[s], e.d * unit(3 + s));
    first.column[s] += uu + xr[s];
    first.column[3 + s] += rr - xu[s];
    second.column[s] += uu - xr[s];
    second.column[3 + s] += rr + xu[s];
    between.column[s] += sign * xr[s] - uu;
    between.column[3 + s] += rs + sign * xu[s];
  }
}

// The same of a strut from a node to its own image: translations cancel.
FL_INLINE void add_loop(const Element<double>& e, Block& diagonal) {
  const Vector8 tr = on_lanes<3>(e.t);
  for (int s = 0; s < 3; ++s) {
    const Vector8 rr = multiply_add(tr, e.turned[s], e.c * unit(3 + s));
    const Vector8 rs = multiply_subtract(tr, e.twisted[s], e.d * unit(3 + s));
    diagonal.column[3 + s] += 2 * (rr + rs);
  }
}

// Adds the forces of the macro-strains, which move end 2 by D, on the ends (lanes over strains: K(u2,u2) D on u2, -X D on
// both rotations), and the work that they do.
FL_INLINE void add_forces(const Element<double>& e, const double v[3], Block& first, Block& second, Block& macro) {
  Vector8 D[3];
  macro_displacement(v, D);
  const Vector8 stretch = multiply_add(D[2], e.t[2], multiply_add(D[1], e.t[1], e.t[0] * D[0]));
  for (int r = 0; r < 3; ++r) {
    const int r1 = (r + 1) % 3, r2 = (r + 2) % 3;
    const Vector8 force = multiply_add(stretch, e.along[r], e.a * D[r]);
    const Vector8 moment = multiply_subtract(D[r1], e.bt[r2], e.bt[r1] * D[r2]);
    second.column[r] += force;
    first.column[r] -= force;
    second.column[3 + r] -= moment;
    first.column[3 + r] -= moment;
    for (int m = 0; m < 6; ++m) macro.column[m].add(force, D[r][m]);
  }
}

}  // namespace fl::frame
