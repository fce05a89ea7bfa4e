#include "abi.h"

namespace {
thread_local std::string last_error;
}

namespace fl {
void set_last_error(const std::string& reason) { last_error = reason; }
}  // namespace fl

const char* fl_last_error() { return last_error.c_str(); }

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
