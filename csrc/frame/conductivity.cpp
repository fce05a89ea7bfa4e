// The exported function of conduction: batches in, lattices shared out over threads.
#include <algorithm>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/conductor.h"
#include "frame/generated/calls.h"
#include "frame/worker.h"

namespace fl::frame {
namespace {

// Conducts through lattices, into the arrays of a call.
struct Conduction : Worker<Conduction, calls::FrameConductivity, Conductor, SmallConductor<Lanes>> {
  static constexpr int64_t numbers_each = 9, least_together = 2;  // checks and order are most of it
  using Worker::Worker;

  Verdict solve_alone(int64_t b, int32_t) {
    const Lattice lattice = lattice_of(*call_, b);
    Verdict verdict = checker_.check(lattice, checker_.check_graph(lattice), Discretisation::exact, struts_);
    if (verdict.status != Status::ok) return verdict;
    const double* energy = alone_.solve(lattice, struts_, call_->temperatures ? temperatures_of(b) : nullptr);
    if (!put(b, energy, CellShape(lattice.cell).volume)) verdict.status = Status::singular_pivot;
    return verdict;
  }

  void analyse(const Lattice&) {}  // the elimination looks for its order as it goes

  void solve_lanes(const int64_t* lattices, int count, const Verdict& graph) {
    Lattice in_lane[Lanes::count];
    for (int lane = 0; lane < count; ++lane) in_lane[lane] = lattice_of(*call_, lattices[lane]);
    company_.measure(in_lane, count, Discretisation::exact);
    temperatures_.resize(call_->temperatures ? 3 * in_lane[0].num_nodes : 0);
    const Lanes* energy =
        together_.solve(in_lane[0], company_.struts(), call_->temperatures ? temperatures_.data() : nullptr);
    for (int lane = 0; lane < count; ++lane) {
      double own[6];
      for (int m = 0; m < 6; ++m) own[m] = energy[m][lane];
      if (!company_.sound(lane) || !put(lattices[lane], own, company_.volume()[lane])) {
        solve(lattices[lane], 1);
        continue;
      }
      if (call_->temperatures)
        for (size_t k = 0; k < temperatures_.size(); ++k) temperatures_of(lattices[lane])[k] = temperatures_[k][lane];
      Verdict verdict = graph;
      verdict.beam_valid = company_.slender(lane);
      finish(lattices[lane], verdict);
    }
  }

  void finish(int64_t b, const Verdict& verdict) {
    if (verdict.status != Status::ok) {
      std::fill_n(results(b), numbers_each, NAN);
      if (call_->temperatures) std::fill_n(temperatures_of(b), 3 * lattice_of(*call_, b).num_nodes, 0.0);
    }
    report(*call_, b, verdict);
  }

  double* results(int64_t b) const { return call_->conductivity + numbers_each * b; }

 private:
  // The conductivity of lattice b from its energy; whether it is a number.
  bool put(int64_t b, const double* energy, double volume) const {
    double* k = results(b);
    bool finite = true;
    for (int m = 0; m < 6; ++m) {
      const auto& [r, s] = mandel_pairs[m];
      k[3 * r + s] = k[3 * s + r] = energy[m] / volume;
      finite &= std::isfinite(k[3 * r + s]);
    }
    return finite;
  }

  double* temperatures_of(int64_t b) const { return call_->temperatures + 3 * call_->node_offsets[b]; }

  std::vector<Lanes> temperatures_;
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameConductivity& call) {
  std::vector<Lattice> lattices(call.count);
  for (int64_t b = 0; b < call.count; ++b) lattices[b] = lattice_of(call, b);
  const Schedule schedule(lattices, call.threads, Conduction::least_together);
  std::vector<Conduction> workers(call.threads, Conduction(call));
  const auto count = static_cast<int64_t>(schedule.tasks.size()), shared = schedule.num_shared;
  parallel_for(call.threads, shared + count, 1, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      Conduction& own = task - shared < schedule.num_large ? workers[worker] : Conduction::kept(call);
      task < shared ? own.solve(schedule.order[task], 1) : own.run(schedule, schedule.tasks[task - shared]);
    }
  });
}

}  // namespace fl::calls
