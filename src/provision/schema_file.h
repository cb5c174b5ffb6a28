// One .avsc file, read as far as that goes without the schemas that it refers to.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "provision/files.h"

namespace omashu::provision {

struct SchemaFile {
  struct Definition {
    std::string full_name;
    std::string text;  // compact, to tell two definitions of one name apart
  };

  std::string path;       // as the user would name it
  std::string text;       // with blanks for its comments
  std::string root_name;  // full name of the type that the whole text defines; "" where that has no name
  std::vector<Definition> definitions;
  std::vector<avro::UnresolvedName> uses;  // what others must define
  std::vector<Error> mistakes;             // that do not depend on other schemas
  std::vector<Error> warnings;
};

// What the text defines and uses is told of one with mistakes too, as far as it is JSON.
SchemaFile parse_schema_file(std::string path, std::string_view text);

}  // namespace omashu::provision
