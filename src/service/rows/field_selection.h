// ?fields=a,b.c: the parts of a value that an answer has. Immutable, and so thread-safe.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "service/problem.h"
#include "table/field_path.h"
#include "table/typed_topic.h"

namespace omashu::service {

class FieldSelection {
 public:
  FieldSelection() = default;  // everything

  // Fields are separated by commas. The refusal suggests the nearest.
  static Answer<FieldSelection> parse(std::string_view text, table::TypedTopic& typed);

  bool is_everything() const { return paths_.empty(); }

  // The chosen fields of a value, in the shape that it has: of an array, those of each item. What is not there is left
  // out.
  std::string of(std::string_view value) const;

 private:
  std::vector<table::FieldPath> paths_;
};

}  // namespace omashu::service
