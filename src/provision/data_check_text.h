// What a check of data found, as people and as programs read it.

#pragma once

#include <span>
#include <string>

#include "base/json.h"
#include "provision/data_check.h"

namespace omashu::provision {

// A line for each reader, and one for each of the first records that failed: "topic-partition-offset: what failed".
std::string data_check_text(std::span<const DataCheck> checks);

// [{"topic", "part": "key" or "value", "subject", "file", "readable": n, "unreadable": {"count": n, "first":
// [{"partition", "offset", "message"}]}, "undecodable": {…}}]
json::Value data_check_json(std::span<const DataCheck> checks);

}  // namespace omashu::provision
