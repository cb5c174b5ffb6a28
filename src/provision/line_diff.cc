#include "provision/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace omashu::provision {

namespace {

using Kind = DiffLine::Kind;
using Lines = std::vector<std::string_view>;

// Cells of the table of longest common subsequences: 64 MiB.
constexpr size_t kMaxCells = 16 << 20;

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Between the equal ends: the textbook table, walked from the start.
void append_middle(const Lines& before, const Lines& after, std::vector<DiffLine>& diff) {
  const size_t width = after.size() + 1;
  if ((before.size() + 1) * width > kMaxCells) {
    for (const std::string_view line : before) diff.push_back({Kind::kRemoved, line});
    for (const std::string_view line : after) diff.push_back({Kind::kAdded, line});
    return;
  }
  std::vector<uint32_t> common((before.size() + 1) * width, 0);  // of what follows line i and line j
  for (size_t i = before.size(); i-- > 0;) {
    for (size_t j = after.size(); j-- > 0;) {
      common[i * width + j] = before[i] == after[j] ? common[(i + 1) * width + j + 1] + 1
                                                    : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  size_t i = 0;
  size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      diff.push_back({Kind::kSame, before[i]});
      ++i;
      ++j;
    } else if (j == after.size() || (i < before.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      diff.push_back({Kind::kRemoved, before[i++]});
    } else {
      diff.push_back({Kind::kAdded, after[j++]});
    }
  }
}

std::vector<DiffLine> without_far_context(const std::vector<DiffLine>& diff, size_t context) {
  std::vector<bool> is_near(diff.size(), false);
  for (size_t i = 0; i < diff.size(); ++i) {
    if (diff[i].kind == Kind::kSame) continue;
    const size_t end = std::min(diff.size(), i + context + 1);
    for (size_t near = i < context ? 0 : i - context; near < end; ++near) is_near[near] = true;
  }
  std::vector<DiffLine> shown;
  for (size_t i = 0; i < diff.size(); ++i) {
    if (is_near[i]) {
      shown.push_back(diff[i]);
    } else if (i == 0 || is_near[i - 1]) {
      shown.push_back({Kind::kGap, {}});
    }
  }
  return shown;
}

}  // namespace

std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after, size_t context) {
  Lines old_lines = split_lines(before);
  Lines new_lines = split_lines(after);
  const auto [old_start, new_start] = std::ranges::mismatch(old_lines, new_lines);
  const auto prefix = old_start - old_lines.begin();
  std::ptrdiff_t suffix = 0;
  while (suffix < old_lines.end() - old_start && suffix < new_lines.end() - new_start &&
         *(old_lines.end() - 1 - suffix) == *(new_lines.end() - 1 - suffix)) {
    ++suffix;
  }
  std::vector<DiffLine> diff;
  for (std::ptrdiff_t i = 0; i < prefix; ++i) diff.push_back({Kind::kSame, old_lines[static_cast<size_t>(i)]});
  append_middle({old_start, old_lines.end() - suffix}, {new_start, new_lines.end() - suffix}, diff);
  for (auto line = old_lines.end() - suffix; line != old_lines.end(); ++line) diff.push_back({Kind::kSame, *line});
  return without_far_context(diff, context);
}

}  // namespace omashu::provision
