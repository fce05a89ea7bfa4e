// Random numbers by counter: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011).
//
// The key is the seed; the counter is (index, purpose, number): what is drawn, what for, and the sample, group or window
// that it is drawn for. Nothing depends on what was drawn before.
#pragma once
#include <cmath>
#include <cstdint>

#include "base/isa.h"

namespace fl::data {

enum class Purpose : uint32_t { order, choice, removal, sample, node, strut };

constexpr int at_once = 8;

// The four words of the counters with the indices first .. first + 7, word by word.
struct Words {
  typedef uint64_t Lanes __attribute__((vector_size(8 * at_once)));
  Lanes word[4];
};

FL_INLINE void philox(uint64_t seed, Purpose purpose, uint64_t number, uint32_t first, Words& out) {
  using Lanes = Words::Lanes;
  const Lanes low = Lanes{} + 0xFFFFFFFFu;
  Lanes c0 = (Lanes{0, 1, 2, 3, 4, 5, 6, 7} + first) & low, c1 = Lanes{} + static_cast<uint64_t>(purpose);
  Lanes c2 = Lanes{} + (number & 0xFFFFFFFFu), c3 = Lanes{} + (number >> 32);
  auto k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    const Lanes p = c0 * 0xD2511F53u, q = c2 * 0xCD9E8D57u;
    c0 = (q >> 32) ^ c1 ^ k0;
    c1 = q & low;
    c2 = (p >> 32) ^ c3 ^ k1;
    c3 = p & low;
  }
  out = {{c0, c1, c2, c3}};
}

// 53 of 64 random bits as a number from 0 to below 1.
FL_INLINE double unit(uint64_t high, uint64_t low) {
  return static_cast<double>(static_cast<int64_t>((high << 32 | low) >> 11)) * 0x1p-53;
}

// Two numbers from 0 to below 1 for each of the indices 0 .. count - 1, at pairs [2 * index]; there is room for whole
// blocks of eight indices.
inline void uniform(uint64_t seed, Purpose purpose, uint64_t number, int64_t count, double* pairs) {
  Words words;
  for (int64_t first = 0; first < count; first += at_once) {
    philox(seed, purpose, number, static_cast<uint32_t>(first), words);
    for (int n = 0; n < at_once; ++n) {
      pairs[2 * (first + n)] = unit(words.word[0][n], words.word[1][n]);
      pairs[2 * (first + n) + 1] = unit(words.word[2][n], words.word[3][n]);
    }
  }
}

// Room for the pairs of `count` indices.
constexpr int64_t room(int64_t count) { return 2 * at_once * ((count + at_once - 1) / at_once); }

// cos and sin of 2 pi v for 0 <= v < 1: Taylor series of at most an eighth of a turn, which is turned by quarters.
FL_INLINE void turn(double v, double& cosine, double& sine) {
  const double quarters = std::floor(4 * v + 0.5);
  const double x = 6.283185307179586477 * (v - 0.25 * quarters), y = x * x;
  const double c = 1 + y * (-1. / 2 + y * (1. / 24 + y * (-1. / 720 + y * (1. / 40320 + y * (-1. / 3628800 +
                   y * (1. / 479001600 + y * (-1. / 87178291200 + y * (1. / 20922789888000))))))));
  const double s = x * (1 + y * (-1. / 6 + y * (1. / 120 + y * (-1. / 5040 + y * (1. / 362880 + y * (-1. / 39916800 +
                   y * (1. / 6227020800 + y * (-1. / 1307674368000 + y * (1. / 355687428096000)))))))));
  const bool odd = quarters == 1 || quarters == 3;
  const double a = odd ? s : c, b = odd ? c : s;
  cosine = quarters == 1 || quarters == 2 ? -a : a;
  sine = quarters == 2 || quarters == 3 ? -b : b;
}

// Two standard normal numbers of two uniform ones (Box and Muller), in their place.
inline void normal(double* pair) {
  const double radius = std::sqrt(-2 * std::log(1 - pair[0]));
  double c, s;
  turn(pair[1], c, s);
  pair[0] = radius * c;
  pair[1] = radius * s;
}

}  // namespace fl::data
