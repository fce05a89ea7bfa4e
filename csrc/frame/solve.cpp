// Assembly, block Cholesky and the displacements.
#include "frame/solve.h"

#include <algorithm>
#include <cstring>

#include "base/pool.h"

namespace fl::frame {
namespace {

// Rows of blocks that one task updates: they and the target stay in the second cache.
constexpr int64_t rows_per_task = 32;
// Block products (about 10 ns each) below which waking other threads costs more than it gains.
constexpr int64_t products_to_share = 20000;

double number(double x, int) { return x; }
double number(Lanes x, int lane) { return x[lane]; }

}  // namespace

// Row `a` of the supernode of a column, and that column.
template <class Block>
FL_INLINE Block& Solver<Block>::at(const Supernode& s, int32_t a, int32_t column) {
  return blocks_[s.blocks_begin + int64_t{a} * s.width + (column - s.first)];
}

template <class Block>
FL_INLINE Block& Solver<Block>::diagonal(int32_t column) {
  const Supernode& s = supernode_of(column);
  return at(s, column - s.first, column);
}

template <class Block>
FL_INLINE Block& Solver<Block>::macro_row(int32_t column) {
  const Supernode& s = supernode_of(column);
  return at(s, s.num_rows - 1, column);
}

template <class Block>
FL_INLINE Block& Solver<Block>::below(int32_t row, int32_t column) {
  const Supernode& s = supernode_of(column);
  const int32_t* rows = structure_.rows.data() + s.rows_begin;
  int32_t a = row - s.first;
  if (a >= s.width) a = static_cast<int32_t>(std::lower_bound(rows + s.width, rows + s.num_rows, row) - rows);
  return at(s, a, column);
}

// Adds a strut to K, G and W.
template <class Block>
void Solver<Block>::add_strut(const StrutOf<Number>& strut, const Material& material, Block& macro) {
  const Element<Number> element(strut, material);
  const int32_t i = structure_.position[strut.i], j = structure_.position[strut.j];
  if (i == j)
    add_loop(element, diagonal(i));
  else
    add_element(element, diagonal(i), diagonal(j), below(std::max(i, j), std::min(i, j)), i < j ? 1 : -1);
  add_forces(element, strut.vector, macro_row(i), macro_row(j), macro);
}

template <class Block>
void Solver<Block>::analyse(const Lattice& lattice) {
  build_structure(lattice, structure_);
}

template <class Block>
void Solver<Block>::assemble(const std::vector<StrutOf<Number>>& struts, const Material& material) {
  if (static_cast<int64_t>(blocks_.size()) < structure_.num_blocks) {
    blocks_.clear();  // so that growing copies nothing
    blocks_.resize(structure_.num_blocks);
  } else {
    std::memset(static_cast<void*>(blocks_.data()), 0, structure_.num_blocks * sizeof(Block));
  }
  Block macro{};
  for (const StrutOf<Number>& strut : struts) add_strut(strut, material, macro);
  const auto n = static_cast<int32_t>(structure_.position.size()) - 1;
  diagonal(n) = macro;
  scale_.resize(6 * n);
  for (int32_t c = 0; c < n; ++c) {
    const Block& block = diagonal(c);
    for (int m = 0; m < 6; ++m) scale_[6 * c + m] = block.entry(m, m);
  }
}

// Runs body(begin, end) over tiles of [first, last).
template <class Block>
template <class Body>
void Solver<Block>::for_tiles(int32_t first, int32_t last, int64_t products, const Body& body) const {
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
template <class Block>
void Solver<Block>::factorise_supernode(const Supernode& s) {
  const auto strip = [&](int32_t a) { return &blocks_[s.blocks_begin + int64_t{a} * s.width]; };
  for (int32_t c = 0; c < s.width; ++c) {
    Block& diagonal = strip(c)[c];
    if (c > 0) subtract_square(strip(c), c, diagonal);
    Number* scale = &scale_[6 * (s.first + c)];
    // The last node of a net: all its others are eliminated and nothing resists its translation. Pin it.
    const bool pinned = c == s.width - 1 && s.num_rows == s.width + 1;
    if (pinned) {
      pin_translations(diagonal);
      std::fill(scale, scale + 3, Number(1.0));
    }
    note_singular(factorise_diagonal(diagonal, scale), s.first + c);
    if (!regular_) return;
    for_tiles(c + 1, s.num_rows, int64_t{s.num_rows} * c, [&](int32_t begin, int32_t end) {
      for (int32_t a = begin; a < end; ++a) {
        if (c > 0) subtract_product<1>({strip(a)}, strip(c), c, {strip(a) + c});
        solve_right(strip(a)[c], diagonal);
      }
    });
    if (pinned) clear_translations(strip(s.width)[c]);
  }
}

template <class Block>
void Solver<Block>::note_singular(uint32_t regular, int32_t column) {
  for (int lane = 0; lane < Block::lattices; ++lane)
    if (regular_ & ~regular & uint32_t{1} << lane) singular_column_[lane] = column;
  regular_ &= regular;
}

// Takes the products of a factorised supernode's rows from the columns that own them.
template <class Block>
void Solver<Block>::update_ancestors(const Supernode& s) {
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
      constexpr int32_t pair = Block::rows_at_once;
      for (int32_t a = begin; a < end; a += pair) {
        const auto target_block = [&](int32_t row, int32_t column) {
          return blocks + int64_t{place_[row]} * target.width + rows[column] - target.first;
        };
        // Columns that end above row a take all rows of the pair, the others what lies below their diagonal.
        int32_t column = b;
        if constexpr (pair == 2)
          if (a + 1 < end)
            for (; column < std::min(next, a + 1); ++column)
              subtract_product<2>({strip(a), strip(a + 1)}, strip(column), s.width,
                                  {target_block(a, column), target_block(a + 1, column)});
        for (int32_t row = a; row < std::min(a + pair, end); ++row) {
          for (int32_t c = column; c < std::min(next, row); ++c)
            subtract_product<1>({strip(row)}, strip(c), s.width, {target_block(row, c)});
          if (column <= row && row < next) subtract_square(strip(row), s.width, *target_block(row, row));
        }
      }
    });
  }
}

template <class Block>
void Solver<Block>::factorise(int32_t threads) {
  threads_ = threads;
  regular_ = everybody;
  std::fill_n(singular_column_, Block::lattices, -1);
  for (size_t s = 0; s + 1 < structure_.supernodes.size() && regular_; ++s) {
    factorise_supernode(structure_.supernodes[s]);
    if (regular_) update_ancestors(structure_.supernodes[s]);
  }
}

template <class Block>
int64_t Solver<Block>::singular_node(int lane) const {
  const auto& position = structure_.position;
  if (singular_column_[lane] < 0) return -1;
  return std::find(position.begin(), position.end(), singular_column_[lane]) - position.begin();
}

template <class Block>
uint32_t Solver<Block>::stiffness(Number volume, double* const* C, int count) const {
  const Block& schur = blocks_[structure_.supernodes.back().blocks_begin];
  auto finite = volume <= Number(largest);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j <= i; ++j) {
      // The sum makes negative zeros positive: which zeros are negative is all that Block and LaneBlock may differ in.
      const Number entry = schur.entry(i, j) / volume + 0.0;
      finite = finite & (entry <= Number(largest)) & (entry >= Number(-largest));
      for (int k = 0; k < count; ++k) C[k][6 * i + j] = C[k][6 * j + i] = number(entry, k);
    }
  return regular_ & bits(finite);
}

// Solves L^T u = -(row of the macro-strain), from the last column to the first.
template <>
void Solver<Block>::displacements(Vector8* u) {
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

template class Solver<Block>;
template class Solver<LaneBlock>;

}  // namespace fl::frame
