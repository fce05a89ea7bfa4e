// Fuzz target: whatever is computed of lattices, on raw arrays. libFuzzer's main calls it.
#include "../call.h"
#include "abi.h"
#include "base/generated/enums.h"
#include "bytes.h"

namespace {

using Numbers = std::vector<double>;
using Status = fl::frame::Status;

struct Batch {
  int64_t count;
  std::vector<int64_t> node_offsets{0}, strut_offsets{0}, ends, shifts;
  Numbers cell, positions, radii;
  double nu, kappa;
  int64_t discretisation, threads;

  explicit Batch(Bytes& in) : count(in.below(4)) {
    for (int64_t b = 0; b < count; ++b) add(in);
    if (in.seldom()) node_offsets[in.below(count + 1)] = in.raw<int64_t>();
    if (in.seldom()) strut_offsets[in.below(count + 1)] = in.raw<int64_t>();
    nu = in.byte() < 200 ? 0.3 : in.number();
    kappa = in.byte() < 200 ? 0.89 : in.number();
    discretisation = in.integer(2);
    threads = in.integer(3);
  }
  int64_t nodes() const { return static_cast<int64_t>(positions.size()) / 3; }
  int64_t struts() const { return static_cast<int64_t>(radii.size()); }

  // Calls a function of (first..., geometry, rest...).
  template <class Function, class... Rest>
  bool solve(Function function, Rest&&... rest) const {
    return call(function, count, cell, positions, ends, shifts, radii, node_offsets, strut_offsets, rest...) == 0;
  }
  template <class Function, class... Rest>
  bool solve_to(Function function, int64_t order, Rest&&... rest) const {
    return call(function, count, order, cell, positions, ends, shifts, radii, node_offsets, strut_offsets, rest...) == 0;
  }

 private:
  void add(Bytes& in) {
    const int64_t nodes = in.below(7), struts = in.below(20);
    const bool cube = in.byte() < 200;
    for (int64_t k = 0; k < 9; ++k) cell.push_back(cube ? k % 4 == 0 : in.number());
    const Numbers places = in.numbers(3 * nodes);
    positions.insert(positions.end(), places.begin(), places.end());
    for (int64_t k = 0; k < 2 * struts; ++k) ends.push_back(in.integer(nodes));
    for (int64_t k = 0; k < 3 * struts; ++k) shifts.push_back(in.integer(0));
    for (int64_t k = 0; k < struts; ++k) radii.push_back(in.byte() < 240 ? 0.02 : in.number());
    node_offsets.push_back(node_offsets.back() + nodes);
    strut_offsets.push_back(strut_offsets.back() + struts);
  }
};

struct Verdicts {
  std::vector<int32_t> status, rank;
  std::vector<int64_t> where;
  std::vector<uint8_t> beam_valid;

  explicit Verdicts(int64_t count) : status(count), rank(count), where(count), beam_valid(count) {}
  // Numbers come with Status::ok, and with nothing else.
  void require_finite(const Numbers& values, int64_t each) const {
    for (size_t b = 0; b < status.size(); ++b)
      for (int64_t k = 0; k < each; ++k) require(std::isfinite(values[each * b + k]) == (status[b] == 0));
  }
};

struct Gradients {
  Numbers cell, positions, radii;
  explicit Gradients(const Batch& batch)
      : cell(batch.cell.size()), positions(batch.positions.size()), radii(batch.radii.size()) {}
};

void homogenise(const Batch& batch, Bytes& in) {
  Verdicts of(batch.count);
  Numbers stiffness(36 * batch.count), overlap(batch.count), density(batch.count);
  const bool whole = in.byte() < 128;
  struct alignas(64) Line {
    double numbers[8];
  };
  std::vector<Line> lines(6 * batch.nodes());
  const Buffer<double> displacements =
      lines.empty() ? Buffer<double>() : Buffer<double>(lines[0].numbers, 48 * batch.nodes());
  if (!batch.solve(fl_frame_homogenise, batch.nu, batch.kappa, batch.discretisation, batch.threads, stiffness, of.status,
                   of.rank, of.where, of.beam_valid, given(whole, overlap), given(whole, density),
                   displacements))
    return;
  of.require_finite(stiffness, 36);
  if (in.seldom() && batch.count) of.status[in.below(batch.count)] = 0;  // the adjoint checks for itself
  Gradients grad(batch);
  batch.solve(fl_frame_adjoint, batch.nu, batch.kappa, batch.threads, of.status, stiffness, displacements, stiffness,
              grad.cell, grad.positions, grad.radii);
}

void make_graph(const Batch& batch, Bytes& in) {
  const int64_t nodes = batch.nodes(), struts = batch.struts(), edges = 2 * struts;
  Numbers vectors(3 * edges), thickness(edges), attributes(nodes, 1.0);
  std::vector<int64_t> index(2 * edges), owner(nodes), strut(edges), reverse(edges), first(struts), fault(2);
  if (call(fl_periodic_graph, batch.count, nodes, struts, batch.cell, batch.ends, batch.shifts, batch.radii,
           batch.node_offsets, batch.strut_offsets, vectors, thickness, index, owner, strut, reverse, first) == 0)
    for (int64_t e = 0; e < edges; ++e) require(reverse[reverse[e]] == e);
  const int64_t lattices = in.byte() < 200 ? batch.count : in.raw<int64_t>();
  call(fl_check_graph_f64, 1, nodes, edges, lattices, batch.positions, index, vectors, thickness, attributes, owner,
       fault);
}

// What needs no stiffness.
void measure(const Batch& batch, Bytes& in) {
  Verdicts checked(batch.count), of(batch.count);
  Numbers density(batch.count), overlap(batch.count), reached(2 * batch.struts()), conductivity(9 * batch.count),
      temperatures(3 * batch.nodes());
  const bool whole = in.byte() < 128;
  batch.solve(fl_frame_density, batch.threads, density);
  if (batch.solve(fl_frame_joints, batch.threads, overlap, given(whole, reached)))
    for (const double part : overlap) require(std::isnan(part) || (part >= 0 && part <= 1));
  if (!batch.solve(fl_frame_check, batch.threads, checked.status, checked.rank, checked.where, checked.beam_valid)) return;
  require(batch.solve(fl_frame_conductivity, batch.threads, conductivity, of.status, of.rank, of.where, of.beam_valid,
                      given(whole, temperatures)));
  of.require_finite(conductivity, 9);
  for (int64_t b = 0; b < batch.count; ++b)
    require(of.status[b] == checked.status[b] ||
            (checked.status[b] == 0 && of.status[b] == static_cast<int32_t>(Status::singular_pivot)));
}

void bound(const Batch& batch, Bytes& in) {
  const int64_t order = in.integer(4), size = order >= 0 && order < 4 ? 36 * batch.count * (order + 1) : 0;
  Verdicts of(batch.count);
  Numbers stiffness(size);
  if (!batch.solve_to(fl_frame_bounds, order, batch.nu, batch.kappa, batch.threads, stiffness, of.status, of.rank,
                      of.where, of.beam_valid))
    return;
  of.require_finite(stiffness, 36 * (order + 1));
  if (in.seldom() && batch.count) of.status[in.below(batch.count)] = 0;
  Gradients grad(batch);
  batch.solve_to(fl_frame_bounds_adjoint, order, batch.nu, batch.kappa, batch.threads, of.status, stiffness, stiffness,
                 grad.cell, grad.positions, grad.radii);
}

// Around the nodes of no lattice in particular: edges from anywhere.
void weigh_nodes(const Batch& batch) {
  const int64_t nodes = batch.nodes(), edges = static_cast<int64_t>(batch.ends.size()) / 3;
  const std::vector<int64_t> receivers(batch.ends.begin(), batch.ends.begin() + edges);
  Numbers vectors(3 * edges), radii(edges, 0.02), energy(36 * nodes), release(36 * nodes), by_vectors(3 * edges),
      by_radii(edges);
  for (int64_t k = 0; k < 3 * edges && nodes; ++k) vectors[k] = batch.positions[k % batch.positions.size()];
  if (call(fl_frame_node_mechanics, nodes, edges, receivers, vectors, radii, batch.nu, batch.kappa, energy, release))
    return;
  require(call(fl_frame_node_mechanics_backward, nodes, edges, receivers, vectors, radii, batch.nu, batch.kappa, energy,
               release, by_vectors, by_radii) == 0);
}

// The struts of all lattices as those of one graph.
void relax(const Batch& batch, Bytes& in) {
  const int64_t nodes = batch.nodes(), struts = static_cast<int64_t>(batch.ends.size()) / 3, order = in.below(4);
  std::vector<int64_t> ends(batch.ends.begin(), batch.ends.begin() + 2 * struts), of_one(nodes, 0);
  Numbers vectors(3 * struts), radii(struts, 0.02), energies(36 * (order + 1)), share(36 * nodes), release(36 * nodes),
      by_vectors(3 * struts), by_radii(struts);
  for (int64_t k = 0; k < 3 * struts && nodes; ++k) vectors[k] = batch.positions[k % batch.positions.size()];
  if (call(fl_relaxed_energies, batch.threads, nodes, struts, 1, order, of_one, ends, vectors, radii, batch.nu, batch.kappa,
           1e-12, energies, share, release))
    return;
  require(call(fl_relaxed_energies_backward, batch.threads, nodes, struts, 1, order, of_one, ends, vectors, radii, batch.nu,
               batch.kappa, 1e-12, energies, share, release, by_vectors, by_radii) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  Bytes in(data, length);
  const Batch batch(in);
  homogenise(batch, in);
  make_graph(batch, in);
  measure(batch, in);
  bound(batch, in);
  weigh_nodes(batch);
  relax(batch, in);
  return 0;
}
