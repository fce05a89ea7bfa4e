#include "base/workspace.h"

#include <mutex>
#include <unordered_map>

namespace fl {
namespace {

constexpr std::align_val_t alignment{64};
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

}  // namespace

// A mutex that another thread holds, or held when the process forked, is no reason to wait: the system has memory too.
void* allocate_block(std::size_t bytes) {
  if (bytes < smallest_kept) return ::operator new(bytes, alignment);
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
  return ::operator new(size, alignment);
}

void free_block(void* block, std::size_t bytes) noexcept {
  if (bytes >= smallest_kept) {
    const std::size_t size = rounded(bytes);
    std::unique_lock<std::mutex> lock(kept.mutex, std::try_to_lock);
    if (lock.owns_lock() && kept.bytes + size <= most_kept) try {
        kept.blocks[size].push_back(block);
        kept.bytes += size;
        return;
      } catch (const std::bad_alloc&) {  // there is no room to remember it
      }
  }
  ::operator delete(block, alignment);
}

}  // namespace fl
