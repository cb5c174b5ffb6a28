#include "sink/dynamodb/item.h"

#include <fmt/core.h>

#include <utility>

#include "base/json.h"
#include "sink/dynamodb/key_value.h"

namespace omashu::sink::dynamodb {

namespace {

void append_name(std::string& out, std::string_view name) {
  if (!out.empty()) out += ',';
  json::append_quoted(out, name);
  out += ':';
}

}  // namespace

std::string position_attribute(const ItemPosition& position) {
  std::string out = R"({"M":{"topic":)";
  append_typed(out, 'S', position.topic);
  out += fmt::format(R"(,"partition":{{"N":"{}"}},"offset":{{"N":"{}"}},"timestamp":{{"N":"{}"}}}}}})",
                     position.partition, position.offset, position.timestamp_ms);
  return out;
}

Result<Item> ItemMapper::map(const SinkRecord& record, const std::string& topic_id,
                             std::optional<int64_t> expires_s) const {
  Item item;
  item.position = {topic_id, static_cast<int64_t>(record.partition), static_cast<int64_t>(record.offset),
                   record.message->timestamp_ms};
  item.is_tombstone = !record.value;
  const Result<size_t> key_size = append_key(record, item.position, item.key);
  if (!key_size) return fail(key_size.error());
  item.attributes = item.key;
  append_name(item.attributes, options_.position_attribute);
  item.attributes += position_attribute(item.position);
  // "topic", "partition", "offset", "timestamp", an item of a map each, and numbers of at most 19 digits.
  size_t size = *key_size + options_.position_attribute.size() + 3 + 31 + 4 + topic_id.size() + 3 * 11;
  if (item.is_tombstone) {
    append_name(item.attributes, options_.deleted_attribute);
    item.attributes += R"({"BOOL":true})";
    if (expires_s) {
      append_name(item.attributes, options_.expires_attribute);
      append_typed(item.attributes, 'N', std::to_string(*expires_s));
    }
    return item;
  }
  const Result<size_t> value_size = append_value(record.value->datum, item.key, item.attributes);
  if (!value_size) return fail(value_size.error());
  size += *value_size;
  if (size > kMaxItemBytes) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("as an item it has {} bytes, and DynamoDB allows {}", size, kMaxItemBytes));
  }
  return item;
}

Result<size_t> ItemMapper::append_key(const SinkRecord& record, const ItemPosition& position, std::string& out) const {
  append_name(out, key_.hash.name);
  Result<size_t> size = append_key_value(record, position, key_.hash, options_.key_from_record_key, kMaxHashBytes, out);
  if (!size) return size;
  if (!key_.sort) return *size + key_.hash.name.size();
  append_name(out, key_.sort->name);
  const Result<size_t> sort_size =
      append_key_value(record, position, *key_.sort, options_.key_from_record_key, kMaxSortBytes, out);
  if (!sort_size) return sort_size;
  return *size + *sort_size + key_.hash.name.size() + key_.sort->name.size();
}

bool ItemMapper::is_reserved(std::string_view name) const {
  return name == options_.position_attribute || name == options_.deleted_attribute ||
         name == options_.expires_attribute;
}

Result<size_t> ItemMapper::append_value(const avro::Datum& value, const std::string& key, std::string& out) const {
  if (value.type().type != avro::Type::kRecord) {
    if (key_.hash.name == "value" || (key_.sort && key_.sort->name == "value")) {
      return fail(ErrorCode::kInvalidArgument,
                  "a value that is no record is kept as the attribute value, which is the table's key");
    }
    append_name(out, "value");
    Result<size_t> size = append_attribute(value, options_.values, out);
    if (!size) return fail(std::move(size.error()).within("value"));
    return *size + 5;
  }
  size_t size = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    const std::string& name = value.type().fields[i].name;
    if (is_reserved(name)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("the value has a field {}, which omashu keeps for itself: give another name with "
                              "--position-attribute, --deleted-attribute or --expires-attribute",
                              name));
    }
    std::string member;
    append_name(member, name);
    Result<size_t> field_size = append_attribute(value.field(i), options_.values, member);
    if (!field_size) {
      const bool has_place = field_size.error().message.starts_with('.') || field_size.error().message.starts_with('[');
      field_size.error().message = "field " + name + (has_place ? "" : ": ") + field_size.error().message;
      return fail(std::move(field_size.error()));
    }
    if (name == key_.hash.name || (key_.sort && name == key_.sort->name)) {
      // The key has been written already; a field of its name must say the same.
      if (key != member && !key.starts_with(member + ',') && !key.ends_with(',' + member)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("the field {} is not what the key attribute of that name holds: the table's key needs "
                                "another name",
                                name));
      }
      continue;
    }
    out += ',';
    out += member;
    size += name.size() + *field_size;
  }
  return size;
}

}  // namespace omashu::sink::dynamodb
