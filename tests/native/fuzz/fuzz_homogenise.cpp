// Fuzz target: homogenise, its adjoint and the periodic graph on raw arrays. libFuzzer's main calls it.
//
// Of the bytes, the first choose sizes; then each number is told by a byte: a small whole number, one of the numbers that
// lattices have, or the eight bytes that follow as they are.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "abi.h"

namespace {

void require(bool good) {
  if (!good) std::abort();
}

class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : next_(data), end_(data + size) {}

  uint8_t byte() { return next_ < end_ ? *next_++ : 0; }
  int64_t below(int64_t count) { return count ? byte() % count : 0; }
  template <class T>
  T raw() {
    uint8_t bytes[sizeof(T)];
    for (uint8_t& each : bytes) each = byte();
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  int64_t integer(int64_t count) {
    const uint8_t kind = byte();
    return kind >= 250 ? raw<int64_t>() : count > 0 ? kind % count : int64_t{kind % 5} - 2;
  }
  double number() {
    const uint8_t kind = byte();
    constexpr double usual[] = {0, 0.5, 1, 0.25, 0.75, -1, 1e-9, 1e17, 1e300, 1e-300, INFINITY, NAN};
    if (kind >= 240) return raw<double>();
    return kind < 12 ? usual[kind] : kind / 240.0;
  }
  std::vector<double> numbers(int64_t count) {
    std::vector<double> values(count);
    for (double& value : values) value = number();
    return values;
  }

 private:
  const uint8_t *next_, *end_;
};

template <class T>
int64_t size(const std::vector<T>& values) {
  return static_cast<int64_t>(values.size());
}

}  // namespace

#define FL_PASS(values) values.data(), size(values)

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t length) {
  Bytes in(data, length);
  const int64_t count = in.below(4);
  std::vector<int64_t> node_offsets{0}, strut_offsets{0}, ends, shifts;
  std::vector<double> cell, positions, radii;
  for (int64_t b = 0; b < count; ++b) {
    const int64_t nodes = in.below(7), struts = in.below(20);
    const bool cube = in.byte() < 200;
    for (int64_t k = 0; k < 9; ++k) cell.push_back(cube ? k % 4 == 0 : in.number());
    const auto places = in.numbers(3 * nodes);
    positions.insert(positions.end(), places.begin(), places.end());
    for (int64_t k = 0; k < 2 * struts; ++k) ends.push_back(in.integer(nodes));
    for (int64_t k = 0; k < 3 * struts; ++k) shifts.push_back(in.integer(0));
    for (int64_t k = 0; k < struts; ++k) radii.push_back(in.byte() < 240 ? 0.02 : in.number());
    node_offsets.push_back(node_offsets.back() + nodes);
    strut_offsets.push_back(strut_offsets.back() + struts);
  }
  if (in.byte() >= 240) node_offsets[in.below(count + 1)] = in.raw<int64_t>();
  if (in.byte() >= 240) strut_offsets[in.below(count + 1)] = in.raw<int64_t>();
  const double nu = in.byte() < 200 ? 0.3 : in.number(), kappa = in.byte() < 200 ? 0.89 : in.number();
  const int64_t discretisation = in.integer(2), threads = in.integer(3);

  const int64_t nodes = size(positions) / 3;
  std::vector<double> stiffness(36 * count);
  std::vector<int32_t> status(count), rank(count);
  std::vector<int64_t> where(count);
  std::vector<uint8_t> beam_valid(count);
  struct alignas(64) Line {
    double numbers[8];
  };
  std::vector<Line> displacements(6 * nodes);
  double* const u = displacements.empty() ? nullptr : displacements[0].numbers;
  const bool solved =
      fl_frame_homogenise(count, FL_PASS(cell), FL_PASS(positions), FL_PASS(ends), FL_PASS(shifts), FL_PASS(radii),
                          FL_PASS(node_offsets), FL_PASS(strut_offsets), nu, kappa, discretisation, threads,
                          FL_PASS(stiffness), FL_PASS(status), FL_PASS(rank), FL_PASS(where), FL_PASS(beam_valid), u,
                          48 * nodes) == 0;
  if (solved) {
    for (int64_t n = 0; n < 36 * count; ++n) require(std::isfinite(stiffness[n]) == (status[n / 36] == 0));
    if (in.byte() >= 240 && count) status[in.below(count)] = 0;  // the adjoint checks for itself
    std::vector<double> grad_cell(size(cell)), grad_positions(size(positions)), grad_radii(size(radii));
    fl_frame_adjoint(count, FL_PASS(cell), FL_PASS(positions), FL_PASS(ends), FL_PASS(shifts), FL_PASS(radii),
                     FL_PASS(node_offsets), FL_PASS(strut_offsets), nu, kappa, threads, FL_PASS(status),
                     FL_PASS(stiffness), u, 48 * nodes, FL_PASS(stiffness), FL_PASS(grad_cell), FL_PASS(grad_positions),
                     FL_PASS(grad_radii));
  }

  const int64_t struts = size(radii), edges = 2 * struts;
  std::vector<double> vectors(3 * edges), thickness(edges), attributes(nodes, 1.0);
  std::vector<int64_t> index(2 * edges), batch(nodes), strut(edges), reverse(edges), first(struts), fault(2);
  if (fl_periodic_graph(count, nodes, struts, FL_PASS(cell), FL_PASS(ends), FL_PASS(shifts), FL_PASS(radii),
                        FL_PASS(node_offsets), FL_PASS(strut_offsets), FL_PASS(vectors), FL_PASS(thickness),
                        FL_PASS(index), FL_PASS(batch), FL_PASS(strut), FL_PASS(reverse), FL_PASS(first)) == 0)
    for (int64_t e = 0; e < edges; ++e) require(reverse[reverse[e]] == e);
  const int64_t lattices = in.byte() < 200 ? count : in.raw<int64_t>();
  fl_check_graph_f64(1, nodes, edges, lattices, FL_PASS(positions), FL_PASS(index), FL_PASS(vectors),
                     FL_PASS(thickness), FL_PASS(attributes), FL_PASS(batch), FL_PASS(fault));
  return 0;
}
