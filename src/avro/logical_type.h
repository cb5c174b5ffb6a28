// Logical types (specification, "Logical Types"). Private to this folder.

#pragma once

#include "avro/schema.h"

namespace omashu::avro {

// Reads "logicalType" and its kin from the node's properties. One that is unknown, or that does not go with the
// underlying type, is ignored, as the specification demands.
void set_logical_type(Node& node);

}  // namespace omashu::avro
