// The exported functions of the frame solver: batches in, lattices shared out over threads.
#include <algorithm>
#include <numeric>

#include "abi.h"
#include "frame_adjoint.h"
#include "frame_solve.h"
#include "pool.h"

namespace fl::frame {
namespace {

// Cells with more nodes than this are solved one at a time by all threads, the rest one per thread.
constexpr int64_t large_cell = 2000;
// Lattices that a thread takes at once: enough to hide the hand-out, few enough to end together.
constexpr int64_t lattices_per_task = 16;

struct Batch {
  const double *cell, *positions;
  const int64_t *struts, *shifts;
  const double* radii;
  const int64_t *node_offsets, *strut_offsets;

  Lattice operator[](int64_t b) const {
    const int64_t n = node_offsets[b], m = strut_offsets[b];
    return {node_offsets[b + 1] - n, strut_offsets[b + 1] - m, cell + 9 * b, positions + 3 * n,
            struts + 2 * m,          shifts + 3 * m,           radii + m};
  }
};

// Lattices in the order in which to hand them out: the large ones first, by size, the others as they come.
std::vector<int64_t> schedule(const Batch& batch, int64_t count, int64_t& num_large) {
  std::vector<int64_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  const auto size = [&](int64_t b) { return batch.node_offsets[b + 1] - batch.node_offsets[b]; };
  const auto spread = std::stable_partition(order.begin(), order.end(), [&](int64_t b) { return size(b) > 64; });
  std::stable_sort(order.begin(), spread, [&](int64_t a, int64_t b) { return size(a) > size(b); });
  num_large = std::partition_point(order.begin(), spread, [&](int64_t b) { return size(b) > large_cell; }) -
              order.begin();
  return order;
}

struct Worker {
  Checker checker;
  Solver solver;
  std::vector<Strut> struts;
};

}  // namespace
}  // namespace fl::frame

using namespace fl::frame;

// Homogenises `count` lattices. stiffness [count, 6, 6] (Mandel, E_s = 1; NaN where status is not ok), status, rank
// [count], where [count] (strut or node at fault, -1), beam_valid [count]; displacements [nodes, 6, 8] (unknown,
// macro-strain and padding; 64-byte aligned; zero where status is not ok) may be null.
FL_EXPORT int32_t fl_frame_homogenise(int64_t count, const double* cell, const double* positions, const int64_t* struts,
                                      const int64_t* shifts, const double* radii, const int64_t* node_offsets,
                                      const int64_t* strut_offsets, double nu, double kappa, int64_t discretisation,
                                      int64_t threads, double* stiffness, int32_t* status, int32_t* rank,
                                      int64_t* where, uint8_t* beam_valid, double* displacements) {
  return fl::guarded([&] {
    const Batch batch{cell, positions, struts, shifts, radii, node_offsets, strut_offsets};
    const Material material{nu, kappa, static_cast<Discretisation>(discretisation)};
    std::vector<Worker> workers(threads);
    const auto solve = [&](Worker& worker, int64_t b, int32_t inner_threads) {
      const Lattice lattice = batch[b];
      double* C = stiffness + 36 * b;
      Vector8* u = displacements ? reinterpret_cast<Vector8*>(displacements) + 6 * node_offsets[b] : nullptr;
      Verdict verdict = worker.checker.check(lattice, worker.struts);
      if (verdict.status == Status::ok) {
        worker.solver.assemble(lattice, worker.struts, material);
        if (worker.solver.factorise(inner_threads)) {
          worker.solver.stiffness(std::abs(signed_volume(lattice.cell)), C);
          if (u) worker.solver.displacements(u);
        } else {
          verdict.status = Status::singular_pivot;
          verdict.where = worker.solver.singular_node();
        }
      }
      if (verdict.status != Status::ok) {
        std::fill(C, C + 36, NAN);
        if (u) std::fill(u, u + 6 * lattice.num_nodes, Vector8{});
      }
      status[b] = static_cast<int32_t>(verdict.status);
      rank[b] = verdict.rank;
      where[b] = verdict.where;
      beam_valid[b] = verdict.beam_valid;
    };
    int64_t num_large = 0;
    const std::vector<int64_t> order = schedule(batch, count, num_large);
    for (int64_t k = 0; k < num_large; ++k) {
      Worker alone;  // gives its memory back
      solve(alone, order[k], static_cast<int32_t>(threads));
    }
    fl::parallel_for(static_cast<int32_t>(threads), count - num_large, lattices_per_task,
                     [&](int32_t worker, int64_t begin, int64_t end) {
                       for (int64_t k = begin; k < end; ++k) solve(workers[worker], order[num_large + k], 1);
                     });
  });
}

// Gradients of sum(stiffness * cotangent) from what fl_frame_homogenise (exact discretisation) gave; zero where
// status is not ok.
FL_EXPORT int32_t fl_frame_adjoint(int64_t count, const double* cell, const double* positions, const int64_t* struts,
                                   const int64_t* shifts, const double* radii, const int64_t* node_offsets,
                                   const int64_t* strut_offsets, double nu, double kappa, int64_t threads,
                                   const int32_t* status, const double* stiffness, const double* displacements,
                                   const double* cotangent, double* grad_cell, double* grad_positions,
                                   double* grad_radii) {
  return fl::guarded([&] {
    const Batch batch{cell, positions, struts, shifts, radii, node_offsets, strut_offsets};
    const Material material{nu, kappa, Discretisation::exact};
    std::vector<Worker> workers(threads);
    const auto differentiate = [&](int32_t w, int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const Lattice lattice = batch[b];
        double* gx = grad_positions + 3 * node_offsets[b];
        double* gr = grad_radii + strut_offsets[b];
        if (static_cast<Status>(status[b]) != Status::ok) {
          std::fill(grad_cell + 9 * b, grad_cell + 9 * b + 9, 0.0);
          std::fill(gx, gx + 3 * lattice.num_nodes, 0.0);
          std::fill(gr, gr + lattice.num_struts, 0.0);
          continue;
        }
        measure(lattice, workers[w].struts);
        adjoint(lattice, workers[w].struts, material, stiffness + 36 * b,
                reinterpret_cast<const Vector8*>(displacements) + 6 * node_offsets[b], cotangent + 36 * b, grad_cell + 9 * b, gx, gr);
      }
    };
    fl::parallel_for(static_cast<int32_t>(threads), count, lattices_per_task, differentiate);
  });
}
