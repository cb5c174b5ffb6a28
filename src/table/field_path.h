// A dotted path to a field of a value: `status`, `source.url`.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::table {

class FieldPath {
 public:
  static Result<FieldPath> parse(std::string_view text);

  // What stands there. A path through an array leads to each of its items; a field that is not there is null.
  std::vector<const json::Value*> find_all(const json::Value& value) const;

  // Whether values of that schema can have the field; the error suggests the nearest name.
  Result<void> check(const avro::Node& schema) const;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> names_;
};

}  // namespace omashu::table
