// Periodic frame finite elements: one exact Timoshenko element per strut, periodic by construction.
//
// Unknowns of a node are (u, theta), its displacement and rotation. The six macro-strains (Mandel order 11, 22, 33,
// 23, 13, 12) are one more node, eliminated last and never factorised: what block Cholesky leaves on its diagonal is
// the Schur complement W - G K^-1 G^T = V C, the homogenised stiffness times the volume of the cell.
//
// The way through the files: frame_checks (is it a lattice that carries load?) -> frame_order (elimination order) ->
// frame_structure (where the factor has blocks) -> frame_solve (assembly, Cholesky, displacements) -> frame_adjoint.
#pragma once
#include <array>
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
  int32_t rank = -1;      // lowest rank of the cycle vectors over the pieces; -1 where the graph itself is invalid
  int64_t where = -1;     // the strut (zero length, duplicate) or node (isolated, of the piece, of the pivot) at fault
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

// A strut from node i along `vector` to (an image of) node j.
struct Strut {
  int32_t i, j;
  double vector[3], length, radius;
};

// Section constants of a strut, E_s = 1: EA/L, EI/L, GJ/L, the shear flexibility phi = 12 EI / (kappa G A L^2) and
// q = EI / (L (1 + phi)).
struct Section {
  double axial, bending, torsion, phi, q;

  // Coefficients of the element stiffness in terms of transverse displacements and rotations of the two ends.
  double a(double length) const { return 12 * q / (length * length); }
  double b(double length) const { return 6 * q / length; }
  double c() const { return (4 + phi) * q; }
  double d() const { return (2 - phi) * q; }
};

inline Section section(const Strut& strut, const Material& material, double cut_cubes) {
  constexpr double pi = 3.14159265358979323846;
  const double r2 = strut.radius * strut.radius, inverse_length = 1 / strut.length;
  Section s;
  s.axial = pi * r2 * inverse_length;
  s.bending = 0.25 * r2 * s.axial;
  s.torsion = 2 * material.shear_modulus() * s.bending;
  s.phi = 6 * (1 + material.nu) / material.kappa * r2 * inverse_length * inverse_length;
  if (material.discretisation == Discretisation::abaqus_b31)
    s.phi -= (1 - (1 + material.nu) / (2 * material.kappa)) / 16 * cut_cubes;
  s.q = s.bending / (1 + s.phi);
  return s;
}

// Displacement of a strut's far end under the six macro-strains, D[r][m] = (eps_m v)_r.
FL_INLINE void macro_displacement(const double v[3], Vector8 D[3]) {
  constexpr double h = 0.70710678118654752440;
  D[0] = Vector8::of(v[0], 0, 0, 0, h * v[2], h * v[1]);
  D[1] = Vector8::of(0, v[1], 0, h * v[2], 0, h * v[0]);
  D[2] = Vector8::of(0, 0, v[2], h * v[1], h * v[0], 0);
}

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

// Whether there are nodes, neither they nor struts are too many, and all nodes and shifts of struts are in range.
bool graph_is_valid(const Lattice& lattice);

// Strut vectors, lengths and radii of a lattice.
void measure(const Lattice& lattice, std::vector<Strut>& struts);

// Finds the strut vectors and everything that makes a lattice unfit. On Status::ok, `struts` is ready to assemble.
class Checker {
 public:
  Verdict check(const Lattice& lattice, const Material& material, std::vector<Strut>& struts);

 private:
  using Shift = std::array<int64_t, 3>;
  struct Key {
    uint64_t nodes, shift;
    bool operator==(const Key& other) const { return nodes == other.nodes && shift == other.shift; }
  };
  // Span of the cycle vectors of one piece: nothing, a line, a plane (its normal), or space.
  struct Span {
    int32_t rank = 0;
    __int128 vector[3];
    void add(const Shift& cycle);
  };

  void find_senseless(const Lattice& lattice, const std::vector<Strut>& struts, Verdict& verdict) const;
  int64_t find_duplicate(const Lattice& lattice);
  void find_pieces(const Lattice& lattice, Verdict& verdict);
  int32_t root(int32_t node, Shift& shift);

  std::vector<Key> keys_;
  std::vector<int32_t> table_, parent_, closing_;
  std::vector<Shift> offset_;
  std::vector<uint8_t> touched_;
  std::vector<Span> spans_;
};

// The most blocks that a factor may have: as many as fit the machine's memory. Tests lower it.
extern int64_t most_blocks;

// Cubes of the relative lengths of the pieces that the cell faces cut a strut into, summed; 1 where nothing cuts.
double cut_cubes(const Lattice& lattice, const double inverse_cell[9], int64_t strut);

}  // namespace fl::frame
