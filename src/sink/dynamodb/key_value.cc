#include "sink/dynamodb/key_value.h"

#include <fmt/core.h>

#include <chrono>

#include "avro/codec.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "sink/dynamodb/attribute_value.h"
#include "sink/dynamodb/number_text.h"

namespace omashu::sink::dynamodb {

namespace {

using avro::Datum;
using avro::Type;

// What a key attribute is made of.
struct KeyValue {
  std::string bytes;
  bool is_text = true;
};

Result<KeyValue> key_value(const Datum& value) {
  const Type type = value.type().type;
  if (std::optional<std::string> text = attribute_text(value)) return KeyValue{*std::move(text)};
  if (type == Type::kBytes || type == Type::kFixed) return KeyValue{std::string(value.as_bytes()), false};
  return fail(ErrorCode::kInvalidArgument, fmt::format("a value of type {} cannot be a key", avro::type_name(type)));
}

Result<KeyValue> of_record_key(const SinkRecord& record) {
  if (!record.key) {
    return fail(ErrorCode::kInvalidArgument, "the record has no key; --hash names a field, or the partition, instead");
  }
  const Datum& datum = record.key->datum;
  if (datum.type().type == Type::kRecord && datum.size() == 1) return key_value(datum.field(0));
  if (datum.type().type != Type::kRecord) return key_value(datum);
  KeyValue value;
  const Result<void> made = record.key->writer->decoder.to_json(record.key->data, avro::JsonForm::kPlain, value.bytes);
  if (!made) return fail(made.error());
  return value;
}

Result<KeyValue> of_field(const SinkRecord& record, const std::string& path, bool from_record_key) {
  std::optional<Datum> found;
  if (record.key) found = record.key->datum.find_path(path);
  if (!found && !from_record_key && record.value) found = record.value->datum.find_path(path);
  if (found) return key_value(*found);
  return fail(ErrorCode::kInvalidArgument,
              from_record_key ? fmt::format("the record's key has no field {}, and where the latest record of each key "
                                            "is kept, items are found by the key alone",
                                            path)
                              : fmt::format("neither key nor value has a field {}", path));
}

// "2026-11-30T08:00:05.000Z-3-00000000000000000042"
std::string position_text(const ItemPosition& position) {
  const std::chrono::sys_time<std::chrono::milliseconds> time(std::chrono::milliseconds(position.timestamp_ms));
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z-{}-{:020}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count(), position.partition,
                     position.offset);
}

Result<KeyValue> source_value(const SinkRecord& record, const ItemPosition& position, const KeySource& source,
                              bool from_record_key) {
  switch (source.kind) {
    case KeySource::Kind::kKey: return of_record_key(record);
    case KeySource::Kind::kPartition: return KeyValue{std::to_string(position.partition)};
    case KeySource::Kind::kOffset: return KeyValue{std::to_string(position.offset)};
    case KeySource::Kind::kPosition: return KeyValue{position_text(position)};
    case KeySource::Kind::kField: break;
  }
  return of_field(record, source.field, from_record_key);
}

Result<size_t> append_as(char type, const KeyValue& value, std::string& out) {
  if (type == 'B') {
    append_typed(out, 'B', to_base64(value.bytes));
    return value.bytes.size();
  }
  if (!value.is_text) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("bytes cannot be a key of type {}: the table needs B", type));
  }
  Result<size_t> size = value.bytes.size();
  if (type == 'N') size = number_size(value.bytes);
  if (type == 'S' && !is_valid_utf8(value.bytes)) {
    return fail(ErrorCode::kInvalidArgument, "a key that is not UTF-8: the table needs the type B for it");
  }
  if (size) append_typed(out, type, value.bytes);
  return size;
}

}  // namespace

Result<size_t> append_key_value(const SinkRecord& record, const ItemPosition& position, const KeyAttribute& attribute,
                                bool from_record_key, size_t max_bytes, std::string& out) {
  const Result<KeyValue> value = source_value(record, position, attribute.source, from_record_key);
  if (!value) return fail(Error(value.error()).within(fmt::format("key attribute {}", attribute.name)));
  if (value->bytes.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("key attribute {}: it is empty, which DynamoDB refuses", attribute.name));
  }
  if (value->bytes.size() > max_bytes) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("key attribute {}: it has {} bytes, and DynamoDB allows {}",
                                                         attribute.name, value->bytes.size(), max_bytes));
  }
  Result<size_t> size = append_as(attribute.type, *value, out);
  if (!size) return fail(std::move(size.error()).within(fmt::format("key attribute {}", attribute.name)));
  return size;
}

}  // namespace omashu::sink::dynamodb
