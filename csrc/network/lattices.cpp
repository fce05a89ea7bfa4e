// A packed network from lattices to stiffnesses in one call: for a few of them, what stands between the kernels would take
// as long as the kernels.
#include <algorithm>
#include <cmath>

#include "base/workspace.h"
#include "frame/generated/calls.h"
#include "lattice/generated/calls.h"
#include "network/generated/calls.h"
#include "ops/edge_sh/generated/calls.h"
#include "ops/mandel/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t coefficients_each = 21, matrix_entries = 36;

template <class T>
Array<T> narrowed(const double* numbers, int64_t count) {
  Array<T> narrow(count);
  for (int64_t n = 0; n < count; ++n) narrow[n] = static_cast<T>(numbers[n]);
  return narrow;
}

// The graph of lattices, as fl_periodic_graph gives it.
struct Graph {
  Array<double> shifts, radii;
  Array<int64_t> edge_index, batch, strut, reverse, first_edge;

  Graph(int64_t nodes, int64_t struts)
      : shifts(6 * struts),
        radii(2 * struts),
        edge_index(4 * struts),
        batch(nodes),
        strut(2 * struts),
        reverse(2 * struts),
        first_edge(struts) {}
};

// Whether the checks before the solver, where they are asked for, find nothing.
template <class T>
bool are_sound(const calls::NetworkLattices<T>& call) {
  boundary::check_together("status, rank, offending and beam_valid",
                           {call.status, call.rank, call.offending, call.beam_valid});
  if (!call.status) return true;
  run(calls::FrameCheck{call.count, call.cell, call.positions, call.struts, call.shifts, call.radii, call.node_offsets,
                        call.strut_offsets, call.threads, call.status, call.rank, call.offending, call.beam_valid});
  return std::all_of(call.status, call.status + call.count, [](int32_t status) { return status == 0; });
}

// From the network's matrices to those of the call; false where an entry is not finite.
template <class T>
bool write_scaled(const calls::NetworkLattices<T>& call, const T* matrices) {
  Array<double> density(call.count, 1.0);
  if (call.by_density)
    run(calls::FrameDensity{call.count, call.cell, call.positions, call.struts, call.shifts, call.radii,
                            call.node_offsets, call.strut_offsets, call.threads, density.data()});
  const T scale = static_cast<T>(call.scale);
  bool finite = true;
  for (int64_t n = 0; n < matrix_entries * call.count; ++n) {
    const T scaled = matrices[n] * scale, entry = scaled * static_cast<T>(density[n / matrix_entries]);
    finite = finite && std::isfinite(entry);
    call.stiffness[n] = entry;
  }
  return finite;
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const NetworkLattices<T>& call) {
  *call.answered = 0;
  if (!are_sound(call)) return;
  const int64_t nodes = call.node_offsets[call.count], struts = call.strut_offsets[call.count], edges = 2 * struts;
  Graph graph(nodes, struts);
  run(PeriodicGraph{call.count, nodes, struts, call.cell, call.struts, call.shifts, call.radii, call.node_offsets,
                    call.strut_offsets, graph.shifts.data(), graph.radii.data(), graph.edge_index.data(),
                    graph.batch.data(), graph.strut.data(), graph.reverse.data(), graph.first_edge.data()});
  const Array<T> positions = narrowed<T>(call.positions, 3 * nodes), shifts = narrowed<T>(graph.shifts.data(), 3 * edges),
                 radii = narrowed<T>(graph.radii.data(), edges), ones(nodes, T(1));
  int64_t fault[2];
  run(CheckGraph<T>{call.threads, nodes, edges, call.count, positions.data(), graph.edge_index.data(), shifts.data(),
                    radii.data(), ones.data(), graph.batch.data(), fault});
  if (fault[0] != 0) return;

  Array<T> sh(edges * (call.lmax + 1) * (call.lmax + 1)), lengths(edges), length(struts), radius(struts);
  run(EdgeSh<T>{call.threads, nodes, edges, call.lmax, positions.data(), graph.edge_index.data(), shifts.data(),
                graph.reverse.data(), sh.data(), lengths.data()});
  const T factor = static_cast<T>(call.radius_factor);
  for (int64_t s = 0; s < struts; ++s) {
    const int64_t edge = graph.first_edge[s];
    length[s] = lengths[edge];
    radius[s] = radii[edge] * factor;
    if (call.slenderness) radius[s] /= length[s];
  }
  Array<T> features(nodes * call.channels), coefficients(call.count * coefficients_each),
      matrices(call.count * matrix_entries);
  for (int64_t n = 0; n < nodes; ++n) std::copy_n(call.embedded, call.channels, &features[n * call.channels]);
  run(NetworkPacked<T>{call.threads, nodes, edges, struts, call.count, 0, call.lmax, call.channels, coefficients_each,
                       call.handle, graph.edge_index.data(), graph.strut.data(), graph.batch.data(), features.data(),
                       sh.data(), length.data(), radius.data(), coefficients.data()});
  run(Mandel<T>{call.threads, call.count, call.function, coefficients.data(), matrices.data()});
  *call.answered = write_scaled(call, matrices.data());
}

template void run(const NetworkLattices<float>&);
template void run(const NetworkLattices<double>&);

}  // namespace fl::calls
