// Text to columns: the entries of a chunk one after another, and the C interface.
#include <algorithm>
#include <cstring>
#include <memory>

#include "lattice/lat.h"
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
  std::vector<int64_t> label_holders;               // by row
  std::vector<Error> errors;

  void append(const Entry& entry, const Lattices& lattices) {
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
    const auto first_row = int64_t(densities.size());
    for (const int64_t holder : lattices.label_holders) label_holders.push_back(holder < 0 ? -1 : first_row + holder);
    extend(densities, lattices.densities.begin(), lattices.densities.end());
    extend(radii, lattices.radii.begin(), lattices.radii.end());
    extend(stiffness, lattices.stiffness.begin(), lattices.stiffness.end());
  }

  // Sum over entries of (extent of the entry in a ragged array) x (rows of the entry).
  int64_t repeated(const std::vector<size_t>& ends) const {
    size_t total = 0;
    for (size_t e = 0; e < ends.size(); ++e) total += (ends[e] - begin(ends, e)) * rows[e];
    return int64_t(total);
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
  Lattices lattices;
  skip_blank_lines(text, end, line);
  while (text < end) {
    try {
      read_entry(text, end, line, entry);
      interpret(entry, default_density, lattices);
      columns.append(entry, lattices);
    } catch (const EntryError& error) {
      columns.errors.push_back({error.line, std::string(entry.name), error.what()});
      if (stop_at_error) return;
      while (text < end && !at_separator(text, end)) skip_line(text, end, line);
    }
  }
}

// Writes the piece of each entry once for each of its rows; returns where the pieces end, as offsets in `unit`s.
template <class T>
void repeat(const Columns& columns, const T* values, const std::vector<size_t>& ends, size_t unit, T* out,
            int64_t* offsets) {
  T* const first = out;
  if (offsets != nullptr) *offsets++ = 0;
  for (size_t e = 0; e < ends.size(); ++e) {
    const T* const piece = values + Columns::begin(ends, e);
    const size_t size = ends[e] - Columns::begin(ends, e);
    for (size_t row = 0; row < columns.rows[e]; ++row) {
      out = std::copy_n(piece, size, out);
      if (offsets != nullptr) *offsets++ = int64_t(size_t(out - first) / unit);
    }
  }
}

}  // namespace
}  // namespace fl::lat

using fl::lat::Columns;

FL_EXPORT int32_t fl_lat_parse(const char* text, int64_t size, int64_t first_line, double default_density,
                               int64_t stop_at_error, void** handle, int64_t* sizes) {
  return fl::guarded([&] {
    auto columns = std::make_unique<Columns>();
    fl::lat::parse(text, text + size, first_line, default_density, stop_at_error != 0, *columns);
    sizes[0] = int64_t(columns->densities.size());
    sizes[1] = columns->repeated(columns->position_ends) / 3;
    sizes[2] = int64_t(columns->radii.size());
    sizes[3] = columns->repeated(columns->name_ends);
    sizes[4] = columns->repeated(columns->base_name_ends);
    sizes[5] = int64_t(columns->errors.size());
    *handle = columns.release();
  });
}

FL_EXPORT int32_t fl_lat_columns(const void* handle, double* cell, double* positions, int64_t* struts, int64_t* shifts,
                                 double* radii, int64_t* node_offsets, int64_t* strut_offsets, char* names,
                                 int64_t* name_offsets, char* base_names, int64_t* base_name_offsets,
                                 double* imperfection_level, double* density, double* stiffness, int64_t* label_holders) {
  return fl::guarded([&] {
    const Columns& c = *static_cast<const Columns*>(handle);
    using fl::lat::repeat;
    repeat(c, c.positions.data(), c.position_ends, 3, positions, node_offsets);
    repeat(c, c.struts.data(), c.strut_ends, 2, struts, strut_offsets);
    repeat(c, c.names.data(), c.name_ends, 1, names, name_offsets);
    repeat(c, c.base_names.data(), c.base_name_ends, 1, base_names, base_name_offsets);
    for (size_t e = 0; e < c.rows.size(); ++e) {
      const size_t shift_begin = Columns::begin(c.strut_ends, e) / 2 * 3, shift_end = c.strut_ends[e] / 2 * 3;
      for (size_t row = 0; row < c.rows[e]; ++row) {
        cell = std::copy_n(&c.cells[9 * e], 9, cell);
        shifts = std::copy(c.shifts.begin() + int64_t(shift_begin), c.shifts.begin() + int64_t(shift_end), shifts);
        *imperfection_level++ = c.levels[e];
      }
    }
    std::copy(c.radii.begin(), c.radii.end(), radii);
    std::copy(c.densities.begin(), c.densities.end(), density);
    std::copy(c.stiffness.begin(), c.stiffness.end(), stiffness);
    std::copy(c.label_holders.begin(), c.label_holders.end(), label_holders);
  });
}

FL_EXPORT int32_t fl_lat_error(const void* handle, int64_t index, int64_t* line, const char** entry,
                               const char** reason) {
  return fl::guarded([&] {
    const auto& error = static_cast<const Columns*>(handle)->errors.at(size_t(index));
    *line = error.line;
    *entry = error.entry.c_str();
    *reason = error.reason.c_str();
  });
}

FL_EXPORT int32_t fl_lat_free(void* handle) {
  return fl::guarded([&] { delete static_cast<Columns*>(handle); });
}
