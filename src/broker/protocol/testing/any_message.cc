#include "broker/protocol/testing/any_message.h"

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
#include "broker/protocol/frame.h"

namespace omashu::broker::testing {
namespace {

template <class Message>
Result<std::string> recode(std::string_view body, int16_t version) {
  const Result<Message> message = decode<Message>(body, version);
  if (!message) return fail(message.error());
  EncodedFrame out;
  MessageCodec<Message>::append(*message, version, out);
  for (size_t filled = 0; const EncodedFrame::Gap& gap : out.gaps) {
    const size_t position = gap.position + filled;
    out.bytes.insert(position, body.substr(position, gap.size_bytes));
    filled += gap.size_bytes;
  }
  return out.bytes;
}

template <class Message>
constexpr AnyMessage any(bool is_request) {
  return {Message::kApi, is_request, recode<Message>};
}

template <class... Requests>
constexpr auto both_ways() {
  return std::array{any<Requests>(true)..., any<typename Requests::Response>(false)...};
}

}  // namespace

std::string AnyMessage::name() const { return std::string(api.name) + (is_request ? "Request" : "Response"); }

std::span<const AnyMessage> all_messages() {
  static constexpr auto kMessages =
      both_ways<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, OffsetCommitRequest,
                OffsetFetchRequest, FindCoordinatorRequest, JoinGroupRequest, HeartbeatRequest, LeaveGroupRequest,
                SyncGroupRequest, DescribeGroupsRequest, ListGroupsRequest, ApiVersionsRequest, CreateTopicsRequest,
                DeleteTopicsRequest, DeleteRecordsRequest, InitProducerIdRequest, OffsetForLeaderEpochRequest,
                DescribeConfigsRequest, AlterConfigsRequest, CreatePartitionsRequest, DeleteGroupsRequest,
                IncrementalAlterConfigsRequest, OffsetDeleteRequest, DescribeClusterRequest>();
  return kMessages;
}

}  // namespace omashu::broker::testing
