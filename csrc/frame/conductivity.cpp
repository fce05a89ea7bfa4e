// The exported function of conduction: batches in, lattices shared out over threads.
#include <algorithm>

#include "base/pool.h"
#include "frame/checks.h"
#include "frame/conductor.h"
#include "frame/generated/calls.h"

namespace fl::calls {

using namespace fl::frame;

constexpr int64_t lattices_at_once = 16;

void run(const FrameConductivity& call) {
  struct Worker {
    Checker checker;
    Conductor conductor;
    std::vector<Strut> struts;

    Verdict conduct(const Lattice& lattice, double* k, double* temperatures) {
      Verdict verdict = checker.check(lattice, checker.check_graph(lattice), Discretisation::exact, struts);
      if (verdict.status != Status::ok) return verdict;
      conductor.solve(lattice, struts, k, temperatures);
      const double volume = CellShape(lattice.cell).volume;
      bool finite = true;
      for (int m = 0; m < 9; ++m) finite &= std::isfinite(k[m] /= volume);
      if (!finite) verdict.status = Status::singular_pivot;
      return verdict;
    }
  };
  std::vector<Worker> workers(call.threads);
  parallel_for(call.threads, call.count, lattices_at_once, [&](int32_t number, int64_t begin, int64_t end) {
    Worker& worker = workers[number];
    for (int64_t b = begin; b < end; ++b) {
      const Lattice lattice = lattice_of(call, b);
      double *k = call.conductivity + 9 * b, *t = call.temperatures ? call.temperatures + 3 * call.node_offsets[b] : nullptr;
      const Verdict verdict =
          within_memory([&] { return worker.conduct(lattice, k, t); }, [&] { worker = {}; });
      if (verdict.status != Status::ok) {
        std::fill_n(k, 9, NAN);
        if (t) std::fill_n(t, 3 * lattice.num_nodes, 0.0);
      }
      report(call, b, verdict);
    }
  });
}

}  // namespace fl::calls
