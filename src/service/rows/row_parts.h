// A live row's key and value as filters and counts ask them. For one thread at a time.

#pragma once

#include <string>

#include "base/json.h"
#include "omashu/result.h"
#include "table/filter.h"
#include "table/live/live_row.h"
#include "table/typed_topic.h"

namespace omashu::service {

class RowParts {
 public:
  // What is not needed is not read, and is null. The topic must outlive it.
  RowParts(table::TypedTopic& typed, bool needs_key, bool needs_value)
      : typed_(typed), needs_key_(needs_key), needs_value_(needs_value), has_key_schema_(typed.keys().has_schema()) {}

  // Of a row that is not deleted; they hold until the next one is read. May wait for the registry.
  Result<void> read(const table::LiveRow& row);

  const table::FilterPart& key() const { return key_; }
  const table::FilterPart& value() const { return value_; }

 private:
  Result<void> read_key(const std::string& logical_key);

  table::TypedTopic& typed_;
  const bool needs_key_, needs_value_, has_key_schema_;
  table::PartReader::Scratch key_scratch_, value_scratch_;
  table::FilterPart key_, value_;
  std::string key_bytes_;  // texts of what is read are views into it
  json::Value key_json_;
};

}  // namespace omashu::service
