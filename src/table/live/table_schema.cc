#include "table/live/table_schema.h"

#include <fmt/core.h>

#include <set>
#include <utility>

#include "avro/schema_text.h"
#include "table/live/kept_value.h"
#include "table/schema_path.h"
#include "table/stored_value.h"

namespace omashu::table {

namespace {

// The defaults of the fields of all records that the type has in it.
void append_defaults(const avro::Node& type, std::set<const avro::Node*>& known, std::string& out) {
  if (!known.insert(&type).second) return;
  for (const avro::Field& field : type.fields) {
    if (field.default_value) {
      out += fmt::format("\n{}.{}={}", type.full_name, field.name, json::to_text(*field.default_value));
    }
    append_defaults(*field.type, known, out);
  }
  if (type.items != nullptr) append_defaults(*type.items, known, out);
  for (const avro::Node* branch : type.branches) append_defaults(*branch, known, out);
  if (type.enum_default) out += fmt::format("\n{}={}", type.full_name, *type.enum_default);
}

std::string fingerprint_of(const avro::Schema& schema) {
  std::string text = avro::to_canonical_form(schema);
  std::set<const avro::Node*> known;
  append_defaults(schema.root(), known, text);
  return text;
}

// What values of a type are to an index, which numbers of all widths are one to, and texts and symbols.
std::string kind_of(const avro::Node& type) {
  if (type.logical_type != avro::LogicalType::kNone) {
    return fmt::format("{}({})", logical_type_name(type.logical_type), type.scale);
  }
  switch (type.type) {
    case avro::Type::kInt:
    case avro::Type::kLong:
    case avro::Type::kFloat:
    case avro::Type::kDouble: return "number";
    case avro::Type::kString:
    case avro::Type::kEnum: return "string";
    default: return std::string(avro::type_name(type.type));
  }
}

// The default of the field in the schema, which is what records have that were written before it was there.
std::string default_of(const FieldPath& path, const avro::Node& root) {
  const avro::Node* at = &root;
  std::string text;
  for (const FieldPath::Step& step : path.steps()) {
    const avro::Field* field = at->type == avro::Type::kRecord ? at->find_field(step.name) : nullptr;
    if (field == nullptr) return text;
    if (field->default_value) text += "=" + json::to_text(*field->default_value);
    at = field->type;
  }
  return text;
}

std::string field_fingerprint(const std::string& field, const FilterSchemas& schemas) {
  const auto path = FieldPath::parse(field);
  if (!path || !schemas.value) return field;
  const auto compiled = SchemaPath::compile(*path, schemas.value->root());
  if (!compiled) return field;  // of the key
  std::string text = field + " (";
  for (const avro::Node* type : compiled->types()) text += (text.ends_with('(') ? "" : ", ") + kind_of(*type);
  return text + ")" + default_of(*path, schemas.value->root());
}

}  // namespace

Result<std::shared_ptr<const TableSchema>> TableSchema::open(schema_registry::Client& registry,
                                                             const TableOptions& options) {
  auto typed = TypedTopic::open(registry, options.topic);
  if (!typed) return fail(std::move(typed.error()));
  std::shared_ptr<TableSchema> made(new TableSchema());
  made->typed_ = std::make_shared<TypedTopic>(*std::move(typed));
  const FilterSchemas schemas = made->typed_->schemas();
  if (schemas.key) made->key_fingerprint_ = fingerprint_of(*schemas.key);
  for (const std::string& field : options.indexes) {
    auto index = IndexedField::open(field, schemas);
    if (!index) return fail(std::move(index.error()).within(fmt::format("{}: index", options.topic)));
    made->asks_key_ = made->asks_key_ || index->asks_key();
    made->indexes_.push_back(*std::move(index));
    made->field_fingerprints_.push_back(field_fingerprint(field, schemas));
  }
  if (options.ttl) {
    auto ttl = TtlField::open(*options.ttl, schemas);
    if (!ttl) return fail(std::move(ttl.error()).within(options.topic));
    made->ttl_ = *std::move(ttl);
  }
  const std::string ttl_field =
      options.ttl && options.ttl->field ? field_fingerprint(*options.ttl->field, schemas) : "";
  made->field_fingerprints_.push_back(options.ttl ? fmt::format("due {} {}", options.ttl->duration.count(), ttl_field)
                                                  : "due");
  return std::shared_ptr<const TableSchema>(std::move(made));
}

// The value is decoded although its bytes are kept: one that does not decode must not take the place of one that does.
Result<void> TableSchema::decode(const kafka::Message& message, Scratch& scratch, DecodedRecord& out) const {
  auto key = typed_->read_key(message);
  if (!key) return fail(std::move(key.error()));
  out.key = *std::move(key);
  out.key_bytes = *message.key;
  out.has_value = message.value.has_value();
  out.value.clear();
  out.position = {.partition = message.partition, .offset = message.offset};
  out.timestamp_ms = message.timestamp_ms;
  if (!out.has_value) return {};

  const auto value = typed_->values().read(message, scratch.value);
  if (!value) return fail(value.error());
  FilterPart key_part;
  if (asks_key_) {
    const auto read = typed_->keys().read(message, scratch.key);
    if (!read) return fail(read.error());
    key_part = *read;
  }
  scratch.index_values.resize(indexes_.size());
  for (size_t i = 0; i < indexes_.size(); ++i) {
    scratch.index_values[i] = indexes_[i].value_of(indexes_[i].asks_key() ? key_part : *value);
  }
  append_kept_value_start(ttl_ ? ttl_->expires_ms(*value, message.timestamp_ms) : std::nullopt, scratch.index_values,
                          out.value);
  append_stored_value({.is_match = true,
                       .is_as_written = value->json != nullptr && typed_->values().has_schema(),
                       .schema_id_header = schema_id_header(message, serde::RecordPart::kValue),
                       .payload = *message.value},
                      out.value);
  return {};
}

}  // namespace omashu::table
