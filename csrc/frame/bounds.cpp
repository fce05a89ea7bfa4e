// The exported functions of the bounds: batches in, lattices shared out over threads.
#include <algorithm>
#include <new>
#include <stdexcept>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/generated/calls.h"
#include "frame/relax.h"

namespace fl::frame {
namespace {

constexpr int64_t lattices_at_once = 4;

struct Bounds {
  Checker checker;
  std::vector<Strut> struts;
  Relaxation relaxation;

  Verdict find(const Lattice& lattice, const Material& material, int64_t order, double* C) {
    Verdict verdict = checker.check(lattice, checker.check_graph(lattice), material, struts);
    if (verdict.status != Status::ok) return verdict;
    if (const int64_t node = relaxation.run(lattice.num_nodes, struts, material, order); node >= 0) {
      verdict.status = Status::singular_pivot;
      verdict.where = node;
      return verdict;
    }
    relaxation.energies(C);
    const double volume = CellShape(lattice.cell).volume;
    bool finite = true;
    for (int64_t k = 0; k < 36 * (order + 1); ++k) finite &= std::isfinite(C[k] /= volume);
    if (!finite) {
      verdict.status = Status::singular_pivot;
      verdict.where = 0;
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
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Verdict verdict;
      double* const C = call.stiffness + size * b;
      try {
        verdict = workers[worker].find(lattice_of(call, b), material, call.order, C);
      } catch (const std::bad_alloc&) {
        workers[worker] = {};  // so that the others can go on
        verdict = {};
        verdict.status = Status::out_of_memory;
      }
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
    std::vector<double> by_vectors, cotangent;
    Relaxation relaxation;
  };
  std::vector<Worker> workers(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    auto& [struts, by_vectors, cotangent, relaxation] = workers[worker];
    for (int64_t b = begin; b < end; ++b) {
      const Lattice lattice = lattice_of(call, b);
      double *by_cell = call.grad_cell + 9 * b, *by_positions = call.grad_positions + 3 * call.node_offsets[b];
      double* by_radii = call.grad_radii + call.strut_offsets[b];
      std::fill_n(by_cell, 9, 0.0);
      std::fill_n(by_positions, 3 * lattice.num_nodes, 0.0);
      std::fill_n(by_radii, lattice.num_struts, 0.0);
      if (static_cast<Status>(call.status[b]) != Status::ok) continue;
      if (!graph_is_valid(lattice)) throw std::out_of_range("a lattice whose status is ok has no valid graph");
      measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts);
      if (relaxation.run(lattice.num_nodes, struts, material, call.order) >= 0)
        throw std::out_of_range("a lattice whose status is ok has a singular node");
      // C = (V C) / V, and d log V = trace(cell^-1 dcell).
      const double volume = CellShape(lattice.cell).volume;
      double contraction = 0, inverse_cell[9];
      cotangent.assign(call.cotangent + size * b, call.cotangent + size * (b + 1));
      for (int64_t k = 0; k < size; ++k) {
        contraction += call.stiffness[size * b + k] * cotangent[k];
        cotangent[k] /= volume;
      }
      inverse(lattice.cell, inverse_cell);
      for (int k = 0; k < 3; ++k)
        for (int r = 0; r < 3; ++r) by_cell[3 * k + r] = -contraction * inverse_cell[3 * r + k];
      by_vectors.assign(3 * lattice.num_struts, 0.0);
      relaxation.differentiate(cotangent.data(), by_vectors.data(), by_radii);
      for (int64_t s = 0; s < lattice.num_struts; ++s)
        for (int r = 0; r < 3; ++r) {
          const double d = by_vectors[3 * s + r];
          by_positions[3 * struts[s].j + r] += d;
          by_positions[3 * struts[s].i + r] -= d;
          for (int c = 0; c < 3; ++c) by_cell[3 * c + r] += double(lattice.shifts[3 * s + c]) * d;
        }
    }
  });
}

}  // namespace fl::calls
