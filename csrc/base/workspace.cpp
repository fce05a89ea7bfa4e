#include "base/workspace.h"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

#include <mutex>
#include <unordered_map>

namespace fl {
namespace {

constexpr std::size_t cache_line = 64, large_page = 1 << 21;
constexpr std::size_t smallest_kept = 1 << 12, most_kept = 1 << 26;  // bytes, of one block and of all

struct Kept {
  std::mutex mutex;
  std::unordered_map<std::size_t, std::vector<void*>> blocks;  // by size
  std::size_t bytes = 0;
};

// Never destroyed: blocks may be freed when the process ends. Made when the library is loaded: a function's own static
// would be locked in a child that is forked while another thread makes it.
Kept& kept = *new Kept;

// Sizes in steps of a quarter of a power of two, so that blocks of nearly the same size serve each other.
std::size_t rounded(std::size_t bytes) {
  std::size_t step = smallest_kept / 4;
  while (step * 8 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

std::align_val_t alignment(std::size_t size) { return std::align_val_t{size < large_page ? cache_line : large_page}; }

void* new_block(std::size_t size) {
  void* block = ::operator new(size, alignment(size));
  prefer_large_pages(block, size);
  return block;
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

// A mutex that another thread holds, or held when the process forked, is no reason to wait: the system has memory too.
void* allocate_block(std::size_t bytes) {
  if (bytes < smallest_kept) return new_block(bytes);
  const std::size_t size = rounded(bytes);
  {
    std::unique_lock<std::mutex> lock(kept.mutex, std::try_to_lock);
    if (lock.owns_lock()) {
      std::vector<void*>& blocks = kept.blocks[size];
      if (!blocks.empty()) {
        void* block = blocks.back();
        blocks.pop_back();
        kept.bytes -= size;
        return block;
      }
    }
  }
  return new_block(size);
}

void free_block(void* block, std::size_t bytes) noexcept {
  const std::size_t size = bytes < smallest_kept ? bytes : rounded(bytes);
  if (bytes >= smallest_kept) {
    std::unique_lock<std::mutex> lock(kept.mutex, std::try_to_lock);
    if (lock.owns_lock() && kept.bytes + size <= most_kept) try {
        kept.blocks[size].push_back(block);
        kept.bytes += size;
        return;
      } catch (const std::bad_alloc&) {  // there is no room to remember it
      }
  }
  ::operator delete(block, alignment(size));
}

}  // namespace fl
