// A field's default, as its schema spells it (specification, "Complex Types", the table of defaults), as binary data.

#pragma once

#include <string>

#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::avro {

// Appends the datum. A union's default is of its first branch, or since 1.12 of any: the first that it fits. A record's
// default may omit fields that have defaults themselves.
Result<void> append_default(const Node& type, const json::Value& value, std::string& out);

}  // namespace omashu::avro
