#include "broker/handler/dispatch.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "broker/handler/handlers.h"
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

namespace omashu::broker {
namespace {

struct Handler {
  Api api;
  Result<void> (*call)(Broker&, const RequestContext&, const RequestFrame&, SendAnswer);
};

template <class Request, auto handle>
Result<void> decode_and_call(Broker& broker, const RequestContext& context, const RequestFrame& frame,
                             SendAnswer send) {
  using Response = typename Request::Response;
  const auto request = decode<Request>(frame.body, frame.header.api_version, LeftOver::kIgnored);
  if (!request) return fail(request.error());
  Reply<Response> reply(std::move(send), frame.header.api_version, frame.header.correlation_id);
  if constexpr (std::is_invocable_v<decltype(handle), Broker&, const RequestContext&, const Request&>) {
    reply(handle(broker, context, *request));
  } else {
    handle(broker, context, *request, std::move(reply));
  }
  return {};
}

template <class Request, auto handle>
constexpr Handler handler() {
  return {Request::kApi, decode_and_call<Request, handle>};
}

constexpr std::array kHandlers = {
    handler<ProduceRequest, handle_produce>(),
    handler<FetchRequest, handle_fetch>(),
    handler<ListOffsetsRequest, handle_list_offsets>(),
    handler<MetadataRequest, handle_metadata>(),
    handler<OffsetCommitRequest, handle_offset_commit>(),
    handler<OffsetFetchRequest, handle_offset_fetch>(),
    handler<FindCoordinatorRequest, handle_find_coordinator>(),
    handler<JoinGroupRequest, handle_join_group>(),
    handler<HeartbeatRequest, handle_heartbeat>(),
    handler<LeaveGroupRequest, handle_leave_group>(),
    handler<SyncGroupRequest, handle_sync_group>(),
    handler<DescribeGroupsRequest, handle_describe_groups>(),
    handler<ListGroupsRequest, handle_list_groups>(),
    handler<ApiVersionsRequest, handle_api_versions>(),
    handler<CreateTopicsRequest, handle_create_topics>(),
    handler<DeleteTopicsRequest, handle_delete_topics>(),
    handler<DeleteRecordsRequest, handle_delete_records>(),
    handler<InitProducerIdRequest, handle_init_producer_id>(),
    handler<OffsetForLeaderEpochRequest, handle_offset_for_leader_epoch>(),
    handler<DescribeConfigsRequest, handle_describe_configs>(),
    handler<AlterConfigsRequest, handle_alter_configs>(),
    handler<CreatePartitionsRequest, handle_create_partitions>(),
    handler<DeleteGroupsRequest, handle_delete_groups>(),
    handler<IncrementalAlterConfigsRequest, handle_incremental_alter_configs>(),
    handler<OffsetDeleteRequest, handle_offset_delete>(),
    handler<DescribeClusterRequest, handle_describe_cluster>(),
};
constexpr auto key_of = [](const Handler& handler) { return handler.api.key; };
static_assert(std::ranges::is_sorted(kHandlers, {}, key_of));

constexpr auto kHandledApis = [] {
  std::array<Api, kHandlers.size()> apis;
  std::ranges::transform(kHandlers, apis.begin(), &Handler::api);
  return apis;
}();

}  // namespace

std::span<const Api> handled_apis() { return kHandledApis; }

Result<void> dispatch(Broker& broker, const Peer& peer, std::span<char> frame, SendAnswer send) {
  const auto request = parse_request({frame.data(), frame.size()});
  if (!request) return fail(request.error());
  const RequestHeader& header = request->header;
  const auto handler = std::ranges::lower_bound(kHandlers, header.api_key, {}, key_of);
  if (handler == kHandlers.end() || handler->api.key != header.api_key) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("there is no API {} here", static_cast<int>(header.api_key)));
  }
  if (!handler->api.versions.contains(header.api_version)) {
    // Only ApiVersions comes so far: the client learns from the answer what to ask in.
    send(Answer{encode_response(unsupported_api_versions(), 0, header.correlation_id), {}});
    return {};
  }
  const RequestContext context{
      .peer = peer, .client_id = header.client_id.value_or(std::string_view()), .api_version = header.api_version};
  return handler->call(broker, context, *request, std::move(send));
}

}  // namespace omashu::broker
