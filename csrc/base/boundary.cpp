#include "base/boundary.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>

#include "abi.h"
#include "base/generated/version.h"

namespace {
thread_local char last_error[512] = "";
// Asked for once, when the library is loaded: a function's own static would be locked in a child forked meanwhile.
const int64_t most_threads = 4 * std::max<int64_t>(1, std::thread::hardware_concurrency());
}  // namespace

namespace fl {

void set_last_error(const char* reason) noexcept {
  std::strncpy(last_error, reason, sizeof last_error - 1);  // its last byte stays zero
}

namespace boundary {
namespace {

[[noreturn]] void refuse(const char* name, const std::string& reason) {
  throw std::invalid_argument(std::string(name) + " " + reason);
}

}  // namespace

void check_size(const char* name, int64_t size) {
  if (size < 0) refuse(name, "is " + std::to_string(size) + ", less than 0");
}

void check_degree(const char* name, int64_t degree) {
  if (degree < 0 || degree > 4) refuse(name, "must be 0 to 4, not " + std::to_string(degree));
}

void check_choice(const char* name, int64_t choice, int64_t choices) {
  if (choice < 0 || choice >= choices) refuse(name, "is " + std::to_string(choice) + ": there is none of that number");
}

void check_pointer(const char* name, const void* data, int64_t size) {
  if (size < 0 || (!data && size > 0)) refuse(name, "is null");
}

void check_buffer(const char* name, const void* data, int64_t size, Extent expected, int64_t alignment) {
  if (!expected.is(size))
    refuse(name, "has " + std::to_string(size) + " elements, expected " +
                     (expected.is(expected.count()) ? std::to_string(expected.count()) : "more than 2^63"));
  check_pointer(name, data, size);
  if (reinterpret_cast<uintptr_t>(data) % static_cast<uintptr_t>(alignment))
    refuse(name, "does not start at a multiple of " + std::to_string(alignment) + " bytes");
}

void check_offsets(const char* name, const int64_t* offsets, int64_t size, Extent rows) {
  check_buffer(name, offsets, size, rows + 1);
  if (offsets[0] != 0) refuse(name, "starts at " + std::to_string(offsets[0]) + ", not 0");
  for (int64_t n = 0; n + 1 < size; ++n)
    if (offsets[n + 1] < offsets[n]) refuse(name, "descends after number " + std::to_string(n));
}

void check_list(const char* name, const void* data, const int64_t* sizes, int64_t count, Extent expected) {
  if (!expected.is(count))
    refuse(name, "are " + std::to_string(count) + " buffers, expected " + std::to_string(expected.count()));
  check_pointer(name, data, count);
  check_pointer(name, sizes, count);
}

void check_together(const char* names, std::initializer_list<const void*> pointers) {
  const auto given = std::count_if(pointers.begin(), pointers.end(), [](const void* pointer) { return pointer; });
  if (given != 0 && given != static_cast<std::ptrdiff_t>(pointers.size())) refuse(names, "must be given together");
}

Extent element(const int64_t* array, int64_t size, int64_t index) {
  if (!array || index < 0 || index >= size) throw std::invalid_argument("an array that others depend on is too short");
  return array[index];
}

int32_t thread_count(int64_t wanted) {
  return static_cast<int32_t>(std::clamp<int64_t>(wanted, 1, most_threads));
}

}  // namespace boundary
}  // namespace fl

const char* fl_last_error() { return last_error; }

int64_t fl_abi_version() { return fl::abi_version; }

int32_t fl_instruction_sets() {
  int32_t mask = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) mask |= 1;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    mask |= 2;
#endif
  return mask;
}
