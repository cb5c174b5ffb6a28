#include "broker/protocol/apis.h"

#include <algorithm>
#include <array>

#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/02_list_offsets.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/10_find_coordinator.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/22_init_producer_id.h"

namespace omashu::broker {
namespace {

constexpr std::array kApis = {
    ProduceRequest::kApi,         FetchRequest::kApi,       ListOffsetsRequest::kApi,  MetadataRequest::kApi,
    FindCoordinatorRequest::kApi, ApiVersionsRequest::kApi, CreateTopicsRequest::kApi, InitProducerIdRequest::kApi,
};
static_assert(std::ranges::is_sorted(kApis, {}, &Api::key));

}  // namespace

std::span<const Api> all_apis() { return kApis; }

const Api* find_api(ApiKey key) {
  const auto found = std::ranges::lower_bound(kApis, key, {}, &Api::key);
  return found != kApis.end() && found->key == key ? &*found : nullptr;
}

}  // namespace omashu::broker
