// The latest record of each key of a topic, as it is now.

#pragma once

#include <map>
#include <string>

#include "omashu/client_options.h"
#include "omashu/result.h"
#include "omashu/typed_record.h"

namespace omashu {

// Reads the topic from its start to the end that it has when the call begins. By key, as text or JSON; a key whose
// latest record is a tombstone is left out, and so are records that do not decode. In one partition the later record
// holds, between partitions the later timestamp.
Result<std::map<std::string, TypedRecord>> read_latest(const ClientOptions& options, const std::string& topic);

}  // namespace omashu
