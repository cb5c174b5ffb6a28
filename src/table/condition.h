// One condition of `--where` as it is written; what its operands mean depends on the field's type (filter.h).
//
//   PATH OPERATOR OPERAND      status=FAILED   bytesSoFar >= 1000   source.url ~ ^https:   reason = "null"
//   PATH in (OPERAND, …)       status in (QUEUED, RUNNING)
//   PATH is null               reason is null
//   PATH is not null
//
// An operand is the rest of the text without the spaces around it, or a JSON string. In a list it ends at a comma or
// parenthesis. `null` without quotes is null.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "table/field_path.h"

namespace omashu::table {

enum class Comparison : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kMatches,  // ~
  kIn,
  kIsNull,
  kIsNotNull,
};

struct Operand {
  std::string text;
  bool is_quoted = false;
  size_t offset = 0;  // in the condition's text

  bool is_null() const { return !is_quoted && text == "null"; }
};

struct Condition {
  std::string text;
  FieldPath path;
  size_t path_offset = 0;  // in the text
  Comparison comparison = Comparison::kEqual;
  std::vector<Operand> operands;  // one; of kIn at least one, of kIsNull and kIsNotNull none
};

// The error names the condition and the column.
Result<Condition> parse_condition(std::string_view text);

// An error at a place in the condition's text: "'status=RUNING', column 8: …".
Error condition_error(const Condition& condition, size_t offset, const std::string& message);

}  // namespace omashu::table
