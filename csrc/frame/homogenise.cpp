// The exported functions of the frame solver: batches in, lattices shared out over threads.
#include <algorithm>
#include <numeric>

#include "abi.h"
#include "frame/adjoint.h"
#include "frame/solve.h"
#include "base/pool.h"

namespace fl::frame {
namespace {

// Where there are fewer cells above this many nodes than threads, the threads share each of them.
constexpr int64_t shared_cell = 2000;
// Lattices of at most 64 nodes that a thread takes at once: enough to hide the hand-out, few enough to end together.
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

// The order in which lattices are solved: cells that all threads share, cells above 64 nodes from the largest to the
// smallest, one a task, and the others as they come, several a task.
struct Schedule {
  std::vector<int64_t> order;
  int64_t num_shared, num_large;

  Schedule(const Batch& batch, int64_t count, int64_t threads) : order(count) {
    std::iota(order.begin(), order.end(), 0);
    const auto size = [&](int64_t b) { return batch.node_offsets[b + 1] - batch.node_offsets[b]; };
    const auto small = std::stable_partition(order.begin(), order.end(), [&](int64_t b) { return size(b) > 64; });
    std::stable_sort(order.begin(), small, [&](int64_t a, int64_t b) { return size(a) > size(b); });
    num_large = small - order.begin();
    num_shared = std::count_if(order.begin(), small, [&](int64_t b) { return size(b) > shared_cell; });
    if (num_shared >= threads) num_shared = 0;
  }

  int64_t num_tasks() const {
    const int64_t num_small = static_cast<int64_t>(order.size()) - num_large;
    return num_large - num_shared + (num_small + lattices_per_task - 1) / lattices_per_task;
  }
  template <class Visit>
  void for_each(int64_t task, Visit&& visit) const {
    const int64_t alone = num_large - num_shared;
    const int64_t begin = task < alone ? num_shared + task : num_large + (task - alone) * lattices_per_task;
    const int64_t end = task < alone ? begin + 1 : begin + lattices_per_task;
    for (int64_t k = begin; k < std::min<int64_t>(end, order.size()); ++k) visit(order[k]);
  }
};

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
      const double volume = std::abs(signed_volume(lattice.cell));
      double* C = stiffness + 36 * b;
      Vector8* u = displacements ? reinterpret_cast<Vector8*>(displacements) + 6 * node_offsets[b] : nullptr;
      Verdict verdict = worker.checker.check(lattice, worker.struts);
      if (verdict.status == Status::ok) {
        worker.solver.assemble(lattice, worker.struts, material);
        if (worker.solver.factorise(inner_threads) && worker.solver.stiffness(volume, C)) {
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
    const Schedule schedule(batch, count, threads);
    for (int64_t k = 0; k < schedule.num_shared; ++k) {
      Worker alone;  // gives its memory back
      solve(alone, schedule.order[k], static_cast<int32_t>(threads));
    }
    fl::parallel_for(static_cast<int32_t>(threads), schedule.num_tasks(), 1,
                     [&](int32_t worker, int64_t begin, int64_t end) {
                       for (int64_t task = begin; task < end; ++task)
                         schedule.for_each(task, [&](int64_t b) { solve(workers[worker], b, 1); });
                     });
  });
}

// Only the checks of `count` lattices that come before the solver: status, rank, where, beam_valid as of
// fl_frame_homogenise, but for singular_pivot.
FL_EXPORT int32_t fl_frame_check(int64_t count, const double* cell, const double* positions, const int64_t* struts,
                                 const int64_t* shifts, const double* radii, const int64_t* node_offsets,
                                 const int64_t* strut_offsets, int64_t threads, int32_t* status, int32_t* rank,
                                 int64_t* where, uint8_t* beam_valid) {
  return fl::guarded([&] {
    const Batch batch{cell, positions, struts, shifts, radii, node_offsets, strut_offsets};
    std::vector<Worker> workers(threads);
    const auto check = [&](int32_t worker, int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const Verdict verdict = workers[worker].checker.check(batch[b], workers[worker].struts);
        status[b] = static_cast<int32_t>(verdict.status);
        rank[b] = verdict.rank;
        where[b] = verdict.where;
        beam_valid[b] = verdict.beam_valid;
      }
    };
    fl::parallel_for(static_cast<int32_t>(threads), count, lattices_per_task, check);
  });
}

// Gradients of sum(stiffness * cotangent) from what fl_frame_homogenise (exact discretisation) gave; zero where
// status is not ok.
FL_EXPORT int32_t fl_frame_adjoint(int64_t count, const double* cell, const double* positions,
                                   const int64_t* strut_nodes, const int64_t* shifts, const double* radii,
                                   const int64_t* node_offsets, const int64_t* strut_offsets, double nu, double kappa,
                                   int64_t threads, const int32_t* status, const double* stiffness,
                                   const double* displacements, const double* cotangent, double* grad_cell,
                                   double* grad_positions, double* grad_radii) {
  return fl::guarded([&] {
    const Batch batch{cell, positions, strut_nodes, shifts, radii, node_offsets, strut_offsets};
    const Material material{nu, kappa, Discretisation::exact};
    std::vector<std::vector<Strut>> struts(threads);
    const auto differentiate = [&](int32_t worker, int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const Lattice lattice = batch[b];
        const auto* u = reinterpret_cast<const Vector8*>(displacements) + 6 * node_offsets[b];
        double *to_cell = grad_cell + 9 * b, *to_positions = grad_positions + 3 * node_offsets[b];
        double* to_radii = grad_radii + strut_offsets[b];
        if (static_cast<Status>(status[b]) == Status::ok) {
          measure(lattice, struts[worker]);
          adjoint(lattice, struts[worker], material, stiffness + 36 * b, u, cotangent + 36 * b, to_cell, to_positions,
                  to_radii);
        } else {
          std::fill(to_cell, to_cell + 9, 0.0);
          std::fill(to_positions, to_positions + 3 * lattice.num_nodes, 0.0);
          std::fill(to_radii, to_radii + lattice.num_struts, 0.0);
        }
      }
    };
    fl::parallel_for(static_cast<int32_t>(threads), count, lattices_per_task, differentiate);
  });
}
