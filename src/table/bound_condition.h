// One condition of a filter with its field found and its operands read.

#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "table/condition.h"
#include "table/filter.h"
#include "table/schema_path.h"
#include "table/text_pattern.h"
#include "table/typed_operand.h"

namespace omashu::table {

class BoundCondition {
 public:
  // Checks what needs no schema.
  static Result<BoundCondition> make(Condition condition);

  Result<void> bind(const FilterSchemas& schemas);

  bool holds(const FilterPart& key, const FilterPart& value) const;
  bool asks_key() const { return asks_key_; }

 private:
  using Ordering = std::partial_ordering;
  explicit BoundCondition(Condition condition) : condition_(std::move(condition)) {}

  Result<void> bind_type(const avro::Node& type);
  bool suits(Ordering order) const;
  bool has_null_operand() const;
  bool holds_for(const std::optional<avro::Datum>& value) const;
  bool holds_for(const json::Value& value) const;

  Condition condition_;
  bool asks_key_ = false;
  bool is_negated_ = false;  // the opposite of what `comparison_` says
  Comparison comparison_ = Comparison::kEqual;
  std::optional<TextPattern> pattern_;
  std::optional<SchemaPath> path_;  // absent: what is asked has no schema
  std::vector<std::pair<const avro::Node*, std::vector<TypedOperand>>> operands_;  // by the type of the value
};

}  // namespace omashu::table
