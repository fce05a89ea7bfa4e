// What the struts around each node say of it before anything is solved: its share of the affine bound's energy, and what it
// alone would give back if it moved, r^T D^-1 r with the unbalanced loads r and the stiffness D of its strut ends. Every edge
// speaks for the end at its receiver, so that nothing is asked of how edges pair.
#include <stdexcept>

#include "frame/block.h"
#include "frame/generated/calls.h"
#include "frame/matrix6.h"
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
    // What is not regular gives NaN, or numbers without digits: the caller's lattice.
    for (Block& block : stiffness) factorise_diagonal(block);
  }
};

// x H, load cases on lanes.
Block times(const Block& x, const Matrix6& H) {
  Block y;
  for (int r = 0; r < 6; ++r) y.column[r] = H.times(x.column[r]);
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
    write_symmetric(around.shares[node].column, call.energy + 36 * node);
    write_symmetric(release.column, call.release + 36 * node);
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
    const Matrix6 H = symmetric(call.grad_release + 36 * node);
    by_loads[node] = times(moved[node], 2 * H);
    by_stiffness[node] = times(moved[node], -1 * H);
  }
  for (int64_t k = 0; k < call.edges; ++k) {
    const Strut& strut = around.struts[k];
    StrutForm form(strut, material);
    Motion affine(nullptr, nullptr);
    affine.strain(strut.vector);
    Block stretched{};
    std::copy(affine.Delta, affine.Delta + 3, stretched.column);
    stretched = times(stretched, 0.5 * symmetric(call.grad_energy + 36 * int64_t{strut.j}));
    form.differentiate(Motion(nullptr, stretched.column), affine, 2);
    form.differentiate(Motion(nullptr, by_loads[strut.j].column), affine, 1);
    form.differentiate(Motion(nullptr, by_stiffness[strut.j].column), Motion(nullptr, moved[strut.j].column), 0);
    for (int r = 0; r < 3; ++r) call.grad_vectors[3 * k + r] = form.by_vector(r);
    call.grad_radii[k] = form.by_radius();
  }
}

}  // namespace fl::calls
