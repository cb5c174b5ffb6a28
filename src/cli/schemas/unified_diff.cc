#include "cli/schemas/unified_diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "provision/line_diff.h"

namespace omashu::cli {

namespace {

using provision::DiffLine;
using Kind = DiffLine::Kind;

constexpr size_t kContext = 3;

// The lines [begin, end) of the whole difference.
struct Hunk {
  size_t begin = 0;
  size_t end = 0;
};

std::vector<Hunk> hunks_of(const std::vector<DiffLine>& lines) {
  std::vector<Hunk> hunks;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].kind == Kind::kSame) continue;
    const size_t begin = i - std::min(i, kContext);
    const size_t end = std::min(i + 1 + kContext, lines.size());
    if (!hunks.empty() && begin <= hunks.back().end) {
      hunks.back().end = end;
    } else {
      hunks.push_back({begin, end});
    }
  }
  return hunks;
}

// "12,4" as diff -u has it: the first line and how many; one line needs no count, and none stands behind the line
// before.
std::string range_text(size_t first, size_t count) {
  if (count == 1) return fmt::format("{}", first);
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

void append_line(std::string& out, const DiffLine& line, bool is_coloured) {
  const char mark = line.kind == Kind::kRemoved ? '-' : line.kind == Kind::kAdded ? '+' : ' ';
  if (!is_coloured || line.kind == Kind::kSame) {
    out += fmt::format("{}{}\n", mark, line.text);
  } else {
    out += fmt::format("\x1b[{}m{}{}\x1b[0m\n", line.kind == Kind::kRemoved ? "31" : "32", mark, line.text);
  }
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name, bool is_coloured) {
  if (before == after) return "";
  const std::vector<DiffLine> lines = provision::diff_lines(before, after, before.size() + after.size());
  const std::vector<Hunk> hunks = hunks_of(lines);
  if (hunks.empty()) return "";
  std::string out = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
  size_t line_before = 1, line_after = 1, next = 0;
  for (const Hunk& hunk : hunks) {
    for (; next < hunk.begin; ++next, ++line_before, ++line_after) {
    }
    size_t count_before = 0, count_after = 0;
    for (size_t i = hunk.begin; i < hunk.end; ++i) {
      if (lines[i].kind != Kind::kAdded) ++count_before;
      if (lines[i].kind != Kind::kRemoved) ++count_after;
    }
    out += fmt::format("@@ -{} +{} @@\n", range_text(line_before, count_before), range_text(line_after, count_after));
    for (; next < hunk.end; ++next) append_line(out, lines[next], is_coloured);
    line_before += count_before;
    line_after += count_after;
  }
  return out;
}

}  // namespace omashu::cli
