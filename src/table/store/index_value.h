// The value of an indexed field as bytes whose order is that of the values: what the store's indexes are made of.
//
// Values are ordered as `--where` compares them, and all kinds in one order: null, false and true, numbers, decimals,
// texts (of strings and enums), bytes, UUIDs, and at the end values that `--where` cannot compare. int, long, float and
// double are one kind, so that an index stays right when a field's type is promoted; timestamps and dates are numbers
// too. A text or bytes beyond 1,024 bytes are cut.
//
// A row has one value of each index: fields that may be records, maps or arrays, or lie behind an array, are refused.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "table/filter.h"
#include "table/store/table_store.h"

namespace omashu::table {

// A field, `source.url` or `key.region`, in the latest schemas. Cheap to copy; thread-safe.
class IndexedField {
 public:
  // Errors say what is wrong with the field and suggest the nearest.
  static Result<IndexedField> open(std::string_view field, const FilterSchemas& schemas);

  const std::string& name() const;
  bool asks_key() const;

  // Of a row: its key where asks_key(), else its value.
  std::string value_of(const FilterPart& part) const;

  // The value as plain JSON; what was cut ends with "…".
  std::string json_of(std::string_view index_value) const;

  // Which parts of the index hold every row that the filter can match, in order and apart; the filter, which is bound
  // to the same schemas, has to be asked of each of them still. Nothing where the index does not help.
  std::optional<std::vector<Range>> ranges(const Filter& filter) const;

 private:
  struct Content;
  explicit IndexedField(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

}  // namespace omashu::table
