// What the struts around each node say of it before anything is solved: its share of the affine bound's energy, and what it
// alone would give back if it moved, r^T D^-1 r with the unbalanced loads r and the stiffness D of its strut ends. Every edge
// speaks for the end at its receiver, so that nothing is asked of how edges pair.
#include <stdexcept>

#include "frame/block.h"
#include "frame/generated/calls.h"
#include "frame/strut_form.h"

namespace fl::frame {
namespace {

struct Nodes {
  std::vector<Strut> struts;
  std::vector<Block> stiffness, loads, shares;  // factors of D; loads by unknown; energies by column

  template <class Call>
  Nodes(const Call& call, const Material& material)
      : stiffness(call.nodes, Block{}), loads(call.nodes, Block{}), shares(call.nodes, Block{}) {
    struts.reserve(call.edges);
    Block other{}, between{};
    for (int64_t k = 0; k < call.edges; ++k) {
      const int64_t node = call.receivers[k];
      if (node < 0 || node >= call.nodes) throw std::out_of_range("an edge's receiver is not a node");
      Strut& strut = struts.emplace_back();
      strut.i = strut.j = static_cast<int32_t>(node);
      const double* v = call.vectors + 3 * k;
      std::copy(v, v + 3, strut.vector);
      strut.length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
      strut.radius = call.radii[k];
      const Element<double> element(strut, material);
      add_element(element, other, stiffness[node], between, 1);
      Block energy{};
      add_forces(element, v, other, loads[node], energy);
      for (int m = 0; m < 6; ++m) shares[node].column[m].add(energy.column[m], 0.5);
    }
    for (Block& block : stiffness) {
      double scale[6];
      for (int r = 0; r < 6; ++r) scale[r] = block.entry(r, r);
      factorise_diagonal(block, scale);  // what is not regular gives NaN, or numbers without digits: the caller's lattice
    }
  }
};

void write(const Block& block, double* out) {
  for (int m = 0; m < 6; ++m)
    for (int n = 0; n < 6; ++n) out[6 * m + n] = 0.5 * (block.entry(m, n) + block.entry(n, m));
}

// x H for the symmetric part of H [6, 6], load cases on lanes.
Block weighed(const Block& x, const double* h, double factor) {
  Block y{};
  for (int m = 0; m < 6; ++m) {
    Vector8 row{};
    for (int n = 0; n < 6; ++n) row.set(n, 0.5 * factor * (h[6 * m + n] + h[6 * n + m]));
    for (int r = 0; r < 6; ++r) y.column[r].add(row, x.column[r][m]);
  }
  return y;
}

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameNodeMechanics& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  Nodes around(call, material);
  for (int64_t node = 0; node < call.nodes; ++node) {
    Block& half = around.loads[node];
    solve_right(half, around.stiffness[node]);
    Block release{};
    for (int r = 0; r < 6; ++r)
      for (int m = 0; m < 6; ++m) release.column[m].add(half.column[r], half.column[r][m]);
    write(around.shares[node], call.energy + 36 * node);
    write(release, call.release + 36 * node);
  }
}

void run(const FrameNodeMechanicsBackward& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  Nodes around(call, material);
  // d(r^T x) = 2 x^T dr - x^T dD x with x = D^-1 r.
  std::vector<Block>& moved = around.loads;
  std::vector<Block> by_loads(call.nodes), by_stiffness(call.nodes);
  for (int64_t node = 0; node < call.nodes; ++node) {
    solve_right(moved[node], around.stiffness[node]);
    solve_left(moved[node], around.stiffness[node]);
    by_loads[node] = weighed(moved[node], call.grad_release + 36 * node, 2);
    by_stiffness[node] = weighed(moved[node], call.grad_release + 36 * node, -1);
  }
  for (int64_t k = 0; k < call.edges; ++k) {
    const Strut& strut = around.struts[k];
    StrutForm form(strut, material);
    Motion affine(nullptr, nullptr);
    affine.strain(strut.vector);
    Block stretched{};
    std::copy(affine.Delta, affine.Delta + 3, stretched.column);
    stretched = weighed(stretched, call.grad_energy + 36 * int64_t{strut.j}, 0.5);
    form.differentiate(Motion(nullptr, stretched.column), affine, 2);
    form.differentiate(Motion(nullptr, by_loads[strut.j].column), affine, 1);
    form.differentiate(Motion(nullptr, by_stiffness[strut.j].column), Motion(nullptr, moved[strut.j].column), 0);
    for (int r = 0; r < 3; ++r) call.grad_vectors[3 * k + r] = form.by_vector(r);
    call.grad_radii[k] = form.by_radius();
  }
}

}  // namespace fl::calls
