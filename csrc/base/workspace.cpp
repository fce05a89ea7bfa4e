#include "base/workspace.h"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

#include <atomic>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace fl {
namespace {

constexpr std::align_val_t alignment{64};
constexpr std::size_t smallest_kept = 1 << 12, most_kept = 1 << 26;  // bytes, of one block and of all
constexpr std::size_t large_page = 1 << 21;

// A block that was freed, in its own memory.
struct Freed {
  Freed* next;
  std::size_t size;
};

// Addresses for all blocks that are kept; memory comes with the first touch. Blocks are cut off one after another and
// never joined again: what is freed serves blocks of its size.
class Region {
 public:
  Region() {
#if defined(MAP_ANONYMOUS)
    const std::size_t size = most_kept + large_page;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    begin_ = static_cast<char*>(memory) + (large_page - address % large_page) % large_page;
    next_ = begin_, end_ = begin_ + most_kept;
    prefer_large_pages(begin_, most_kept);
#endif
  }

  bool holds(const void* block) const {
    return !std::less<const void*>()(block, begin_) && std::less<const void*>()(block, end_);
  }

  // Null where there is no room, or another thread is here, or was when the process forked: the system has memory too.
  void* take(std::size_t size) {
    std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return nullptr;
    for (Freed *block = freed_.exchange(nullptr), *next; block; block = next) {
      next = block->next;
      Freed*& first = blocks_[block->size];
      block->next = first, first = block;
    }
    if (Freed*& first = blocks_[size]) {
      Freed* block = first;
      first = block->next;
      return block;
    }
    if (size > static_cast<std::size_t>(end_ - next_)) return nullptr;
    return std::exchange(next_, next_ + size);
  }

  void give(void* block, std::size_t size) noexcept {
    Freed* freed = ::new (block) Freed{freed_.load(), size};
    while (!freed_.compare_exchange_weak(freed->next, freed)) {
    }
  }

 private:
  char *begin_ = nullptr, *next_ = nullptr, *end_ = nullptr;
  std::mutex mutex_;
  std::unordered_map<std::size_t, Freed*> blocks_;  // by size
  std::atomic<Freed*> freed_{nullptr};              // not sorted yet
};

// Never destroyed: blocks may be freed when the process ends. Made when the library is loaded: a function's own static
// would be locked in a child that is forked while another thread makes it.
Region& region = *new Region;

// Sizes in steps of a quarter of a power of two, so that blocks of nearly the same size serve each other.
std::size_t rounded(std::size_t bytes) {
  std::size_t step = smallest_kept / 4;
  while (step * 8 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

}  // namespace

void prefer_large_pages(void* memory, std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (begin + large_page - 1) / large_page * large_page;
  const std::uintptr_t end = (begin + bytes) / large_page * large_page;
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // a wish: no matter if refused
#else
  static_cast<void>(memory), static_cast<void>(bytes);
#endif
}

void* allocate_block(std::size_t bytes) {
  if (bytes >= smallest_kept)
    if (void* block = region.take(rounded(bytes))) return block;
  void* block = ::operator new(bytes, alignment);
  prefer_large_pages(block, bytes);
  return block;
}

void free_block(void* block, std::size_t bytes) noexcept {
  if (region.holds(block))
    region.give(block, rounded(bytes));
  else
    ::operator delete(block, alignment);
}

}  // namespace fl
