// Catalogues: a good one, and thousands of damaged ones.
#include "tests.h"

namespace {

const char* const text =
    "----- lattice_transition -----\n"
    "Name: bcc\n\nBase name: cub_Z08\nImperfection level: 0.02\nNodal hash: -12\n"
    "Normalized unit cell parameters (a,b,c,alpha,beta,gamma):\n1, 1, 1, 90, 90, 90\n\n"
    "Fundamental edge radii start\n-> at relative density 0.01:\n.02,.02,.02,.02,.02,.02,.02,.02\n"
    "Fundamental edge radii end\n\n"
    "Nodal positions:\n0 0 0\n0.5 0.5 0.5\n\n"
    "Fundamental edge adjacency\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n0 1\n\n"
    "Fundamental tesselation vectors\n"
    "0 0 0\n0 0 -1\n0 -1 0\n0 -1 -1\n-1 0 0\n-1 0 -1\n-1 -1 0\n-1 -1 -1\n\n";

struct Counts {
  Int rows, nodes, struts, name_bytes, base_bytes, errors;
};

// Everything that a reader asks for, and the text that comes of it.
Counts read(const std::string& given) {
  const std::vector<char> exact(given.begin(), given.end());  // no byte, not even a zero, after the last
  void* handle = nullptr;
  Int sizes[6];
  succeeded(call(fl_lat_parse, exact, 1, 0.01, 0, &handle, sizes));
  const Counts c = {sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
  std::vector<double> cell(9 * c.rows), positions(3 * c.nodes), radii(c.struts), level(c.rows), density(c.rows),
      stiffness(36 * c.rows);
  std::vector<Int> struts(2 * c.struts), shifts(3 * c.struts), node_offsets(c.rows + 1), strut_offsets(c.rows + 1),
      name_offsets(c.rows + 1), base_offsets(c.rows + 1), holders(c.rows), unsaid(c.rows);
  std::vector<char> names(c.name_bytes), bases(c.base_bytes);
  succeeded(call(fl_lat_columns, handle, cell, positions, struts, shifts, radii,
                           node_offsets, strut_offsets, names, name_offsets, bases,
                           base_offsets, level, density, stiffness, holders, unsaid));
  for (Int n = 0; n < c.errors; ++n) {
    Int line = 0;
    const char *entry = nullptr, *reason = nullptr;
    succeeded(call(fl_lat_error, handle, n, &line, &entry, &reason));
    EXPECT(line >= 1 && reason && *reason, "error %ld says nothing", long(n));
  }
  succeeded(call(fl_lat_free, handle));
  for (Int row = 0; row < c.rows;) {
    const char* written = nullptr;
    Int size = 0;
    succeeded(call(fl_lat_format, c.rows, cell, positions, struts, shifts, radii,
                            node_offsets, strut_offsets, names, name_offsets, bases,
                            base_offsets, level, density, stiffness, nullptr, 0, row,
                            c.rows, &row, &handle, &written, &size));
    EXPECT(size > 0 && written[size - 1] == '\n', "an entry does not end with a line");
    succeeded(call(fl_lat_text_free, handle));
  }
  return c;
}

std::string repeated(const std::string& line, int count) {
  std::string lines;
  for (int n = 0; n < count; ++n) lines += line;
  return lines;
}

// Entries that ask for far more than their text: refused, in no time.
void test_hostile_catalogues() {
  const std::string head =
      "----- lattice_transition -----\nName: a\nNormalized unit cell parameters (a,b,c,alpha,beta,gamma):\n"
      "1, 1, 1, 90, 90, 90\n";
  // A large geometry for many relative densities.
  std::string labels = "Compliance tensors (Mandel) start\n";
  for (int n = 1; n <= 4000; ++n)
    labels += "-> at relative density 1e-" + std::to_string(n % 300) + ":\n1,0,0,0,0,0,1,0,0,0,0,1,0,0,0,1,0,0,1,0,1\n";
  labels += "Compliance tensors (Mandel) end\n";
  const std::string edges = repeated("0 0\n", 20000), vectors = repeated("1 0 0\n", 20000);
  Counts c = read(head + labels + "Nodal positions:\n0 0 0\nFundamental edge adjacency\n" + edges +
                  "Fundamental tesselation vectors\n" + vectors);
  EXPECT(c.rows == 0 && c.errors == 1, "%ld rows, %ld errors", long(c.rows), long(c.errors));
  // More relative densities than an entry may have.
  labels = "Fundamental edge radii start\n";
  for (int n = 0; n < 5000; ++n) labels += "-> at relative density 0.01:\n1\n";
  c = read(head + labels + "Fundamental edge radii end\nNodal positions:\n0 0 0\nFundamental edge adjacency\n0 0\n"
           "Fundamental tesselation vectors\n1 0 0\n");
  EXPECT(c.rows == 0 && c.errors == 1, "%ld rows, %ld errors", long(c.rows), long(c.errors));
  // Many nodes in one place.
  c = read(head + "Nodal positions:\n" + repeated("0.1 0.1 0.1\n", 200000) + "Bar connectivities:\n0 1\n");
  EXPECT(c.rows == 0 && c.errors == 1, "%ld rows, %ld errors", long(c.rows), long(c.errors));
  // A star of cut struts, all of which end at its centre.
  std::string nodes = "0.5 0.5 0.5\n", bars;
  for (int n = 0; n < 20000; ++n) {
    const std::string place = std::to_string(n * 5e-5) + " 0.5\n";
    nodes += "0 " + place + "1 " + place;
    bars += "0 " + std::to_string(2 * n + 1) + "\n0 " + std::to_string(2 * n + 2) + "\n";
  }
  read(head + "Nodal positions:\n" + nodes + "Bar connectivities:\n" + bars);
}

}  // namespace

void test_catalogues() {
  test_hostile_catalogues();
  const std::string good = text;
  const Counts c = read(good + good);
  EXPECT(c.errors == 0 && c.nodes == 2 * c.rows && c.struts == 8 * c.rows && c.rows >= 1,
         "the catalogue has %ld rows, %ld nodes, %ld struts, %ld errors", long(c.rows), long(c.nodes), long(c.struts),
         long(c.errors));
  for (std::size_t size = 0; size < good.size(); ++size) read(good.substr(0, size));
  Random random(4);
  const std::string bytes = "0123456789.,-+eE \t\n:>naif\r\xff" + std::string(1, '\0');
  for (int trial = 0; trial < 3000; ++trial) {
    std::string damaged = good + good;
    for (const Int at : random.integers(1 + trial % 5, damaged.size())) {
      const Int kind = random.integers(1, 3)[0];
      const char byte = bytes[random.integers(1, bytes.size())[0]];
      if (kind == 0) damaged[at] = byte;
      if (kind == 1) damaged.insert(at % damaged.size(), 1 + trial % 30, byte);
      if (kind == 2) damaged.erase(at % damaged.size(), 1 + trial % 30);
    }
    read(damaged);
  }
}
