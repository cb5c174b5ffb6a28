#include "avro/schema_lint.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "avro/logical_type.h"
#include "avro/schema.h"
#include "avro/schema_properties.h"
#include "base/json.h"
#include "base/shown.h"

namespace omashu::avro {

namespace {

constexpr auto kLogicalAttributes = std::to_array<std::string_view>({"logicalType", "precision", "scale"});
constexpr auto kFieldAttributes = std::to_array<std::string_view>({"default", "order", "aliases"});
constexpr auto kNamedTypeAttributes = std::to_array<std::string_view>({"namespace", "aliases", "logicalType"});
constexpr auto kEnumAttributes = std::to_array<std::string_view>({"namespace", "aliases", "default", "transitions"});
constexpr auto kPlainTypeAttributes = std::to_array<std::string_view>({"logicalType"});

class Linter {
 public:
  explicit Linter(std::string_view text) : text_(text) {}

  // Depth is bounded by the JSON's.
  void visit_schema(const json::Value& schema) {
    if (warnings_.size() >= kMaxMistakes) return;
    if (schema.is_array()) {
      for (const json::Value& branch : schema.items()) visit_schema(branch);
    }
    const json::Value* type = schema.find("type");
    if (type == nullptr) return;
    if (!type->is_string()) return visit_schema(*type);
    const bool is_named = schema.find("name") != nullptr;
    check_spelling(schema, type->text() == "enum" ? std::span<const std::string_view>(kEnumAttributes)
                           : is_named             ? kNamedTypeAttributes
                                                  : std::span<const std::string_view>(kPlainTypeAttributes));
    check_logical_type(schema, type->text());
    for (const char* inner : {"items", "values"}) {
      if (const json::Value* part = schema.find(inner)) visit_schema(*part);
    }
    const json::Value* fields = schema.find("fields");
    if (fields == nullptr || !fields->is_array()) return;
    for (const json::Value& field : fields->items()) visit_field(field);
  }

  std::vector<Error> take() { return std::move(warnings_); }

 private:
  void visit_field(const json::Value& field) {
    const json::Value* type = field.find("type");
    check_spelling(field, kFieldAttributes);
    if (type == nullptr) return;
    for (const json::Member& member : field.members()) {
      if (std::ranges::find(kLogicalAttributes, member.name) == kLogicalAttributes.end()) continue;
      warn(member.offset, beside_the_type(field, *type, member));
    }
    visit_schema(*type);
  }

  static std::string beside_the_type(const json::Value& field, const json::Value& type, const json::Member& member) {
    const json::Value* name = field.find("name");
    const std::string where = fmt::format("\"{}\" stands beside the type of the field {}, where nothing reads it",
                                          member.name, name == nullptr || !name->is_string() ? "" : name->text());
    if (type.is_array()) return where + ": write it inside the branch of the union that it is of";
    json::Value inside = type.is_object() ? type : json::Value::object();
    if (!type.is_object()) inside.add("type", type);
    inside.add(member.name, member.value);
    const std::string text = json::to_text(inside);
    constexpr size_t kMaxShown = 120;
    if (text.size() > kMaxShown) return where + ": write it inside the type";
    return fmt::format("{}: write it inside, \"type\": {}", where, text);
  }

  void check_logical_type(const json::Value& schema, std::string_view type) {
    const json::Value* logical_type = schema.find("logicalType");
    if (logical_type == nullptr) return;
    Node node;
    node.type = primitive_type(type).value_or(type == "fixed"   ? Type::kFixed
                                              : type == "enum"  ? Type::kEnum
                                              : type == "array" ? Type::kArray
                                              : type == "map"   ? Type::kMap
                                                                : Type::kRecord);
    node.properties = schema_properties(schema);
    if (const json::Value* size = schema.find("size")) {
      node.fixed_size = static_cast<size_t>(std::max<int64_t>(size->as_int64().value_or(0), 0));
    }
    if (auto problem = logical_type_problem(node)) warn(logical_type->offset(), *std::move(problem));
  }

  void check_spelling(const json::Value& object, std::span<const std::string_view> attributes) {
    for (const std::string_view attribute : attributes) {
      if (object.find(attribute) != nullptr) continue;
      const json::Member* misspelt = find_misspelt(object, attribute);
      if (misspelt == nullptr) continue;
      warn(misspelt->offset, fmt::format("the attribute {} means nothing to Avro: did you mean \"{}\"?",
                                         shown(misspelt->name), attribute));
    }
  }

  void warn(size_t offset, std::string message) {
    if (warnings_.size() >= kMaxMistakes) return;
    warnings_.push_back({ErrorCode::kInvalidArgument, std::move(message), json::position_at(text_, offset)});
  }

  std::string_view text_;
  std::vector<Error> warnings_;
};

}  // namespace

std::vector<Error> lint_schema(std::string_view text) {
  const auto json = json::parse(text);
  if (!json) return {};
  Linter linter(text);
  linter.visit_schema(*json);
  return linter.take();
}

}  // namespace omashu::avro
