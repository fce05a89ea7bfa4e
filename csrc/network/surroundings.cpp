// What an extended network reads of a lattice besides its edges, in double precision: scalars of edges, nodes and lattice,
// forms of the nodes' mechanics as irreps, sums of harmonics, and what the bounded head starts from.
//
// A lattice at a time, its edges by receiver: what comes out depends on nothing else in the batch. The same in plain torch,
// and what each number means, is fastlattice/models/mace/surroundings.py.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "base/pool.h"
#include "base/simd.h"
#include "base/workspace.h"
#include "frame/mechanics.h"
#include "frame/relax.h"
#include "lattice/edge_graph.h"
#include "network/generated/calls.h"
#include "network/square.h"
#include "ops/readout/readout.h"

namespace fl {
namespace {

using frame::Material;
using frame::Matrix6;
using frame::NodeMechanics;
using frame::Relaxation;
using frame::Strut;

constexpr int forms = 3, guides = 2, triangle = 21, node_scalars = 3, most_components = 25;
constexpr int lattice_scalars = 10, relaxed_scalars = 7, entries = 36;
constexpr int padded_triangle = 24;  // whole vectors of any instruction set

struct Edge {
  int64_t number;
  Strut strut;
  double slenderness;
};

// Sums over a lattice's edges: every strut twice.
struct Sums {
  double length = 0, slenderness = 0, material = 0, area = 0;
};

double material_of(const Strut& strut) { return pi * strut.radius * strut.radius * strut.length; }

template <class T>
class Reader {
 public:
  struct Worker {
    std::vector<Edge> edges;
    Index starts;  // where each node's edges start, and their end
    std::vector<Matrix6> energy, release;
    std::vector<Strut> struts;
    std::vector<double> share, rest;
    Relaxation relaxation;
  };

  explicit Reader(const calls::Surroundings<T>& call)
      : call_(call), material_{call.nu, call.kappa, frame::Discretisation::exact},
        nodes_(call.nodes, call.lattices, call.batch), components_((call.lmax + 1) * (call.lmax + 1)) {
    check_index(call.edge_index, 2 * call.edges, call.nodes, "edge_index", "nodes");
    if (call.scalars != lattice_scalars + (call.steps > 0 ? relaxed_scalars : 0) || call.steps == 1)
      throw std::invalid_argument("surroundings: scalars must be 10, or 17 with two steps or more");
    if (call.steps > 0) index_struts();
    edge_ = sorted_by({call.edge_index + call.edges, call.edge_index + 2 * call.edges}, call.nodes, starts_);
    to_irreps_.assign(triangle * padded_triangle, 0);
    for (int k = 0; k < triangle; ++k)
      std::copy_n(call.to_irreps + k * triangle, triangle, &to_irreps_[k * padded_triangle]);
  }

  void read(int64_t b, Worker& worker) const {
    const LatticeNodes nodes = nodes_[b];
    const double count = static_cast<double>(nodes.count);
    const Sums sums = gather(nodes, worker);
    const double ends = static_cast<double>(worker.edges.size()), mean_length = sums.length / ends;
    const double density = call_.density[b];
    T* scalars = call_.lattice + call_.scalars * b;
    scalars[0] = static_cast<T>(sums.slenderness / ends + 3);
    scalars[1] = static_cast<T>(std::log(ends / count) - 1.5);
    scalars[2] = static_cast<T>(std::log(density) / 2 + 2.3);

    write_edges(worker, mean_length);
    write_node_scalars(nodes, worker, sums.material / count, mean_length);
    write_harmonics(nodes, worker, sums.area / ends);

    const Square bound = mechanics(nodes, worker, mean_length, 0.5 * sums.material / density);
    const double size = bound.trace() / 6;
    scalars[3] = static_cast<T>(std::log(3 * size / density) / 2);
    const double floor = call_.floors[0] * size;
    Roots roots(bound, floor);
    std::copy_n(&roots.root.entry[0][0], entries, call_.root + entries * b);

    const Square release = write_forms(nodes, worker, roots.inverse.rows(), size);
    double* guide = call_.guides + 36 * guides * b;
    write_guide(Eigen6(release.scaled(1 / count, call_.floors[1]).entry), guide, scalars + 4);
    for (double& value : roots.eigen.values) value = (value - floor) / size + call_.floors[2];  // of the bound's shape
    write_guide(roots.eigen, guide + entries, scalars + 7);
    if (call_.steps > 0) relax(b, worker, mean_length, 0.5 * sums.material / density, density, scalars + lattice_scalars);
  }

 private:
  // After some steps of relaxation: root and guides of the bound that they lead to and of what the last two have gained;
  // the energies of the nodes in the place of their affine ones, measured by it.
  void relax(int64_t b, Worker& worker, double mean_length, double volume, double density, T* scalars) const {
    const LatticeNodes nodes = nodes_[b];
    double *root_out = call_.root + entries * b, *guide = call_.guides + entries * guides * b;
    gather_struts(nodes, mean_length, worker);
    if (worker.relaxation.run(nodes.count, worker.struts, material_, call_.steps, call_.floors[4]) >= 0) {
      std::fill_n(root_out, entries, NAN);
      std::fill_n(scalars, relaxed_scalars, T(0));
      return;
    }
    double energies[(guides + 1) * entries];  // of the last steps
    worker.relaxation.energies(energies, call_.steps - guides);
    const double scale = mean_length * mean_length * mean_length / volume;
    const auto bound = [&](int before) { return scale * frame::symmetric(energies + entries * (guides - before)); };
    Square last;
    add(bound(0), last);
    const double size = last.trace() / 6;
    const Roots roots(last, call_.floors[0] * size);
    std::copy_n(&roots.root.entry[0][0], entries, root_out);
    scalars[0] = static_cast<T>(std::log(3 * size / density) / 2);
    for (int k = 0; k < guides; ++k) {
      Square gain, measured;
      add(bound(k + 1), gain), add(-1 * bound(k), gain);
      add(between(roots.inverse.rows(), gain.rows()), measured);
      write_guide(Eigen6(measured.scaled(1, call_.floors[3]).entry), guide + entries * k, scalars + 1 + 3 * k);
    }
    write_relaxed_forms(nodes, worker, roots.inverse.rows(), scale);
  }

  // In the place of the last two forms of each node: its energy and its release after the steps.
  void write_relaxed_forms(LatticeNodes nodes, Worker& worker, const Matrix6& inverse, double scale) const {
    worker.share.resize(entries * nodes.count), worker.rest.resize(entries * nodes.count);
    worker.relaxation.node_energies(worker.share.data(), worker.rest.data());
    const auto form = [&](const double* energy) {
      return between(inverse, static_cast<double>(nodes.count) * scale * frame::symmetric(energy));
    };
    for (int64_t n = 0; n < nodes.count; ++n) {
      T* out = call_.tensors + forms * triangle * nodes.node[n];
      write_irreps(form(&worker.share[entries * n]), out + triangle);
      write_irreps(form(&worker.rest[entries * n]), out + 2 * triangle);
    }
  }

  void index_struts() {
    check_index(call_.first_edge, call_.struts, call_.edges, "first_edge", "edges");
    is_first_.assign(call_.edges, false);
    for (int64_t s = 0; s < call_.struts; ++s) is_first_[call_.first_edge[s]] = true;
    place_.assign(call_.nodes, 0);
    for (int64_t b = 0; b < call_.lattices; ++b)
      for (int64_t n = 0; n < nodes_[b].count; ++n) place_[nodes_[b].node[n]] = n;
  }

  // One of the two edges of each strut, by the mean length.
  void gather_struts(LatticeNodes nodes, double mean_length, Worker& worker) const {
    worker.struts.clear();
    for (int64_t n = 0; n < nodes.count; ++n)
      for (int64_t e = worker.starts[n]; e < worker.starts[n + 1]; ++e) {
        const Edge& edge = worker.edges[e];
        if (!is_first_[edge.number]) continue;
        Strut& strut = worker.struts.emplace_back(scaled(edge.strut, mean_length));
        strut.i = static_cast<int32_t>(place_[call_.edge_index[edge.number]]);
        strut.j = static_cast<int32_t>(n);
      }
  }

  // By the mean length, which also is what rotations are measured by.
  static Strut scaled(const Strut& strut, double mean_length) {
    double vector[3];
    for (int r = 0; r < 3; ++r) vector[r] = strut.vector[r] / mean_length;
    return frame::strut_of_edge(vector, strut.radius / mean_length, strut.j);
  }

  // The edges of a lattice, by receiver.
  Sums gather(LatticeNodes nodes, Worker& worker) const {
    Sums sums;
    worker.edges.clear();
    worker.starts.assign(1, 0);
    for (int64_t n = 0; n < nodes.count; ++n) {
      const int64_t receiver = nodes.node[n];
      for (int64_t e = starts_[receiver]; e < starts_[receiver + 1]; ++e) {
        const int64_t edge = edge_[e], sender = call_.edge_index[edge];
        double vector[3];  // of numbers in the network's dtype, as the harmonics are
        for (int r = 0; r < 3; ++r) {
          const T apart = call_.positions[3 * receiver + r] - call_.positions[3 * sender + r];
          vector[r] = static_cast<T>(apart + call_.shifts[3 * edge + r]);
        }
        const Strut strut = frame::strut_of_edge(vector, call_.radii[edge], n);
        worker.edges.push_back({edge, strut, std::log(strut.radius / strut.length)});
        sums.length += strut.length;
        sums.slenderness += worker.edges.back().slenderness;
        sums.material += material_of(strut);
        sums.area += strut.radius * strut.radius;
      }
      worker.starts.push_back(static_cast<int64_t>(worker.edges.size()));
    }
    return sums;
  }

  void write_edges(const Worker& worker, double mean_length) const {
    for (const auto& [edge, strut, slenderness] : worker.edges) {
      call_.length[edge] = static_cast<T>((std::log(strut.length / mean_length) + 2.5) / 3.5);
      call_.slenderness[edge] = static_cast<T>((slenderness + 5.5) / 5);
    }
  }

  void write_node_scalars(LatticeNodes nodes, const Worker& worker, double mean_material, double mean_length) const {
    const T size = static_cast<T>(std::log(mean_material / (mean_length * mean_length * mean_length)) / 3 + 1);
    for (int64_t n = 0; n < nodes.count; ++n) {
      double material = 0;
      for (int64_t e = worker.starts[n]; e < worker.starts[n + 1]; ++e) material += material_of(worker.edges[e].strut);
      T* out = call_.node + node_scalars * nodes.node[n];
      out[0] = static_cast<T>(std::log(static_cast<double>(worker.starts[n + 1] - worker.starts[n])) - 1.5);
      out[1] = static_cast<T>(std::log(material / mean_material));
      out[2] = size;
    }
  }

  // [component][plain, weighed by the area] sums at each node.
  void write_harmonics(LatticeNodes nodes, const Worker& worker, double mean_area) const {
    for (int64_t n = 0; n < nodes.count; ++n) {
      T plain[most_components] = {}, weighed[most_components] = {};
      for (int64_t e = worker.starts[n]; e < worker.starts[n + 1]; ++e) {
        const Strut& strut = worker.edges[e].strut;
        const T weight = static_cast<T>(strut.radius * strut.radius / mean_area);
        const T* row = call_.sh + components_ * worker.edges[e].number;
        for (int64_t c = 0; c < components_; ++c) {
          plain[c] += row[c];
          weighed[c] += row[c] * weight;
        }
      }
      T* out = call_.odd + 2 * components_ * nodes.node[n];
      for (int64_t c = 0; c < components_; ++c) out[2 * c] = plain[c] / 4, out[2 * c + 1] = weighed[c] / 4;
    }
  }

  // Of each node its share of the affine bound and its release, times the number of nodes; the bound.
  Square mechanics(LatticeNodes nodes, Worker& worker, double mean_length, double volume) const {
    const double scale = mean_length * mean_length * mean_length / volume;
    worker.energy.resize(nodes.count), worker.release.resize(nodes.count);
    Square bound;
    for (int64_t n = 0; n < nodes.count; ++n) {
      NodeMechanics node;
      for (int64_t e = worker.starts[n]; e < worker.starts[n + 1]; ++e) {
        node.add(scaled(worker.edges[e].strut, mean_length), material_);
      }
      node.factorise();
      double energy[36], release[36];
      node.write(energy, release);
      add(frame::symmetric(energy), bound);
      worker.energy[n] = static_cast<double>(nodes.count) * scale * frame::symmetric(energy);
      worker.release[n] = static_cast<double>(nodes.count) * scale * frame::symmetric(release);
    }
    return bound.scaled(scale, 0);
  }

  // The forms of each node as irreps; the sum of the releases that the bound measures.
  Square write_forms(LatticeNodes nodes, const Worker& worker, const Matrix6& inverse, double size) const {
    Square sum;
    for (int64_t n = 0; n < nodes.count; ++n) {
      const Matrix6 measured = between(inverse, worker.release[n]);
      add(measured, sum);
      T* out = call_.tensors + forms * triangle * nodes.node[n];
      write_irreps(1 / size * worker.energy[n], out);
      write_irreps(between(inverse, worker.energy[n]), out + triangle);
      write_irreps(measured, out + 2 * triangle);
    }
    return sum;
  }

  // The irreps of the symmetric part, their tails drawn in.
  void write_irreps(const Matrix6& m, T* out) const {
    double entries[6][8], irreps[padded_triangle], squares = 0;
    static_assert(sizeof entries == sizeof m);
    std::memcpy(entries, &m, sizeof m);
    Vector<double> sums[padded_triangle / lanes<double>] = {};
    const double* row = to_irreps_.data();
    for (int i = 0; i < 6; ++i)
      for (int j = i; j < 6; ++j) {
        const double entry = 0.5 * (entries[i][j] + entries[j][i]);
        for (Vector<double>& sum : sums) sum += entry * load(row), row += lanes<double>;
      }
    std::memcpy(irreps, sums, sizeof irreps);
    for (int k = 0; k < triangle; ++k) squares += irreps[k] * irreps[k];
    const double factor = 1 / (1 + std::sqrt(squares / triangle + 1e-12) / 4);
    for (int k = 0; k < triangle; ++k) out[k] = static_cast<T>(factor * irreps[k]);
  }

  const calls::Surroundings<T>& call_;
  Material material_;
  NodesByLattice nodes_;
  int64_t components_;
  Index edge_, starts_;  // edges by receiver, and where each node's start
  Index place_;          // of each node, in its lattice
  std::vector<bool> is_first_;  // of each edge: whether it stands for its strut
  Array<double> to_irreps_;  // [triangle][padded_triangle]
};

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const Surroundings<T>& call) {
  const Reader<T> reader(call);
  std::vector<typename Reader<T>::Worker> workers(call.threads);
  parallel_for(call.threads, call.lattices, 1, [&](int32_t number, int64_t b, int64_t) {
    reader.read(b, workers[number]);
  });
}

template void run(const Surroundings<float>&);
template void run(const Surroundings<double>&);

}  // namespace fl::calls
