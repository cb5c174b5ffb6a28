#include "cli/output/row_form.h"

#include <fmt/core.h>

#include "cli/diagnostics.h"
#include "cli/option_parser.h"

namespace omashu::cli {

using serde::RecordPart;

void RowForm::declare(OptionParser& options) {
  options.flag("--avro-json", is_avro_json_,
               "keys and values as Avro's own JSON: tagged unions, logical types as what they are");
}

std::optional<table::Row> RowForm::of(Context& context, const table::TypedTopic& topic, const table::Row& row) {
  if (!is_avro_json_) return row;
  auto converted = as_avro_json(topic, row);
  if (converted) return *converted;
  has_failed_ = true;
  context.messages.error(
      fmt::format("{}: no Avro JSON under the latest schema: {}", row.key, converted.error().message));
  return std::nullopt;
}

Result<table::Row> RowForm::as_avro_json(const table::TypedTopic& topic, const table::Row& row) {
  table::Row converted = row;
  auto key = topic.to_avro_json(RecordPart::kKey, row.key);
  if (!key) return fail(std::move(key.error()).within("key"));
  key_ = *std::move(key);
  converted.key = key_;
  if (!row.value) return converted;
  auto value = topic.to_avro_json(RecordPart::kValue, *row.value);
  if (!value) return fail(std::move(value.error()).within("value"));
  value_ = *std::move(value);
  converted.value = value_;
  return converted;
}

}  // namespace omashu::cli
