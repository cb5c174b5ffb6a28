// One .avsc file, read as far as that goes without the schemas that it refers to.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "provision/files.h"
#include "provision/mistake.h"

namespace omashu::provision {

struct SchemaFile {
  struct Definition {
    std::string full_name;
    std::string text;  // compact, to tell two definitions of one name apart
  };

  std::string path;  // as the user would name it
  std::string text;
  std::string root_name;  // full name of the type that the whole text defines; "" where that has no name
  std::vector<Definition> definitions;
  std::vector<avro::UnresolvedName> uses;  // what others must define
};

// Parses the text; every mistake in it that does not depend on other schemas is noted. Nothing is returned for a text
// that is no schema.
std::optional<SchemaFile> parse_schema_file(std::string path, std::string text, std::vector<Mistake>& mistakes);

}  // namespace omashu::provision
