#include "provision/schema_file.h"

#include "avro/schema_comments.h"
#include "avro/schema_lint.h"
#include "base/json.h"
#include "provision/type_definitions.h"

namespace omashu::provision {

SchemaFile parse_schema_file(std::string path, std::string_view text) {
  SchemaFile file;
  file.path = std::move(path);
  file.text = avro::without_comments(text);
  avro::SchemaInspection inspection = avro::inspect_schema(file.text);
  file.uses = std::move(inspection.unresolved_names);
  file.mistakes = std::move(inspection.mistakes);
  file.warnings = avro::lint_schema(file.text);
  // A bare primitive name, which is no JSON, is a schema that defines nothing.
  if (const auto json = json::parse(file.text)) {
    for (const TypeDefinition& definition : find_type_definitions(*json)) {
      if (definition.value == &*json) file.root_name = definition.full_name;
      file.definitions.push_back({definition.full_name, json::to_text(*definition.value)});
    }
  }
  return file;
}

}  // namespace omashu::provision
