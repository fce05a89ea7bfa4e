// The exported functions of the bounds: batches in, lattices shared out over threads.
#include <algorithm>
#include <stdexcept>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/generated/calls.h"
#include "frame/gradients.h"
#include "frame/relax.h"

namespace fl::frame {
namespace {

constexpr int64_t lattices_at_once = 4;

struct Bounds {
  Checker checker;
  std::vector<Strut> struts;
  Relaxation relaxation;

  Verdict find(const Lattice& lattice, const Material& material, int64_t order, double* C) {
    Verdict verdict = checker.check(lattice, checker.check_graph(lattice), Discretisation::exact, struts);
    if (verdict.status != Status::ok) return verdict;
    if (const int64_t node = relaxation.run(lattice.num_nodes, struts, material, order); node >= 0) {
      verdict.status = Status::singular_pivot;
      verdict.offending = node;
      return verdict;
    }
    relaxation.energies(C);
    const double volume = CellShape(lattice.cell).volume;
    bool finite = true;
    for (int64_t k = 0; k < 36 * (order + 1); ++k) finite &= std::isfinite(C[k] /= volume);
    if (!finite) {
      verdict.status = Status::singular_pivot;
      verdict.offending = 0;
    }
    return verdict;
  }
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameBounds& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  const int64_t size = 36 * (call.order + 1);
  std::vector<Bounds> workers(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t number, int64_t begin, int64_t end) {
    Bounds& worker = workers[number];
    for (int64_t b = begin; b < end; ++b) {
      double* const C = call.stiffness + size * b;
      const auto find = [&] { return worker.find(lattice_of(call, b), material, call.order, C); };
      const Verdict verdict = within_memory(find, [&] { worker = {}; });
      if (verdict.status != Status::ok) std::fill_n(C, size, NAN);
      report(call, b, verdict);
    }
  });
}

void run(const FrameBoundsAdjoint& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  const int64_t size = 36 * (call.order + 1);
  struct Worker {
    std::vector<Strut> struts;
    std::vector<double> by_vectors, by_energies;
    Relaxation relaxation;
  };
  std::vector<Worker> workers(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t number, int64_t begin, int64_t end) {
    Worker& own = workers[number];
    for (int64_t b = begin; b < end; ++b)
      differentiate_lattice(call, b, own.struts, [&](const Lattice& lattice, const auto& struts, const Gradients& to) {
        if (own.relaxation.run(lattice.num_nodes, struts, material, call.order) >= 0)
          throw std::out_of_range("a lattice whose status is ok has a singular node");
        const double *cotangent = call.cotangent + size * b, volume = CellShape(lattice.cell).volume;
        start_with_volume(lattice.cell, call.stiffness + size * b, cotangent, size, to.cell);
        own.by_energies.resize(size);
        for (int64_t k = 0; k < size; ++k) own.by_energies[k] = cotangent[k] / volume;
        own.by_vectors.assign(3 * lattice.num_struts, 0.0);
        own.relaxation.differentiate(own.by_energies.data(), nullptr, own.by_vectors.data(), to.radii);
        for (int64_t k = 0; k < lattice.num_struts; ++k) spread(lattice, struts[k], k, &own.by_vectors[3 * k], to);
      });
  });
}

}  // namespace fl::calls
