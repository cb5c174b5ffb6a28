// The way to a field of a value: `status`, `source.url`, `parts[0].size`, `labels["a.b"]`.
//
// A name is a record's field, an entry of a map, or a member of a JSON object; `["…"]`, a JSON string in brackets, is
// one that has dots or spaces in it. An index is an item of an array, from 0. A name right behind an array means that
// field of each of its items.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::table {

class FieldPath {
 public:
  struct Step {
    std::string name;
    std::optional<size_t> index = std::nullopt;  // of an item, in place of a name
    bool is_quoted = false;
    size_t offset = 0;  // in the text
  };

  // The whole text is the path.
  static Result<FieldPath> parse(std::string_view text);
  // The text starts with a path; `end` is where it ends. The error's position has the column.
  static Result<FieldPath> parse_start(std::string_view text, size_t& end);

  // What stands there. A path through an array leads to each of its items; a field that is not there is null.
  std::vector<const json::Value*> find_all(const json::Value& value) const;

  // Whether values of that schema can have the field; the error suggests the nearest name.
  Result<void> check(const avro::Node& schema) const;

  const std::string& text() const { return text_; }
  const std::vector<Step>& steps() const { return steps_; }

  // The path without its first step.
  FieldPath without_first() const;

 private:
  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace omashu::table
