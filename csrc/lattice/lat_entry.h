// Catalogues in the `.lat` text format of Grega et al. (2024): text in, columns out, and back.
//
// A file is a row of entries, each opened by a line "----- lattice_transition -----". An entry holds one geometry and
// any number of relative densities; each density becomes one row of the columns. Sections of an entry:
//   Name, Base name, Imperfection level            one line each; other "key: value" lines are ignored
//   Normalized unit cell parameters                a, b, c, alpha, beta, gamma (degrees) on the next line
//   Nodal positions, Bar connectivities            the nodal representation: fractional positions, pairs of nodes
//   Fundamental edge adjacency, Fundamental tesselation vectors
//                                                  the periodic representation: one strut a line, its integer shift in
//                                                  three columns, or the shift of either end in six
//   Compliance tensors (Mandel|Voigt) start/end    by density: 21 numbers, upper triangle; Voigt where it does not say
//                                                  (the first catalogues, whose lists end in a comma)
//   Young's moduli at relative density, Scaling exponents        of the first catalogues, derived: ignored
//   Fundamental edge radii start/end               by density: one radius per fundamental edge
// and, written by this library for a lossless round trip and ignored by the authors' parser:
//   Cartesian cell vectors, Cartesian node coordinates           preferred to the first two geometric sections
//   Stiffness matrices (Mandel) start/end                        by density: 36 numbers, preferred to the compliances
//
// One catalogue entry: as it stands in the file (Entry), and as the lattices that it means (EntryLattices).
#pragma once
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fl::lat {

// What opens an entry, and what opens a list of numbers by relative density.
constexpr std::string_view separator_line = "----- lattice_transition -----";
constexpr std::string_view density_mark = "-> at relative density";

// Relative densities that an entry may have: labels are sought among them one by one.
constexpr std::size_t most_densities = 4096;

// What is wrong with an entry, and the line of the file that shows it.
struct EntryError : std::runtime_error {
  EntryError(int64_t line, const std::string& reason) : std::runtime_error(reason), line(line) {}
  int64_t line;
};

// A section of numbers in rows of one width; `header` is its line, 0 where the entry lacks it.
template <class T>
struct Section {
  int64_t header = 0;
  size_t width = 0;
  std::vector<T> values;
  std::vector<int64_t> lines;  // of each row

  bool given() const { return header != 0; }
  size_t count() const { return lines.size(); }
  const T* row(size_t i) const { return values.data() + i * width; }
  void clear() {
    header = 0;
    width = 0;
    values.clear();
    lines.clear();
  }
};

// A section of number lists by relative density.
struct Table {
  int64_t header = 0;
  bool open = false;
  std::vector<double> densities;
  std::vector<int64_t> lines;  // of each density
  std::vector<size_t> starts;  // of each list in `values`
  std::vector<double> values;

  bool given() const { return !densities.empty(); }
  size_t count() const { return densities.size(); }
  const double* list(size_t i) const { return values.data() + starts[i]; }
  size_t length(size_t i) const { return (i + 1 < count() ? starts[i + 1] : values.size()) - starts[i]; }
  void clear() {
    header = 0;
    open = false;
    densities.clear();
    lines.clear();
    starts.clear();
    values.clear();
  }
};

struct Entry {
  int64_t first_line = 0, name_line = 0;
  int64_t bytes = 0;  // of its text
  std::string_view name, base_name;
  double imperfection_level = std::numeric_limits<double>::quiet_NaN();
  bool voigt = false, notation_said = true;  // of the compliances
  Section<double> parameters, positions, shifts, cartesian_cell, cartesian_positions;
  Section<int64_t> bars, struts;
  Table compliances, stiffnesses, radii;
};

// The lattices of an entry: one geometry, one row per density.
struct EntryLattices {
  double cell[9];
  std::vector<double> positions;        // [N, 3], Cartesian
  std::vector<int64_t> struts, shifts;  // [M, 2], [M, 3]
  std::vector<double> densities;        // [B]
  std::vector<double> radii;            // [B, M]
  std::vector<double> stiffness;        // [B, 36], Mandel; NaN where not given
  std::vector<int64_t> label_holders;   // [B], see fl_lat_columns in csrc/abi.h
  std::vector<int64_t> notation_unsaid;  // [B]
};

// Reads the entry that stands at `text` up to the next separator or `end`; advances both `text` and `line`.
// `entry.name` is set as soon as it is known.
void read_entry(const char*& text, const char* end, int64_t& line, Entry& entry);

// True where `text` begins with the line that opens an entry.
bool at_separator(const char* text, const char* end);

// Moves to the next line.
void skip_line(const char*& text, const char* end, int64_t& line);

// Checks an entry and computes what it means.
void interpret(const Entry& entry, double default_density, EntryLattices& lattices);

// Finds the periodic representation of a nodal one whose cell cuts struts at its faces (windowed) or whose nodes lie on
// its faces, edges and corners (cropped): fills `struts` and `shifts`; struts name rows of `entry.positions`.
void fold_into_cell(const Entry& entry, const double* cell, std::vector<int64_t>& struts, std::vector<int64_t>& shifts);

}  // namespace fl::lat
