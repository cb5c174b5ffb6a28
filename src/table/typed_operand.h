// What a condition compares a field with, read by the field's type: 1.5 is a decimal for a decimal, an instant for a
// timestamp, a symbol for an enum.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "avro/datum.h"
#include "avro/schema.h"
#include "omashu/result.h"
#include "table/decimal_number.h"

namespace omashu::table {

// Exactly, whatever the sizes are.
std::partial_ordering compare_numbers(int64_t a, double b);

class TypedOperand {
 public:
  // `type` is no union, and neither null nor array. The error says what would be right, without a place.
  static Result<TypedOperand> read(const avro::Node& type, std::string_view text);

  // Whether values of that type have an order, so that < and > mean something.
  static bool has_order(const avro::Node& type);

  // A datum of that type beside the operand. Unordered where the datum is nothing that compares, as a text that is no
  // UUID where one is wanted.
  std::partial_ordering compare(const avro::Datum& datum) const;

  // As the type has it: whether it is true, a number, the index of a symbol, text or bytes (of a UUID 16), a decimal.
  using Content = std::variant<int64_t, double, std::string, DecimalNumber>;
  const Content& content() const { return content_; }

 private:
  TypedOperand(const avro::Node& type, Content content) : type_(&type), content_(std::move(content)) {}

  std::partial_ordering compare_decimal(const avro::Datum& datum) const;

  const avro::Node* type_;
  Content content_;
};

}  // namespace omashu::table
