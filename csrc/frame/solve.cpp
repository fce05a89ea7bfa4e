// Assembly, block Cholesky and the displacements of one lattice.
#include "frame/solve.h"

#include <algorithm>
#include <cstring>

#include "base/pool.h"

namespace fl::frame {
namespace {

// A pivot is compared with the diagonal entry it started from: that ratio does not depend on the unit of rotations
// (or any other scaling of the unknowns), so none is needed. Elimination leaves about sqrt(6 N) rounding errors
// where a pivot vanishes, 1e-13 for the largest cells; the softest lattices worth asking for (r/L = 1e-5) leave 1e-10.
constexpr double singular = 1e-12;

// Rows of blocks that one call of subtract_product takes, if registers allow.
constexpr int32_t pair = 12 * Vector8::parts + 2 <= vector_registers ? 2 : 1;

// Rows of blocks that one task updates: they and the target stay in the second cache.
constexpr int64_t rows_per_task = 32;
// Block products (about 10 ns each) below which waking other threads costs more than it gains.
constexpr int64_t products_to_share = 20000;

FL_INLINE Vector8 unit(int lane) { return Vector8::unit(lane); }

// Diagonal block = L D L^T with unit lower L. Square roots are taken at the end, off the chain of pivots: the
// Cholesky factor is L D^1/2. Leaves L below the diagonal of the block and D^-1/2 on it.
bool factorise_diagonal(Block& block, const double* scale) {
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
      for (int k = j + 1; k <= i; ++k) a[i][k] -= l * a[k][j];
      block.column[j].set(i, l);
    }
  }
  for (int j = 0; j < 6; ++j) block.column[j].set(j, 1 / std::sqrt(pivot[j]));
  return regular;
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

}  // namespace

Block& Solver::at(int32_t row, int32_t column) {
  const Supernode& s = structure_.supernodes[structure_.supernode[column]];
  const int32_t* rows = structure_.rows.data() + s.rows_begin;
  int32_t a = row - s.first;
  if (a >= s.width) a = static_cast<int32_t>(std::lower_bound(rows + s.width, rows + s.num_rows, row) - rows);
  return blocks_[s.blocks_begin + int64_t{a} * s.width + (column - s.first)];
}

Block& Solver::macro_row(int32_t column) {
  const Supernode& s = structure_.supernodes[structure_.supernode[column]];
  return blocks_[s.blocks_begin + int64_t{s.num_rows - 1} * s.width + (column - s.first)];
}

// Adds a strut to K, G and W. With t the unit vector, P = t t^T and X = b [t]x, the element stiffness has the blocks
//   K(u1,u1) =  a I + (EA/L - a) P = -K(u1,u2),   K(th1,th1) = c I + (GJ/L - c) P,   K(th1,th2) = d I - (GJ/L + d) P,
//   K(u1,th1) = K(u1,th2) = -X,   K(u2,th1) = K(u2,th2) = X,
// and a macro-strain moves end 2 by D.
void Solver::add_strut(const Strut& strut, const Section& k, Block& macro) {
  const double inverse_length = 1 / strut.length;
  const double t[3] = {strut.vector[0] * inverse_length, strut.vector[1] * inverse_length,
                       strut.vector[2] * inverse_length};
  const double a = k.a(strut.length), b = k.b(strut.length), c = k.c(), d = k.d();
  // Columns of the 3x3 matrices, on the lanes of u and on the lanes of theta.
  const Vector8 tu = t[0] * unit(0) + t[1] * unit(1) + t[2] * unit(2);
  const Vector8 tr = t[0] * unit(3) + t[1] * unit(4) + t[2] * unit(5);
  const double bt[3] = {b * t[0], b * t[1], b * t[2]};
  const Vector8 xu[3] = {bt[2] * unit(1) - bt[1] * unit(2), bt[0] * unit(2) - bt[2] * unit(0),
                         bt[1] * unit(0) - bt[0] * unit(1)};
  const Vector8 xr[3] = {bt[2] * unit(4) - bt[1] * unit(5), bt[0] * unit(5) - bt[2] * unit(3),
                         bt[1] * unit(3) - bt[0] * unit(4)};
  Vector8 uu[3], rr[3], rs[3];
  for (int s = 0; s < 3; ++s) {
    uu[s] = a * unit(s) + ((k.axial - a) * t[s]) * tu;
    rr[s] = c * unit(3 + s) + ((k.torsion - c) * t[s]) * tr;
    rs[s] = d * unit(3 + s) - ((k.torsion + d) * t[s]) * tr;
  }
  const int32_t i = structure_.position[strut.i], j = structure_.position[strut.j];
  if (i == j) {  // translations cancel
    Block& diagonal = at(i, i);
    for (int s = 0; s < 3; ++s) diagonal.column[3 + s] += 2 * (rr[s] + rs[s]);
  } else {
    Block &first = at(i, i), &second = at(j, j), &between = i < j ? at(j, i) : at(i, j);
    const double sign = i < j ? 1 : -1;  // the lower block has end 2 as its row if i < j, else end 1
    for (int s = 0; s < 3; ++s) {
      first.column[s] += uu[s] + xr[s];
      first.column[3 + s] += rr[s] - xu[s];
      second.column[s] += uu[s] - xr[s];
      second.column[3 + s] += rr[s] + xu[s];
      between.column[s] += sign * xr[s] - uu[s];
      between.column[3 + s] += rs[s] + sign * xu[s];
    }
  }
  // Forces of the macro-strains on the ends, lanes over strains: K(u2,u2) D on u2, -X D on both rotations.
  Vector8 D[3];
  macro_displacement(strut.vector, D);
  const Vector8 stretch = t[0] * D[0] + t[1] * D[1] + t[2] * D[2];
  Block &g1 = macro_row(i), &g2 = macro_row(j);
  for (int r = 0; r < 3; ++r) {
    const Vector8 force = a * D[r] + ((k.axial - a) * t[r]) * stretch;
    const Vector8 moment = bt[(r + 1) % 3] * D[(r + 2) % 3] - bt[(r + 2) % 3] * D[(r + 1) % 3];
    g2.column[r] += force;
    g1.column[r] -= force;
    g2.column[3 + r] -= moment;
    g1.column[3 + r] -= moment;
    for (int m = 0; m < 6; ++m) macro.column[m].add(force, D[r][m]);
  }
}

void Solver::assemble(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material) {
  build_structure(lattice, structure_);
  if (static_cast<int64_t>(blocks_.size()) < structure_.num_blocks) {
    blocks_.clear();  // so that growing copies nothing
    blocks_.resize(structure_.num_blocks);
  } else {
    std::memset(static_cast<void*>(blocks_.data()), 0, structure_.num_blocks * sizeof(Block));
  }
  double inverse_cell[9];
  inverse(lattice.cell, inverse_cell);
  const bool cut = material.discretisation == Discretisation::abaqus_b31;
  Block macro{};
  for (size_t k = 0; k < struts.size(); ++k) {
    const double cubes = cut ? cut_cubes(lattice, inverse_cell, static_cast<int64_t>(k)) : 1;
    add_strut(struts[k], section(struts[k], material, cubes), macro);
  }
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  at(n, n) = macro;
  scale_.resize(6 * lattice.num_nodes);
  for (int32_t c = 0; c < n; ++c) {
    const Block& diagonal = at(c, c);
    for (int m = 0; m < 6; ++m) scale_[6 * c + m] = diagonal.column[m][m];
  }
}

// Runs body(begin, end) over tiles of [first, last).
template <class Body>
void Solver::for_tiles(int32_t first, int32_t last, int64_t products, const Body& body) const {
  if (threads_ > 1 && products > products_to_share) {
    parallel_for(threads_, last - first, rows_per_task, [&](int32_t, int64_t begin, int64_t end) {
      body(first + static_cast<int32_t>(begin), first + static_cast<int32_t>(end));
    });
  } else {
    for (int32_t begin = first; begin < last; begin += rows_per_task)
      body(begin, std::min<int32_t>(last, begin + rows_per_task));
  }
}

// Cholesky of the columns of one supernode, left-looking within it.
bool Solver::factorise_supernode(const Supernode& s) {
  const auto strip = [&](int32_t a) { return &blocks_[s.blocks_begin + int64_t{a} * s.width]; };
  for (int32_t c = 0; c < s.width; ++c) {
    Block& diagonal = strip(c)[c];
    subtract_product<1>({strip(c)}, strip(c), c, {&diagonal});
    double* scale = &scale_[6 * (s.first + c)];
    // The last node of a net: all its others are eliminated and nothing resists its translation. Pin it.
    const bool pinned = c == s.width - 1 && s.num_rows == s.width + 1;
    if (pinned) {
      for (int j = 0; j < 6; ++j)
        for (int i = 0; i < 6; ++i)
          if (i < 3 || j < 3) diagonal.column[j].set(i, i == j);
      std::fill(scale, scale + 3, 1.0);
    }
    if (!factorise_diagonal(diagonal, scale)) {
      singular_column_ = s.first + c;
      return false;
    }
    for_tiles(c + 1, s.num_rows, int64_t{s.num_rows} * c, [&](int32_t begin, int32_t end) {
      for (int32_t a = begin; a < end; ++a) {
        subtract_product<1>({strip(a)}, strip(c), c, {strip(a) + c});
        solve_right(strip(a)[c], diagonal);
      }
    });
    if (pinned) std::fill_n(strip(s.width)[c].column, 3, Vector8{});
  }
  return true;
}

// Takes the products of a factorised supernode's rows from the columns that own them.
void Solver::update_ancestors(const Supernode& s) {
  const int32_t* rows = structure_.rows.data() + s.rows_begin;
  const auto strip = [&](int32_t a) { return &blocks_[s.blocks_begin + int64_t{a} * s.width]; };
  place_.resize(s.num_rows);
  for (int32_t b = s.width, next; b < s.num_rows; b = next) {
    const Supernode& target = structure_.supernodes[structure_.supernode[rows[b]]];
    const int32_t* target_rows = structure_.rows.data() + target.rows_begin;
    for (next = b; next < s.num_rows && rows[next] < target.first + target.width;) ++next;
    for (int32_t a = b, p = 0; a < s.num_rows; ++a, ++p) {
      while (target_rows[p] != rows[a]) ++p;
      place_[a] = p;
    }
    Block* blocks = &blocks_[target.blocks_begin];
    for_tiles(b, s.num_rows, int64_t{s.num_rows - b} * (next - b) * s.width, [&](int32_t begin, int32_t end) {
      for (int32_t a = begin; a < end; a += pair) {
        const auto target_block = [&](int32_t row, int32_t column) {
          return blocks + int64_t{place_[row]} * target.width + rows[column] - target.first;
        };
        // Columns that end above row a take all rows of the pair, the others what lies below their diagonal.
        int32_t column = b;
        if (pair == 2 && a + 1 < end)
          for (; column < std::min(next, a + 1); ++column)
            subtract_product<2>({strip(a), strip(a + 1)}, strip(column), s.width,
                                {target_block(a, column), target_block(a + 1, column)});
        for (int32_t c = column; c < next; ++c)
          for (int32_t row = std::max(a, c); row < std::min(a + pair, end); ++row)
            subtract_product<1>({strip(row)}, strip(c), s.width, {target_block(row, c)});
      }
    });
  }
}

bool Solver::factorise(int32_t threads) {
  threads_ = threads;
  singular_column_ = -1;
  for (size_t s = 0; s + 1 < structure_.supernodes.size(); ++s) {
    if (!factorise_supernode(structure_.supernodes[s])) return false;
    update_ancestors(structure_.supernodes[s]);
  }
  return true;
}

int64_t Solver::singular_node() const {
  const auto& position = structure_.position;
  if (singular_column_ < 0) return -1;
  return std::find(position.begin(), position.end(), singular_column_) - position.begin();
}

bool Solver::stiffness(double volume, double* C) {
  const auto macro = static_cast<int32_t>(structure_.position.size()) - 1;
  const Block& schur = at(macro, macro);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j <= i; ++j) C[6 * i + j] = C[6 * j + i] = schur.column[j][i] / volume;
  return std::all_of(C, C + 36, [](double entry) { return std::isfinite(entry); });
}

// Solves L^T u = -(row of the macro-strain), from the last column to the first.
void Solver::displacements(Vector8* u) {
  node_.resize(structure_.position.size());
  for (size_t i = 0; i < node_.size(); ++i) node_[structure_.position[i]] = static_cast<int32_t>(i);
  const auto of_column = [&](int32_t column) { return u + 6 * int64_t{node_[column]}; };
  for (size_t index = structure_.supernodes.size() - 1; index-- > 0;) {
    const Supernode& s = structure_.supernodes[index];
    const int32_t* rows = structure_.rows.data() + s.rows_begin;
    for (int32_t c = s.width - 1; c >= 0; --c) {
      const auto block = [&](int32_t a) -> const Block& { return blocks_[s.blocks_begin + int64_t{a} * s.width + c]; };
      Vector8 y[6];
      for (int m = 0; m < 6; ++m) y[m] = -1.0 * block(s.num_rows - 1).column[m];
      for (int32_t a = c + 1; a < s.num_rows - 1; ++a)
        for (int m = 0; m < 6; ++m)
          for (int r = 0; r < 6; ++r) y[m].subtract(of_column(rows[a])[r], block(a).column[m][r]);
      const Block& diagonal = block(c);
      for (int m = 5; m >= 0; --m) {
        y[m] = diagonal.column[m][m] * y[m];
        for (int r = m + 1; r < 6; ++r) y[m].subtract(y[r], diagonal.column[m][r]);
      }
      std::copy(y, y + 6, of_column(s.first + c));
    }
  }
}

}  // namespace fl::frame
