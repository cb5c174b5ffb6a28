#include "sink/postgres/record_fields.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"
#include "sink/postgres/postgres_time.h"
#include "sink/postgres/value_text.h"

namespace omashu::sink::postgres {

namespace {

const avro::Node& without_null(const avro::Node& node) {
  if (node.type != avro::Type::kUnion) return node;
  for (const avro::Node* branch : node.branches) {
    if (branch->type != avro::Type::kNull) return *branch;
  }
  return node;
}

const avro::Node& node_at(const avro::Node& root, const std::vector<size_t>& path) {
  const avro::Node* node = &root;
  for (const size_t index : path) node = without_null(*node).fields[index].type;
  return *node;
}

// Nothing where a record on the way is null.
std::optional<avro::Datum> datum_at(avro::Datum datum, const std::vector<size_t>& path) {
  for (const size_t index : path) {
    if (datum.is_null()) return std::nullopt;
    datum = datum.field(index);
  }
  return datum.is_null() ? std::nullopt : std::optional(datum);
}

Error of_column(const Column& column, Error error) {
  error.code = ErrorCode::kCorrupt;
  return std::move(error).within(fmt::format("column {}", shown(column.name)));
}

}  // namespace

Result<RecordFields> RecordFields::compile(const TableShape& shape, const PartSchema& key, const PartSchema& value) {
  RecordFields fields(shape, key, value);
  for (const Column& column : shape.columns) {
    std::optional<avro::Decoder>& json = fields.json_.emplace_back();
    if (column.type.kind != Kind::kJsonb) continue;
    const avro::Schema& schema = *(column.source == Source::kKey ? key : value).latest();
    auto decoder = avro::Decoder::compile(schema.at(node_at(schema.root(), column.path)));
    if (!decoder) return fail(std::move(decoder.error()));
    json = *std::move(decoder);
  }
  return fields;
}

Result<RecordFields::Seen> RecordFields::see(const SinkRecord& record, bool needs_value) {
  Seen seen;
  if (record.key && key_->latest()) {
    auto key = key_->read(*record.key, key_arena_);
    if (!key) return fail(std::move(key.error()).within("key"));
    seen.key = *key;
  }
  if (needs_value && record.value) {
    auto value = value_->read(*record.value, value_arena_);
    if (!value) return fail(std::move(value.error()).within("value"));
    seen.value = *value;
  }
  return seen;
}

Result<void> RecordFields::append(const SinkRecord& record, const Seen& seen, size_t index, std::string& out) const {
  const Column& column = shape_->columns[index];
  switch (column.source) {
    case Source::kTopic: append_bytes_field(record.topic, out); return {};
    case Source::kPartition: append_int32_field(static_cast<int32_t>(record.partition), out); return {};
    case Source::kOffset: append_int64_field(static_cast<int64_t>(record.offset), out); return {};
    case Source::kDeleted: append_bytes_field(record.value ? std::string_view("\0", 1) : "\1", out); return {};
    case Source::kTimestamp: {
      if (record.message->timestamp_ms < 0) {
        append_null_field(out);
        return {};
      }
      const auto timestamp = postgres_timestamp_of_ms(record.message->timestamp_ms);
      if (!timestamp) return fail(of_column(column, timestamp.error()));
      append_int64_field(*timestamp, out);
      return {};
    }
    case Source::kKey:
    case Source::kValue: break;
  }
  const auto& part = column.source == Source::kKey ? seen.key : seen.value;
  const auto datum = part ? datum_at(*part, column.path) : std::nullopt;
  if (!datum) {
    append_null_field(out);
    return {};
  }
  const auto& json = json_[index];
  if (auto appended = append_field(column.type, *datum, json ? &*json : nullptr, out); !appended) {
    return fail(of_column(column, std::move(appended.error())));
  }
  return {};
}

Result<void> RecordFields::append_row(const SinkRecord& record, const ColumnChoice& columns, FieldArrays& rows) {
  const auto seen = see(record, true);
  if (!seen) return fail(seen.error());
  for (size_t i = 0; i < columns.indexes.size(); ++i) {
    if (auto appended = append(record, *seen, columns.indexes[i], rows.column(i)); !appended) {
      rows.drop_row();
      return appended;
    }
  }
  rows.end_row();
  return {};
}

Result<std::string> RecordFields::key_fields(const SinkRecord& record) {
  if (!record.key) {
    return fail(ErrorCode::kCorrupt, "the record has no key, and a row per key needs one");
  }
  const auto seen = see(record, false);
  if (!seen) return fail(seen.error());
  std::string fields;
  for (size_t i = 0; i < shape_->columns.size(); ++i) {
    const Column& column = shape_->columns[i];
    if (column.source != Source::kKey) continue;
    const size_t begin = fields.size();
    if (auto appended = append(record, *seen, i, fields); !appended) return fail(std::move(appended.error()));
    if (fields.size() - begin == sizeof(int32_t) && fields.substr(begin) == "\xff\xff\xff\xff") {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("column {}: it is null, and a primary key holds no nulls", shown(column.name)));
    }
  }
  return fields;
}

}  // namespace omashu::sink::postgres
