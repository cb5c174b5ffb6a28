// How the parser notes what is wrong, and goes on.

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "avro/default_value.h"
#include "avro/schema_parser.h"
#include "avro/schema_properties.h"
#include "base/nearest.h"

namespace omashu::avro {

namespace {

// Positions of places in a text, which come in its order: the text is counted through once, not once a place.
class PositionCounter {
 public:
  explicit PositionCounter(std::string_view text) : text_(text) {}

  TextPosition at(size_t offset) {
    const TextPosition step = json::position_at(text_.substr(counted_), offset - counted_);
    position_ = {.line = position_.line + step.line - 1,
                 .column = step.line == 1 ? position_.column + step.column - 1 : step.column};
    counted_ = offset;
    return position_;
  }

 private:
  std::string_view text_;
  size_t counted_ = 0;
  TextPosition position_;
};

}  // namespace

SchemaInspection SchemaParser::inspect() {
  max_mistakes_ = kMaxMistakes;
  run();
  report_wrong_defaults();
  return {take_unresolved_names(), take_mistakes()};
}

std::vector<Error> SchemaParser::find_mistakes() {
  max_mistakes_ = kMaxMistakes;
  run();
  for (size_t i = 0; i < unresolved_.size() && !is_full(); ++i) report_unresolved(unresolved_[i]);
  if (options_.check_defaults) report_wrong_defaults();
  return take_mistakes();
}

void SchemaParser::report_wrong_defaults() {
  for (DefaultError& wrong : check_defaults(records_, unknown_types_)) fail_at(wrong.offset, std::move(wrong.message));
}

std::vector<UnresolvedName> SchemaParser::take_unresolved_names() {
  std::vector<UnresolvedName> names;
  names.reserve(unresolved_.size());
  PositionCounter positions(text_);
  for (Unresolved& name : unresolved_) {
    names.push_back({std::move(name.full_name), std::move(name.fallback_name), positions.at(name.offset)});
  }
  return names;
}

std::vector<Error> SchemaParser::take_mistakes() {
  std::ranges::stable_sort(mistakes_, {}, &Mistake::offset);
  std::vector<Error> errors;
  errors.reserve(mistakes_.size());
  PositionCounter positions(text_);
  for (Mistake& mistake : mistakes_) {
    if (!mistake.error.position) mistake.error.position = positions.at(mistake.offset);
    errors.push_back(std::move(mistake.error));
  }
  return errors;
}

std::nullptr_t SchemaParser::fail_at(size_t offset, std::string message) {
  if (!is_full()) mistakes_.push_back({offset, {ErrorCode::kInvalidArgument, std::move(message), std::nullopt}});
  return nullptr;
}

std::nullptr_t SchemaParser::fail_at(const json::Value& value, std::string message) {
  return fail_at(value.offset(), std::move(message));
}

std::nullptr_t SchemaParser::fail_without(const json::Value& object, std::string_view attribute, std::string message) {
  const json::Member* misspelt = find_misspelt(object, attribute);
  if (misspelt == nullptr) return fail_at(object, std::move(message));
  return fail_at(misspelt->offset,
                 fmt::format("{}: did you mean \"{}\" by \"{}\"?", message, attribute, misspelt->name));
}

// ---- What was meant

const Node* SchemaParser::parse_misspelt(const json::Value& value, std::string_view name_space) {
  const std::string& name = value.find("type")->text();
  const auto is_meant = [&](std::string_view word, std::string_view attribute) {
    return value.find(attribute) != nullptr && edit_distance(name, word) <= 2;
  };
  if (is_meant("record", "fields")) {
    report_misspelt(value, "record");
    return parse_record(value, name_space, false);
  }
  if (is_meant("enum", "symbols")) {
    report_misspelt(value, "enum");
    return parse_enum(value, name_space);
  }
  if (is_meant("fixed", "size")) {
    report_misspelt(value, "fixed");
    return parse_fixed(value, name_space);
  }
  if (is_meant("array", "items")) {
    report_misspelt(value, "array");
    return parse_container(value, name_space, Type::kArray);
  }
  if (is_meant("map", "values")) {
    report_misspelt(value, "map");
    return parse_container(value, name_space, Type::kMap);
  }
  return nullptr;
}

void SchemaParser::report_misspelt(const json::Value& value, std::string_view meant) {
  const json::Value& type = *value.find("type");
  fail_at(type, fmt::format("unknown type {}: did you mean \"{}\"?", type.text(), meant));
}

SchemaInspection inspect_schema(std::string_view text) {
  const ParseOptions options;
  return SchemaParser(text, options).inspect();
}

std::vector<Error> find_mistakes(std::string_view text, const ParseOptions& options) {
  return SchemaParser(text, options).find_mistakes();
}

}  // namespace omashu::avro
