// What every exported function of the native library shares: linkage and the way errors are reported.
//
// The library knows pointers and sizes only. Functions return 0 on success and -1 on failure, after which
// fl_last_error() says why (per thread). Arrays are contiguous, C order; every integer passed by value is an int64_t, so
// that callers need no table of types. No exception leaves the library.
#pragma once
#include <cstdint>

#define FL_EXPORT extern "C" __attribute__((visibility("default")))

// Reason of the calling thread's last failure; valid until its next call into the library.
FL_EXPORT const char* fl_last_error();

// Bit mask of the x86-64 instruction sets that this machine and its operating system support:
// 1 = AVX2 and FMA, 2 = AVX-512 (F, DQ, BW, VL). 0 elsewhere.
FL_EXPORT int32_t fl_instruction_sets();

#include <exception>
#include <string>

namespace fl {

void set_last_error(const std::string& reason);

// Runs `body` and turns an exception into the C convention.
template <class Body>
int32_t guarded(Body&& body) {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("unknown native error");
  }
  return -1;
}

}  // namespace fl
