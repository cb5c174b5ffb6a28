// The difference of two texts, line by line.

#pragma once

#include <string_view>
#include <vector>

namespace omashu::provision {

struct DiffLine {
  enum class Kind { kSame, kRemoved, kAdded, kGap };  // a gap stands for lines that are the same and left out
  Kind kind = Kind::kSame;
  std::string_view text;  // points into the texts

  bool operator==(const DiffLine&) const = default;
};

// A shortest difference, with at most `context` equal lines around each change. Texts too large to compare so are shown
// as one replacement of all that lies between their equal ends.
std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after, size_t context = 2);

}  // namespace omashu::provision
