// One value that is added up or compared, and what becomes of many.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "avro/datum.h"
#include "avro/schema.h"
#include "base/json.h"
#include "table/decimal_number.h"

namespace omashu::table {

// A whole number, date or time; a float or double; a decimal; a text.
using AggregateValue = std::variant<int64_t, double, DecimalNumber, std::string>;

// Whether values of the type can be added, or at least ordered.
bool can_be_added(const avro::Node& type);
bool can_be_ordered(const avro::Node& type);

// Nothing for what can be neither.
std::optional<AggregateValue> aggregate_value(const avro::Datum& datum);
std::optional<AggregateValue> aggregate_value(const json::Value& value);

void append_value(const AggregateValue& value, std::string& out);
// Takes one from the front of what append_value() wrote.
AggregateValue take_value(std::string_view& bytes);

class AggregateTotal {
 public:
  void add(const AggregateValue& value);

  // JSON: of whole numbers all digits, of decimals their text. `type` is the logical type of whole numbers.
  std::string sum() const;
  std::string average() const;
  std::string min(avro::LogicalType type) const;
  std::string max(avro::LogicalType type) const;

  // Whether the sum is a whole number that 64 bits cannot hold.
  bool is_wide() const;

 private:
  uint64_t count_ = 0;
  DecimalNumber exact_;   // of whole numbers and decimals
  long double real_ = 0;  // of the others
  bool has_real_ = false, has_decimal_ = false;
  Int128 whole_ = 0;
  std::optional<AggregateValue> min_, max_;
};

}  // namespace omashu::table
