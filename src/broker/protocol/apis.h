// The APIs that this broker speaks (api_list.h).

#pragma once

#include <span>

#include "broker/protocol/api.h"

namespace omashu::broker {

// By key, ascending.
std::span<const Api> all_apis();

// nullptr for one that is not spoken here.
const Api* find_api(ApiKey key);

}  // namespace omashu::broker
