// The bounds C_0 ... C_order of frame/relax.h for a graph's lattices, and their derivatives by its struts: what a network on
// top of a few steps of relaxation starts from.
//
// A lattice at a time, its struts in their order: what comes out depends on nothing else in the batch.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/pool.h"
#include "frame/generated/calls.h"
#include "frame/mechanics.h"
#include "frame/relax.h"

namespace fl::frame {
namespace {

constexpr int64_t entries = 36;

// The struts of each lattice.
template <class Call>
class StrutsByLattice {
 public:
  explicit StrutsByLattice(const Call& call)
      : call_(call), nodes_(call.lattices), place_(call.nodes), struts_(call.lattices) {
    const auto below = [](int64_t index, int64_t count, const char* what) {
      if (index < 0 || index >= count) throw std::out_of_range(what);
      return index;
    };
    for (int64_t n = 0; n < call.nodes; ++n) {
      auto& own = nodes_[below(call.batch[n], call.lattices, "a node's lattice does not exist")];
      place_[n] = static_cast<int64_t>(own.size());
      own.push_back(n);
    }
    const auto owner = [&](int64_t end) { return call.batch[below(end, call.nodes, "a strut's end is not a node")]; };
    for (int64_t s = 0; s < call.struts; ++s) {
      const int64_t b = owner(call.ends[s]);
      if (b != owner(call.ends[call.struts + s])) throw std::invalid_argument("a strut joins nodes of two lattices");
      struts_[b].push_back(s);
    }
  }

  const std::vector<int64_t>& nodes(int64_t b) const { return nodes_[b]; }
  const std::vector<int64_t>& operator[](int64_t b) const { return struts_[b]; }

  void gather(int64_t b, std::vector<Strut>& struts) const {
    struts.clear();
    for (const int64_t strut : struts_[b]) {
      struts.push_back(strut_of_edge(call_.vectors + 3 * strut, call_.radii[strut], place_[call_.ends[strut]]));
      struts.back().j = static_cast<int32_t>(place_[call_.ends[call_.struts + strut]]);
    }
  }

 private:
  const Call& call_;
  std::vector<std::vector<int64_t>> nodes_;
  std::vector<int64_t> place_;  // of each node, in its lattice
  std::vector<std::vector<int64_t>> struts_;
};

struct Worker {
  std::vector<Strut> struts;
  std::vector<double> by_vectors, by_radii, share, release;
  Relaxation relaxation;
};

// Calls work(lattice, worker) for every lattice that a worker has relaxed, singular(lattice) where a node is singular.
template <class Call, class Work, class Singular>
void for_each_relaxed(const Call& call, const StrutsByLattice<Call>& struts, const Work& work, const Singular& singular) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  std::vector<Worker> workers(call.threads);
  parallel_for(call.threads, call.lattices, 1, [&](int32_t number, int64_t b, int64_t) {
    Worker& own = workers[number];
    struts.gather(b, own.struts);
    if (own.relaxation.run(struts.nodes(b).size(), own.struts, material, call.order, call.dependent) >= 0)
      singular(b);
    else
      work(b, own);
  });
}

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const RelaxedEnergies& call) {
  const StrutsByLattice<RelaxedEnergies> struts(call);
  const int64_t size = entries * (call.order + 1);
  for_each_relaxed(
      call, struts,
      [&](int64_t b, Worker& own) {
        const std::vector<int64_t>& nodes = struts.nodes(b);
        own.share.resize(entries * nodes.size()), own.release.resize(entries * nodes.size());
        own.relaxation.energies(call.energies + size * b);
        own.relaxation.node_energies(own.share.data(), own.release.data());
        for (size_t n = 0; n < nodes.size(); ++n) {
          std::copy_n(&own.share[entries * n], entries, call.share + entries * nodes[n]);
          std::copy_n(&own.release[entries * n], entries, call.release + entries * nodes[n]);
        }
      },
      [&](int64_t b) {
        std::fill_n(call.energies + size * b, size, NAN);
        for (const int64_t node : struts.nodes(b))
          for (double* rows : {call.share, call.release}) std::fill_n(rows + entries * node, entries, NAN);
      });
}

void run(const RelaxedEnergiesBackward& call) {
  const StrutsByLattice<RelaxedEnergiesBackward> struts(call);
  const int64_t size = entries * (call.order + 1);
  const auto write = [&](int64_t b, const auto& number) {
    for (size_t s = 0; s < struts[b].size(); ++s) {
      for (int r = 0; r < 3; ++r) call.grad_vectors[3 * struts[b][s] + r] = number(s, r);
      call.grad_radii[struts[b][s]] = number(s, 3);
    }
  };
  for_each_relaxed(
      call, struts,
      [&](int64_t b, Worker& own) {
        own.by_vectors.assign(3 * struts[b].size(), 0.0), own.by_radii.assign(struts[b].size(), 0.0);
        Relaxation::NodeCotangents nodes;
        for (const int64_t node : struts.nodes(b)) {
          nodes.share.push_back(symmetric(call.grad_share + entries * node));
          nodes.release.push_back(symmetric(call.grad_release + entries * node));
        }
        own.relaxation.differentiate(call.grad_energies + size * b, &nodes, own.by_vectors.data(), own.by_radii.data());
        write(b, [&](size_t s, int r) { return r < 3 ? own.by_vectors[3 * s + r] : own.by_radii[s]; });
      },
      [&](int64_t b) { write(b, [](size_t, int) { return NAN; }); });
}

}  // namespace fl::calls
