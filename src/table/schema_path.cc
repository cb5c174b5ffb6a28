#include "table/schema_path.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::table {

namespace {

Error no_such_field(const FieldPath::Step& step, const avro::Node& type) {
  const TextPosition position{.line = 1, .column = step.offset + 1};
  const auto refuse = [&](std::string message) {
    return Error{ErrorCode::kInvalidArgument, std::move(message), position};
  };
  if (step.index) return refuse(fmt::format("[{}] asks for an item, and this is no array", *step.index));
  if (type.type != avro::Type::kRecord) {
    return refuse(fmt::format("a value of type {} has no field {}", avro::type_name(type.type), shown(step.name)));
  }
  std::vector<std::string> known;
  for (const avro::Field& field : type.fields) known.push_back(field.name);
  return refuse(fmt::format("{} has no field {}{}", type.full_name, shown(step.name), did_you_mean(step.name, known)));
}

}  // namespace

Result<SchemaPath> SchemaPath::compile(const FieldPath& path, const avro::Node& schema, bool expands_items) {
  SchemaPath compiled;
  compiled.expands_items_ = expands_items;
  for (const FieldPath::Step& step : path.steps()) compiled.steps_.push_back({.step = step, .fields = {}});
  std::optional<Error> unknown;
  bool is_known = false;
  compiled.collect(schema, 0, unknown, is_known);
  // Of the branches of a union one that has the field is enough; then the others have null there.
  if (!is_known && unknown) return fail(*std::move(unknown));
  if (unknown) compiled.may_be_null_ = true;
  return compiled;
}

void SchemaPath::collect(const avro::Node& type, size_t depth, std::optional<Error>& unknown, bool& is_known) {
  const auto refuse = [&] {
    // What a record lacks says more than that another branch is no record.
    if (!unknown || type.type == avro::Type::kRecord) unknown = no_such_field(steps_[depth].step, type);
  };
  if (type.type == avro::Type::kUnion) {
    for (const avro::Node* branch : type.branches) {
      if (branch->type == avro::Type::kNull) {
        may_be_null_ = true;
        if (type.branches.size() == 1) is_known = true;
      } else {
        collect(*branch, depth, unknown, is_known);
      }
    }
    return;
  }
  if (depth == steps_.size()) {
    if (type.type == avro::Type::kArray && expands_items_) {
      leads_to_items_ = true;
      return collect(*type.items, depth, unknown, is_known);
    }
    is_known = true;
    if (type.type == avro::Type::kNull) {
      may_be_null_ = true;
    } else if (std::ranges::find(types_, &type) == types_.end()) {
      types_.push_back(&type);
    }
    return;
  }
  Step& step = steps_[depth];
  switch (type.type) {
    case avro::Type::kRecord: {
      const avro::Field* field = step.step.index ? nullptr : type.find_field(step.step.name);
      if (field == nullptr) return refuse();
      const auto index = static_cast<size_t>(field - type.fields.data());
      // A schema that refers to itself in several ways would lead here again and again.
      if (std::ranges::find(step.fields, std::pair(&type, index)) != step.fields.end()) return;
      step.fields.emplace_back(&type, index);
      return collect(*field->type, depth + 1, unknown, is_known);
    }
    case avro::Type::kMap:
      if (step.step.index) return refuse();
      may_be_null_ = true;
      return collect(*type.items, depth + 1, unknown, is_known);
    case avro::Type::kArray:
      (step.step.index ? may_be_null_ : leads_to_items_) = true;
      return collect(*type.items, step.step.index ? depth + 1 : depth, unknown, is_known);
    default: return refuse();
  }
}

}  // namespace omashu::table
