// Periodic frame finite elements: one exact Timoshenko element per strut, periodic by construction.
//
// Unknowns of a node are (u, theta), its displacement and rotation. The six macro-strains (Mandel order 11, 22, 33,
// 23, 13, 12) are one more node, eliminated last and never factorised: what block Cholesky leaves on its diagonal is
// the Schur complement W - G K^-1 G^T = V C, the homogenised stiffness times the volume of the cell.
//
// The way through the files: checks (is it a lattice that carries load?) -> order (of elimination) -> structure (where the
// factor has blocks) -> element, block, solve (assembly, Cholesky, displacements) -> adjoint. Lattices of one topology go
// through the solver together, a lattice a lane (lane_block), with the bits that each has alone.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/generated/enums.h"
#include "base/vector3.h"
#include "frame/vector8.h"

namespace fl::frame {

// What the checks and the solver say of one lattice.
struct Verdict {
  Status status = Status::ok;
  int32_t rank = -1;        // lowest rank of the cycle vectors over the pieces; -1 where the graph itself is invalid
  int64_t offending = -1;   // strut (zero length, duplicate) or node (isolated, of the piece, of the pivot) at fault
  bool beam_valid = false;  // every strut has r/L <= 0.25
};

// Isotropic solid, E_s = 1, and the shear correction of its circular section.
struct Material {
  double nu, kappa;
  Discretisation discretisation;
  double shear_modulus() const { return 0.5 / (1 + nu); }
};

// One lattice of a batch: pointers to its rows. Node indices are local.
struct Lattice {
  int64_t num_nodes, num_struts;
  const double* cell;       // [3, 3], rows are lattice vectors
  const double* positions;  // [num_nodes, 3]
  const int64_t* struts;    // [num_struts, 2]
  const int64_t* shifts;    // [num_struts, 3]
  const double* radii;      // [num_struts]
};

// Lattice b of the arguments of a call.
template <class Call>
Lattice lattice_of(const Call& call, int64_t b) {
  const int64_t n = call.node_offsets[b], m = call.strut_offsets[b];
  return {call.node_offsets[b + 1] - n, call.strut_offsets[b + 1] - m, call.cell + 9 * b, call.positions + 3 * n,
          call.struts + 2 * m,          call.shifts + 3 * m,           call.radii + m};
}

// A strut from node i along `vector` to (an image of) node j. The numbers are doubles, or Lanes where the strut is that of
// several lattices of one topology.
template <class Number>
struct StrutOf {
  int32_t i, j;
  Number vector[3], length, radius;
  Number cut_cubes;  // of the relative lengths of the pieces that the cell faces cut it into, summed; for abaqus_b31
};
using Strut = StrutOf<double>;

// Where the factor has blocks. Columns (nodes in elimination order; number N is the macro-strain) are grouped into
// supernodes: runs of columns with the same rows. Supernode s holds rows[rows_begin ... + num_rows): its own
// columns, the rows below, the macro-strain last. Its blocks lie row by row: block (row a, column c) at
// blocks_begin + a * width + c.
struct Supernode {
  int32_t first, width, num_rows;
  int64_t rows_begin, blocks_begin;
};

struct Structure {
  std::vector<int32_t> position;   // [N] node -> column
  std::vector<int32_t> supernode;  // [N + 1] column -> supernode
  std::vector<Supernode> supernodes;
  std::vector<int32_t> rows;
  int64_t num_blocks = 0;
};

// Fills `structure` for a lattice that passed the checks; the vectors keep their memory from lattice to lattice.
// Throws std::bad_alloc where the factor would exceed the machine's memory.
void build_structure(const Lattice& lattice, Structure& structure);

// The most blocks that a factor may have: as many as fit the machine's memory. Tests lower it.
extern int64_t most_blocks;

}  // namespace fl::frame
