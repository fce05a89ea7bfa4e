// The exported functions of the frame solver: batches in, lattices shared out over threads.
#include <algorithm>

#include "base/pool.h"
#include "frame/adjoint.h"
#include "frame/checks.h"
#include "frame/density.h"
#include "frame/generated/calls.h"
#include "frame/joints.h"
#include "frame/solve.h"
#include "frame/worker.h"

namespace fl::frame {
namespace {

// Lattices that a thread takes at once for what is quickly done.
constexpr int64_t lattices_at_once = 16;

// Solves lattices into the arrays of a call.
struct Homogeniser : Worker<Homogeniser, calls::FrameHomogenise, Solver<Block>, Solver<LaneBlock>> {
  static constexpr int64_t numbers_each = 36, least_together = Lanes::count / 2 + 1;
  using Worker::Worker;

  Verdict solve_alone(int64_t b, int32_t threads) {
    const Lattice lattice = lattice_of(*call_, b);
    if (call_->density) call_->density[b] = density_of(lattice);
    if (call_->overlap) {
      call_->overlap[b] = NAN;
      if (graph_is_valid(lattice)) call_->overlap[b] = joints_.overlap(lattice);
    }
    Verdict verdict = checker_.check(lattice, checker_.check_graph(lattice), call_->discretisation, struts_);
    if (verdict.status != Status::ok) return verdict;
    alone_.analyse(lattice);
    alone_.assemble(struts_, material());
    alone_.factorise(threads);
    double* const C = results(b);
    if (!alone_.stiffness(CellShape(lattice.cell).volume, &C, 1)) name_singular(alone_, 0, verdict);
    if (call_->displacements && verdict.status == Status::ok) alone_.displacements(displacements_of(b));
    return verdict;
  }

  void analyse(const Lattice& lattice) {
    together_.analyse(lattice);
    if (call_->overlap) joints_together_.analyse(lattice);
  }

  void solve_lanes(const int64_t* lattices, int count, const Verdict& graph) {
    Lattice in_lane[Lanes::count];
    for (int lane = 0; lane < count; ++lane) in_lane[lane] = lattice_of(*call_, lattices[lane]);
    company_.measure(in_lane, count, call_->discretisation);
    together_.assemble(company_.struts(), material());
    together_.factorise(1);
    double* C[Lanes::count];
    for (int lane = 0; lane < count; ++lane) C[lane] = results(lattices[lane]);
    const uint32_t stiff = together_.stiffness(company_.volume(), C, count);
    const Lanes overlap = call_->overlap ? joints_together_.overlap(company_.struts()) : Lanes(0.0);
    const Lanes density = call_->density ? company_.density(in_lane[0]) : Lanes(0.0);
    for (int lane = 0; lane < count; ++lane) {
      if (!company_.sound(lane)) {
        solve(lattices[lane], 1);
        continue;
      }
      Verdict verdict = graph;
      verdict.beam_valid = company_.slender(lane);
      if (call_->overlap) call_->overlap[lattices[lane]] = overlap[lane];
      if (call_->density) call_->density[lattices[lane]] = density[lane];
      if (!(stiff >> lane & 1)) name_singular(together_, lane, verdict);
      finish(lattices[lane], verdict);
    }
  }

  void finish(int64_t b, const Verdict& verdict) {
    if (verdict.status != Status::ok) {
      std::fill_n(results(b), numbers_each, NAN);
      if (call_->displacements) std::fill_n(displacements_of(b), 6 * lattice_of(*call_, b).num_nodes, Vector8{});
    }
    report(*call_, b, verdict);
  }

  double* results(int64_t b) const { return call_->stiffness + numbers_each * b; }

 private:
  template <class Block>
  static void name_singular(const Solver<Block>& solver, int lane, Verdict& verdict) {
    verdict.status = Status::singular_pivot;
    verdict.offending = solver.singular_node(lane);
  }

  Material material() const { return {call_->nu, call_->kappa, call_->discretisation}; }

  Vector8* displacements_of(int64_t b) const {
    return reinterpret_cast<Vector8*>(call_->displacements) + 6 * call_->node_offsets[b];
  }

  Joints joints_;
  JointsTogether joints_together_;
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameHomogenise& call) {
  std::vector<Lattice> lattices(call.count);
  for (int64_t b = 0; b < call.count; ++b) lattices[b] = lattice_of(call, b);
  // Displacements are of lattices one by one.
  const Schedule schedule(lattices, call.threads, call.displacements ? never_together : Homogeniser::least_together);
  std::vector<Homogeniser> workers(call.threads, Homogeniser(call));
  for (int64_t k = 0; k < schedule.num_shared; ++k) Homogeniser(call).solve(schedule.order[k], call.threads);
  const auto count = static_cast<int64_t>(schedule.tasks.size());
  parallel_for(call.threads, count, 1, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task)
      (task < schedule.num_large ? workers[worker] : Homogeniser::kept(call)).run(schedule, schedule.tasks[task]);
  });
}

// Only the checks before the solver.
void run(const FrameCheck& call) {
  std::vector<Checker> checkers(call.threads);
  std::vector<std::vector<Strut>> struts(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    Checker& checker = checkers[worker];
    for (int64_t b = begin; b < end; ++b) {
      const auto check = [&] {
        const Lattice lattice = lattice_of(call, b);
        return checker.check(lattice, checker.check_graph(lattice), Discretisation::exact, struts[worker]);
      };
      report(call, b, within_memory(check, [&] { checker = {}, struts[worker] = {}; }));
    }
  });
}

void run(const FrameAdjoint& call) {
  const Material material{call.nu, call.kappa, Discretisation::exact};
  std::vector<std::vector<Strut>> struts(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b)
      differentiate_lattice(call, b, struts[worker], [&](const Lattice& lattice, const auto& measured, Gradients to) {
        const auto* u = reinterpret_cast<const Vector8*>(call.displacements) + 6 * call.node_offsets[b];
        adjoint(lattice, measured, material, call.stiffness + 36 * b, u, call.cotangent + 36 * b, to);
      });
  });
}

}  // namespace fl::calls
