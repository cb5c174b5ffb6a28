// Default values of fields (specification, "Complex Types", "Records"). Private to this folder.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "avro/schema.h"

namespace omashu::avro {

struct DefaultError {
  size_t offset;  // of the wrong value in the schema's text
  std::string message;
};

// Checks the default of every field of `records`, which come in the order in which they were completed: inner ones
// before those around them. Whatever stands for a type in `unknown` suits it.
//
// A default for a union may suit any branch (1.12; 1.11.1 knew the first one only). A default for a record may omit
// fields that have defaults of their own.
std::vector<DefaultError> check_defaults(std::span<const Node* const> records,
                                         const std::unordered_set<const Node*>& unknown);

// A float's or double's default that is written as text, which Avro Java accepts: the number that it names, or the
// text itself where it is "NaN", "Infinity" or "-Infinity". Nothing where it is no number.
std::optional<json::Value> number_of_text(const json::Value& text);

}  // namespace omashu::avro
