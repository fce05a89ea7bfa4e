// The order in which the lattices of a batch are solved, and which of them together.
#pragma once
#include "frame/frame.h"

namespace fl::frame {

// Of lattices that are not to be solved together, however many have one topology.
constexpr int64_t never_together = INT64_MAX;

// Lattices order[begin:end] of a schedule, for one thread. `together`: they have one topology.
struct Task {
  int64_t begin, end;
  bool together;
};

// Cells that all threads share, order[0:num_shared]; then the tasks: num_large of them are large cells, above 64 nodes or
// 2^12 struts, from the most nodes to the fewest, one each; then lattices of one topology; and the others as they come.
struct Schedule {
  std::vector<int64_t> order;
  int64_t num_shared = 0, num_large = 0;
  std::vector<Task> tasks;

  // least_together: fewer lattices of one topology than this are solved one by one.
  Schedule(const std::vector<Lattice>& lattices, int32_t threads, int64_t least_together);

 private:
  void append_large(const std::vector<Lattice>& lattices, std::vector<int64_t> large, int32_t threads);
  std::vector<int64_t> append_groups(const std::vector<Lattice>& lattices, const std::vector<int64_t>& small,
                                     int32_t threads, int64_t least_together);
  void append(const int64_t* begin, const int64_t* end, int64_t a_task, bool together);
};

}  // namespace fl::frame
