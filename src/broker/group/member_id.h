// The ids that members get: CLIENT-UUID, or INSTANCE-UUID for static ones.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace omashu::broker {

std::string make_member_id(std::string_view prefix, const std::function<uint32_t()>& random);

}  // namespace omashu::broker
