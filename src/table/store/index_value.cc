#include "table/store/index_value.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "avro/float_widening.h"
#include "avro/logical_text.h"
#include "avro/number_text.h"
#include "base/json.h"
#include "base/utf8.h"
#include "table/field_path.h"
#include "table/schema_path.h"
#include "table/store/index_ranges.h"
#include "table/store/ordered_bytes.h"

namespace omashu::table {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

Error refused(std::string_view field, const std::string& why) {
  return Error{ErrorCode::kInvalidArgument, fmt::format("{} cannot be indexed: {}", field, why), {}};
}

bool has_parts(const Node& type) {
  return type.type == Type::kRecord || type.type == Type::kMap || type.type == Type::kArray;
}

// Ends with "…" where something is missing.
std::string text_json(std::string_view text, bool is_cut) {
  size_t end = 0;
  while (const size_t length = utf8_character_length(text.substr(end))) end += length;
  return quoted(is_cut || end < text.size() ? std::string(text.substr(0, end)) + "…" : std::string(text));
}

std::string number_json(const OrderedNumber& number, const Node* type) {
  const bool is_real = type != nullptr && (type->type == Type::kFloat || type->type == Type::kDouble);
  const double real = number.floor + number.rest;
  if (type == nullptr || is_real) {
    if (type == nullptr && std::trunc(real) == real && std::abs(real) < 0x1p53) {
      return std::to_string(static_cast<int64_t>(real));
    }
    char text[64];
    const float narrow = avro::narrow(real);
    const bool is_float = is_real && type->type == Type::kFloat;
    return {text, is_float ? avro::write_float(text, narrow) : avro::write_double(text, real)};
  }
  const bool fits = number.floor >= -0x1p63 && number.floor < 0x1p63;
  const auto whole = static_cast<uint64_t>(fits ? static_cast<int64_t>(number.floor) : 0) + number.rest;
  const avro::Slot slot{.integer = static_cast<int64_t>(whole), .size = 0, .branch = 0, .stride = 0};
  const std::string text = *avro::Datum(*type, slot).text();
  return text == std::to_string(slot.integer) ? text : quoted(text);
}

std::string decimal_json(DecimalNumber number, const Node* type) {
  const int64_t scale = type != nullptr && type->logical_type == LogicalType::kDecimal ? type->scale : 0;
  while (number.scale > scale && number.digits.ends_with('0')) {
    number.digits.pop_back();
    --number.scale;
  }
  if (number.digits.empty()) number.scale = scale;
  if (number.scale < scale && !number.digits.empty()) {
    number.digits.append(static_cast<size_t>(scale - number.scale), '0');
    number.scale = scale;
  }
  return quoted(to_text(number));
}

// A byte is a character up to U+00FF, as in plain JSON.
std::string bytes_json(std::string_view bytes, const Node* type, bool is_cut) {
  if (type != nullptr && type->logical_type != LogicalType::kNone && bytes.size() == type->fixed_size) {
    const avro::Slot slot{.bytes = bytes.data(), .size = static_cast<uint32_t>(bytes.size()), .branch = 0, .stride = 0};
    if (const auto text = avro::Datum(*type, slot).text()) return quoted(*text);
  }
  std::string text;
  for (const char c : bytes) append_utf8(text, static_cast<unsigned char>(c));
  return quoted(is_cut ? text + "…" : text);
}

}  // namespace

struct IndexedField::Content {
  std::string name;
  FieldPath path;  // without a first `key`
  bool asks_key = false;
  FilterSchemas schemas = {};  // keep what `schema_path` points to
  std::optional<SchemaPath> schema_path = {};

  const Node* type_of(OrderedKind kind) const;
};

// The type that a value of that kind most likely has: of a union, the first that suits.
const Node* IndexedField::Content::type_of(OrderedKind kind) const {
  if (!schema_path) return nullptr;
  const auto suits = [kind](const Node* type) {
    const bool is_bytes = type->type == Type::kBytes || type->type == Type::kFixed;
    const bool is_decimal =
        type->logical_type == LogicalType::kDecimal || type->logical_type == LogicalType::kBigDecimal;
    switch (kind) {
      case OrderedKind::kNumber:
        return type->type == Type::kInt || type->type == Type::kLong || type->type == Type::kFloat ||
               type->type == Type::kDouble;
      case OrderedKind::kDecimal: return is_bytes && is_decimal;
      case OrderedKind::kBytes: return is_bytes && !is_decimal && type->logical_type != LogicalType::kUuid;
      default: return false;
    }
  };
  const auto found = std::ranges::find_if(schema_path->types(), suits);
  return found == schema_path->types().end() ? nullptr : *found;
}

Result<IndexedField> IndexedField::open(std::string_view field, const FilterSchemas& schemas) {
  auto path = FieldPath::parse(field);
  if (!path) return fail(refused(field, path.error().message));
  auto content = std::make_shared<Content>(Content{.name = std::string(field), .path = *path});
  const FieldPath::Step& first = path->steps().front();
  if (!first.is_quoted && !first.index && first.name == "key") {
    content->asks_key = true;
    content->path = path->without_first();
  }
  content->schemas = schemas;
  const auto& schema = content->asks_key ? content->schemas.key : content->schemas.value;
  if (!schema) return IndexedField(std::move(content));
  auto compiled = SchemaPath::compile(content->path, schema->root(), false);
  if (!compiled) return fail(refused(field, compiled.error().message));
  if (compiled->leads_to_items()) {
    return fail(refused(field, "it lies in an array, and a row has one value of each index"));
  }
  for (const Node* type : compiled->types()) {
    if (!has_parts(*type)) continue;
    const std::string example = type->type == Type::kRecord && !type->fields.empty()
                                    ? fmt::format(", as {}.{}", field, type->fields[0].name)
                                    : "";
    return fail(refused(field, fmt::format("it may be of type {}, which has no one value: name a field of it{}",
                                           avro::type_name(type->type), example)));
  }
  content->schema_path = *std::move(compiled);
  return IndexedField(std::move(content));
}

const std::string& IndexedField::name() const { return content_->name; }
bool IndexedField::asks_key() const { return content_->asks_key; }

std::string IndexedField::value_of(const FilterPart& part) const {
  const Content& content = *content_;
  if (part.datum != nullptr && content.schema_path) {
    std::string value = ordered_null();
    content.schema_path->any(*part.datum, [&](const std::optional<avro::Datum>& found) {
      if (found) value = ordered_value(*found);
      return true;
    });
    return value;
  }
  if (part.json == nullptr) return ordered_null();
  const auto found = content.path.find_all(*part.json);
  // Conditions compare JSON in other ways than what the schema says, and each of several values.
  if (found.size() == 1 && !content.schema_path) return ordered_value(*found.front());
  std::string texts;
  for (const json::Value* value : found) texts += (texts.empty() ? "" : ",") + json::to_text(*value);
  return ordered_bytes(OrderedKind::kOther, found.size() == 1 ? texts : "[" + texts + "]");
}

std::string IndexedField::json_of(std::string_view index_value) const {
  const auto kind = kind_of(index_value);
  if (!kind) return "null";
  const bool was_cut = is_cut(index_value);
  const std::string_view bytes = index_value.substr(1);
  const Node* type = content_->type_of(*kind);
  switch (*kind) {
    case OrderedKind::kNull: return "null";
    case OrderedKind::kFalse: return "false";
    case OrderedKind::kTrue: return "true";
    case OrderedKind::kNumber: {
      const auto number = read_ordered_number(index_value);
      return number ? number_json(*number, type) : "null";
    }
    case OrderedKind::kDecimal: {
      const auto number = read_ordered_decimal(index_value);
      return number ? decimal_json(*number, type) : "null";
    }
    case OrderedKind::kText: return text_json(bytes, was_cut);
    case OrderedKind::kUuid: {
      char text[avro::kMaxLogicalText];
      if (bytes.size() != 16) return bytes_json(bytes, nullptr, was_cut);
      return quoted({text, avro::write_uuid(text, bytes)});
    }
    case OrderedKind::kBytes: return bytes_json(bytes, type, was_cut);
    case OrderedKind::kOther: break;
  }
  const auto json = json::parse(bytes);
  return json && !was_cut ? std::string(bytes) : bytes_json(bytes, nullptr, was_cut);
}

std::optional<std::vector<Range>> IndexedField::ranges(const Filter& filter) const {
  return index_ranges(filter, content_->path, content_->asks_key);
}

}  // namespace omashu::table
