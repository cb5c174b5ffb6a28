// The one list of the APIs that this broker speaks, by key. ApiVersions, the declarations of the handlers
// (handler/handlers.h), dispatch and the fuzzers follow from it.
//
// A new API is three things: its messages in protocol/NN_name.h, included by protocol/messages.h; its handler in
// handler/NN_name.cc; and its line here:
//
//   API(Name, name, ANSWERS, RUNS)
//
// The messages are NameRequest and NameResponse, the handler is handle_name.
//
//   Returned   the handler returns its answer
//   Later      the handler gets a Reply, and answers with it now or later, from whatever thread
//
//   Inline     the handler runs in the connection's thread, and must not wait for the disk
//   Blocking   the handler may create, delete, look at or sync files

#pragma once

#define OMASHU_BROKER_APIS(API)                                                     \
  API(Produce, produce, Later, Inline)                                              \
  API(Fetch, fetch, Later, Inline)                                                  \
  API(ListOffsets, list_offsets, Returned, Inline)                                  \
  API(Metadata, metadata, Returned, Inline)                                         \
  API(OffsetCommit, offset_commit, Later, Inline)                                   \
  API(OffsetFetch, offset_fetch, Returned, Inline)                                  \
  API(FindCoordinator, find_coordinator, Returned, Inline)                          \
  API(JoinGroup, join_group, Later, Inline)                                         \
  API(Heartbeat, heartbeat, Returned, Inline)                                       \
  API(LeaveGroup, leave_group, Later, Inline)                                       \
  API(SyncGroup, sync_group, Later, Inline)                                         \
  API(DescribeGroups, describe_groups, Returned, Inline)                            \
  API(ListGroups, list_groups, Returned, Inline)                                    \
  API(ApiVersions, api_versions, Returned, Inline)                                  \
  API(CreateTopics, create_topics, Returned, Blocking)                              \
  API(DeleteTopics, delete_topics, Returned, Blocking)                              \
  API(DeleteRecords, delete_records, Returned, Blocking)                            \
  API(InitProducerId, init_producer_id, Returned, Blocking)                         \
  API(OffsetForLeaderEpoch, offset_for_leader_epoch, Returned, Inline)              \
  API(DescribeConfigs, describe_configs, Returned, Inline)                          \
  API(AlterConfigs, alter_configs, Returned, Blocking)                              \
  API(DescribeLogDirs, describe_log_dirs, Returned, Blocking)                       \
  API(CreatePartitions, create_partitions, Returned, Blocking)                      \
  API(DeleteGroups, delete_groups, Later, Inline)                                   \
  API(ElectLeaders, elect_leaders, Returned, Inline)                                \
  API(IncrementalAlterConfigs, incremental_alter_configs, Returned, Blocking)       \
  API(AlterPartitionReassignments, alter_partition_reassignments, Returned, Inline) \
  API(ListPartitionReassignments, list_partition_reassignments, Returned, Inline)   \
  API(OffsetDelete, offset_delete, Later, Inline)                                   \
  API(DescribeClientQuotas, describe_client_quotas, Returned, Inline)               \
  API(AlterClientQuotas, alter_client_quotas, Returned, Inline)                     \
  API(DescribeQuorum, describe_quorum, Returned, Inline)                            \
  API(DescribeCluster, describe_cluster, Returned, Inline)                          \
  API(DescribeProducers, describe_producers, Returned, Blocking)                    \
  API(DescribeTopicPartitions, describe_topic_partitions, Returned, Inline)
