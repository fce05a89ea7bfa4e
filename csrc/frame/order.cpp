#include "frame/order.h"

#include <algorithm>
#include <numeric>

namespace fl::frame {
namespace {

class Dissection {
 public:
  Dissection(const Adjacency& graph, const std::vector<double>& coordinates)
      : graph_(graph), coordinates_(coordinates), side_(graph.begin.size() - 1, outside), place_(side_.size(), -1) {}

  // Orders nodes[0:count] in place.
  void order(int32_t* nodes, int64_t count) {
    if (count <= 64) return order_by_degree<1>(nodes, count);
    std::vector<int32_t> best;  // first half without the border, second half, border
    int64_t cut = 0, border = count;
    for (int axis = 0; axis < 3; ++axis) {
      const int64_t middle = halve(nodes, count, axis);
      for (int64_t k = 0; k < count; ++k) side_[nodes[k]] = k < middle ? first : second;
      for (const Side kept : {first, second}) {
        const Side other = kept == first ? second : first;
        const auto on_border = [&](int32_t i) { return side_[i] == kept && touches(i, other); };
        const int64_t size = std::count_if(nodes, nodes + count, on_border);
        if (size >= border) continue;
        border = size;
        best.assign(nodes, nodes + count);
        const auto begin = best.begin();
        const auto inner = std::stable_partition(begin, best.end(), [&](int32_t i) { return !on_border(i); });
        cut = std::stable_partition(begin, inner, [&](int32_t i) { return side_[i] == first; }) - begin;
      }
      for (int64_t k = 0; k < count; ++k) side_[nodes[k]] = outside;
    }
    if (best.empty()) return;  // every node touches the other half: as good as dense
    std::copy(best.begin(), best.end(), nodes);
    order(nodes, cut);
    order(nodes + cut, count - border - cut);
  }

  // Minimum degree on nodes[0:count], at most 64 Words, as if there were no others.
  template <int Words>
  void order_by_degree(int32_t* nodes, int64_t count) {
    NodeSet<Words> graph[64 * Words];
    int32_t order[64 * Words], sorted[64 * Words];
    std::copy(nodes, nodes + count, sorted);
    std::sort(sorted, sorted + count);
    for (int64_t k = 0; k < count; ++k) place_[sorted[k]] = static_cast<int32_t>(k);
    for (int64_t k = 0; k < count; ++k)
      for (int64_t e = graph_.begin[sorted[k]]; e < graph_.begin[sorted[k] + 1]; ++e)
        if (const int32_t found = place_[graph_.neighbours[e]]; found >= 0 && found != k) graph[k].insert(found);
    for (int64_t k = 0; k < count; ++k) place_[sorted[k]] = -1;
    minimum_degree(static_cast<int32_t>(count), graph, order);
    for (int64_t k = 0; k < count; ++k) nodes[k] = sorted[order[k]];
  }

 private:
  enum Side : int8_t { outside, first, second };

  // Sorts by one coordinate and returns where to cut: at the widest gap among the middle fifth.
  int64_t halve(int32_t* nodes, int64_t count, int axis) const {
    const auto place = [&](int32_t i) { return coordinates_[3 * i + axis]; };
    std::sort(nodes, nodes + count, [&](int32_t i, int32_t j) {
      return place(i) != place(j) ? place(i) < place(j) : i < j;
    });
    int64_t middle = count / 2;
    double widest = 0;
    for (int64_t k = count * 2 / 5; k <= count * 3 / 5; ++k) {
      const double gap = place(nodes[k]) - place(nodes[k - 1]);
      if (gap > widest * (1 + 1e-6)) widest = gap, middle = k;
    }
    return middle;
  }

  bool touches(int32_t node, Side other) const {
    for (int64_t k = graph_.begin[node]; k < graph_.begin[node + 1]; ++k)
      if (side_[graph_.neighbours[k]] == other) return true;
    return false;
  }

  const Adjacency& graph_;
  const std::vector<double>& coordinates_;
  std::vector<Side> side_;
  std::vector<int32_t> place_;  // among the nodes that are being ordered by degree; -1: not one of them
};

}  // namespace

std::vector<int32_t> elimination_order(const Adjacency& graph, const std::vector<double>& coordinates) {
  std::vector<int32_t> order(graph.begin.size() - 1);
  std::iota(order.begin(), order.end(), 0);
  Dissection dissection(graph, coordinates);
  if (order.size() <= 256)
    dissection.order_by_degree<4>(order.data(), static_cast<int64_t>(order.size()));
  else
    dissection.order(order.data(), static_cast<int64_t>(order.size()));
  return order;
}

}  // namespace fl::frame
