#include "service/rows/row_parts.h"

#include <utility>

namespace omashu::service {

Result<void> RowParts::read(const table::LiveRow& row) {
  if (needs_key_) {
    if (auto read = read_key(row.key); !read) return read;
  }
  if (!needs_value_) return {};
  const auto value = typed_.values().read(typed_.stored_payload(row.view()), value_scratch_);
  if (!value) return fail(value.error());
  value_ = *value;
  return {};
}

// Written as the latest schema has it and read back, so that conditions go by its types. A key that it does not have is
// asked as JSON.
Result<void> RowParts::read_key(const std::string& logical_key) {
  if (has_key_schema_) {
    if (auto bytes = typed_.write_key(logical_key)) {
      key_bytes_ = *std::move(bytes);
      const auto key =
          typed_.keys().read({.bytes = key_bytes_, .place = {.part = serde::RecordPart::kKey}}, key_scratch_);
      if (!key) return fail(key.error());
      key_ = *key;
      return {};
    }
  }
  auto parsed = json::parse(logical_key);
  if (!parsed) return fail(std::move(parsed.error()));
  key_json_ = *std::move(parsed);
  key_ = {.json = &key_json_};
  return {};
}

}  // namespace omashu::service
