// 6x6 blocks of several lattices of one topology, a lattice a lane: block.h, entry by entry. Where only the lower triangle
// of a block is wanted, only that is right. Entries that block.h adds zeros to are left alone.
#pragma once
#include "frame/block.h"

namespace fl::frame {

// Column by column.
struct LaneBlock {
  using Number = Lanes;
  static constexpr int lattices = Lanes::count;
  static constexpr int rows_at_once = 1;
  Lanes column[6][6];

  Lanes entry(int row, int col) const { return column[col][row]; }
};

// Columns of six entries that stay in registers.
constexpr int lane_columns = vector_registers >= 32 ? 3 : 2;

// Columns [Begin, Begin + Count) of z -= x y^T from row `First` on.
template <int Begin, int Count, int First>
FL_INLINE void subtract_columns(const LaneBlock* x, const LaneBlock* y, int count, LaneBlock& z) {
  Lanes sum[Count][6];
#pragma GCC unroll 6
  for (int j = 0; j < Count; ++j)
#pragma GCC unroll 6
    for (int i = First; i < 6; ++i) sum[j][i] = z.column[Begin + j][i];
  for (int k = 0; k < count; ++k)
#pragma GCC unroll 6
    for (int m = 0; m < 6; ++m)
#pragma GCC unroll 6
      for (int i = First; i < 6; ++i) {
        Lanes factor = x[k].column[m][i];
        hold(factor.part);
#pragma GCC unroll 6
        for (int j = 0; j < Count; ++j)
          sum[j][i] = multiply_subtract(factor, y[k].column[m][Begin + j], sum[j][i]);
      }
#pragma GCC unroll 6
  for (int j = 0; j < Count; ++j)
#pragma GCC unroll 6
    for (int i = First; i < 6; ++i) z.column[Begin + j][i] = sum[j][i];
}

template <int Rows>
FL_INLINE void subtract_product(const LaneBlock* const (&x)[Rows], const LaneBlock* y, int count,
                                LaneBlock* const (&z)[Rows]) {
  static_assert(Rows == 1);
  subtract_columns<0, lane_columns, 0>(x[0], y, count, *z[0]);
  subtract_columns<lane_columns, lane_columns, 0>(x[0], y, count, *z[0]);
  if constexpr (lane_columns == 2) subtract_columns<4, 2, 0>(x[0], y, count, *z[0]);
}

FL_INLINE void subtract_square(const LaneBlock* x, int count, LaneBlock& z) {
  subtract_columns<0, lane_columns, 0>(x, x, count, z);
  subtract_columns<lane_columns, lane_columns, lane_columns>(x, x, count, z);
  if constexpr (lane_columns == 2) subtract_columns<4, 2, 4>(x, x, count, z);
}

// The lattices none of whose pivots vanished, as bits.
inline uint32_t factorise_diagonal(LaneBlock& block, const Lanes* scale) {
  Lanes a[6][6], pivot[6];
#pragma GCC unroll 6
  for (int j = 0; j < 6; ++j)
#pragma GCC unroll 6
    for (int i = j; i < 6; ++i) a[i][j] = block.column[j][i];
  auto regular = Part{} == Part{};
#pragma GCC unroll 6
  for (int j = 0; j < 6; ++j) {
    pivot[j] = a[j][j];
    regular &= pivot[j].part > (singular * scale[j]).part;
    const Lanes inverse = 1.0 / pivot[j];
#pragma GCC unroll 6
    for (int i = j + 1; i < 6; ++i) {
      const Lanes l = a[i][j] * inverse;
#pragma GCC unroll 6
      for (int k = j + 1; k <= i; ++k) a[i][k] = multiply_subtract(l, a[k][j], a[i][k]);
      block.column[j][i] = l;
    }
  }
  for (int j = 0; j < 6; ++j) block.column[j][j] = 1.0 / square_root(pivot[j]);
  return bits(regular);
}

FL_INLINE void solve_right(LaneBlock& x, const LaneBlock& diagonal) {
  constexpr int rows = vector_registers >= 32 ? 3 : 2;
  for (int first = 0; first < 6; first += rows) {
    Lanes c[6][rows];
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j)
#pragma GCC unroll 3
      for (int r = 0; r < rows; ++r) c[j][r] = x.column[j][first + r];
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
#pragma GCC unroll 6
      for (int i = j + 1; i < 6; ++i)
#pragma GCC unroll 3
        for (int r = 0; r < rows; ++r) c[i][r] = multiply_subtract(c[j][r], diagonal.column[j][i], c[i][r]);
#pragma GCC unroll 3
      for (int r = 0; r < rows; ++r) x.column[j][first + r] = diagonal.column[j][j] * c[j][r];
    }
  }
}

inline void pin_translations(LaneBlock& diagonal) {
  for (int j = 0; j < 6; ++j)
    for (int i = 0; i < 6; ++i)
      if (i < 3 || j < 3) diagonal.column[j][i] = double(i == j);
}

inline void clear_translations(LaneBlock& row) {
  for (int j = 0; j < 3; ++j)
    for (Lanes& entry : row.column[j]) entry = 0.0;
}

FL_INLINE void add_element(const Element<Lanes>& e, LaneBlock& first, LaneBlock& second, LaneBlock& between,
                           double sign) {
  const auto diagonal_or_not = [](int r, int s, Lanes x, Lanes y, Lanes z) {
    return r == s ? multiply_add(x, y, z) : x * y;
  };
#pragma GCC unroll 3
  for (int s = 0; s < 3; ++s)
#pragma GCC unroll 3
    for (int r = 0; r < 3; ++r) {
      const Lanes uu = diagonal_or_not(r, s, e.t[r], e.along[s], e.a);
      const Lanes rr = diagonal_or_not(r, s, e.t[r], e.turned[s], e.c);
      const Lanes rs = r == s ? multiply_subtract(e.t[r], e.twisted[s], e.d) : -(e.t[r] * e.twisted[s]);
      if (r >= s) {
        first.column[s][r] += uu;
        second.column[s][r] += uu;
        first.column[3 + s][3 + r] += rr;
        second.column[3 + s][3 + r] += rr;
      }
      between.column[s][r] -= uu;
      between.column[3 + s][3 + r] += rs;
      if (r == s) continue;
      const Lanes x = r == (s + 1) % 3 ? e.bt[3 - r - s] : -e.bt[3 - r - s];  // row r, column s of [b t]x
      first.column[s][3 + r] += x;
      second.column[s][3 + r] -= x;
      between.column[s][3 + r] += sign * x;
      between.column[3 + s][r] += sign * x;
    }
}

FL_INLINE void add_loop(const Element<Lanes>& e, LaneBlock& diagonal) {
  for (int s = 0; s < 3; ++s)
    for (int r = s; r < 3; ++r) {
      const Lanes rr = r == s ? multiply_add(e.t[r], e.turned[s], e.c) : e.t[r] * e.turned[s];
      const Lanes rs = r == s ? multiply_subtract(e.t[r], e.twisted[s], e.d) : -(e.t[r] * e.twisted[s]);
      diagonal.column[3 + s][3 + r] += 2.0 * (rr + rs);
    }
}

FL_INLINE void add_forces(const Element<Lanes>& e, const Lanes v[3], LaneBlock& first, LaneBlock& second,
                          LaneBlock& macro) {
  constexpr double h = 0.70710678118654752440;
  const Lanes hv[3] = {h * v[0], h * v[1], h * v[2]};
  // Where macro-strain m moves along axis r, and how far.
  const auto moves = [](int r, int m) { return m == r || (m >= 3 && m - 3 != r); };
  const auto D = [&](int r, int m) { return m == r ? v[r] : hv[6 - r - m]; };
#pragma GCC unroll 6
  for (int m = 0; m < 6; ++m) {
    Lanes stretch = 0.0;
    bool moved = false;
#pragma GCC unroll 3
    for (int r = 0; r < 3; ++r)
      if (moves(r, m)) stretch = moved ? multiply_add(D(r, m), e.t[r], stretch) : e.t[r] * D(r, m), moved = true;
#pragma GCC unroll 3
    for (int r = 0; r < 3; ++r) {
      const int r1 = (r + 1) % 3, r2 = (r + 2) % 3;
      const Lanes force = moves(r, m) ? multiply_add(stretch, e.along[r], e.a * D(r, m)) : stretch * e.along[r];
      second.column[r][m] += force;
      first.column[r][m] -= force;
#pragma GCC unroll 6
      for (int n = 0; n <= m; ++n)
        if (moves(r, n)) macro.column[n][m] = multiply_add(force, D(r, n), macro.column[n][m]);
      if (!moves(r1, m) && !moves(r2, m)) continue;
      const Lanes moment = !moves(r1, m)   ? e.bt[r1] * D(r2, m)
                           : !moves(r2, m) ? -(D(r1, m) * e.bt[r2])
                                           : multiply_subtract(D(r1, m), e.bt[r2], e.bt[r1] * D(r2, m));
      second.column[3 + r][m] -= moment;
      first.column[3 + r][m] -= moment;
    }
  }
}

}  // namespace fl::frame
