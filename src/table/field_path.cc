#include "table/field_path.h"

#include <fmt/core.h>

#include <optional>

#include "base/nearest.h"

namespace omashu::table {

namespace {

const json::Value kNull;

void collect(const json::Value& value, std::span<const std::string> names, std::vector<const json::Value*>& found) {
  if (value.is_array()) {
    for (const json::Value& item : value.items()) collect(item, names, found);
    return;
  }
  if (names.empty()) {
    found.push_back(&value);
    return;
  }
  const json::Value* member = value.find(names.front());
  collect(member != nullptr ? *member : kNull, member != nullptr ? names.subspan(1) : std::span<const std::string>(),
          found);
}

// The first name that no value of the schema has at its place, and those that would be right there.
struct Unknown {
  std::string name;
  std::vector<std::string> known;
};

std::optional<Unknown> find_unknown(const avro::Node& node, std::span<const std::string> names) {
  if (names.empty()) return std::nullopt;
  switch (node.type) {
    case avro::Type::kArray: return find_unknown(*node.items, names);
    case avro::Type::kMap: return find_unknown(*node.items, names.subspan(1));
    case avro::Type::kUnion: {
      std::optional<Unknown> unknown = Unknown{.name = names.front(), .known = {}};
      for (const avro::Node* branch : node.branches) {
        const auto of_branch = find_unknown(*branch, names);
        if (!of_branch) return std::nullopt;
        if (!of_branch->known.empty()) unknown = of_branch;
      }
      return unknown;
    }
    case avro::Type::kRecord: {
      if (const avro::Field* field = node.find_field(names.front()))
        return find_unknown(*field->type, names.subspan(1));
      Unknown unknown{.name = names.front(), .known = {}};
      for (const avro::Field& field : node.fields) unknown.known.push_back(field.name);
      return unknown;
    }
    default: return Unknown{.name = names.front(), .known = {}};
  }
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath path;
  path.text_ = text;
  for (size_t start = 0;;) {
    const size_t dot = text.find('.', start);
    path.names_.emplace_back(text.substr(start, dot - start));
    if (path.names_.back().empty()) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' names no field: write field or field.inner", text));
    }
    if (dot == std::string_view::npos) return path;
    start = dot + 1;
  }
}

std::vector<const json::Value*> FieldPath::find_all(const json::Value& value) const {
  std::vector<const json::Value*> found;
  collect(value, names_, found);
  return found;
}

Result<void> FieldPath::check(const avro::Node& schema) const {
  const auto unknown = find_unknown(schema, names_);
  if (!unknown) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("the value has no field '{}'{}", unknown->name, did_you_mean(unknown->name, unknown->known)));
}

}  // namespace omashu::table
