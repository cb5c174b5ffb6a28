// All APIs that have a declaration here.

#pragma once

#include <span>

#include "broker/protocol/api.h"

namespace omashu::broker {

// By key, ascending.
std::span<const Api> all_apis();

// nullptr for one that has no declaration.
const Api* find_api(ApiKey key);

}  // namespace omashu::broker
