// The bounds C_0 ... C_order of frame/relax.h for a graph's lattices, and their derivatives by its struts: what a network on
// top of a few steps of relaxation starts from.
//
// A lattice at a time, its struts in their order: what comes out depends on nothing else in the batch.
#include "frame/relax.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/pool.h"
#include "frame/mechanics.h"
#include "lattice/edge_graph.h"
#include "network/generated/calls.h"
#include "ops/readout/readout.h"

namespace fl {
namespace {

using frame::Material;
using frame::Relaxation;
using frame::Strut;

constexpr int64_t entries = 36;

// The struts of each lattice.
template <class Call>
class StrutsByLattice {
 public:
  explicit StrutsByLattice(const Call& call)
      : call_(call), nodes_(call.nodes, call.lattices, call.batch), place_(call.nodes) {
    check_index(call.ends, 2 * call.struts, call.nodes, "ends", "nodes");
    for (int64_t b = 0; b < call.lattices; ++b)
      for (int64_t n = 0; n < nodes_[b].count; ++n) place_[nodes_[b].node[n]] = n;
    Index owner(call.struts);
    for (int64_t s = 0; s < call.struts; ++s) {
      owner[s] = call.batch[call.ends[s]];
      if (owner[s] != call.batch[call.ends[call.struts + s]])
        throw std::invalid_argument("a strut joins nodes of two lattices");
    }
    order_ = sorted_by(owner, call.lattices, starts_);
  }

  int64_t nodes(int64_t b) const { return nodes_[b].count; }
  int64_t count(int64_t b) const { return starts_[b + 1] - starts_[b]; }
  int64_t number(int64_t b, int64_t s) const { return order_[starts_[b] + s]; }

  void gather(int64_t b, std::vector<Strut>& struts) const {
    struts.clear();
    for (int64_t s = 0; s < count(b); ++s) {
      const int64_t strut = number(b, s);
      struts.push_back(frame::strut_of_edge(call_.vectors + 3 * strut, call_.radii[strut], place_[call_.ends[strut]]));
      struts.back().j = static_cast<int32_t>(place_[call_.ends[call_.struts + strut]]);
    }
  }

 private:
  const Call& call_;
  NodesByLattice nodes_;
  Index place_, order_, starts_;  // of each node in its lattice; struts by lattice, and where each lattice's start
};

struct Worker {
  std::vector<Strut> struts;
  std::vector<double> by_vectors, by_radii;
  Relaxation relaxation;
};

// Calls work(lattice, struts of it, relaxation, worker) for every lattice, unless a node of it is singular.
template <class Call, class Work, class Singular>
void for_each_relaxed(const Call& call, const StrutsByLattice<Call>& struts, const Work& work, const Singular& singular) {
  const Material material{call.nu, call.kappa, frame::Discretisation::exact};
  std::vector<Worker> workers(call.threads);
  parallel_for(call.threads, call.lattices, 1, [&](int32_t number, int64_t b, int64_t) {
    Worker& own = workers[number];
    struts.gather(b, own.struts);
    if (own.relaxation.run(struts.nodes(b), own.struts, material, call.order) >= 0)
      singular(b);
    else
      work(b, own);
  });
}

}  // namespace
}  // namespace fl

namespace fl::calls {

void run(const RelaxedEnergies& call) {
  const StrutsByLattice<RelaxedEnergies> struts(call);
  const int64_t size = entries * (call.order + 1);
  for_each_relaxed(
      call, struts, [&](int64_t b, Worker& own) { own.relaxation.energies(call.energies + size * b); },
      [&](int64_t b) { std::fill_n(call.energies + size * b, size, NAN); });
}

void run(const RelaxedEnergiesBackward& call) {
  const StrutsByLattice<RelaxedEnergiesBackward> struts(call);
  const int64_t size = entries * (call.order + 1);
  const auto write = [&](int64_t b, const auto& number) {
    for (int64_t s = 0; s < struts.count(b); ++s) {
      const int64_t strut = struts.number(b, s);
      for (int r = 0; r < 3; ++r) call.grad_vectors[3 * strut + r] = number(s, r);
      call.grad_radii[strut] = number(s, 3);
    }
  };
  for_each_relaxed(
      call, struts,
      [&](int64_t b, Worker& own) {
        own.by_vectors.assign(3 * struts.count(b), 0.0), own.by_radii.assign(struts.count(b), 0.0);
        own.relaxation.differentiate(call.grad_energies + size * b, own.by_vectors.data(), own.by_radii.data());
        write(b, [&](int64_t s, int r) { return r < 3 ? own.by_vectors[3 * s + r] : own.by_radii[s]; });
      },
      [&](int64_t b) { write(b, [](int64_t, int) { return NAN; }); });
}

}  // namespace fl::calls
