// What changed between two versions of an Avro schema, in words.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace omashu::provision {

// A line for each change, by the types that the texts define: "Status.percent: int → long", "State: symbol PAUSED
// added". Empty where both texts mean the same. Needs no references, and says nothing about whether a change is
// allowed.
std::vector<std::string> schema_changes(const json::Value& before, const json::Value& after);

}  // namespace omashu::provision
