// The exported functions of the frame solver: batches in, lattices shared out over threads.
#include <algorithm>
#include <new>
#include <numeric>
#include <stdexcept>

#include "base/pool.h"
#include "frame/adjoint.h"
#include "frame/generated/calls.h"
#include "frame/solve.h"

namespace fl::frame {
namespace {

// Where there are fewer cells above this many nodes than threads, the threads share each of them.
constexpr int64_t shared_cell = 2000;
// Lattices of at most 64 nodes that a thread takes at once: enough to hide the hand-out, few enough to end together.
constexpr int64_t lattices_per_task = 16;

// Lattice b of the arguments of a call.
template <class Call>
Lattice lattice_of(const Call& call, int64_t b) {
  const int64_t n = call.node_offsets[b], m = call.strut_offsets[b];
  return {call.node_offsets[b + 1] - n, call.strut_offsets[b + 1] - m, call.cell + 9 * b, call.positions + 3 * n,
          call.struts + 2 * m,          call.shifts + 3 * m,           call.radii + m};
}

// The order in which lattices are solved: cells that all threads share, cells above 64 nodes from the largest to the
// smallest, one a task, and the others as they come, several a task.
struct Schedule {
  std::vector<int64_t> order;
  int64_t num_shared, num_large;

  Schedule(const int64_t* node_offsets, int64_t count, int64_t threads) : order(count) {
    std::iota(order.begin(), order.end(), 0);
    const auto size = [&](int64_t b) { return node_offsets[b + 1] - node_offsets[b]; };
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

class Worker {
 public:
  // Solves lattice b into the arrays of the call. Whatever is wrong with it, memory included, becomes its status.
  void solve(const calls::FrameHomogenise& call, int64_t b, int32_t threads) {
    const Lattice lattice = lattice_of(call, b);
    double* C = call.stiffness + 36 * b;
    Vector8* u =
        call.displacements ? reinterpret_cast<Vector8*>(call.displacements) + 6 * call.node_offsets[b] : nullptr;
    Verdict verdict;
    try {
      verdict = solve(lattice, {call.nu, call.kappa, call.discretisation}, threads, C, u);
    } catch (const std::bad_alloc&) {
      verdict = out_of_memory();
    } catch (const std::length_error&) {  // more than a vector can ever hold
      verdict = out_of_memory();
    }
    if (verdict.status != Status::ok) {
      std::fill(C, C + 36, NAN);
      if (u) std::fill(u, u + 6 * lattice.num_nodes, Vector8{});
    }
    call.status[b] = static_cast<int32_t>(verdict.status);
    call.rank[b] = verdict.rank;
    call.where[b] = verdict.where;
    call.beam_valid[b] = verdict.beam_valid;
  }

 private:
  Verdict solve(const Lattice& lattice, const Material& material, int32_t threads, double* C, Vector8* u) {
    Verdict verdict = checker_.check(lattice, material, struts_);
    if (verdict.status != Status::ok) return verdict;
    solver_.assemble(lattice, struts_, material);
    if (solver_.factorise(threads) && solver_.stiffness(std::abs(determinant(lattice.cell)), C)) {
      if (u) solver_.displacements(u);
    } else {
      verdict.status = Status::singular_pivot;
      verdict.where = solver_.singular_node();
    }
    return verdict;
  }

  // Gives back what this worker holds, so that the others can go on.
  Verdict out_of_memory() {
    *this = Worker();
    Verdict verdict;
    verdict.status = Status::out_of_memory;
    return verdict;
  }

  Checker checker_;
  Solver solver_;
  std::vector<Strut> struts_;
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameHomogenise& call) {
  std::vector<Worker> workers(call.threads);
  const Schedule schedule(call.node_offsets, call.count, call.threads);
  for (int64_t k = 0; k < schedule.num_shared; ++k) Worker().solve(call, schedule.order[k], call.threads);
  parallel_for(call.threads, schedule.num_tasks(), 1, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task)
      schedule.for_each(task, [&](int64_t b) { workers[worker].solve(call, b, 1); });
  });
}

// Only the checks before the solver.
void run(const FrameCheck& call) {
  std::vector<Checker> checkers(call.threads);
  std::vector<std::vector<Strut>> struts(call.threads);
  parallel_for(call.threads, call.count, lattices_per_task, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Verdict verdict;
      try {
        verdict = checkers[worker].check(lattice_of(call, b), {0.3, 0.89, Discretisation::exact}, struts[worker]);
      } catch (const std::bad_alloc&) {
        verdict.status = Status::out_of_memory;
      }
      call.status[b] = static_cast<int32_t>(verdict.status);
      call.rank[b] = verdict.rank;
      call.where[b] = verdict.where;
      call.beam_valid[b] = verdict.beam_valid;
    }
  });
}

void run(const FrameAdjoint& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  std::vector<std::vector<Strut>> struts(call.threads);
  const auto differentiate = [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const Lattice lattice = lattice_of(call, b);
      const auto* u = reinterpret_cast<const Vector8*>(call.displacements) + 6 * call.node_offsets[b];
      double *to_cell = call.grad_cell + 9 * b, *to_positions = call.grad_positions + 3 * call.node_offsets[b];
      double* to_radii = call.grad_radii + call.strut_offsets[b];
      if (static_cast<Status>(call.status[b]) == Status::ok) {
        if (!graph_is_valid(lattice)) throw std::out_of_range("a lattice whose status is ok has no valid graph");
        measure(lattice, struts[worker]);
        adjoint(lattice, struts[worker], material, call.stiffness + 36 * b, u, call.cotangent + 36 * b, to_cell,
                to_positions, to_radii);
      } else {
        std::fill(to_cell, to_cell + 9, 0.0);
        std::fill(to_positions, to_positions + 3 * lattice.num_nodes, 0.0);
        std::fill(to_radii, to_radii + lattice.num_struts, 0.0);
      }
    }
  };
  parallel_for(call.threads, call.count, lattices_per_task, differentiate);
}

}  // namespace fl::calls
