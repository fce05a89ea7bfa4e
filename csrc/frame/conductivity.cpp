// The exported function of conduction: batches in, lattices shared out over threads.
#include <algorithm>
#include <new>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/conductor.h"
#include "frame/generated/calls.h"

namespace fl::calls {

using namespace fl::frame;

constexpr int64_t lattices_at_once = 16;

void run(const FrameConductivity& call) {
  std::vector<Checker> checkers(call.threads);
  std::vector<Conductor> conductors(call.threads);
  std::vector<std::vector<Strut>> struts(call.threads);
  const auto conduct = [&](int32_t worker, int64_t b) {
    const Lattice lattice = lattice_of(call, b);
    Checker& checker = checkers[worker];
    Verdict verdict =
        checker.check(lattice, checker.check_graph(lattice), {0.3, 0.89, Discretisation::exact}, struts[worker]);
    if (verdict.status != Status::ok) return verdict;
    double *const k = call.conductivity + 9 * b, volume = CellShape(lattice.cell).volume;
    conductors[worker].solve(lattice, struts[worker], k,
                             call.temperatures ? call.temperatures + 3 * call.node_offsets[b] : nullptr);
    bool finite = true;
    for (int m = 0; m < 9; ++m) finite &= std::isfinite(k[m] /= volume);
    if (!finite) verdict.status = Status::singular_pivot;
    return verdict;
  };
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      Verdict verdict;
      try {
        verdict = conduct(worker, b);
      } catch (const std::bad_alloc&) {
        conductors[worker] = {}, checkers[worker] = {}, struts[worker] = {};
        verdict.status = Status::out_of_memory;
      }
      if (verdict.status != Status::ok) {
        std::fill_n(call.conductivity + 9 * b, 9, NAN);
        if (call.temperatures)
          std::fill_n(call.temperatures + 3 * call.node_offsets[b], 3 * lattice_of(call, b).num_nodes, 0.0);
      }
      report(call, b, verdict);
    }
  });
}

}  // namespace fl::calls
