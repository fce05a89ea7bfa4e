// The mechanics around each node, and their derivatives by the edges.
#include "frame/mechanics.h"

#include <stdexcept>

#include "frame/generated/calls.h"
#include "frame/field.h"

namespace fl::frame {

Strut strut_of_edge(const double v[3], double radius, int64_t node) {
  Strut strut{};
  strut.i = strut.j = static_cast<int32_t>(node);
  std::copy(v, v + 3, strut.vector);
  strut.length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  strut.radius = radius;
  return strut;
}

void NodeMechanics::add(const Strut& strut, const Material& material) {
  const Element<double> element(strut, material);
  Block other{}, between{}, energy{};
  add_element(element, other, stiffness, between, 1);
  add_forces(element, strut.vector, other, loads, energy);
  for (int m = 0; m < 6; ++m) shares.column[m].add(energy.column[m], 0.5);
}

void NodeMechanics::factorise() { factorise_diagonal(stiffness); }

void NodeMechanics::write(double* energy, double* release) const {
  write_symmetric(shares.column, energy);
  write_release(loads, stiffness, release);
}

void write_release(const Block& loads, const Block& factors, double* release) {
  Block whitened = loads, released{};
  solve_right(whitened, factors);
  for (int r = 0; r < 6; ++r)
    for (int m = 0; m < 6; ++m) released.column[m].add(whitened.column[r], whitened.column[r][m]);
  write_symmetric(released.column, release);
}

namespace {

struct Nodes {
  std::vector<Strut> struts;
  std::vector<NodeMechanics> at;

  template <class Call>
  Nodes(const Call& call, const Material& material) : at(call.nodes) {
    struts.reserve(call.edges);
    for (int64_t k = 0; k < call.edges; ++k) {
      const int64_t node = call.receivers[k];
      if (node < 0 || node >= call.nodes) throw std::out_of_range("an edge's receiver is not a node");
      at[node].add(struts.emplace_back(strut_of_edge(call.vectors + 3 * k, call.radii[k], node)), material);
    }
    for (NodeMechanics& node : at) node.factorise();
  }
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameNodeMechanics& call) {
  const Nodes around(call, {call.nu, call.kappa, Discretisation::exact});
  for (int64_t node = 0; node < call.nodes; ++node)
    around.at[node].write(call.energy + 36 * node, call.release + 36 * node);
}

void run(const FrameNodeMechanicsBackward& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  Nodes around(call, material);
  // d(r^T x) = 2 x^T dr - x^T dD x with x = D^-1 r.
  std::vector<Block> by_loads(call.nodes), by_stiffness(call.nodes);
  for (int64_t node = 0; node < call.nodes; ++node) {
    Block& moved = around.at[node].loads;
    solve_right(moved, around.at[node].stiffness);
    solve_left(moved, around.at[node].stiffness);
    const Matrix6 H = symmetric(call.grad_release + 36 * node);
    by_loads[node] = times(moved, 2 * H);
    by_stiffness[node] = times(moved, -1 * H);
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
    form.differentiate(Motion(nullptr, by_stiffness[strut.j].column), Motion(nullptr, around.at[strut.j].loads.column),
                       0);
    for (int r = 0; r < 3; ++r) call.grad_vectors[3 * k + r] = form.by_vector(r);
    call.grad_radii[k] = form.by_radius();
  }
}

}  // namespace fl::calls
