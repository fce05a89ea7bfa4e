// What the struts around a node say of it before anything is solved: its share of the affine bound's energy, and what it
// alone would give back if it moved, r^T D^-1 r with the unbalanced loads r and the stiffness D of its strut ends. Every edge
// speaks for the end at its receiver, so that nothing is asked of how edges pair.
#pragma once
#include "frame/block.h"

namespace fl::frame {

// The strut of an edge along v, of which nothing but the node at its receiver is known.
Strut strut_of_edge(const double v[3], double radius, int64_t node);

// Functions here are not inline: arithmetic of frames is compiled in this folder, in the same way wherever it is called.

// r^T D^-1 r, symmetric [6, 6], for loads r on a node and the factors of its stiffness D.
void write_release(const Block& loads, const Block& factors, double* release);

struct NodeMechanics {
  Block stiffness{}, loads{}, shares{};  // D, or its factors; loads by unknown; energies by column

  void add(const Strut& strut, const Material& material);
  // D to its factors. What is not regular gives NaN, or numbers without digits: the caller's lattice.
  void factorise();
  // [6, 6] each, once factorised.
  void write(double* energy, double* release) const;
};

}  // namespace fl::frame
