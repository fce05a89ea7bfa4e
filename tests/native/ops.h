// What the tests of the ops share: graphs, what they count and what they print.
#pragma once
#include <initializer_list>

#include "check.h"

// Largest degrees of edge convolutions and of contractions whose kernels are there.
constexpr Int conv_lmax = CONV_LMAX, contraction_lmax = CONTRACTION_LMAX;

// Edges between any nodes, one way, with self- and multi-edges; struts that edges share.
struct Graph {
  Int nodes, edges, struts;
  std::vector<Int> index, strut;

  Graph(Int nodes, Int edges, Int struts, Random& random)
      : nodes(nodes),
        edges(edges),
        struts(struts ? struts : edges),
        index(random.integers(2 * edges, nodes)),
        strut(random.integers(struts ? edges : 0, struts)) {}
  Buffer<const Int> rows() const { return given(!strut.empty(), strut); }
};

struct Sizes {
  Int nodes, edges, struts;
};
// No nodes, no edges, one node, one-way edges with rows of their own, few and many struts, more than fits a tile.
const Sizes sizes[] = {{0, 0, 0}, {3, 0, 0}, {1, 1, 0}, {1, 63, 5}, {9, 63, 0}, {150, 300, 150}, {70, 20, 40}};

inline Int components(Int lmax) { return (lmax + 1) * (lmax + 1); }

inline Int paths(Int l_in, Int lmax) {
  Int count = 0;
  for (Int l1 = 0; l1 <= l_in; ++l1)
    for (Int l2 = 0; l2 <= lmax; ++l2)
      for (Int l3 = std::abs(l1 - l2); l3 <= std::min(l1 + l2, lmax); l3 += 2) ++count;
  return count;
}

inline std::string label(const char* op, std::initializer_list<Int> numbers) {
  std::string text = op;
  for (const Int n : numbers) text += " " + std::to_string(n);
  return text;
}
