// A handler for each API. Those that answer at once return the answer; the others get a Reply, and keep of the request,
// which views its frame, only copies.

#pragma once

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"

namespace omashu::broker {

class Broker;

struct ProduceRequest;
struct ProduceResponse;
struct FetchRequest;
struct FetchResponse;
struct ListOffsetsRequest;
struct ListOffsetsResponse;
struct MetadataRequest;
struct MetadataResponse;
struct OffsetCommitRequest;
struct OffsetCommitResponse;
struct OffsetFetchRequest;
struct OffsetFetchResponse;
struct FindCoordinatorRequest;
struct FindCoordinatorResponse;
struct JoinGroupRequest;
struct JoinGroupResponse;
struct HeartbeatRequest;
struct HeartbeatResponse;
struct LeaveGroupRequest;
struct LeaveGroupResponse;
struct SyncGroupRequest;
struct SyncGroupResponse;
struct DescribeGroupsRequest;
struct DescribeGroupsResponse;
struct ListGroupsRequest;
struct ListGroupsResponse;
struct ApiVersionsRequest;
struct ApiVersionsResponse;
struct CreateTopicsRequest;
struct CreateTopicsResponse;
struct DeleteTopicsRequest;
struct DeleteTopicsResponse;
struct DeleteRecordsRequest;
struct DeleteRecordsResponse;
struct InitProducerIdRequest;
struct InitProducerIdResponse;
struct OffsetForLeaderEpochRequest;
struct OffsetForLeaderEpochResponse;
struct DescribeConfigsRequest;
struct DescribeConfigsResponse;
struct AlterConfigsRequest;
struct AlterConfigsResponse;
struct CreatePartitionsRequest;
struct CreatePartitionsResponse;
struct DeleteGroupsRequest;
struct DeleteGroupsResponse;
struct IncrementalAlterConfigsRequest;
struct IncrementalAlterConfigsResponse;
struct OffsetDeleteRequest;
struct OffsetDeleteResponse;
struct DescribeClusterRequest;
struct DescribeClusterResponse;

void handle_produce(Broker&, const RequestContext&, const ProduceRequest&, Reply<ProduceResponse>);
void handle_fetch(Broker&, const RequestContext&, const FetchRequest&, Reply<FetchResponse>);
ListOffsetsResponse handle_list_offsets(Broker&, const RequestContext&, const ListOffsetsRequest&);
MetadataResponse handle_metadata(Broker&, const RequestContext&, const MetadataRequest&);
void handle_offset_commit(Broker&, const RequestContext&, const OffsetCommitRequest&, Reply<OffsetCommitResponse>);
OffsetFetchResponse handle_offset_fetch(Broker&, const RequestContext&, const OffsetFetchRequest&);
FindCoordinatorResponse handle_find_coordinator(Broker&, const RequestContext&, const FindCoordinatorRequest&);
void handle_join_group(Broker&, const RequestContext&, const JoinGroupRequest&, Reply<JoinGroupResponse>);
HeartbeatResponse handle_heartbeat(Broker&, const RequestContext&, const HeartbeatRequest&);
void handle_leave_group(Broker&, const RequestContext&, const LeaveGroupRequest&, Reply<LeaveGroupResponse>);
void handle_sync_group(Broker&, const RequestContext&, const SyncGroupRequest&, Reply<SyncGroupResponse>);
DescribeGroupsResponse handle_describe_groups(Broker&, const RequestContext&, const DescribeGroupsRequest&);
ListGroupsResponse handle_list_groups(Broker&, const RequestContext&, const ListGroupsRequest&);
ApiVersionsResponse handle_api_versions(Broker&, const RequestContext&, const ApiVersionsRequest&);
CreateTopicsResponse handle_create_topics(Broker&, const RequestContext&, const CreateTopicsRequest&);
DeleteTopicsResponse handle_delete_topics(Broker&, const RequestContext&, const DeleteTopicsRequest&);
DeleteRecordsResponse handle_delete_records(Broker&, const RequestContext&, const DeleteRecordsRequest&);
InitProducerIdResponse handle_init_producer_id(Broker&, const RequestContext&, const InitProducerIdRequest&);
OffsetForLeaderEpochResponse handle_offset_for_leader_epoch(Broker&, const RequestContext&,
                                                            const OffsetForLeaderEpochRequest&);
DescribeConfigsResponse handle_describe_configs(Broker&, const RequestContext&, const DescribeConfigsRequest&);
AlterConfigsResponse handle_alter_configs(Broker&, const RequestContext&, const AlterConfigsRequest&);
CreatePartitionsResponse handle_create_partitions(Broker&, const RequestContext&, const CreatePartitionsRequest&);
void handle_delete_groups(Broker&, const RequestContext&, const DeleteGroupsRequest&, Reply<DeleteGroupsResponse>);
IncrementalAlterConfigsResponse handle_incremental_alter_configs(Broker&, const RequestContext&,
                                                                 const IncrementalAlterConfigsRequest&);
void handle_offset_delete(Broker&, const RequestContext&, const OffsetDeleteRequest&, Reply<OffsetDeleteResponse>);
DescribeClusterResponse handle_describe_cluster(Broker&, const RequestContext&, const DescribeClusterRequest&);

}  // namespace omashu::broker
