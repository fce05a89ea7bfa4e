// The machine's limit, for benchmarks: fused multiply-adds a second of one thread, all lanes counted.
#include <chrono>

#include "base/generated/calls.h"
#include "base/straight_line.h"

namespace fl {
namespace {

// As many chains as hide the latency and leave registers for x and y; an array of them would stay in memory.
#define CHAINS(DO) DO(s0) DO(s1) DO(s2) DO(s3) DO(s4) DO(s5) DO(s6) DO(s7) DO(s8) DO(s9) DO(s10) DO(s11)
#define START(s) Vector<T> s{};
#define STEP(s) s = FMA(x, s, y); HOLD(s);
#define USE(s) total += s;

// A burst of a few microseconds, so that it can be repeated between the calls that are compared with it.
template <class T>
double fma_rate() {
  constexpr int chains = 12, rounds = 4000;
  Vector<T> total{}, x = Vector<T>{} + T(0.5), y = Vector<T>{} + T(1);
  CHAINS(START)
  HOLD(x);
  HOLD(y);
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round) {
    CHAINS(STEP)
  }
  CHAINS(USE)
  [[maybe_unused]] const volatile T used = total[0];  // else nothing above need be computed
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return static_cast<double>(rounds) * chains * lanes<T> / time.count();
}

}  // namespace

namespace calls {

void run(const FmaPeak& call) {
  *call.f32 = fma_rate<float>();
  *call.f64 = fma_rate<double>();
}

}  // namespace calls
}  // namespace fl
