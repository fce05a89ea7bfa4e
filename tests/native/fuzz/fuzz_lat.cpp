// Fuzz target: the reader of catalogues, and the writer on what was read. libFuzzer's main calls it.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "abi.h"

namespace {

void require(bool good) {
  if (!good) std::abort();
}

template <class T>
struct Column {
  std::vector<T> values;
  explicit Column(int64_t size) : values(size) {}
  int64_t size() const { return static_cast<int64_t>(values.size()); }
  T* data() { return values.data(); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::vector<char> text(bytes, bytes + size);
  void* handle = nullptr;
  int64_t counts[6];
  require(fl_lat_parse(text.data(), static_cast<int64_t>(size), 1, 0.01, 0, &handle, counts, 6) == 0);
  const auto [rows, nodes, struts, name_bytes, base_bytes, errors] = counts;
  Column<double> cell(9 * rows), positions(3 * nodes), radii(struts), level(rows), density(rows), stiffness(36 * rows);
  Column<int64_t> ends(2 * struts), shifts(3 * struts), node_offsets(rows + 1), strut_offsets(rows + 1),
      name_offsets(rows + 1), base_offsets(rows + 1), holders(rows), unsaid(rows);
  Column<char> names(name_bytes), bases(base_bytes);
  require(fl_lat_columns(handle, cell.data(), cell.size(), positions.data(), positions.size(), ends.data(), ends.size(),
                         shifts.data(), shifts.size(), radii.data(), radii.size(), node_offsets.data(),
                         node_offsets.size(), strut_offsets.data(), strut_offsets.size(), names.data(), names.size(),
                         name_offsets.data(), name_offsets.size(), bases.data(), bases.size(), base_offsets.data(),
                         base_offsets.size(), level.data(), level.size(), density.data(), density.size(),
                         stiffness.data(), stiffness.size(), holders.data(), holders.size(), unsaid.data(), unsaid.size()) == 0);
  for (int64_t n = 0; n < errors; ++n) {
    int64_t line = 0;
    const char *entry = nullptr, *reason = nullptr;
    require(fl_lat_error(handle, n, &line, &entry, &reason) == 0);
    require(line >= 1 && std::strlen(reason) > 0);
  }
  require(fl_lat_free(handle) == 0);
  const int64_t digits = size % 2 ? 0 : 5;
  for (int64_t row = 0; row < rows;) {
    const char* written = nullptr;
    int64_t written_size = 0;
    require(fl_lat_format(rows, cell.data(), cell.size(), positions.data(), positions.size(), ends.data(), ends.size(),
                          shifts.data(), shifts.size(), radii.data(), radii.size(), node_offsets.data(),
                          node_offsets.size(), strut_offsets.data(), strut_offsets.size(), names.data(), names.size(),
                          name_offsets.data(), name_offsets.size(), bases.data(), bases.size(), base_offsets.data(),
                          base_offsets.size(), level.data(), level.size(), density.data(), density.size(),
                          stiffness.data(), stiffness.size(), nullptr, 0, digits, row, row + 1, &row, &handle, &written,
                          &written_size) == 0);
    require(written_size > 0 && written[written_size - 1] == '\n');
    require(fl_lat_text_free(handle) == 0);
  }
  return 0;
}
