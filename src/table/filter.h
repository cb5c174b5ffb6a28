// `--where`: which rows or records are meant.
//
// A filter is parsed without a schema, bound to the schemas that keys and values are seen through, and then asked.
// Bound, it reads each operand by the type of its field, so that `price=1.5` finds 1.50 and a symbol that an enum does
// not have is an error; it compares values, not their texts. Keys and values without a schema are asked as JSON.
//
// `key` and `key.FIELD` ask the key; everything else asks the value (`["key"]` a value's field of that name). `!=` is
// the opposite of `=`, and `is not null` of `is null`: they hold where a field is not there, and for an array where no
// item is equal. The other comparisons do not hold for what is null.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "avro/datum.h"
#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::table {

// Of the latest versions; absent: there is none, and JSON or text is asked.
struct FilterSchemas {
  std::optional<avro::Schema> key = {};
  std::optional<avro::Schema> value = {};
};

// A key or a value: a datum seen through the schema that the filter is bound to, or JSON. Neither: null.
struct FilterPart {
  const avro::Datum* datum = nullptr;
  const json::Value* json = nullptr;
};

class BoundCondition;

// Cheap to copy. Once it is bound it may be asked by several threads.
class Filter {
 public:
  Filter();  // every row

  // All of `where` hold, or one of `or_where` does. Errors name the condition and the column.
  static Result<Filter> parse(std::span<const std::string> where, std::span<const std::string> or_where = {});

  // Finds the fields and reads the operands. Before matches(), and once.
  Result<void> bind(const FilterSchemas& schemas);

  bool matches(const FilterPart& key, const FilterPart& value) const;

  // Of a key and a value as JSON texts; absent: null.
  bool matches_json(std::optional<std::string_view> key, std::optional<std::string_view> value) const;

  bool is_empty() const;
  bool asks_key() const;
  bool asks_value() const;

  // The conditions, for those who look for rows in another way than one by one: a row matches where all of the first
  // ones hold, or, if there are second ones, one of those does. Without first ones, the second ones stand alone.
  std::span<const BoundCondition> where() const;
  std::span<const BoundCondition> or_where() const;

 private:
  struct Conditions;
  std::shared_ptr<Conditions> conditions_;
};

}  // namespace omashu::table
