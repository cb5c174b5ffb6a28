// The names of members: the commands print them as Kafka's tools do (end_offset), the service as web pages write them
// (endOffset).

#pragma once

#include "base/json.h"

namespace omashu::service {

// The same value, each member's name in the service's way, at every depth.
json::Value with_service_names(const json::Value& value);

}  // namespace omashu::service
