#include "kafka/topic_descriptions.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "kafka/admin_call.h"
#include "kafka/error_codes.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

using Descriptions = std::map<std::string, Result<TopicDescription>, std::less<>>;

struct CollectionDeleter {
  void operator()(rd_kafka_TopicCollection_t* topics) const { rd_kafka_TopicCollection_destroy(topics); }
};

std::vector<int32_t> ids_of(const rd_kafka_Node_t** nodes, size_t count) {
  std::vector<int32_t> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(rd_kafka_Node_id(nodes[i]));
  return ids;
}

PartitionDescription read_partition(const rd_kafka_TopicPartitionInfo_t* info) {
  PartitionDescription partition{.id = rd_kafka_TopicPartitionInfo_partition(info)};
  const rd_kafka_Node_t* leader = rd_kafka_TopicPartitionInfo_leader(info);
  if (leader != nullptr && rd_kafka_Node_id(leader) >= 0) partition.leader = rd_kafka_Node_id(leader);
  size_t count = 0;
  const rd_kafka_Node_t** nodes = rd_kafka_TopicPartitionInfo_replicas(info, &count);
  partition.replicas = ids_of(nodes, count);
  nodes = rd_kafka_TopicPartitionInfo_isr(info, &count);
  partition.in_sync_replicas = ids_of(nodes, count);
  return partition;
}

Result<TopicDescription> read_description(const rd_kafka_TopicDescription_t* answer) {
  const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(answer);
  const std::string name = rd_kafka_TopicDescription_name(answer);
  if (error != nullptr) {
    if (rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
      return fail(ErrorCode::kNotFound, fmt::format("there is no topic {}", name));
    }
    return fail(broker_error(rd_kafka_error_code(error), rd_kafka_error_string(error)).within("topic " + name));
  }
  size_t count = 0;
  const rd_kafka_TopicPartitionInfo_t** partitions = rd_kafka_TopicDescription_partitions(answer, &count);
  TopicDescription description{.name = name, .partitions = static_cast<int>(count)};
  if (const rd_kafka_Uuid_t* id = rd_kafka_TopicDescription_topic_id(answer)) {
    const bool is_zero = rd_kafka_Uuid_most_significant_bits(id) == 0 && rd_kafka_Uuid_least_significant_bits(id) == 0;
    if (!is_zero) description.id = rd_kafka_Uuid_base64str(id);
  }
  for (size_t i = 0; i < count; ++i) {
    const PartitionDescription& partition =
        description.partition_descriptions.emplace_back(read_partition(partitions[i]));
    if (partition.id == 0) description.replication_factor = static_cast<int>(partition.replicas.size());
    if (!partition.leader) ++description.leaderless_partitions;
  }
  std::ranges::sort(description.partition_descriptions, {}, &PartitionDescription::id);
  return description;
}

Result<Descriptions> ask(ClientHandle& client, const std::set<std::string>& names, Clock::time_point deadline) {
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  const std::unique_ptr<rd_kafka_TopicCollection_t, CollectionDeleter> collection(
      rd_kafka_TopicCollection_of_topic_names(pointers.data(), pointers.size()));

  const auto answer = call(client, {.operation = RD_KAFKA_ADMIN_OP_DESCRIBETOPICS,
                                    .deadline = deadline,
                                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                      rd_kafka_DescribeTopics(client.get(), collection.get(), options, queue);
                                    }});
  if (!answer) return fail(answer.error());
  Descriptions descriptions;
  size_t count = 0;
  const rd_kafka_TopicDescription_t** topics =
      rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(answer->event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    descriptions.insert_or_assign(rd_kafka_TopicDescription_name(topics[i]), read_description(topics[i]));
  }
  return descriptions;
}

}  // namespace

std::vector<Result<TopicDescription>> describe_topics(ClientHandle& client, std::span<const std::string> topics,
                                                      Clock::time_point deadline) {
  return retry_each<TopicDescription>(
      topics.size(), deadline, [&](std::span<const size_t> which) -> Result<std::vector<Result<TopicDescription>>> {
        std::set<std::string> names;  // librdkafka refuses a name that occurs twice, and an empty one
        for (const size_t i : which) {
          if (!topics[i].empty()) names.insert(topics[i]);
        }
        Result<Descriptions> found = names.empty() ? Descriptions{} : ask(client, names, deadline);
        if (!found) return fail(std::move(found.error()));
        std::vector<Result<TopicDescription>> answers;
        for (const size_t i : which) {
          const auto description = found->find(topics[i]);
          answers.push_back(description != found->end()
                                ? description->second
                                : fail(ErrorCode::kNotFound, fmt::format("there is no topic {}", topics[i])));
        }
        return answers;
      });
}

}  // namespace omashu::kafka
