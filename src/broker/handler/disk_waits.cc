#include "broker/handler/disk_waits.h"

#include <algorithm>
#include <functional>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/protocol/messages.h"

namespace omashu::broker {
namespace {

constexpr size_t kMaxPartitionsReadInline = 256;  // by a fetch; to read so many takes some 0.3 ms

// `name_of` and `index_of` are members of the request's topics and partitions.
template <class Topics, class NameOf, class IndexOf>
DiskWait wait_for_logs(Broker& broker, const Topics& topics, const NameOf& name_of, const IndexOf& index_of) {
  DiskWait wait;
  for (const auto& request_topic : topics) {
    const TopicPtr topic = broker.topics().find(std::invoke(name_of, request_topic));
    for (const auto& request_partition : request_topic.partitions) {
      const Partition* partition = find_partition(topic.get(), std::invoke(index_of, request_partition));
      if (partition != nullptr && !partition->log()->is_open()) wait.unopened_logs.push_back(partition->log());
    }
  }
  // A request may name a partition twice.
  std::ranges::sort(wait.unopened_logs);
  const auto repeated = std::ranges::unique(wait.unopened_logs);
  wait.unopened_logs.erase(repeated.begin(), repeated.end());
  return wait;
}

DiskWait wait_for_groups(Broker& broker) {
  const bool is_served = broker.groups().error() == KafkaError::kNone;
  const bool is_missing = is_served && broker.topics().find(Topic::kConsumerOffsets) == nullptr;
  return {.executor = is_missing ? &broker.executor() : nullptr, .unopened_logs = {}};
}

// What takes the processor long holds up the others on the connection's thread as a disk does.
bool has_slow_batch(Broker& broker, const ProduceRequest& request) {
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.name);
    for (const auto& request_partition : request_topic.partitions) {
      const Partition* partition = find_partition(topic.get(), request_partition.index);
      const std::string_view batch = request_partition.records.value_or(BytesView()).data;
      if (partition != nullptr && partition->log()->is_slow_to_append(batch)) return true;
    }
  }
  return false;
}

}  // namespace

DiskWait disk_wait(Broker& broker, const ProduceRequest& request) {
  DiskWait wait =
      wait_for_logs(broker, request.topics, &ProduceRequest::Topic::name, &ProduceRequest::Partition::index);
  // A log that is not open is asked nothing here: it would answer once it is.
  if (!wait.is_needed() && has_slow_batch(broker, request)) wait.executor = &broker.executor();
  return wait;
}

DiskWait disk_wait(Broker& broker, const FetchRequest& request) {
  DiskWait wait =
      wait_for_logs(broker, request.topics, &FetchRequest::Topic::topic, &FetchRequest::Partition::partition);
  size_t partitions = 0;
  for (const FetchRequest::Topic& topic : request.topics) partitions += topic.partitions.size();
  if (partitions > kMaxPartitionsReadInline) wait.executor = &broker.fetch_executor();
  return wait;
}

DiskWait disk_wait(Broker& broker, const ListOffsetsRequest& request) {
  DiskWait wait = wait_for_logs(broker, request.topics, &ListOffsetsRequest::Topic::name,
                                &ListOffsetsRequest::Partition::partition_index);
  const auto searches = [](const ListOffsetsRequest::Partition& partition) {
    return partition.timestamp != ListOffsetsRequest::kEarliestTimestamp &&
           partition.timestamp != ListOffsetsRequest::kLatestTimestamp;
  };
  const auto searches_any = [&](const ListOffsetsRequest::Topic& topic) {
    return std::ranges::any_of(topic.partitions, searches);
  };
  if (std::ranges::any_of(request.topics, searches_any)) wait.executor = &broker.executor();
  return wait;
}

DiskWait disk_wait(Broker& broker, const OffsetForLeaderEpochRequest& request) {
  return wait_for_logs(broker, request.topics, &OffsetForLeaderEpochRequest::Topic::topic,
                       &OffsetForLeaderEpochRequest::Partition::partition);
}

DiskWait disk_wait(Broker& broker, const MetadataRequest& request) {
  const bool may_create = request.topics && request.allow_auto_topic_creation && broker.options().auto_create_topics;
  const auto is_missing = [&](const MetadataRequest::Topic& topic) {
    return topic.name && broker.topics().find(*topic.name) == nullptr;
  };
  const bool creates = may_create && std::ranges::any_of(*request.topics, is_missing);
  return {.executor = creates ? &broker.executor() : nullptr, .unopened_logs = {}};
}

DiskWait disk_wait(Broker& broker, const OffsetCommitRequest&) { return wait_for_groups(broker); }
DiskWait disk_wait(Broker& broker, const SyncGroupRequest&) { return wait_for_groups(broker); }

}  // namespace omashu::broker
