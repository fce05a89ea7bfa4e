// The solver of one lattice after another; it keeps its memory in between.
#pragma once
#include "frame/frame.h"

namespace fl::frame {

class Solver {
 public:
  // Builds the structure and fills K, G and W for a lattice that passed the checks.
  void assemble(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material);

  // Block Cholesky; false where a pivot vanishes. Threads share the work of large cells; the bits do not depend on
  // how many they are.
  bool factorise(int32_t threads);

  // The node whose pivot vanished, -1 where none did.
  int64_t singular_node() const;

  // C [6, 6] = Schur complement / volume; false where it overflows.
  bool stiffness(double volume, double* C);

  // Fluctuations [num_nodes, 6 unknowns] of the factorised lattice, lanes over macro-strains.
  void displacements(Vector8* u);

 private:
  Block& at(int32_t row, int32_t column);  // row >= column
  Block& macro_row(int32_t column);
  void add_strut(const Strut& strut, const Section& section, Block& macro);
  bool factorise_supernode(const Supernode& supernode);
  void update_ancestors(const Supernode& supernode);
  template <class Body>
  void for_tiles(int32_t first, int32_t last, int64_t products, const Body& body) const;

  Structure structure_;
  std::vector<Block> blocks_;
  std::vector<double> scale_;  // diagonal of K before elimination
  std::vector<int32_t> place_, node_;
  int32_t threads_ = 1, singular_column_ = -1;
};

}  // namespace fl::frame
