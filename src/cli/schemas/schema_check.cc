#include "cli/schemas/schema_check.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json_pointer.h"

namespace omashu::cli {

using schema_registry::Reference;
using schema_registry::SchemaText;
using schema_registry::SubjectVersion;

Result<SchemaText> with_references(schema_registry::Client& registry, std::string text, const SubjectVersion* latest) {
  const avro::SchemaInspection inspection = avro::inspect_schema(text);
  SchemaText schema{.schema = std::move(text)};
  for (const avro::UnresolvedName& use : inspection.unresolved_names) {
    if (latest != nullptr) {
      const auto known = std::ranges::find(latest->text.references, use.full_name, &Reference::name);
      if (known != latest->text.references.end()) {
        schema.references.push_back(*known);
        continue;
      }
    }
    const auto found = registry.latest(use.full_name);
    if (found) {
      schema.references.push_back({.name = use.full_name, .subject = use.full_name, .version = found->version});
    } else if (found.error().code == ErrorCode::kNotFound) {
      Error error{ErrorCode::kInvalidArgument,
                  fmt::format("the type {} is not defined: neither the subject's latest version refers to it, nor is "
                              "there a subject of that name",
                              use.full_name),
                  use.position};
      return fail(std::move(error));
    } else {
      return fail(found.error());
    }
  }
  return schema;
}

std::vector<SchemaConflict> find_conflicts(avro::CompatibilityLevel level, const std::string& text,
                                           const avro::Schema& schema,
                                           std::span<const avro::VersionedSchema> versions) {
  std::vector<SchemaConflict> conflicts;
  for (const avro::VersionConflict& conflict : avro::check_compatibility(level, schema, versions)) {
    for (const avro::Incompatibility& reason : conflict.incompatibilities) {
      SchemaConflict& one = conflicts.emplace_back();
      one.version = conflict.version;
      one.new_schema_reads_old = conflict.new_schema_reads_old;
      one.type = avro::incompatibility_name(reason.type);
      one.location = reason.location;
      one.message = reason.message;
      if (one.new_schema_reads_old) one.position = json::position_of_pointer(text, reason.location);
    }
  }
  return conflicts;
}

std::string conflict_text(const std::string& file, const SchemaConflict& conflict) {
  const std::string place =
      conflict.position ? fmt::format("{}:{}:{}", file, conflict.position->line, conflict.position->column) : file;
  return fmt::format("{}: version {}: {}: {} at {}: {}", place, conflict.version,
                     conflict.new_schema_reads_old ? "this cannot read what that version wrote"
                                                   : "that version cannot read what this writes",
                     conflict.type, conflict.location, conflict.message);
}

json::Value conflict_json(const SchemaConflict& conflict) {
  json::Value object = json::Value::object();
  object.add("version", conflict.version);
  object.add("reader", conflict.new_schema_reads_old ? "new" : "old");
  object.add("type", conflict.type);
  object.add("location", conflict.location);
  object.add("message", conflict.message);
  object.add("line", conflict.position ? json::Value(static_cast<uint64_t>(conflict.position->line)) : json::Value());
  object.add("column",
             conflict.position ? json::Value(static_cast<uint64_t>(conflict.position->column)) : json::Value());
  return object;
}

}  // namespace omashu::cli
