#include "sink/dynamodb/attribute_value.h"

#include <fmt/core.h>

#include "avro/logical_value.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"
#include "sink/dynamodb/number_text.h"

namespace omashu::sink::dynamodb {

namespace {

using avro::Datum;
using avro::LogicalType;
using avro::Node;
using avro::Type;

bool is_decimal(const Node& node) {
  return node.logical_type == LogicalType::kDecimal || node.logical_type == LogicalType::kBigDecimal;
}

Result<size_t> append_number(std::string_view text, std::string& out) {
  Result<size_t> size = number_size(text);
  if (size) append_typed(out, 'N', text);
  return size;
}

Result<size_t> append_string(std::string_view text, std::string& out) {
  if (!is_valid_utf8(text)) return fail(ErrorCode::kInvalidArgument, "a string that is not UTF-8");
  append_typed(out, 'S', text);
  return text.size();
}

Result<size_t> append_bytes(const Datum& value, std::string& out) {
  const Node& node = value.type();
  char buffer[avro::kMaxLogicalValueText];
  char* end = avro::write_logical(buffer, node.logical_type, value.as_bytes(), {.scale = node.scale});
  const std::string_view text(buffer, end == nullptr ? 0 : static_cast<size_t>(end - buffer));
  if (is_decimal(node)) {
    if (end == nullptr) return fail(ErrorCode::kInvalidArgument, "a decimal that has no text");
    return append_number(text, out);
  }
  if (end != nullptr) return append_string(text, out);
  append_typed(out, 'B', to_base64(value.as_bytes()));
  return value.as_bytes().size();
}

class AttributeWriter {
 public:
  AttributeWriter(const AttributeOptions& options, std::string& out) : options_(options), out_(out) {}

  Result<size_t> append(const Datum& value, size_t depth) {
    const Node& node = value.type();
    switch (node.type) {
      case Type::kNull:
      case Type::kUnion: out_ += R"({"NULL":true})"; return 1;
      case Type::kBoolean: out_ += value.as_boolean() ? R"({"BOOL":true})" : R"({"BOOL":false})"; return 1;
      case Type::kInt:
      case Type::kLong: return append_integer(value);
      case Type::kFloat:
      case Type::kDouble: return append_number(*value.text(), out_);
      case Type::kString:
      case Type::kEnum: return append_string(value.as_string(), out_);
      case Type::kBytes:
      case Type::kFixed: return append_bytes(value, out_);
      case Type::kArray: return append_list(value, depth);
      case Type::kRecord:
      case Type::kMap: return append_map(value, depth);
    }
    return fail(ErrorCode::kInternal, "a type that Avro does not have");
  }

 private:
  Result<size_t> append_integer(const Datum& value) {
    char buffer[64];
    char* end =
        options_.numeric_times ? nullptr : avro::write_logical(buffer, value.type().logical_type, value.as_long());
    if (end != nullptr) return append_string(std::string_view(buffer, static_cast<size_t>(end - buffer)), out_);
    return append_number(std::to_string(value.as_long()), out_);
  }

  Result<size_t> append_list(const Datum& value, size_t depth) {
    if (depth >= kMaxDepth) return too_deep();
    size_t size = 3;
    out_ += R"({"L":[)";
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out_ += ',';
      const Result<size_t> item = append(value.item(i), depth + 1);
      if (!item) return at(fmt::format("[{}]", i), item.error());
      size += *item + 1;
    }
    out_ += "]}";
    return size;
  }

  Result<size_t> append_map(const Datum& value, size_t depth) {
    if (depth >= kMaxDepth) return too_deep();
    const bool is_record = value.type().type == Type::kRecord;
    size_t size = 3;
    out_ += R"({"M":{)";
    for (size_t i = 0; i < value.size(); ++i) {
      const std::string_view name = is_record ? std::string_view(value.type().fields[i].name) : value.key(i);
      if (!is_valid_utf8(name)) return fail(ErrorCode::kInvalidArgument, "a key of a map that is not UTF-8");
      if (i > 0) out_ += ',';
      json::append_quoted(out_, name);
      out_ += ':';
      const Result<size_t> item = append(is_record ? value.field(i) : value.map_value(i), depth + 1);
      if (!item) return at('.' + std::string(name), item.error());
      size += *item + name.size() + 1;
    }
    out_ += "}}";
    return size;
  }

  static std::unexpected<Error> too_deep() {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("nested deeper than DynamoDB's {} levels of maps and lists", kMaxDepth));
  }

  // The places of a value come from the innermost to the outermost: ".sizes[3]: why".
  static std::unexpected<Error> at(const std::string& place, Error error) {
    const bool has_place = error.message.starts_with('.') || error.message.starts_with('[');
    error.message = place + (has_place ? "" : ": ") + error.message;
    return fail(std::move(error));
  }

  const AttributeOptions& options_;
  std::string& out_;
};

}  // namespace

Result<size_t> append_attribute(const Datum& value, const AttributeOptions& options, std::string& out) {
  return AttributeWriter(options, out).append(value, 0);
}

std::optional<std::string> attribute_text(const Datum& value) {
  const Node& node = value.type();
  switch (node.type) {
    case Type::kNull:
    case Type::kBoolean: return std::nullopt;
    case Type::kBytes:
    case Type::kFixed: {
      char buffer[avro::kMaxLogicalValueText];
      char* end = avro::write_logical(buffer, node.logical_type, value.as_bytes(), {.scale = node.scale});
      if (end == nullptr) return std::nullopt;
      return std::string(buffer, end);
    }
    default: return value.text();
  }
}

void append_typed(std::string& out, char type, std::string_view text) {
  out += R"({")";
  out += type;
  out += R"(":)";
  json::append_quoted(out, text);
  out += '}';
}

}  // namespace omashu::sink::dynamodb
