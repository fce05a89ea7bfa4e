// What solves the lattices of a schedule on one thread: those of one topology together, a lattice a lane, others alone.
#pragma once
#include <algorithm>
#include <new>
#include <vector>

#include "frame/checks.h"
#include "frame/company.h"
#include "frame/schedule.h"

namespace fl::frame {

// Own, which derives from this, has
//   Verdict solve_alone(b, threads)         lattice b, by `alone_`, into the arrays of the call
//   void solve_lanes(lattices, count, graph)  so many of one topology, by `together_`; graph: what the checks said of it
//   void finish(b, verdict)                 reports it, and fills the results of what has none
//   void analyse(lattice)                   prepares `together_` for a topology
//   const double* results(b)                where those of lattice b go, `numbers_each` of them
//   least_together                          how many lattices of one topology are solved faster together than alone.
template <class Own, class Call, class Alone, class Together>
class Worker {
 public:
  Worker() = default;
  explicit Worker(const Call& call) : call_(&call) {}

  // The calling thread's worker, for a call on small cells. What they need, some megabytes, a thread keeps for its life:
  // asked of the system anew in every call, it takes longer than the first hundred of them.
  static Own& kept(const Call& call) {
    static thread_local Own worker;
    worker.call_ = &call;
    return worker;
  }

  void run(const Schedule& schedule, const Task& task) {
    const int64_t* lattices = schedule.order.data() + task.begin;
    const int64_t count = task.end - task.begin;
    if (task.together) {
      try {
        return solve_together(lattices, count);
      } catch (const std::bad_alloc&) {  // together they need more than one by one
        give_back_memory();
      }
    }
    solve_one_by_one(lattices, count);
  }

  // Whatever is wrong with lattice b, memory included, becomes its status.
  void solve(int64_t b, int32_t threads) {
    own().finish(b, within_memory([&] { return own().solve_alone(b, threads); }, [&] { give_back_memory(); }));
  }

 protected:
  const Call* call_ = nullptr;
  Checker checker_;
  Alone alone_;
  Together together_;
  std::vector<Strut> struts_;
  Company company_;

 private:
  Own& own() { return static_cast<Own&>(*this); }

  // So many at a time as there are lanes. What is wrong with one is found out alone.
  void solve_together(const int64_t* lattices, int64_t count) {
    const Lattice first = lattice_of(*call_, lattices[0]);
    const Verdict graph = checker_.check_graph(first);
    if (graph.status != Status::ok) return solve_one_by_one(lattices, count);
    own().analyse(first);
    for (int64_t begin = 0; begin < count; begin += Lanes::count) {
      const int64_t left = count - begin;
      if (left < Own::least_together) return solve_one_by_one(lattices + begin, left);
      for (int64_t k = Lanes::count; k < std::min<int64_t>(left, 2 * Lanes::count); ++k)
        prefetch(lattice_of(*call_, lattices[begin + k]), own().results(lattices[begin + k]), Own::numbers_each);
      own().solve_lanes(lattices + begin, static_cast<int>(std::min<int64_t>(left, Lanes::count)), graph);
    }
  }

  void solve_one_by_one(const int64_t* lattices, int64_t count) {
    for (int64_t k = 0; k < count; ++k) solve(lattices[k], 1);
  }

  // So that the others can go on.
  void give_back_memory() {
    alone_ = {}, together_ = {}, checker_ = {};
    struts_ = {}, company_ = {};
  }
};

}  // namespace fl::frame
