// The exported function of conduction: batches in, lattices shared out over threads.
#include <algorithm>
#include <new>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/company.h"
#include "frame/conductor.h"
#include "frame/generated/calls.h"
#include "frame/schedule.h"

namespace fl::frame {
namespace {

// Conducts through lattices, into the arrays of a call.
class Worker {
 public:
  explicit Worker(const calls::FrameConductivity& call) : call_(call) {}

  void run(const Schedule& schedule, const Task& task) {
    const int64_t* lattices = schedule.order.data() + task.begin;
    const int64_t count = task.end - task.begin;
    if (task.together) {
      try {
        return solve_together(lattices, count);
      } catch (const std::bad_alloc&) {
        give_back_memory();
      }
    }
    solve_one_by_one(lattices, count);
  }

  void solve_one_by_one(const int64_t* lattices, int64_t count) {
    for (int64_t k = 0; k < count; ++k) solve(lattices[k]);
  }

 private:
  // Whatever is wrong with lattice b, memory included, becomes its status.
  void solve(int64_t b) {
    const Verdict verdict = within_memory([&] { return solve_alone(b); }, [&] { give_back_memory(); });
    const Lattice lattice = lattice_of(call_, b);
    if (verdict.status != Status::ok) {
      std::fill_n(call_.conductivity + 9 * b, 9, NAN);
      if (call_.temperatures) std::fill_n(temperatures_of(b), 3 * lattice.num_nodes, 0.0);
    }
    report(call_, b, verdict);
  }

  Verdict solve_alone(int64_t b) {
    const Lattice lattice = lattice_of(call_, b);
    Verdict verdict = checker_.check(lattice, checker_.check_graph(lattice), Discretisation::exact, struts_);
    if (verdict.status != Status::ok) return verdict;
    const double* energy = alone_.solve(lattice, struts_, call_.temperatures ? temperatures_of(b) : nullptr);
    if (!put(b, energy, CellShape(lattice.cell).volume)) verdict.status = Status::singular_pivot;
    return verdict;
  }

  // Lattices of one topology, so many at a time as there are lanes. What is wrong with one is found out alone.
  void solve_together(const int64_t* lattices, int64_t count) {
    const Verdict graph = checker_.check_graph(lattice_of(call_, lattices[0]));
    if (graph.status != Status::ok) return solve_one_by_one(lattices, count);
    for (int64_t begin = 0; begin < count; begin += Lanes::count) {
      const int64_t left = count - begin;
      if (left < least_together) return solve_one_by_one(lattices + begin, left);
      for (int64_t k = Lanes::count; k < std::min<int64_t>(left, 2 * Lanes::count); ++k)
        prefetch(lattice_of(call_, lattices[begin + k]), call_.conductivity + 9 * lattices[begin + k], 9);
      solve_lanes(lattices + begin, static_cast<int>(std::min<int64_t>(left, Lanes::count)), graph);
    }
  }

  void solve_lanes(const int64_t* lattices, int count, const Verdict& graph) {
    Lattice in_lane[Lanes::count];
    for (int lane = 0; lane < count; ++lane) in_lane[lane] = lattice_of(call_, lattices[lane]);
    company_.measure(in_lane, count, Discretisation::exact);
    const Lanes* energy = together_.solve(in_lane[0], company_.struts(), nullptr);
    for (int lane = 0; lane < count; ++lane) {
      double own[6];
      for (int m = 0; m < 6; ++m) own[m] = energy[m][lane];
      if (!company_.sound(lane) || !put(lattices[lane], own, company_.volume()[lane])) {
        solve(lattices[lane]);
        continue;
      }
      Verdict verdict = graph;
      verdict.beam_valid = company_.slender(lane);
      report(call_, lattices[lane], verdict);
    }
  }

  // The conductivity of lattice b from its energy; whether it is a number.
  bool put(int64_t b, const double* energy, double volume) const {
    double* k = call_.conductivity + 9 * b;
    bool finite = true;
    for (int m = 0; m < 6; ++m) {
      const auto& [r, s] = axes_of_pair[m];
      k[3 * r + s] = k[3 * s + r] = energy[m] / volume;
      finite &= std::isfinite(k[3 * r + s]);
    }
    return finite;
  }

  double* temperatures_of(int64_t b) const { return call_.temperatures + 3 * call_.node_offsets[b]; }

  // So that the others can go on.
  void give_back_memory() {
    alone_ = {}, together_ = {}, checker_ = {};
    struts_ = {}, company_ = {};
  }

  const calls::FrameConductivity& call_;
  Checker checker_;
  Conductor<double> alone_;
  Conductor<Lanes> together_;
  std::vector<Strut> struts_;
  Company company_;
};

}  // namespace
}  // namespace fl::frame

namespace fl::calls {

using namespace fl::frame;

void run(const FrameConductivity& call) {
  std::vector<Lattice> lattices(call.count);
  for (int64_t b = 0; b < call.count; ++b) lattices[b] = lattice_of(call, b);
  // Temperatures are of lattices one by one.
  const Schedule schedule(lattices, call.threads, call.temperatures == nullptr);
  std::vector<Worker> workers(call.threads, Worker(call));
  const auto count = static_cast<int64_t>(schedule.tasks.size()), large = schedule.num_shared;
  parallel_for(call.threads, large + count, 1, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task)
      task < large ? workers[worker].solve_one_by_one(&schedule.order[task], 1)
                   : workers[worker].run(schedule, schedule.tasks[task - large]);
  });
}

}  // namespace fl::calls
