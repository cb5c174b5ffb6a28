// Which schema needs which: derived from the names of the types, so that nobody has to write it down.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "provision/mistake.h"
#include "provision/schema_file.h"

namespace omashu::provision {

// A type that a schema uses and does not define.
struct Link {
  std::string type_name;         // the full name, as it was found or must be found
  std::string fallback_name;     // what else it may mean while nobody defines `type_name`; "" where nothing
  TextPosition position;         // of its first use
  std::optional<size_t> target;  // the schema file that defines it; absent: the registry must
  std::string advice;  // `: did you mean NAME, of FILE?` of a type that no file defines; "" where nothing is near
};

struct LinkedSchema {
  std::vector<Link> links;  // in the order of the text
  size_t level = 0;         // 0: needs no other; else one more than the highest of those that it needs
};

struct LinkCandidate {
  const SchemaFile* file = nullptr;
  bool is_shared_type = false;  // registered without a topic: made to be referred to
};

// One answer for each file, in their order. Cycles, names that two files define differently, and those that are nearly
// one of Avro's own types and that nobody defines are noted as mistakes; the levels mean nothing then.
//
// Of several files that define one name, the one whose whole text is that type is meant, and of those one that is a
// shared type, before one in which the definition is nested.
std::vector<LinkedSchema> link_schemas(std::span<const LinkCandidate> files, std::vector<Mistake>& mistakes);

}  // namespace omashu::provision
