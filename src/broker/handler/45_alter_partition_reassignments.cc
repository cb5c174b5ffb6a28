// AlterPartitionReassignments, 0 and 1. A partition can be assigned to this broker alone, where it is already. No
// reassignment is ever under way, so that there is none to cancel.

#include "broker/protocol/45_alter_partition_reassignments.h"

#include <fmt/core.h>

#include <optional>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

std::optional<Refusal> reassignment_refusal(const Partition* partition,
                                            const std::optional<std::vector<int32_t>>& replicas, int32_t node_id) {
  if (partition == nullptr) return Refusal{KafkaError::kUnknownTopicOrPartition, "There is no such partition."};
  if (!replicas) return Refusal{KafkaError::kNoReassignmentInProgress, "The partition is not being reassigned."};
  if (*replicas == std::vector{node_id}) return std::nullopt;
  return Refusal{KafkaError::kInvalidReplicaAssignment,
                 fmt::format("Broker {} is the only one: a partition can be assigned to it alone.", node_id)};
}

}  // namespace

AlterPartitionReassignmentsResponse handle_alter_partition_reassignments(
    Broker& broker, const RequestContext&, const AlterPartitionReassignmentsRequest& request) {
  AlterPartitionReassignmentsResponse response{.allow_replication_factor_change =
                                                   request.allow_replication_factor_change};
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.name);
    auto& altered = response.responses.emplace_back();
    altered.name = request_topic.name;
    for (const auto& [index, replicas] : request_topic.partitions) {
      auto& partition = altered.partitions.emplace_back();
      partition.partition_index = index;
      auto refusal = reassignment_refusal(find_partition(topic.get(), index), replicas, broker.options().node_id);
      if (!refusal) continue;
      partition.error_code = refusal->error;
      partition.error_message = std::move(refusal->message);
    }
  }
  return response;
}

}  // namespace omashu::broker
