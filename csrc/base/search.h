// Looking for what is wrong, where nearly always nothing is.
#pragma once
#include <algorithm>
#include <cstdint>

namespace fl {

// The first n of [0, count) for which bad(n), or -1. Blocks are looked at without a branch for each.
template <class Bad>
int64_t first_of(int64_t count, const Bad& bad) {
  constexpr int64_t block = 256;
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t end = std::min(begin + block, count);
    int found = 0;
    for (int64_t n = begin; n < end; ++n) found |= bad(n);
    for (int64_t n = begin; found; ++n)
      if (bad(n)) return n;
  }
  return -1;
}

// Whether an index is not in [0, count).
inline bool outside(int64_t index, int64_t count) { return index < 0 || index >= count; }

}  // namespace fl
