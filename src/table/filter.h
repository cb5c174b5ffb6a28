// `--where field=value`: which rows are meant.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "table/field_path.h"

namespace omashu::table {

// All of its conditions hold. Without conditions, every row.
class Filter {
 public:
  // Each is `field=value` or `field!=value`, the field a dotted path.
  static Result<Filter> parse(std::span<const std::string> conditions);

  // `value` is plain JSON. Texts compare as texts, numbers as numbers, and `null`, `true` and `false` by their names; a
  // field that is not there is null; of an array, one item that is equal is enough.
  bool matches(std::string_view value) const;

  // Whether the fields exist in that schema.
  Result<void> check(const avro::Node& schema) const;

  bool is_empty() const { return conditions_.empty(); }

 private:
  struct Condition {
    FieldPath path;
    std::string expected;
    bool is_negated = false;
  };
  std::vector<Condition> conditions_;
};

}  // namespace omashu::table
