// CreateTopics, 2 to 7. The topics of a request are created with one write to the disk. A topic that the request names
// twice is refused, as in Kafka.
//
// Left out: assignments to brokers other than this one.

#include "broker/protocol/19_create_topics.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/topic_name.h"
#include "broker/handler/broker.h"
#include "broker/handler/described_configs.h"
#include "broker/handler/handlers.h"
#include "broker/handler/new_topic.h"
#include "broker/handler/topic_config_refusal.h"

namespace omashu::broker {
namespace {

using RequestTopic = CreateTopicsRequest::Topic;
using ResponseTopic = CreateTopicsResponse::Topic;

class CreateTopicsOperation {
 public:
  CreateTopicsOperation(Broker& broker, const CreateTopicsRequest& request)
      : broker_(broker),
        request_(request),
        rules_{.accept_any_replication_factor = broker.options().accept_any_replication_factor,
               .broker_defaults = broker.configs().topic_defaults()},
        described_configs_(broker.configs()) {}

  CreateTopicsResponse run() {
    std::map<std::string_view, int> mentions;
    for (const RequestTopic& request_topic : request_.topics) ++mentions[request_topic.name];
    for (const RequestTopic& request_topic : request_.topics) {
      if (mentions[request_topic.name] > 1) {
        refuse(request_topic, {KafkaError::kInvalidRequest, "Duplicate topic name."});
      } else {
        check(request_topic);
      }
    }
    if (!request_.validate_only) create();
    return std::move(response_);
  }

 private:
  void refuse(const RequestTopic& request_topic, Refusal refusal) {
    ResponseTopic& response_topic = response_.topics.emplace_back();
    response_topic.name = request_topic.name;
    response_topic.error_code = refusal.error;
    response_topic.error_message = std::move(refusal.message);
  }

  std::optional<Refusal> replication_refusal(const RequestTopic& request_topic) const {
    const int16_t factor = request_topic.replication_factor;
    if (factor == 1 || factor == -1) return std::nullopt;
    if (factor > 1 && broker_.options().accept_any_replication_factor) return std::nullopt;
    if (factor < 1) {
      return Refusal{KafkaError::kInvalidReplicationFactor, "Replication factor must be larger than 0."};
    }
    return Refusal{KafkaError::kInvalidReplicationFactor,
                   fmt::format("Unable to replicate the partition {} time(s): this broker is the only one.", factor)};
  }

  // The number of partitions, or why there can be no such topic.
  std::expected<int32_t, Refusal> partitions_of(const RequestTopic& request_topic) const {
    if (!request_topic.assignments.empty()) return assigned_partitions(request_topic);
    if (auto refusal = replication_refusal(request_topic)) return std::unexpected(*std::move(refusal));
    if (request_topic.num_partitions == -1) return broker_.options().default_partitions;
    if (request_topic.num_partitions < 1) {
      return std::unexpected(Refusal{KafkaError::kInvalidPartitions, "Number of partitions must be larger than 0."});
    }
    if (request_topic.num_partitions > kMaxPartitionsOfTopic) {
      return std::unexpected(Refusal{KafkaError::kInvalidPartitions,
                                     fmt::format("A topic has at most {} partitions.", kMaxPartitionsOfTopic)});
    }
    return request_topic.num_partitions;
  }

  std::expected<int32_t, Refusal> assigned_partitions(const RequestTopic& request_topic) const {
    const auto refuse = [](std::string message) {
      return std::unexpected(Refusal{KafkaError::kInvalidReplicaAssignment, std::move(message)});
    };
    if (request_topic.num_partitions != -1 || request_topic.replication_factor != -1) {
      return std::unexpected(
          Refusal{KafkaError::kInvalidRequest,
                  "With assignments, the number of partitions and the replication factor must both be -1."});
    }
    std::set<PartitionId> indexes;
    for (const auto& assignment : request_topic.assignments) {
      if (assignment.broker_ids != std::vector{broker_.options().node_id}) {
        return refuse(fmt::format("Partition {} must be assigned to broker {} alone.", assignment.partition_index,
                                  broker_.options().node_id));
      }
      indexes.insert(assignment.partition_index);
    }
    const auto count = static_cast<int32_t>(request_topic.assignments.size());
    const bool is_dense = static_cast<int32_t>(indexes.size()) == count && *indexes.begin() == PartitionId{0} &&
                          *indexes.rbegin() == PartitionId{count - 1};
    if (!is_dense) return refuse("The partitions must be numbered from 0, each once.");
    if (count > kMaxPartitionsOfTopic) return refuse("These are too many partitions.");
    return count;
  }

  void check(const RequestTopic& request_topic) {
    if (auto refusal = name_refusal(broker_.topics(), request_topic.name))
      return refuse(request_topic, *std::move(refusal));
    const auto other = metric_names_.emplace(metric_name(request_topic.name), request_topic.name);
    if (!other.second) {
      return refuse(request_topic,
                    {KafkaError::kInvalidTopicException,
                     fmt::format("Topic '{}' collides with '{}'.", request_topic.name, other.first->second)});
    }
    const auto partitions = partitions_of(request_topic);
    if (!partitions) return refuse(request_topic, partitions.error());
    TopicConfigs configs;
    for (const auto& config : request_topic.configs) {
      if (!config.value) {
        return refuse(request_topic, {KafkaError::kInvalidConfig,
                                      fmt::format("Null value not supported for topic configs: {}", config.name)});
      }
      configs[std::string(config.name)] = *config.value;
    }
    if (auto refusal = configs_refusal(configs, rules_)) return refuse(request_topic, *std::move(refusal));
    accept(request_topic, *partitions, std::move(configs));
  }

  void accept(const RequestTopic& request_topic, int32_t partitions, TopicConfigs configs) {
    ResponseTopic& response_topic = response_.topics.emplace_back();
    response_topic.name = request_topic.name;
    response_topic.num_partitions = partitions;
    response_topic.replication_factor = 1;
    response_topic.configs.emplace();
    for (auto& config : described_configs_.of(configs)) {
      response_topic.configs->push_back(
          {.name = std::move(config.name), .value = std::move(config.value), .config_source = config.config_source});
    }
    new_topics_.push_back({std::string(request_topic.name), partitions, std::move(configs)});
    response_indexes_.push_back(response_.topics.size() - 1);
  }

  void create() {
    if (new_topics_.empty()) return;
    const auto topics = broker_.topics().create(std::move(new_topics_));
    for (size_t i = 0; i < response_indexes_.size(); ++i) {
      ResponseTopic& response_topic = response_.topics[response_indexes_[i]];
      if (!topics) {
        response_topic.error_code = KafkaError::kKafkaStorageError;
        response_topic.error_message = topics.error().message;
        continue;
      }
      const Result<TopicPtr>& topic = (*topics)[i];
      if (!topic) {
        response_topic.error_code = KafkaError::kKafkaStorageError;
        response_topic.error_message = topic.error().message;
      } else if (*topic == nullptr) {  // another request was faster
        response_topic.error_code = KafkaError::kTopicAlreadyExists;
      } else {
        response_topic.topic_id = {(*topic)->id};
      }
    }
  }

  Broker& broker_;
  const CreateTopicsRequest& request_;
  const ConfigRules rules_;
  const DescribedTopicConfigs described_configs_;
  CreateTopicsResponse response_;
  std::map<std::string, std::string_view> metric_names_;  // of this request
  std::vector<TopicStore::NewTopic> new_topics_;
  std::vector<size_t> response_indexes_;  // of new_topics_, in the response
};

}  // namespace

CreateTopicsResponse handle_create_topics(Broker& broker, const RequestContext&, const CreateTopicsRequest& request) {
  return CreateTopicsOperation(broker, request).run();
}

}  // namespace omashu::broker
