// Which named types a schema text defines.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace omashu::provision {

struct TypeDefinition {
  std::string full_name;
  const json::Value* value = nullptr;  // points into the schema
};

// The records, enums and fixed types that the schema defines, by full name, in the order of the text. Needs no
// references, and says nothing about whether the schema is right.
std::vector<TypeDefinition> find_type_definitions(const json::Value& schema);

}  // namespace omashu::provision
