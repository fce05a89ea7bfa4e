// What an entry means: its geometry, and one row per relative density.
#include <algorithm>
#include <cmath>

#include "base/boundary.h"
#include "base/vector3.h"
#include "lattice/lat_entry.h"

namespace fl::lat {
namespace {

std::string number(size_t value) { return std::to_string(value); }

// Cosine of an angle in degrees, exact for the angles of crystal systems.
double cosine(double degrees) {
  if (degrees == 90) return 0;
  if (degrees == 60) return 0.5;
  if (degrees == 120) return -0.5;
  return std::cos(degrees * pi / 180);
}

// Lattice vectors as rows, a along x and b in the xy plane, from (a, b, c, alpha, beta, gamma).
void cell_from_parameters(const Section<double>& section, double* cell) {
  const double* p = section.row(0);
  const int64_t line = section.lines[0];
  for (int k = 0; k < 3; ++k) {
    if (!(p[k] > 0)) throw EntryError(line, "a cell length is not positive");
    if (!(p[3 + k] > 0 && p[3 + k] < 180)) throw EntryError(line, "a cell angle is not between 0 and 180 degrees");
  }
  const double a = p[0], b = p[1], c = p[2], cos_alpha = cosine(p[3]), cos_beta = cosine(p[4]), cos_gamma = cosine(p[5]);
  const double sin_gamma = p[5] == 90 ? 1 : std::sin(p[5] * pi / 180);
  const double y = (cos_alpha - cos_beta * cos_gamma) / sin_gamma;
  const double z_squared = 1 - cos_beta * cos_beta - y * y;
  if (!(z_squared > 1e-12)) throw EntryError(line, "the cell angles enclose no volume");
  const double rows[9] = {a, 0, 0, b * cos_gamma, b * sin_gamma, 0, c * cos_beta, c * y, c * std::sqrt(z_squared)};
  for (int k = 0; k < 9; ++k) cell[k] = rows[k];
}

void read_cell(const Entry& entry, double* cell) {
  const bool cartesian = entry.cartesian_cell.given();
  const Section<double>& section = cartesian ? entry.cartesian_cell : entry.parameters;
  if (!section.given()) throw EntryError(entry.first_line, "the entry has no unit cell");
  const size_t expected = cartesian ? 3 : 1;
  if (section.count() != expected)
    throw EntryError(section.header, "the unit cell has " + number(section.count()) + " lines of numbers, not " +
                                         number(expected));
  if (cartesian) {
    for (int k = 0; k < 9; ++k) cell[k] = section.values[k];
  } else {
    cell_from_parameters(section, cell);
  }
  double edges = 1;
  for (int k = 0; k < 3; ++k) edges *= std::hypot(cell[3 * k], cell[3 * k + 1], cell[3 * k + 2]);
  if (!(std::abs(determinant(cell)) > 1e-9 * edges) || !std::isfinite(edges))
    throw EntryError(section.lines[0], "the unit cell has no volume");
}

void check_indices(const Section<int64_t>& pairs, size_t nodes) {
  for (size_t i = 0; i < pairs.values.size(); ++i)
    if (pairs.values[i] < 0 || pairs.values[i] >= static_cast<int64_t>(nodes))
      throw EntryError(pairs.lines[i / 2], "there is no node " + std::to_string(pairs.values[i]) + ": the " +
                                               number(nodes) + " nodes count from 0");
}

// The integer that a shift means. Files hold differences of rounded coordinates, such as -0.99999.
int64_t whole_shift(double value, int64_t line) {
  constexpr double rounding = 1e-4, largest = 1e15;
  const double whole = std::round(value);
  if (!(std::abs(value - whole) <= rounding && std::abs(whole) <= largest))
    throw EntryError(line, "a tesselation vector is not a whole number of cells");
  return static_cast<int64_t>(whole);
}

// Struts and shifts as the file gives them.
void read_fundamental(const Entry& entry, size_t nodes, EntryLattices& out) {
  const Section<int64_t>& struts = entry.struts;
  const Section<double>& shifts = entry.shifts;
  check_indices(struts, nodes);
  if (!shifts.given()) throw EntryError(struts.header, "fundamental edges without tesselation vectors");
  if (struts.count() != shifts.count())
    throw EntryError(shifts.header, number(struts.count()) + " fundamental edges, but " + number(shifts.count()) +
                                        " tesselation vectors");
  out.struts = struts.values;
  out.shifts.clear();
  for (size_t i = 0; i < shifts.count(); ++i)
    for (size_t k = 0; k < 3; ++k) {
      const double* row = shifts.row(i);
      const double shift = shifts.width == 6 ? row[3 + k] - row[k] : row[k];
      out.shifts.push_back(whole_shift(shift, shifts.lines[i]));
    }
}

// Keeps the nodes that struts use, in ascending order, and makes their positions Cartesian.
void keep_used_nodes(const Section<double>& fractional, const double* cell, EntryLattices& out) {
  std::vector<int64_t> place(fractional.count(), -1);
  for (const int64_t node : out.struts) place[node] = 0;
  int64_t kept = 0;
  out.positions.clear();
  for (size_t i = 0; i < place.size(); ++i) {
    if (place[i] < 0) continue;
    place[i] = kept++;
    const double* f = fractional.row(i);
    for (int k = 0; k < 3; ++k) {
      out.positions.push_back(f[0] * cell[k] + f[1] * cell[3 + k] + f[2] * cell[6 + k]);
      if (!std::isfinite(out.positions.back())) throw EntryError(fractional.lines[i], "the position is not finite");
    }
  }
  for (int64_t& node : out.struts) node = place[node];
}

void read_geometry(const Entry& entry, EntryLattices& out) {
  read_cell(entry, out.cell);
  if (entry.shifts.given() && !entry.struts.given())
    throw EntryError(entry.shifts.header, "tesselation vectors without fundamental edges");
  if (entry.cartesian_positions.given()) {
    if (!entry.struts.given()) throw EntryError(entry.first_line, "the entry has no fundamental edges");
    if (entry.cartesian_positions.count() == 0) throw EntryError(entry.cartesian_positions.header, "there are no nodes");
    read_fundamental(entry, entry.cartesian_positions.count(), out);
    out.positions = entry.cartesian_positions.values;
    return;
  }
  if (!entry.positions.given()) throw EntryError(entry.first_line, "the entry has no nodal positions");
  if (entry.struts.given()) {
    read_fundamental(entry, entry.positions.count(), out);
  } else {
    if (!entry.bars.given())
      throw EntryError(entry.first_line, "the entry has neither fundamental edges nor bar connectivities");
    if (entry.radii.given()) throw EntryError(entry.radii.header, "edge radii without fundamental edges");
    check_indices(entry.bars, entry.positions.count());
    fold_into_cell(entry, out.cell, out.struts, out.shifts);
  }
  if (out.struts.empty())
    throw EntryError(entry.struts.given() ? entry.struts.header : entry.bars.header, "the entry has no struts");
  keep_used_nodes(entry.positions, out.cell, out);
}

// A few numbers for each byte are plenty: what repeats a large geometry for many densities is refused before it is
// written out.
void check_size(const Entry& entry, const EntryLattices& lattices) {
  constexpr int64_t numbers_per_byte = 64, always_allowed = int64_t{1} << 21;
  const auto size = [](const auto& values) { return boundary::Extent(static_cast<int64_t>(values.size())); };
  const boundary::Extent row = size(lattices.positions) + 3 * size(lattices.struts) + 45;
  const boundary::Extent numbers = size(lattices.densities) * row;
  if (numbers.count() > std::max(always_allowed, numbers_per_byte * entry.bytes))
    throw EntryError(entry.first_line, std::to_string(lattices.densities.size()) + " relative densities of " +
                                           std::to_string(lattices.struts.size() / 2) + " struts and " +
                                           std::to_string(lattices.positions.size() / 3) +
                                           " nodes are more than an entry of " + std::to_string(entry.bytes) +
                                           " bytes may hold");
}

void check_densities(const Table& table) {
  if (table.count() > most_densities)
    throw EntryError(table.lines[most_densities], "more than " + number(most_densities) + " relative densities");
}

double total_length(const EntryLattices& lattices) {
  double total = 0;
  for (size_t m = 0; 2 * m < lattices.struts.size(); ++m) {
    const double* from = &lattices.positions[3 * lattices.struts[2 * m]];
    const double* to = &lattices.positions[3 * lattices.struts[2 * m + 1]];
    const int64_t* s = &lattices.shifts[3 * m];
    double vector[3];
    const double shift[3] = {static_cast<double>(s[0]), static_cast<double>(s[1]), static_cast<double>(s[2])};
    for (int k = 0; k < 3; ++k)
      vector[k] = to[k] - from[k] + shift[0] * lattices.cell[k] + shift[1] * lattices.cell[3 + k] +
                  shift[2] * lattices.cell[6 + k];
    total += std::sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
  }
  return total;
}

// The authors key labels by a density of 8 decimals and radii by the full number.
constexpr double label_rounding = 0.5e-8 * (1 + 1e-6);

// The row that a label belongs to: the last one with its density, else the last one whose density rounds to it.
size_t matching_row(const std::vector<double>& densities, double label, int64_t line) {
  for (const double tolerance : {0.0, label_rounding})
    for (size_t row = densities.size(); row-- > 0;)
      if (std::abs(densities[row] - label) <= tolerance) return row;
  throw EntryError(line, "no edge radii belong to this relative density");
}

// Stiffness from the upper triangle of a compliance, by Cholesky.
void invert_compliance(const double* upper, bool voigt, int64_t line, double* stiffness) {
  // Shears are doubled in Voigt strains: S_Mandel = D S_Voigt D with D = diag(1, 1, 1, 1/sqrt2, 1/sqrt2, 1/sqrt2).
  const auto scale = [&](int i, int j) { return voigt ? std::pow(0.5, 0.5 * ((i > 2) + (j > 2))) : 1.0; };
  double factor[6][6];  // lower triangle L, S = L L^T
  for (int j = 0; j < 6; ++j)
    for (int i = j; i < 6; ++i) factor[i][j] = *upper++ * scale(i, j);
  for (int j = 0; j < 6; ++j) {
    const double diagonal = factor[j][j];
    for (int i = j; i < 6; ++i) {
      for (int k = 0; k < j; ++k) factor[i][j] -= factor[i][k] * factor[j][k];
      if (i == j && !(factor[j][j] > 1e-15 * diagonal && std::isfinite(factor[j][j])))
        throw EntryError(line, "the compliance is not positive definite");
      factor[i][j] = i == j ? std::sqrt(factor[j][j]) : factor[i][j] / factor[j][j];
    }
  }
  double inverse[6][6] = {};  // of L
  for (int j = 0; j < 6; ++j)
    for (int i = j; i < 6; ++i) {
      double sum = i == j ? 1 : 0;
      for (int k = j; k < i; ++k) sum -= factor[i][k] * inverse[k][j];
      inverse[i][j] = sum / factor[i][i];
    }
  for (int i = 0; i < 6; ++i)
    for (int j = i; j < 6; ++j) {
      double sum = 0;
      for (int k = j; k < 6; ++k) sum += inverse[k][i] * inverse[k][j];
      if (!std::isfinite(sum)) throw EntryError(line, "the compliance has no finite inverse");
      stiffness[6 * i + j] = stiffness[6 * j + i] = sum;
    }
}

void require_length(const Table& table, size_t i, size_t expected, const char* what) {
  if (table.length(i) != expected)
    throw EntryError(table.lines[i], "expected " + number(expected) + " " + what + " at this relative density, found " +
                                         number(table.length(i)));
}

void read_radii(const Entry& entry, EntryLattices& out) {
  const size_t struts = out.struts.size() / 2;
  out.radii.clear();
  if (entry.radii.given()) {
    for (size_t row = 0; row < entry.radii.count(); ++row) {
      require_length(entry.radii, row, struts, "radii");
      for (size_t m = 0; m < struts; ++m)
        if (!(entry.radii.list(row)[m] > 0)) throw EntryError(entry.radii.lines[row], "a radius is not positive");
    }
    out.radii = entry.radii.values;
    return;
  }
  const double length = total_length(out), volume = std::abs(determinant(out.cell));
  for (const double density : out.densities) {
    const double radius = std::sqrt(density * volume / (pi * length));
    if (struts != 0 && !(radius > 0 && std::isfinite(radius)))
      throw EntryError(entry.first_line, "no radius gives the struts their relative density: their total length is 0 or "
                                         "out of range");
    out.radii.insert(out.radii.end(), struts, radius);
  }
}

// Puts every label of `table` in its row of the stiffness; `fill(label, row)`.
template <class Fill>
void place_labels(const Table& table, size_t length, const char* what, const std::vector<double>& densities,
                  std::vector<char>& taken, const Fill& fill) {
  taken.assign(densities.size(), 0);
  for (size_t label = 0; label < table.count(); ++label) {
    require_length(table, label, length, what);
    const size_t row = matching_row(densities, table.densities[label], table.lines[label]);
    if (taken[row]) throw EntryError(table.lines[label], "a second label for the same lattice");
    taken[row] = 1;
    fill(label, row);
  }
}

void read_labels(const Entry& entry, EntryLattices& out) {
  out.stiffness.assign(36 * out.densities.size(), std::numeric_limits<double>::quiet_NaN());
  out.label_holders.assign(out.densities.size(), -1);
  out.notation_unsaid.assign(out.densities.size(), 0);
  std::vector<char> exact, taken;
  place_labels(entry.stiffnesses, 36, "stiffness components", out.densities, exact, [&](size_t label, size_t row) {
    for (size_t k = 0; k < 36; ++k) out.stiffness[36 * row + k] = entry.stiffnesses.list(label)[k];
  });
  place_labels(entry.compliances, 21, "compliance components", out.densities, taken, [&](size_t label, size_t row) {
    if (exact[row]) return;
    invert_compliance(entry.compliances.list(label), entry.voigt, entry.compliances.lines[label],
                      &out.stiffness[36 * row]);
    out.notation_unsaid[row] = entry.notation_said ? 0 : 1;
    const double density = entry.compliances.densities[label];
    if (out.densities[row] == density) return;
    for (size_t other = 0; other < row; ++other)
      if (std::abs(out.densities[other] - density) <= label_rounding)
        out.label_holders[other] = static_cast<int64_t>(row);
  });
  for (size_t row = 0; row < taken.size(); ++row)
    if (taken[row] || exact[row]) out.label_holders[row] = -1;
}

}  // namespace

void interpret(const Entry& entry, double default_density, EntryLattices& out) {
  if (entry.name_line == 0) throw EntryError(entry.first_line, "the entry has no name");
  for (const Table* table : {&entry.radii, &entry.stiffnesses, &entry.compliances}) check_densities(*table);
  read_geometry(entry, out);
  const Table* keys = entry.radii.given()         ? &entry.radii
                      : entry.stiffnesses.given() ? &entry.stiffnesses
                                                  : &entry.compliances;
  if (keys->given())
    out.densities = keys->densities;
  else
    out.densities.assign(1, default_density);
  check_size(entry, out);
  read_radii(entry, out);
  read_labels(entry, out);
}

}  // namespace fl::lat
