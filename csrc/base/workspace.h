// Memory for kernels: arrays on cache lines, and sums over parts in an order that no thread count changes.
//
// Large blocks are kept when they are freed, up to a limit, and handed out again: from the system every page would come
// anew, cleared, which costs as much as a fifth of a network's forward pass. They stand on large pages where the system
// has them: the arrays of a network are more small pages than a core knows addresses of.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include "base/pool.h"

namespace fl {

// Memory on a cache line, not initialised; `bytes` as it was asked for is needed to free it. Safe in any thread, and
// after fork().
void* allocate_block(std::size_t bytes);
void free_block(void* block, std::size_t bytes) noexcept;

// Asks for large pages where memory that was not touched yet will lie, as far as whole ones fit.
void prefer_large_pages(void* memory, std::size_t bytes);

template <class T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t n) {
    if (n > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(allocate_block(n * sizeof(T)));
  }
  void deallocate(T* p, std::size_t n) noexcept { free_block(p, n * sizeof(T)); }
  // Without a value, numbers are left as they are: scratch memory is not cleared for nothing.
  template <class U>
  void construct(U* p) {
    ::new (static_cast<void*>(p)) U;
  }
  template <class U, class... Arguments>
  void construct(U* p, Arguments&&... arguments) {
    ::new (static_cast<void*>(p)) U(std::forward<Arguments>(arguments)...);
  }
  template <class U>
  bool operator==(const CacheLineAllocator<U>&) const {
    return true;
  }
  template <class U>
  bool operator!=(const CacheLineAllocator<U>&) const {
    return false;
  }
};

template <class T>
using Array = std::vector<T, CacheLineAllocator<T>>;

// The array with room for n numbers, whatever they are.
template <class T>
T* room(Array<T>& array, int64_t n) {
  if (static_cast<int64_t>(array.size()) < n) {
    array.clear();  // nothing need be copied
    array.resize(n);
  }
  return array.data();
}

// How `count` pieces of work are cut into parts that each sum a gradient of their own: at most 64 of at least `least`
// pieces. It depends on nothing else.
struct Parts {
  int64_t count, number;
  Parts(int64_t count, int64_t least)
      : count(count), number(std::max<int64_t>(1, std::min<int64_t>(64, count / std::max<int64_t>(1, least)))) {}
  int64_t begin(int64_t part) const { return count * part / number; }
};

// sums[0] += sums[1] + ... in a balanced tree, entry by entry.
template <class T>
void tree_sum(int32_t threads, std::vector<Array<T>>& sums) {
  const int64_t parts = sums.size(), size = sums.empty() ? 0 : sums[0].size();
  parallel_for(threads, size, 4096, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t step = 1; step < parts; step *= 2)
      for (int64_t i = 0; i + step < parts; i += 2 * step) {
        T* to = sums[i].data();
        const T* from = sums[i + step].data();
        for (int64_t n = begin; n < end; ++n) to[n] += from[n];
      }
  });
}

}  // namespace fl
