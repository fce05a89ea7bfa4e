// Arrays of the bytes that libFuzzer gives.
//
// The first choose sizes; then each number is told by a byte: a small whole number, one of the numbers that lattices
// have, or the eight bytes that follow as they are.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

inline void require(bool good) {
  if (!good) std::abort();
}

class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : next_(data), end_(data + size) {}

  uint8_t byte() { return next_ < end_ ? *next_++ : 0; }
  bool seldom() { return byte() >= 240; }
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
