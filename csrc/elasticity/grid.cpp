#include "elasticity/grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

namespace fl::elasticity {
namespace {

using Vector3 = std::array<double, 3>;

Vector3 cross(const Vector3& x, const Vector3& y) {
  return {x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]};
}
double dot(const Vector3& x, const Vector3& y) { return x[0] * y[0] + x[1] * y[1] + x[2] * y[2]; }
Vector3 unit(const Vector3& x) {
  const double length = std::sqrt(dot(x, x));
  return {x[0] / length, x[1] / length, x[2] / length};
}

// The axes of a cube, where materials have their extremes more often than elsewhere, and a Fibonacci spiral.
std::array<Vector3, Grid::points> directions() {
  std::array<Vector3, Grid::points> n;
  int count = 0;
  for (int code = 14; code < 27; ++code) n[count++] = unit({code % 3 - 1.0, code / 3 % 3 - 1.0, code / 9 - 1.0});
  const int spiral = Grid::points - count;
  const double golden = std::acos(-1.0) * (1 + std::sqrt(5.0));
  for (int k = 0; k < spiral; ++k) {
    const double z = (k + 0.5) / spiral, radius = std::sqrt(1 - z * z), turn = golden * (k + 0.5);
    n[count++] = {radius * std::cos(turn), radius * std::sin(turn), z};
  }
  return n;
}

std::unique_ptr<const Grid> make() {
  auto grid = std::make_unique<Grid>();
  const auto n = directions();
  std::array<int16_t, Grid::points> order;
  for (int i = 0; i < Grid::points; ++i) {
    Vector3 axis{};
    const auto size = [](double x, double y) { return std::abs(x) < std::abs(y); };
    axis[std::min_element(n[i].begin(), n[i].end(), size) - n[i].begin()] = 1;
    const Vector3 t = unit(cross(n[i], axis)), u = cross(n[i], t);
    for (int k = 0; k < 3; ++k) {
      grid->frame[i][0][k] = n[i][k];
      grid->frame[i][1][k] = t[k];
      grid->frame[i][2][k] = u[k];
    }
    double nn[6], tt[6], tu[6], uu[6];
    dyad(n[i].data(), n[i].data(), nn);
    dyad(t.data(), t.data(), tt);
    dyad(t.data(), u.data(), tu);
    dyad(u.data(), u.data(), uu);
    for (int k = 0; k < 6; ++k) {
      grid->nn[k][i] = nn[k];
      grid->tt[k][i] = tt[k];
      grid->tu[k][i] = tu[k];
      grid->uu[k][i] = uu[k];
    }
    std::iota(order.begin(), order.end(), int16_t{0});
    const auto nearer = [&](int16_t x, int16_t y) {  // opposite directions are one
      const double far_x = x == i ? 2 : -std::abs(dot(n[i], n[x])), far_y = y == i ? 2 : -std::abs(dot(n[i], n[y]));
      return far_x != far_y ? far_x < far_y : x < y;
    };
    std::partial_sort(order.begin(), order.begin() + Grid::neighbours, order.end(), nearer);
    std::copy_n(order.begin(), Grid::neighbours, grid->beside[i]);
  }
  return grid;
}

}  // namespace

const Grid& grid() {
  static const std::unique_ptr<const Grid> made = make();
  return *made;
}

}  // namespace fl::elasticity
