#include "provision/schema_file.h"

#include "base/json.h"
#include "provision/type_definitions.h"

namespace omashu::provision {

std::optional<SchemaFile> parse_schema_file(std::string path, std::string text, std::vector<Mistake>& mistakes) {
  SchemaFile file;
  file.path = std::move(path);
  file.text = std::move(text);
  auto uses = avro::find_unresolved_names(file.text);
  if (!uses) {
    mistakes.push_back({{file.path, uses.error().position.value_or(TextPosition{})}, uses.error().message});
    return std::nullopt;
  }
  file.uses = *std::move(uses);
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
