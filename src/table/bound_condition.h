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

  // What it compares with what, once it is bound: the field's path, without a first `key`; the comparison, or that the
  // opposite of it is meant; and the operands, by the type of the value, or as they are written where the part that it
  // asks has no schema.
  const FieldPath& path() const { return condition_.path; }
  Comparison comparison() const { return comparison_; }
  bool is_negated() const { return is_negated_; }
  bool holds_for_null() const { return comparison_ == Comparison::kIsNull || has_null_operand(); }
  bool has_schema() const { return path_.has_value(); }
  const std::vector<std::pair<const avro::Node*, std::vector<TypedOperand>>>& operands() const { return operands_; }
  const std::vector<Operand>& written_operands() const { return condition_.operands; }

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
