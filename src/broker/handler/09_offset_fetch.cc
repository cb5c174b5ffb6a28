// OffsetFetch, 1 to 9. What is not committed is -1 without an error, also where the group or the topic is not there.
// Only stored commits are shown, so that require_stable changes nothing without transactions.

#include "broker/protocol/09_offset_fetch.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kFirstVersionWithGroups = 8;

using RequestTopics = std::optional<std::vector<OffsetFetchRequest::Topic>>;
using ResponseTopic = OffsetFetchResponse::Topic;

OffsetFetchResponse::Partition partition_of(PartitionId index, const CommittedOffset* offset) {
  OffsetFetchResponse::Partition response_partition{.partition_index = index, .metadata = ""};
  if (offset == nullptr) return response_partition;
  response_partition.committed_offset = offset->offset;
  response_partition.committed_leader_epoch = offset->leader_epoch;
  response_partition.metadata = offset->metadata;
  return response_partition;
}

std::vector<ResponseTopic> find_all(const GroupCoordinator& groups, std::string_view group_id) {
  std::vector<ResponseTopic> topics;
  const OffsetTable::Topics* committed = groups.find_offsets(group_id);
  if (committed == nullptr) return topics;
  for (const auto& [name, partitions] : *committed) {
    ResponseTopic& topic = topics.emplace_back();
    topic.name = name;
    for (const auto& [index, offset] : partitions) topic.partitions.push_back(partition_of(index, &offset));
  }
  return topics;
}

std::vector<ResponseTopic> find(const GroupCoordinator& groups, std::string_view group_id,
                                const RequestTopics& requested) {
  if (!requested) return find_all(groups, group_id);
  std::vector<ResponseTopic> topics;
  for (const OffsetFetchRequest::Topic& each : *requested) {
    ResponseTopic& topic = topics.emplace_back();
    topic.name = each.name;
    for (const PartitionId index : each.partition_indexes) {
      topic.partitions.push_back(partition_of(index, groups.find_offset(group_id, each.name, index)));
    }
  }
  return topics;
}

// Version 1 has no place for an error but at each partition.
OffsetFetchResponse refuse(const OffsetFetchRequest& request, KafkaError error) {
  OffsetFetchResponse response{.error_code = error};
  if (request.topics) {
    for (const OffsetFetchRequest::Topic& each : *request.topics) {
      ResponseTopic& topic = response.topics.emplace_back();
      topic.name = each.name;
      for (const PartitionId index : each.partition_indexes) {
        topic.partitions.push_back({.partition_index = index, .metadata = "", .error_code = error});
      }
    }
  }
  for (const OffsetFetchRequest::Group& group : request.groups) {
    response.groups.push_back({.group_id = std::string(group.group_id), .error_code = error});
  }
  return response;
}

}  // namespace

OffsetFetchResponse handle_offset_fetch(Broker& broker, const RequestContext& context,
                                        const OffsetFetchRequest& request) {
  if (const KafkaError error = broker.groups().error(); error != KafkaError::kNone) return refuse(request, error);
  return broker.groups().read([&](const GroupCoordinator& groups) {
    OffsetFetchResponse response;
    if (context.api_version < kFirstVersionWithGroups) {
      response.topics = find(groups, request.group_id, request.topics);
      return response;
    }
    for (const OffsetFetchRequest::Group& group : request.groups) {
      response.groups.push_back(
          {.group_id = std::string(group.group_id), .topics = find(groups, group.group_id, group.topics)});
    }
    return response;
  });
}

}  // namespace omashu::broker
