// The solver of one lattice after another, or of several of one topology at once; it keeps its memory in between.
#pragma once
#include "frame/block.h"
#include "frame/lane_block.h"

namespace fl::frame {

// With Block: of one lattice. With LaneBlock: of as many as vectors have lanes, each with the bits that it has alone.
template <class Block>
class Solver {
 public:
  using Number = typename Block::Number;

  // Builds the structure, for lattices of one topology that passed the checks.
  void analyse(const Lattice& lattice);

  // Fills K, G and W.
  void assemble(const std::vector<StrutOf<Number>>& struts, const Material& material);

  // Block Cholesky. Threads share the work of large cells; the bits do not depend on how many they are.
  void factorise(int32_t threads);

  // The node whose pivot vanished, -1 where none did.
  int64_t singular_node(int lane = 0) const;

  // C[k] [6, 6] = Schur complement / volume of lattices 0 to count - 1. The lattices that have one, as bits: no pivot of
  // theirs vanished, and it does not overflow.
  uint32_t stiffness(Number volume, double* const* C, int count) const;

  // Fluctuations [num_nodes, 6 unknowns] of the factorised lattice, lanes over macro-strains. Of one lattice only.
  void displacements(Vector8* u);

 private:
  const Supernode& supernode_of(int32_t column) const { return structure_.supernodes[structure_.supernode[column]]; }
  Block& at(const Supernode& supernode, int32_t a, int32_t column);
  Block& diagonal(int32_t column);
  Block& below(int32_t row, int32_t column);  // row > column
  Block& macro_row(int32_t column);
  void add_strut(const StrutOf<Number>& strut, const Material& material, Block& macro);
  void factorise_supernode(const Supernode& supernode);
  void update_ancestors(const Supernode& supernode);
  void note_singular(uint32_t regular, int32_t column);
  template <class Body>
  void for_tiles(int32_t first, int32_t last, int64_t products, const Body& body) const;

  Structure structure_;
  std::vector<Block> blocks_;
  std::vector<Number> scale_;  // diagonal of K before elimination
  std::vector<int32_t> place_, node_;
  int32_t threads_ = 1;
  static constexpr uint32_t everybody = (uint32_t{1} << Block::lattices) - 1;
  uint32_t regular_ = everybody;  // lattices none of whose pivots vanished so far, as bits
  int32_t singular_column_[Block::lattices] = {};
};

}  // namespace fl::frame
