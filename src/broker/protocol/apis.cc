#include "broker/protocol/apis.h"

#include <algorithm>
#include <array>

#include "broker/protocol/api_list.h"
#include "broker/protocol/messages.h"

namespace omashu::broker {
namespace {

#define OMASHU_API_OF(Name, ...) Name##Request::kApi,
constexpr std::array kApis = {OMASHU_BROKER_APIS(OMASHU_API_OF)};
#undef OMASHU_API_OF
static_assert(std::ranges::is_sorted(kApis, {}, &Api::key), "api_list.h is in the order of the keys");

}  // namespace

std::span<const Api> all_apis() { return kApis; }

const Api* find_api(ApiKey key) {
  const auto found = std::ranges::lower_bound(kApis, key, {}, &Api::key);
  return found != kApis.end() && found->key == key ? &*found : nullptr;
}

}  // namespace omashu::broker
