// The search for extremes of directional moduli: ordinary matrices, isotropic ones, nearly singular ones, and no matrix.
#include "elasticity/grid.h"
#include "tests.h"

namespace {

enum { young, shear, poisson };

// The modulus of a lower Cholesky factor in a frame with rows n, m.
double modulus_in(int modulus, const double* factor, const double* frame) {
  double z[2][6];
  fl::elasticity::dyad(frame, modulus == shear ? frame + 3 : frame, z[0]);
  fl::elasticity::dyad(frame + 3, frame + 3, z[1]);
  for (auto& x : z)
    for (int i = 0; i < 6; ++i) {
      for (int j = 0; j < i; ++j) x[i] -= factor[6 * i + j] * x[j];
      x[i] /= factor[6 * i + i];
    }
  double along = 0, across = 0;
  for (int i = 0; i < 6; ++i) along += z[0][i] * z[0][i], across += z[0][i] * z[1][i];
  return modulus == young ? 1 / along : modulus == shear ? 1 / (4 * along) : -across / along;
}

// Factors whose diagonals are between `softest` and 1; isotropic ones where nothing else is left.
std::vector<double> factors(Int count, double softest, double off_diagonal, Random& random) {
  std::vector<double> all;
  for (Int n = 0; n < count; ++n) {
    const std::vector<double> entries = random.normal(36, off_diagonal), exponents = random.uniform(6, 0, 1);
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) {
        const double size = std::pow(softest, exponents[std::min(i, j)]);
        all.push_back(j > i ? std::numeric_limits<double>::quiet_NaN() : i == j ? size : size * entries[6 * i + j]);
      }
  }
  return all;
}

void check_extremes(const std::string& name, Int count, double softest, double off_diagonal, Random& random) {
  std::printf("extremes of moduli, %s\n", name.c_str());
  const std::vector<double> factor = factors(count, softest, off_diagonal, random);
  for (const int modulus : {young, shear, poisson}) {
    std::vector<double> frames = unwritten<double>(18 * count), again = frames;
    succeeded(call(fl_elasticity_extremes, 1, count, modulus, factor, frames));
    succeeded(call(fl_elasticity_extremes, 5, count, modulus, factor, again));
    EXPECT(frames == again, "%s: 5 threads change the result", name.c_str());
    for (Int n = 0; n < count; ++n) {
      const double *l = factor.data() + 36 * n, *at = frames.data() + 18 * n;
      for (int k = 0; k < 2; ++k)
        for (int i = 0; i < 3; ++i)
          for (int j = 0; j < 3; ++j) {
            double product = 0;
            for (int c = 0; c < 3; ++c) product += at[9 * k + 3 * i + c] * at[9 * k + 3 * j + c];
            EXPECT(std::abs(product - (i == j)) < 1e-12, "%s: a frame is not orthonormal", name.c_str());
          }
      const double low = modulus_in(modulus, l, at), high = modulus_in(modulus, l, at + 9);
      for (int point = 0; point < fl::elasticity::Grid::points; ++point) {
        const double value = modulus_in(modulus, l, fl::elasticity::grid().frame[point][0]);
        const double slack = 1e-9 * (modulus == poisson ? 1 + std::abs(value) : value);
        EXPECT(low - slack <= value && value <= high + slack, "%s, modulus %d: %.17g is not from %.17g to %.17g",
               name.c_str(), modulus, value, low, high);
      }
    }
  }
}

void check_grid(Random& random) {
  const fl::elasticity::Grid& grid = fl::elasticity::grid();
  double widest = 1;
  for (int n = 0; n < 20000; ++n) {
    const std::vector<double> x = random.normal(3);
    const double length = std::sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    double nearest = 0;
    for (const auto& frame : grid.frame)
      nearest = std::max(nearest, std::abs(frame[0][0] * x[0] + frame[0][1] * x[1] + frame[0][2] * x[2]) / length);
    widest = std::min(widest, nearest);
  }
  const double angle = std::acos(widest);
  EXPECT(angle < fl::elasticity::Grid::covering, "a direction is %g from the grid", angle);
  EXPECT(angle > 0.8 * fl::elasticity::Grid::covering, "the grid is finer than it says: %g", angle);
}

// Diagonal stiffnesses, whose moduli are known, one of them no matrix; as many as fill lanes and blocks, and one more.
void test_moduli() {
  for (const Int count : {0, 1, 7, 64, 65}) {
    std::vector<double> stiffness(36 * count, 0), columns = unwritten<double>(34 * count);
    for (Int n = 0; n < count; ++n)
      for (int k = 0; k < 6; ++k) stiffness[36 * n + 7 * k] = n == 3 ? -1 : double(n + k + 1);
    succeeded(call(fl_elasticity_moduli, count, stiffness, columns));
    for (Int n = 0; n < count; ++n) {
      const auto column = [&](int number) { return columns[number * count + n]; };
      EXPECT(column(0) == stiffness[36 * n] && column(20) == stiffness[36 * n + 35], "moduli: entries");
      if (n == 3) {
        for (int k = 21; k < 34; ++k) EXPECT(std::isnan(column(k)), "moduli of what is not positive definite");
        continue;
      }
      for (int k = 0; k < 3; ++k) EXPECT(std::abs(column(21 + k) / double(n + k + 1) - 1) < 1e-14, "Young's moduli");
      for (int k = 3; k < 6; ++k) EXPECT(std::abs(2 * column(21 + k) / double(n + k + 1) - 1) < 1e-14, "shear moduli");
      for (int k = 27; k < 33; ++k) EXPECT(column(k) == 0, "Poisson's ratios of a diagonal stiffness");
      EXPECT(column(33) > -1e-12, "anisotropy");
    }
  }
  const std::vector<double> stiffness(36);
  std::vector<double> columns(33);
  refused(call(fl_elasticity_moduli, 1, stiffness, columns), "columns has 33 elements, expected 34");
}

}  // namespace

void test_elasticity() {
  test_moduli();
  Random random(7);
  check_grid(random);
  check_extremes("triclinic", 9, 0.03, 0.5, random);
  check_extremes("nearly isotropic", 3, 1 - 1e-14, 1e-15, random);
  check_extremes("isotropic", 1, 1, 0, random);
  check_extremes("nearly singular", 5, 1e-6, 0.5, random);
  check_extremes("none", 0, 1, 0, random);

  std::vector<double> factor = factors(3, 1, 0, random), frames = unwritten<double>(54);
  refused(call(fl_elasticity_extremes, 1, 3, 3, factor, frames), "no such modulus");
  factor[36] = 0;
  refused(call(fl_elasticity_extremes, 2, 3, poisson, factor, frames), "singular");
}
