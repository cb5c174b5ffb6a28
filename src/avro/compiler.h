// From a resolution to the program of one target.

#pragma once

#include "avro/program.h"
#include "avro/resolver.h"
#include "omashu/result.h"

namespace omashu::avro {

// Fails where a default of the reader's schema does not fit its type, or where the program would be out of all
// proportion.
Result<Program> compile_program(const Resolution& resolution, Target target);

}  // namespace omashu::avro
