#include "frame/schedule.h"

#include <algorithm>
#include <cstring>

#include "base/pool.h"
#include "frame/arithmetic.h"

namespace fl::frame {
namespace {

// Where there are fewer cells above this many nodes than threads, the threads share each of them.
constexpr int64_t shared_cell = 2000;
constexpr int64_t small_cell = 64, few_struts = 1 << 12;
// Small lattices that a thread takes at once: enough to hide the hand-out, few enough to end together.
constexpr int64_t lattices_per_task = 16;
// Of one topology: so many that their graph is looked at once for several vectors of them.
constexpr int64_t lattices_of_one_topology = 8 * Lanes::count;

bool is_large(const Lattice& lattice) { return lattice.num_nodes > small_cell || lattice.num_struts > few_struts; }

// Of num_nodes, struts and shifts. Several sums side by side, for a multiplication takes four cycles.
uint64_t topology_hash(const Lattice& lattice) {
  constexpr int sums = 8;
  uint64_t sum[sums] = {static_cast<uint64_t>(lattice.num_nodes), 1, 2, 3, 4, 5, 6, 7};
  const auto mix = [&](const int64_t* values, int64_t count) {
    int64_t k = 0;
    for (; k + sums <= count; k += sums)
      for (int s = 0; s < sums; ++s) sum[s] = (sum[s] ^ static_cast<uint64_t>(values[k + s])) * 0x9E3779B97F4A7C15u;
    for (; k < count; ++k) sum[k % sums] = (sum[k % sums] ^ static_cast<uint64_t>(values[k])) * 0x9E3779B97F4A7C15u;
    for (uint64_t& s : sum) s ^= s >> 29;
  };
  mix(lattice.struts, 2 * lattice.num_struts);
  mix(lattice.shifts, 3 * lattice.num_struts);
  uint64_t hash = 0;
  for (const uint64_t s : sum) hash = (hash ^ s ^ hash >> 32) * 0xC2B2AE3D27D4EB4Fu;
  return hash;
}

bool same_topology(const Lattice& a, const Lattice& b) {
  const auto same = [](const int64_t* x, const int64_t* y, int64_t count) {
    return count == 0 || std::memcmp(x, y, count * sizeof(int64_t)) == 0;
  };
  return a.num_nodes == b.num_nodes && a.num_struts == b.num_struts && same(a.struts, b.struts, 2 * a.num_struts) &&
         same(a.shifts, b.shifts, 3 * a.num_struts);
}

}  // namespace

Schedule::Schedule(const std::vector<Lattice>& lattices, int32_t threads, int64_t least_together) {
  std::vector<int64_t> large, small;
  for (size_t b = 0; b < lattices.size(); ++b)
    (is_large(lattices[b]) ? large : small).push_back(static_cast<int64_t>(b));
  order.reserve(lattices.size());
  append_large(lattices, std::move(large), threads);
  num_large = static_cast<int64_t>(tasks.size());
  if (static_cast<int64_t>(small.size()) >= least_together)
    small = append_groups(lattices, small, threads, least_together);
  append(small.data(), small.data() + small.size(), lattices_per_task, false);
}

void Schedule::append(const int64_t* begin, const int64_t* end, int64_t a_task, bool together) {
  while (begin < end) {
    const int64_t* next = begin + std::min<int64_t>(a_task, end - begin);
    const auto first = static_cast<int64_t>(order.size());
    order.insert(order.end(), begin, next);
    tasks.push_back({first, first + (next - begin), together});
    begin = next;
  }
}

void Schedule::append_large(const std::vector<Lattice>& lattices, std::vector<int64_t> large, int32_t threads) {
  const auto size = [&](int64_t b) { return lattices[b].num_nodes; };
  std::stable_sort(large.begin(), large.end(), [&](int64_t a, int64_t b) { return size(a) > size(b); });
  num_shared = std::count_if(large.begin(), large.end(), [&](int64_t b) { return size(b) > shared_cell; });
  if (num_shared >= threads) num_shared = 0;
  order.assign(large.begin(), large.begin() + num_shared);
  append(large.data() + num_shared, large.data() + large.size(), 1, false);
}

// Sorts lattices by the hash of their topology; neighbours whose topology is the same make a group. Returns the others.
std::vector<int64_t> Schedule::append_groups(const std::vector<Lattice>& lattices, const std::vector<int64_t>& small,
                                             int32_t threads, int64_t least_together) {
  std::vector<std::pair<uint64_t, int64_t>> sorted(small.size());
  parallel_for(threads, static_cast<int64_t>(small.size()), 1024, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) sorted[k] = {topology_hash(lattices[small[k]]), small[k]};
  });
  std::sort(sorted.begin(), sorted.end());
  std::vector<int64_t> others, group;
  for (size_t first = 0, next; first < sorted.size(); first = next) {
    group.assign(1, sorted[first].second);
    for (next = first + 1; next < sorted.size() && sorted[next].first == sorted[first].first; ++next) {
      if (!same_topology(lattices[group[0]], lattices[sorted[next].second])) break;
      group.push_back(sorted[next].second);
    }
    const bool together = static_cast<int64_t>(group.size()) >= least_together;
    if (together) append(group.data(), group.data() + group.size(), lattices_of_one_topology, true);
    for (size_t k = 0; k < group.size() && !together; ++k) others.push_back(group[k]);
  }
  std::sort(others.begin(), others.end());
  return others;
}

}  // namespace fl::frame
