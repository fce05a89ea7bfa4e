// Columns to text: consecutive rows of one geometry become one entry.
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/vector3.h"
#include "lattice/edge_graph.h"
#include "lattice/generated/calls.h"
#include "lattice/lat_entry.h"
#include "lattice/lat_number.h"

namespace fl::lat {
namespace {

// The arguments of a call as rows.
struct BatchRows : calls::LatFormat {
  explicit BatchRows(const calls::LatFormat& call) : calls::LatFormat(call) {}

  int64_t nodes(int64_t b) const { return node_offsets[b + 1] - node_offsets[b]; }
  int64_t num_struts(int64_t b) const { return strut_offsets[b + 1] - strut_offsets[b]; }

  std::string_view name(int64_t b) const {
    return {names + name_offsets[b], static_cast<size_t>(name_offsets[b + 1] - name_offsets[b])};
  }

  std::string_view base_name(int64_t b) const {
    if (base_names == nullptr) return {};
    return {base_names + base_name_offsets[b], static_cast<size_t>(base_name_offsets[b + 1] - base_name_offsets[b])};
  }

  // True where rows a and b may stand in one entry but for their densities.
  bool same_geometry(int64_t a, int64_t b) const {
    const auto equal = [](const auto* p, const auto* q, int64_t n) {
      return n == 0 || std::memcmp(p, q, n * sizeof *p) == 0;
    };
    return nodes(a) == nodes(b) && num_struts(a) == num_struts(b) && name(a) == name(b) &&
           base_name(a) == base_name(b) &&
           (imperfection_level == nullptr || equal(imperfection_level + a, imperfection_level + b, 1)) &&
           equal(cell + 9 * a, cell + 9 * b, 9) &&
           equal(positions + 3 * node_offsets[a], positions + 3 * node_offsets[b], 3 * nodes(a)) &&
           equal(struts + 2 * strut_offsets[a], struts + 2 * strut_offsets[b], 2 * num_struts(a)) &&
           equal(shifts + 3 * strut_offsets[a], shifts + 3 * strut_offsets[b], 3 * num_struts(a));
  }

  // One past the last row of the entry that begins with row `first`.
  int64_t entry_end(int64_t first) const {
    int64_t last = first + 1;
    for (; last < rows && last - first < static_cast<int64_t>(most_densities) && same_geometry(first, last); ++last)
      for (int64_t b = first; b < last; ++b)
        if (density[b] == density[last]) return last;
    return last;
  }
};

class Formatter {
 public:
  Formatter(const BatchRows& rows, int digits, std::string& text) : rows_(rows), digits_(digits), text_(text) {}

  void entry(int64_t first, int64_t last) {
    text_.append(separator_line) += "\nName: ";
    text_.append(rows_.name(first)) += "\n\n";
    if (!rows_.base_name(first).empty()) text_.append("Base name: ").append(rows_.base_name(first)) += '\n';
    if (rows_.imperfection_level != nullptr && !std::isnan(rows_.imperfection_level[first])) {
      text_ += "Imperfection level: ";
      append_double(text_, rows_.imperfection_level[first], 0);
      text_ += '\n';
    }
    cell_parameters(rows_.cell + 9 * first);
    compliances(first, last);
    radii(first, last);
    geometry(first);
    if (digits_ == 0) exact_sections(first, last);
  }

 private:
  void cell_parameters(const double* cell) {
    double length[3];
    for (int k = 0; k < 3; ++k) length[k] = std::hypot(cell[3 * k], cell[3 * k + 1], cell[3 * k + 2]);
    text_ += "Normalized unit cell parameters (a,b,c,alpha,beta,gamma):\n";
    for (const double a : length) {
      append_double(text_, a, digits_);
      text_ += ", ";
    }
    for (int k = 0; k < 3; ++k) {
      const double *u = cell + 3 * ((k + 1) % 3), *v = cell + 3 * ((k + 2) % 3);
      const double cosine = (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / (length[(k + 1) % 3] * length[(k + 2) % 3]);
      append_double(text_, std::acos(cosine) * (180 / pi), digits_);
      text_ += k < 2 ? ", " : "\n\n";
    }
  }

  void density_line(int64_t row) {
    text_.append(density_mark) += ' ';
    append_double(text_, rows_.density[row], 0);
    text_ += ":\n";
  }

  void list(const double* values, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      append_double(text_, values[i], digits_);
      text_ += i + 1 < count ? ',' : '\n';
    }
  }

  // Labels that are there: a row that has none is NaN throughout.
  static bool labelled(const double* matrices, int64_t row) {
    return matrices != nullptr && !std::isnan(matrices[36 * row]);
  }

  void compliances(int64_t first, int64_t last) {
    bool open = false;
    for (int64_t row = first; row < last; ++row) {
      if (!labelled(rows_.compliance, row)) continue;
      if (!open) text_ += "Compliance tensors (Mandel) start (flattened upper triangular)\n";
      open = true;
      density_line(row);
      double upper[21];
      int count = 0;
      for (int i = 0; i < 6; ++i)
        for (int j = i; j < 6; ++j) upper[count++] = rows_.compliance[36 * row + 6 * i + j];
      list(upper, 21);
    }
    if (open) text_ += "Compliance tensors (Mandel) end\n\n";
  }

  // Also where there is none: as the last section of every entry it shows that the entry is whole.
  void stiffnesses(int64_t first, int64_t last) {
    text_ += "Stiffness matrices (Mandel) start (row by row, E_s = 1)\n";
    for (int64_t row = first; row < last; ++row) {
      if (!labelled(rows_.stiffness, row)) continue;
      density_line(row);
      list(rows_.stiffness + 36 * row, 36);
    }
    text_ += "Stiffness matrices (Mandel) end\n\n";
  }

  void radii(int64_t first, int64_t last) {
    text_ += "Fundamental edge radii start\n";
    for (int64_t row = first; row < last; ++row) {
      density_line(row);
      list(rows_.radii + rows_.strut_offsets[row], rows_.num_struts(row));
    }
    text_ += "Fundamental edge radii end\n\n";
  }

  void vector(const double* v, int digits) {
    for (int x = 0; x < 3; ++x) {
      append_double(text_, v[x], digits);
      text_ += x < 2 ? ' ' : '\n';
    }
  }

  void pair(int64_t i, int64_t j) {
    append_integer(text_, i);
    text_ += ' ';
    append_integer(text_, j);
    text_ += '\n';
  }

  // Both representations. The nodal one has a node more for each image of a node that a strut reaches out of the cell.
  void geometry(int64_t row) {
    double to_lattice[9];  // f_k = x . column k
    inverse(rows_.cell + 9 * row, to_lattice);
    const int64_t nodes = rows_.nodes(row), struts = rows_.num_struts(row);
    const double* positions = rows_.positions + 3 * rows_.node_offsets[row];
    const int64_t* ends = rows_.struts + 2 * rows_.strut_offsets[row];
    check_index(ends, 2 * struts, nodes, "struts", "nodes");
    const int64_t* shifts = rows_.shifts + 3 * rows_.strut_offsets[row];
    const auto fractional = [&](int64_t node, const int64_t* shift) {
      const double* x = positions + 3 * node;
      std::array<double, 3> f;
      for (size_t k = 0; k < 3; ++k)
        f[k] = x[0] * to_lattice[k] + x[1] * to_lattice[3 + k] + x[2] * to_lattice[6 + k] +
               static_cast<double>(shift[k]);
      return f;
    };
    constexpr int64_t home[3] = {0, 0, 0};
    text_ += "Nodal positions:\n";
    for (int64_t node = 0; node < nodes; ++node) vector(fractional(node, home).data(), digits_);
    std::map<std::array<int64_t, 4>, int64_t> images;
    std::string bars;
    std::swap(bars, text_);
    for (int64_t m = 0; m < struts; ++m) {
      const int64_t* s = shifts + 3 * m;
      int64_t far_end = ends[2 * m + 1];
      if (s[0] != 0 || s[1] != 0 || s[2] != 0) {
        const auto image = images.try_emplace({far_end, s[0], s[1], s[2]}, nodes + static_cast<int64_t>(images.size()));
        std::swap(bars, text_);
        if (image.second) vector(fractional(far_end, s).data(), digits_);
        std::swap(bars, text_);
        far_end = image.first->second;
      }
      pair(ends[2 * m], far_end);
    }
    std::swap(bars, text_);
    text_ += "\nBar connectivities:\n";
    text_ += bars;
    text_ += "\nFundamental edge adjacency\n";
    for (int64_t m = 0; m < struts; ++m) pair(ends[2 * m], ends[2 * m + 1]);
    text_ += "\nFundamental tesselation vectors\n";
    for (int64_t m = 0; m < struts; ++m)
      for (int k = 0; k < 3; ++k) {
        append_integer(text_, shifts[3 * m + k]);
        text_ += k < 2 ? ' ' : '\n';
      }
    text_ += '\n';
  }

  void exact_sections(int64_t first, int64_t last) {
    text_ += "Cartesian cell vectors:\n";
    for (int k = 0; k < 3; ++k) vector(rows_.cell + 9 * first + 3 * k, 0);
    text_ += "\nCartesian node coordinates:\n";
    for (int64_t n = rows_.node_offsets[first]; n < rows_.node_offsets[first + 1]; ++n)
      vector(rows_.positions + 3 * n, 0);
    text_ += '\n';
    stiffnesses(first, last);
  }

  const BatchRows& rows_;
  const int digits_;
  std::string& text_;
};

}  // namespace
}  // namespace fl::lat

namespace fl::calls {

void run(const LatFormat& call) {
  if (call.begin > call.end || call.end > call.rows) throw std::out_of_range("there are no such rows");
  if (call.digits > 17) throw std::invalid_argument("digits is more than 17");
  const lat::BatchRows rows(call);
  auto out = std::make_unique<std::string>();
  lat::Formatter format(rows, static_cast<int>(call.digits), *out);
  int64_t row = call.begin;
  while (row < call.end) {
    const int64_t last = rows.entry_end(row);
    format.entry(row, last);
    row = last;
  }
  *call.next = row;
  *call.text = out->data();
  *call.size = static_cast<int64_t>(out->size());
  *call.handle = out.release();
}

void run(const LatTextFree& call) { delete static_cast<std::string*>(call.handle); }

}  // namespace fl::calls
