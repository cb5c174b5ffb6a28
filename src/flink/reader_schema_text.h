// The text of a schema that has only some of the fields of another one.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "avro/schema.h"

namespace omashu::flink {

using FieldsOf = std::function<std::vector<const avro::Field*>(const avro::Node& record)>;

// Compact JSON. Names, symbols, defaults and aliases stay, for Avro resolves by them; docs, custom properties and the
// logical types that Flink does not read are left out. Types are written out where they are used first.
std::string reader_schema_text(const avro::Node& root, const FieldsOf& fields_of);

}  // namespace omashu::flink
