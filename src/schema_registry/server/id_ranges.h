// A set of schema ids as ascending ranges, and its text: "3,6-99".

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omashu::schema_registry::server {

class IdRanges {
 public:
  static IdRanges of(std::vector<int> ids);

  // Ids must grow from one call to the next, and `first` be at most `last`; neighbours become one range.
  void append(int first, int last);

  bool contains(int id) const;
  bool empty() const { return ranges_.empty(); }
  const std::vector<std::pair<int, int>>& ranges() const { return ranges_; }  // first and last of each
  int64_t count() const;                                                      // of the ids

  // The union of both, and what is in this one alone.
  IdRanges with(const IdRanges& others) const;
  IdRanges without(const IdRanges& others) const;

  bool operator==(const IdRanges&) const = default;

 private:
  std::vector<std::pair<int, int>> ranges_;
};

std::string id_ranges_text(const IdRanges& ranges);
// Nothing for a text that is none of a set.
std::optional<IdRanges> parse_id_ranges(std::string_view text);

}  // namespace omashu::schema_registry::server
