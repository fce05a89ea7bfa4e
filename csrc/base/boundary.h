// What every exported function needs: errors without exceptions, buffers with their lengths, and their checks.
#pragma once
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>

#include "base/generated/enums.h"

#ifndef FL_EXPORT
#define FL_EXPORT extern "C" __attribute__((visibility("default")))
#endif

namespace fl {

// Kept for the calling thread, cut at 500 bytes: nothing here may throw, for it runs inside catch.
void set_last_error(const char* reason) noexcept;

// Runs `body` and turns an exception into the C convention.
template <class Body>
int32_t guarded(const Body& body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    set_last_error("out of memory");
  } catch (const std::exception& error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("unknown native error");
  }
  return -1;
}

namespace boundary {

// A number of elements. What is negative or exceeds 64 bits is no number: it stays so, and equals no buffer's length.
class Extent {
 public:
  constexpr Extent(int64_t count) : count_(count < 0 ? none : count) {}
  constexpr bool is(int64_t count) const { return count_ != none && count_ == count; }
  constexpr int64_t count() const { return count_; }

  friend constexpr Extent operator*(Extent a, Extent b) {
    int64_t product = 0;
    return a.lost() || b.lost() || __builtin_mul_overflow(a.count_, b.count_, &product) ? none : product;
  }
  friend constexpr Extent operator+(Extent a, Extent b) {
    int64_t sum = 0;
    return a.lost() || b.lost() || __builtin_add_overflow(a.count_, b.count_, &sum) ? none : sum;
  }

 private:
  static constexpr int64_t none = INT64_MAX;
  constexpr bool lost() const { return count_ == none; }

  int64_t count_;
};

// All throw std::invalid_argument, which names the argument.
void check_size(const char* name, int64_t size);
void check_degree(const char* name, int64_t degree);
void check_choice(const char* name, int64_t choice, int64_t choices);
void check_pointer(const char* name, const void* data, int64_t size);
void check_buffer(const char* name, const void* data, int64_t size, Extent expected, int64_t alignment = 1);
// Ascending from 0, one for each of `rows` and their end.
void check_offsets(const char* name, const int64_t* offsets, int64_t size, Extent rows);
void check_list(const char* name, const void* data, const int64_t* sizes, int64_t count, Extent expected);
// All or none of some pointers are given.
void check_together(const char* names, std::initializer_list<const void*> pointers);
Extent element(const int64_t* array, int64_t size, int64_t index);

// At least one thread, at most four for each core.
int32_t thread_count(int64_t wanted);

}  // namespace boundary

namespace calls {

// A buffer whose length the call itself checks.
template <class T>
struct Buffer {
  T* data;
  int64_t size;

  T* expect(const char* name, boundary::Extent expected) const {
    boundary::check_buffer(name, data, size, expected);
    return data;
  }
};

// A list of them; without data, not given.
template <class T>
struct BufferList {
  T* const* data;
  const int64_t* sizes;
  int64_t count;
};

}  // namespace calls
}  // namespace fl
