#include "flink/key_columns.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

using avro::Node;
using avro::Type;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_scalar(const Node& type) {
  return type.type != Type::kRecord && type.type != Type::kArray && type.type != Type::kMap &&
         type.type != Type::kUnion && type.type != Type::kNull;
}

// A primary key has no nulls and no lists, and every field counts: two keys must not become one.
std::string record_key_problem(const Node& key, const ReadableSchema& readable) {
  if (!readable.problem().empty()) return readable.problem();
  if (readable.fields().size() != key.fields.size()) return "not all of its fields can be read";
  for (const avro::Field& field : key.fields) {
    if (!is_scalar(*field.type)) return fmt::format("its field {} can be null or is no single value", field.name);
  }
  return "";
}

// The field of the value with the name and the SQL type of a field of the key.
bool value_has(const ReadableSchema* value, const avro::Field& field, const std::string& type) {
  if (value == nullptr) return false;
  for (const avro::Field* other : value->fields()) {
    if (other->name == field.name) return value->sql_type(*other->type) == type;
  }
  return false;
}

KeyColumns of_record(const ReadableSchema& key, const ReadableSchema* value,
                     const std::vector<std::string>& value_columns) {
  KeyColumns result;
  result.needs_registry = true;
  result.options = {{"key.format", "avro-confluent"}, {"key.avro-confluent.schema", key.reader_schema()}};
  const auto fields = key.fields();
  const auto is_shared = [&](const avro::Field* field) { return value_has(value, *field, key.sql_type(*field->type)); };
  if (std::ranges::all_of(fields, is_shared)) {
    for (const avro::Field* field : fields) result.primary_key.push_back(field->name);
    result.options.emplace_back("value.fields-include", "ALL");
  } else {
    std::string prefix;
    const auto clashes = [&](const avro::Field* field) { return has(value_columns, prefix + field->name); };
    while (std::ranges::any_of(fields, clashes)) prefix = prefix.empty() ? "key_" : prefix + "_";
    for (const avro::Field* field : fields) {
      result.columns.emplace_back(prefix + field->name, key.sql_type(*field->type));
      result.primary_key.push_back(prefix + field->name);
    }
    if (!prefix.empty()) result.options.emplace_back("key.fields-prefix", prefix);
    result.options.emplace_back("value.fields-include", "EXCEPT_KEY");
  }
  result.logical = result.primary_key;
  return result;
}

KeyColumns of_text(const std::vector<std::string>& value_columns) {
  const std::string name = free_name("key", value_columns);
  return {.columns = {{name, "STRING NOT NULL"}},
          .primary_key = {name},
          .logical = {name},
          .options = {{"key.format", "raw"}, {"value.fields-include", "EXCEPT_KEY"}}};
}

// The text behind the five bytes of Confluent's framing and the length of the text, which takes a byte for texts below
// 64 bytes, two below 8192, else three. The last byte of a length is below 128, and is so an ASCII character here.
std::string framed_text(const std::string& bytes) {
  const std::string name = sql_name(bytes);
  return fmt::format(
      "AS DECODE(ENCODE(SUBSTRING({0} FROM CASE WHEN ASCII(SUBSTRING({0} FROM 6 FOR 1)) >= 0 THEN 7 "
      "WHEN ASCII(SUBSTRING({0} FROM 7 FOR 1)) >= 0 THEN 8 ELSE 9 END), 'ISO-8859-1'), 'UTF-8')",
      name);
}

KeyColumns of_bytes(const Node& key, const std::string& why, const std::vector<std::string>& value_columns) {
  const std::string bytes = free_name("key_bytes", value_columns);
  KeyColumns result{
      .columns = {{bytes, "STRING NOT NULL"}},
      .primary_key = {bytes},
      .options = {{"key.format", "raw"}, {"key.raw.charset", "ISO-8859-1"}, {"value.fields-include", "EXCEPT_KEY"}},
      .remarks = {fmt::format("{}: the key's bytes as they stand on the topic, framing included, a character for each: "
                              "{}.",
                              bytes, why)}};
  if (key.type == Type::kString) {
    const std::string text = free_name("key", value_columns);
    result.computed = {{text, framed_text(bytes)}};
    result.logical = {text};
  }
  return result;
}

}  // namespace

std::string free_name(std::string name, const std::vector<std::string>& taken) {
  while (has(taken, name)) name += '_';
  return name;
}

KeyColumns key_columns(const Node* key, const ReadableSchema* value, const std::vector<std::string>& value_columns) {
  if (key == nullptr) return of_text(value_columns);
  if (key->type != Type::kRecord) {
    return of_bytes(*key, "avro-confluent reads records alone, and raw does not know the framing", value_columns);
  }
  const ReadableSchema readable(*key);
  if (const std::string problem = record_key_problem(*key, readable); !problem.empty()) {
    return of_bytes(*key, fmt::format("{} is no primary key, since {}", key->full_name, problem), value_columns);
  }
  return of_record(readable, value, value_columns);
}

}  // namespace omashu::flink
