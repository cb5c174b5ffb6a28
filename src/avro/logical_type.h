// Logical types (specification, "Logical Types"). Private to this folder.

#pragma once

#include "avro/schema.h"

namespace omashu::avro {

// Reads "logicalType" and its kin from the node's properties. One that is unknown, or that does not go with the
// underlying type, is ignored, as the specification demands.
void set_logical_type(Node& node);

// The type that a logical type is an annotation of ("long" of "timestamp-millis"), the usual one where there are two;
// nothing for a name that is no logical type's.
std::optional<Type> logical_type_underlying(std::string_view name);

// Why the node's "logicalType" means nothing, and what would be right; nothing where it is right, or there is none.
std::optional<std::string> logical_type_problem(const Node& node);

}  // namespace omashu::avro
