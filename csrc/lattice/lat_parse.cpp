// Text to columns: the entries of a chunk one after another, and the C interface.
#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "lattice/generated/calls.h"
#include "lattice/lat_entry.h"

namespace fl::lat {
namespace {

struct Error {
  int64_t line;
  std::string entry, reason;
};

// Lattices of many entries. Ragged arrays have one end per entry, or per row where they differ by density.
struct Columns {
  std::vector<double> cells, positions;  // by entry
  std::vector<int64_t> struts, shifts;   // by entry
  std::vector<double> levels;            // by entry
  std::string names, base_names;         // by entry
  std::vector<size_t> position_ends, strut_ends, name_ends, base_name_ends;
  std::vector<size_t> rows;  // how many rows each entry has
  std::vector<double> densities, radii, stiffness;  // by row
  std::vector<int64_t> label_holders, notation_unsaid;  // by row
  std::vector<Error> errors;

  void append(const Entry& entry, const EntryLattices& lattices) {
    extend(cells, lattices.cell, lattices.cell + 9);
    extend(positions, lattices.positions.begin(), lattices.positions.end());
    extend(struts, lattices.struts.begin(), lattices.struts.end());
    extend(shifts, lattices.shifts.begin(), lattices.shifts.end());
    levels.push_back(entry.imperfection_level);
    names.append(entry.name);
    base_names.append(entry.base_name);
    position_ends.push_back(positions.size());
    strut_ends.push_back(struts.size());
    name_ends.push_back(names.size());
    base_name_ends.push_back(base_names.size());
    rows.push_back(lattices.densities.size());
    const auto first_row = static_cast<int64_t>(densities.size());
    for (const int64_t holder : lattices.label_holders) label_holders.push_back(holder < 0 ? -1 : first_row + holder);
    extend(notation_unsaid, lattices.notation_unsaid.begin(), lattices.notation_unsaid.end());
    extend(densities, lattices.densities.begin(), lattices.densities.end());
    extend(radii, lattices.radii.begin(), lattices.radii.end());
    extend(stiffness, lattices.stiffness.begin(), lattices.stiffness.end());
  }

  // Sum over entries of (extent of the entry in a ragged array) x (rows of the entry).
  int64_t repeated(const std::vector<size_t>& ends) const {
    size_t total = 0;
    for (size_t e = 0; e < ends.size(); ++e) total += (ends[e] - begin(ends, e)) * rows[e];
    return static_cast<int64_t>(total);
  }

  static size_t begin(const std::vector<size_t>& ends, size_t entry) { return entry == 0 ? 0 : ends[entry - 1]; }

 private:
  template <class T, class Iterator>
  static void extend(std::vector<T>& to, Iterator begin, Iterator end) {
    to.insert(to.end(), begin, end);
  }
};

void skip_blank_lines(const char*& text, const char* end, int64_t& line) {
  while (text < end) {
    const char* p = text;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) ++p;
    if (p < end && *p != '\n') return;
    skip_line(text, end, line);
  }
}

void parse(const char* text, const char* end, int64_t line, double default_density, bool stop_at_error,
           Columns& columns) {
  Entry entry;
  EntryLattices lattices;
  skip_blank_lines(text, end, line);
  while (text < end) {
    try {
      read_entry(text, end, line, entry);
      interpret(entry, default_density, lattices);
      columns.append(entry, lattices);
      continue;
    } catch (const EntryError& error) {
      columns.errors.push_back({error.line, std::string(entry.name), error.what()});
    } catch (const std::bad_alloc&) {
      lattices = {};
      columns.errors.push_back({entry.first_line, std::string(entry.name), "there is not enough memory for the entry"});
    }
    if (stop_at_error) return;
    while (text < end && !at_separator(text, end)) skip_line(text, end, line);
  }
}

// Writes the piece of each entry once for each of its rows; returns where the pieces end, as offsets in `unit`s.
template <class T>
void repeat(const Columns& columns, const T* values, const std::vector<size_t>& ends, int64_t unit, T* out,
            int64_t* offsets) {
  T* first = out;
  if (offsets != nullptr) *offsets++ = 0;
  for (size_t e = 0; e < ends.size(); ++e) {
    const T* piece = values + Columns::begin(ends, e);
    const size_t size = ends[e] - Columns::begin(ends, e);
    for (size_t row = 0; row < columns.rows[e]; ++row) {
      out = std::copy_n(piece, size, out);
      if (offsets != nullptr) *offsets++ = (out - first) / unit;
    }
  }
}

}  // namespace
}  // namespace fl::lat

namespace fl::calls {

using lat::Columns;

void run(const LatParse& call) {
  auto columns = std::make_unique<Columns>();
  lat::parse(call.text.data, call.text.data + call.text.size, call.first_line, call.default_density,
             call.stop_at_error != 0, *columns);
  call.sizes[0] = static_cast<int64_t>(columns->densities.size());
  call.sizes[1] = columns->repeated(columns->position_ends) / 3;
  call.sizes[2] = static_cast<int64_t>(columns->radii.size());
  call.sizes[3] = columns->repeated(columns->name_ends);
  call.sizes[4] = columns->repeated(columns->base_name_ends);
  call.sizes[5] = static_cast<int64_t>(columns->errors.size());
  *call.handle = columns.release();
}

void run(const LatColumns& call) {
  const Columns& c = *static_cast<const Columns*>(call.handle);
  const auto rows = static_cast<int64_t>(c.densities.size()), struts = static_cast<int64_t>(c.radii.size());
  double* cell = call.cell.expect("cell", 9 * rows);
  double* positions = call.positions.expect("positions", c.repeated(c.position_ends));
  int64_t* ends = call.struts.expect("struts", 2 * struts);
  int64_t* shifts = call.shifts.expect("shifts", 3 * struts);
  double* radii = call.radii.expect("radii", struts);
  int64_t* node_offsets = call.node_offsets.expect("node_offsets", rows + 1);
  int64_t* strut_offsets = call.strut_offsets.expect("strut_offsets", rows + 1);
  char* names = call.names.expect("names", c.repeated(c.name_ends));
  int64_t* name_offsets = call.name_offsets.expect("name_offsets", rows + 1);
  char* base_names = call.base_names.expect("base_names", c.repeated(c.base_name_ends));
  int64_t* base_name_offsets = call.base_name_offsets.expect("base_name_offsets", rows + 1);
  double* imperfection_level = call.imperfection_level.expect("imperfection_level", rows);
  double* density = call.density.expect("density", rows);
  double* stiffness = call.stiffness.expect("stiffness", 36 * rows);
  int64_t* label_holders = call.label_holders.expect("label_holders", rows);
  int64_t* notation_unsaid = call.notation_unsaid.expect("notation_unsaid", rows);
  using lat::repeat;
  repeat(c, c.positions.data(), c.position_ends, 3, positions, node_offsets);
  repeat(c, c.struts.data(), c.strut_ends, 2, ends, strut_offsets);
  repeat(c, c.names.data(), c.name_ends, 1, names, name_offsets);
  repeat(c, c.base_names.data(), c.base_name_ends, 1, base_names, base_name_offsets);
  for (size_t e = 0; e < c.rows.size(); ++e) {
    const size_t shift_begin = Columns::begin(c.strut_ends, e) / 2 * 3, shift_end = c.strut_ends[e] / 2 * 3;
    for (size_t row = 0; row < c.rows[e]; ++row) {
      cell = std::copy_n(&c.cells[9 * e], 9, cell);
      shifts = std::copy(c.shifts.data() + shift_begin, c.shifts.data() + shift_end, shifts);
      *imperfection_level++ = c.levels[e];
    }
  }
  std::copy(c.radii.begin(), c.radii.end(), radii);
  std::copy(c.densities.begin(), c.densities.end(), density);
  std::copy(c.stiffness.begin(), c.stiffness.end(), stiffness);
  std::copy(c.label_holders.begin(), c.label_holders.end(), label_holders);
  std::copy(c.notation_unsaid.begin(), c.notation_unsaid.end(), notation_unsaid);
}

void run(const LatError& call) {
  const auto& error = static_cast<const Columns*>(call.handle)->errors.at(call.index);
  *call.line = error.line;
  *call.entry = error.entry.c_str();
  *call.reason = error.reason.c_str();
}

void run(const LatFree& call) { delete static_cast<Columns*>(call.handle); }

}  // namespace fl::calls
