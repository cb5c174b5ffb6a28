// The headers of a record as JSON, the same wherever records are shown.

#pragma once

#include <string>
#include <vector>

#include "kafka/types.h"

namespace omashu::inspect {

// Appends [{"name":…,"value":…},…]. A value that is no UTF-8 is "base64" in place of "value", an absent one null; a
// name that is no UTF-8 is "?".
void append_headers(std::string& out, const std::vector<kafka::Header>& headers);

}  // namespace omashu::inspect
