// What a schema text says that is legal Avro, and most likely not what its author meant.

#pragma once

#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::avro {

// In the order of the text, each with its position, at most kMaxMistakes of them:
//
//   a "logicalType" (or its precision or scale) beside a field's type, where nothing reads it
//   a logicalType that is unknown, stands on a type that it does not go with, or is a decimal whose scale is above its
//   precision: the specification has it ignored
//   an attribute that is nearly one of the specification's ("defualt")
//
// Nothing for a text that is no JSON.
std::vector<Error> lint_schema(std::string_view text);

}  // namespace omashu::avro
