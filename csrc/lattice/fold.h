// From a finite wireframe to the periodic cell that it was cut out of.
//
// Who cuts a cell, or a block of cells, out of a lattice leaves three traces: nodes on faces, edges and corners are in
// several copies, lattice vectors apart; struts on shared faces are given several times; a strut that crosses a face is
// in two pieces. Tools that draw beams add two: a node of its own for every end of a strut, and struts in many pieces.
// All are undone alike: nodes in one place, modulo the lattice, become one; equal struts become one; and a node goes
// where nothing but two pieces of a straight strut meet. Readers of catalogues and of wireframes differ in Rules alone.
#pragma once
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace fl::fold {

using Vector = std::array<double, 3>;
using Shift = std::array<int64_t, 3>;

constexpr double farthest_position = 1e9;  // cells: there a double still tells millionths of one

enum class Undo {
  faces,       // what the faces of the cell did; nodes inside it are meant, also where they are close or on a strut
  everything,  // also what was drawn
};

struct Rules {
  Undo undo;
  Vector margin;    // two nodes are in one place that differ by no more along each lattice vector, in parts of it, ...
  double reach;     // ... and by no more in space
  double straight;  // a node lies on a line that passes it at no greater distance
};

// A wireframe that cannot be folded, by one of its nodes.
struct Failure : std::runtime_error {
  enum Reason { far, crowded, chain };
  Failure(Reason reason, int64_t node, const char* text) : std::runtime_error(text), reason(reason), node(node) {}
  Reason reason;
  int64_t node;
};

// The places that nodes are in. A place is known by its first node.
struct Places {
  std::vector<int64_t> node;   // of each node: the first in the same place
  std::vector<Shift> image;    // and the lattice vector from there to it
  std::vector<Vector> at;      // of each place, in parts of the lattice vectors; beside other nodes, nothing
  std::vector<char> on_face;   // of each place: whether a face of a cell passes through it
};

// fractional [count, 3]: nodes in parts of the lattice vectors `cell` [3, 3]. A place is where its first node is or,
// with Undo::everything, in the middle of its nodes. Throws Failure: `far`, a position is not finite, or so far from
// the cell that doubles lose the place in it; `crowded`, many nodes are close to one another without being one;
// `chain`, with Undo::everything, nodes that are not in one place are one by those between them.
Places find_places(const double* fractional, int64_t count, const double* cell, const Rules& rules);

// From a place to the image of another that is `shift` away; both are named by their first nodes.
struct Strut {
  int64_t from, to;
  Shift shift;
  double radius;
  int64_t pieces = 1;

  bool is_point() const { return from == to && shift == Shift{}; }
};

// The strut between two nodes.
Strut strut_between(const Places& places, int64_t from, int64_t to, double radius);

enum class Repeated { copies, shares };

// What became of struts.
struct Reduced {
  int64_t repeated = 0;        // that fell on others
  int64_t joined = 0;          // nodes that lay inside straight struts
  int64_t unequal = 0;         // places whose copies have several radii; with any, the struts are not as they should be
  int64_t from = -1, to = -1;  // the ends of one of those
};

// Of struts that are the same one in either direction the first stays; the cross-sections of shares add up. Nodes go
// where two pieces of one straight strut meet, and nothing else: on faces alone, or everywhere, as the rules say. A
// strut of pieces has their mean radius and stands where one of them stood. Both are done until nothing is left to do.
Reduced reduce(std::vector<Strut>& struts, const Places& places, const double* cell, const Rules& rules,
               Repeated repeated);

}  // namespace fl::fold
