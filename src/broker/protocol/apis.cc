#include "broker/protocol/apis.h"

#include <algorithm>
#include <array>

#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/02_list_offsets.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/08_offset_commit.h"
#include "broker/protocol/09_offset_fetch.h"
#include "broker/protocol/10_find_coordinator.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/12_heartbeat.h"
#include "broker/protocol/13_leave_group.h"
#include "broker/protocol/14_sync_group.h"
#include "broker/protocol/15_describe_groups.h"
#include "broker/protocol/16_list_groups.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/20_delete_topics.h"
#include "broker/protocol/21_delete_records.h"
#include "broker/protocol/22_init_producer_id.h"
#include "broker/protocol/23_offset_for_leader_epoch.h"
#include "broker/protocol/32_describe_configs.h"
#include "broker/protocol/33_alter_configs.h"
#include "broker/protocol/37_create_partitions.h"
#include "broker/protocol/42_delete_groups.h"
#include "broker/protocol/44_incremental_alter_configs.h"
#include "broker/protocol/47_offset_delete.h"
#include "broker/protocol/60_describe_cluster.h"

namespace omashu::broker {
namespace {

constexpr std::array kApis = {
    ProduceRequest::kApi,
    FetchRequest::kApi,
    ListOffsetsRequest::kApi,
    MetadataRequest::kApi,
    OffsetCommitRequest::kApi,
    OffsetFetchRequest::kApi,
    FindCoordinatorRequest::kApi,
    JoinGroupRequest::kApi,
    HeartbeatRequest::kApi,
    LeaveGroupRequest::kApi,
    SyncGroupRequest::kApi,
    DescribeGroupsRequest::kApi,
    ListGroupsRequest::kApi,
    ApiVersionsRequest::kApi,
    CreateTopicsRequest::kApi,
    DeleteTopicsRequest::kApi,
    DeleteRecordsRequest::kApi,
    InitProducerIdRequest::kApi,
    OffsetForLeaderEpochRequest::kApi,
    DescribeConfigsRequest::kApi,
    AlterConfigsRequest::kApi,
    CreatePartitionsRequest::kApi,
    DeleteGroupsRequest::kApi,
    IncrementalAlterConfigsRequest::kApi,
    OffsetDeleteRequest::kApi,
    DescribeClusterRequest::kApi,
};
static_assert(std::ranges::is_sorted(kApis, {}, &Api::key));

}  // namespace

std::span<const Api> all_apis() { return kApis; }

const Api* find_api(ApiKey key) {
  const auto found = std::ranges::lower_bound(kApis, key, {}, &Api::key);
  return found != kApis.end() && found->key == key ? &*found : nullptr;
}

}  // namespace omashu::broker
