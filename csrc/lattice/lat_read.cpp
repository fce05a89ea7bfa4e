// The grammar: lines into the sections of an Entry.
#include <cstring>

#include "lattice/lat_entry.h"
#include "lattice/lat_number.h"

namespace fl::lat {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// The text as an error message may show it: short, and without control or other bytes that are not ASCII.
std::string excerpt(std::string_view text) {
  constexpr size_t longest = 60;
  std::string shown(text.substr(0, longest));
  for (char& c : shown)
    if (c < ' ' || c > '~') c = '?';
  return "'" + shown + (text.size() > longest ? "..." : "") + "'";
}

std::string plural(size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool valid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t k) { return static_cast<uint8_t>(i + k < text.size() ? text[i + k] : 0); };
    const uint8_t lead = byte(0);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    if (length == 4 && (lead < 0xF0 || lead > 0xF4)) return false;
    for (size_t k = 1; k < length; ++k)
      if ((byte(k) & 0xC0) != 0x80) return false;
    const uint8_t second = byte(1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool surrogate = lead == 0xED && second > 0x9F;
    const bool too_large = lead == 0xF4 && second > 0x8F;
    if (overlong || surrogate || too_large) return false;
    i += length;
  }
  return true;
}

const char* read_number(const char* begin, const char* end, double& value) { return read_double(begin, end, value); }
const char* read_number(const char* begin, const char* end, int64_t& value) { return read_integer(begin, end, value); }
constexpr const char* kind_of(double) { return "a finite number"; }
constexpr const char* kind_of(int64_t) { return "an integer"; }

// Appends the numbers of a line, which blanks or single commas separate, and returns how many there are. A comma after
// the last number is one too many unless `may_end_in_comma`.
template <class T>
size_t read_numbers(std::string_view text, int64_t line, std::vector<T>& values, bool may_end_in_comma = false) {
  const char* p = text.data();
  const char* end = p + text.size();
  size_t count = 0;
  while (true) {
    T value;
    const char* after = read_number(p, end, value);
    if (after == nullptr || (after < end && !is_blank(*after) && *after != ',')) {
      const char* stop = p;
      while (stop < end && !is_blank(*stop) && *stop != ',') ++stop;
      throw EntryError(line, excerpt({p, static_cast<size_t>(stop - p)}) + " is not " + kind_of(T()));
    }
    values.push_back(value);
    ++count;
    p = after;
    while (p < end && is_blank(*p)) ++p;
    if (p == end) return count;
    if (*p == ',') {
      ++p;
      while (p < end && is_blank(*p)) ++p;
      if (p == end && may_end_in_comma) return count;
    }
  }
}

double read_one(std::string_view text, int64_t line, const char* what) {
  double value;
  const char* end = text.data() + text.size();
  if (read_double(text.data(), end, value) != end)
    throw EntryError(line, std::string(what) + " " + excerpt(text) + " is not a finite number");
  return value;
}

// Reads the lines of one entry. Headers choose the section that the following rows of numbers belong to.
class Reader {
 public:
  explicit Reader(Entry& entry) : entry_(entry) {}

  void line(std::string_view text, int64_t number) {
    line_ = number;
    const char first = text.front();
    if (starts_with(text, density_mark)) return density(text);
    if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') return numbers(text);
    header(text);
  }

  void finish(int64_t number) {
    line_ = number;
    close_rows();
    require_no_open_table();
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { throw EntryError(line_, reason); }

  void require_no_open_table() const {
    if (table_ != nullptr)
      fail("the section opened in line " + std::to_string(table_->header) + " does not end before this line");
  }

  void close_rows() {
    reals_ = nullptr;
    integers_ = nullptr;
  }

  template <class T>
  void open(Section<T>& rows, size_t width, Section<T>*& current) {
    if (rows.given()) fail("this section was given before, in line " + std::to_string(rows.header));
    rows.header = line_;
    rows.width = width;
    current = &rows;
  }

  void boundary(Table& table, std::string_view text) {
    const bool start = contains(text, "start");
    if (start == contains(text, "end")) fail("neither the start nor the end of a section: " + excerpt(text));
    if (start) {
      require_no_open_table();
      if (table.header != 0) fail("this section was given before, in line " + std::to_string(table.header));
      table.header = line_;
      table_ = &table;
    } else {
      if (table_ != &table) fail("the end of a section that was not open");
      table_ = nullptr;
    }
  }

  void density(std::string_view text) {
    if (table_ == nullptr) fail("a relative density outside of the sections that have one");
    text.remove_prefix(density_mark.size());
    text = trimmed(text);
    if (text.empty() || text.back() != ':') fail("the relative density does not end in a colon");
    text.remove_suffix(1);
    const double value = read_one(trimmed(text), line_, "relative density");
    if (!(value > 0)) fail("relative density " + excerpt(trimmed(text)) + " is not positive");
    table_->densities.push_back(value);
    table_->lines.push_back(line_);
    table_->starts.push_back(table_->values.size());
  }

  void numbers(std::string_view text) {
    if (table_ != nullptr) {
      if (!table_->given()) fail("numbers before the first relative density of the section");
      read_numbers(text, line_, table_->values, table_ == &entry_.compliances);
    } else if (reals_ != nullptr) {
      row(text, *reals_);
    } else if (integers_ != nullptr) {
      row(text, *integers_);
    } else {
      fail("numbers outside of a section: " + excerpt(text));
    }
  }

  template <class T>
  void row(std::string_view text, Section<T>& rows) {
    const size_t found = read_numbers(text, line_, rows.values);
    if (rows.width == 0 && (found == 3 || found == 6)) rows.width = found;  // shifts come in either width
    if (rows.width == 0) fail("expected 3 or 6 numbers, found " + std::to_string(found));
    if (found != rows.width) fail("expected " + plural(rows.width, "number") + ", found " + std::to_string(found));
    rows.lines.push_back(line_);
  }

  std::string_view name(std::string_view value) const {
    if (!valid_utf8(value)) fail("the name is not UTF-8 text");
    for (const char c : value)
      if ((c >= 0 && c < ' ') || c == 0x7F) fail("the name holds a control character");
    return value;
  }

  void notation(std::string_view text) {
    const bool mandel = starts_with(text, "(Mandel)"), silent = text.empty() || text.front() != '(';
    if (!mandel && !silent && !starts_with(text, "(Voigt)"))
      fail("unknown notation of the compliances: " + excerpt(text) + "; expected (Mandel) or (Voigt)");
    const bool start = entry_.compliances.header == line_;
    if (!start && (entry_.voigt == mandel || entry_.notation_said == silent))
      fail("the section ends in another notation than it began");
    entry_.voigt = !mandel;
    entry_.notation_said = !silent;
  }

  // Headings of what the first catalogues derive from their compliances; lines "max: ..." and "min: ..." follow.
  static bool is_summary(std::string_view text) {
    return starts_with(text, "Young's moduli at relative density") || text == "Scaling exponents";
  }

  void header(std::string_view text) {
    close_rows();
    const auto value_of = [&](std::string_view key) { return trimmed(text.substr(key.size())); };
    if (starts_with(text, "Compliance tensors")) {
      boundary(entry_.compliances, text);
      return notation(value_of("Compliance tensors"));
    }
    if (starts_with(text, "Stiffness matrices (Mandel)")) return boundary(entry_.stiffnesses, text);
    if (starts_with(text, "Fundamental edge radii")) return boundary(entry_.radii, text);
    require_no_open_table();
    if (starts_with(text, "Nodal positions")) return open(entry_.positions, 3, reals_);
    if (starts_with(text, "Bar connectivities")) return open(entry_.bars, 2, integers_);
    if (starts_with(text, "Fundamental edge adjacency")) return open(entry_.struts, 2, integers_);
    if (starts_with(text, "Fundamental tesselation vectors")) return open(entry_.shifts, 0, reals_);
    if (starts_with(text, "Normalized unit cell parameters")) return open(entry_.parameters, 6, reals_);
    if (starts_with(text, "Cartesian cell vectors")) return open(entry_.cartesian_cell, 3, reals_);
    if (starts_with(text, "Cartesian node coordinates")) return open(entry_.cartesian_positions, 3, reals_);
    if (starts_with(text, "Name:")) {
      if (entry_.name_line != 0) fail("a second name without a separator line before it");
      entry_.name_line = line_;
      entry_.name = name(value_of("Name:"));
    } else if (starts_with(text, "Base name:")) {
      entry_.base_name = name(value_of("Base name:"));
    } else if (starts_with(text, "Imperfection level:")) {
      entry_.imperfection_level = read_one(value_of("Imperfection level:"), line_, "imperfection level");
    } else if (!contains(text, ":") && !is_summary(text)) {
      fail("not a line of a catalogue: " + excerpt(text));
    }
  }

  Entry& entry_;
  int64_t line_ = 0;
  Section<double>* reals_ = nullptr;
  Section<int64_t>* integers_ = nullptr;
  Table* table_ = nullptr;
};

// The line at `text` without its end, blanks trimmed; advances to the next.
std::string_view take_line(const char*& text, const char* end, int64_t& line) {
  const auto* stop = static_cast<const char*>(std::memchr(text, '\n', end - text));
  const std::string_view content(text, static_cast<size_t>((stop != nullptr ? stop : end) - text));
  text = stop != nullptr ? stop + 1 : end;
  ++line;
  return trimmed(content);
}

void clear(Entry& entry) {
  for (Section<double>* rows :
       {&entry.parameters, &entry.positions, &entry.shifts, &entry.cartesian_cell, &entry.cartesian_positions})
    rows->clear();
  for (Section<int64_t>* rows : {&entry.bars, &entry.struts}) rows->clear();
  for (Table* table : {&entry.compliances, &entry.stiffnesses, &entry.radii}) table->clear();
  entry.first_line = entry.name_line = 0;
  entry.name = entry.base_name = {};
  entry.imperfection_level = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

bool at_separator(const char* text, const char* end) {
  return starts_with({text, static_cast<size_t>(end - text)}, separator_line);
}

void skip_line(const char*& text, const char* end, int64_t& line) { take_line(text, end, line); }

void read_entry(const char*& text, const char* end, int64_t& line, Entry& entry) {
  clear(entry);
  entry.first_line = line;
  const char* begin = text;
  if (!at_separator(text, end)) {
    const int64_t number = line;
    throw EntryError(number, "text before the first entry: " + excerpt(take_line(text, end, line)));
  }
  const std::string_view separator = take_line(text, end, line);
  if (separator.size() != separator_line.size())
    throw EntryError(entry.first_line, "text after the separator: " + excerpt(separator));
  Reader reader(entry);
  while (text < end && !at_separator(text, end)) {
    const int64_t number = line;
    const std::string_view content = take_line(text, end, line);
    if (!content.empty()) reader.line(content, number);
  }
  reader.finish(line - 1);
  entry.bytes = text - begin;
}

}  // namespace fl::lat
