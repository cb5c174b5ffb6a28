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
#include "broker/config/topic_settings.h"
#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"
#include "broker/handler/new_topic.h"
#include "broker/handler/topic_config_refusal.h"

namespace omashu::broker {
namespace {

using Asked = CreateTopicsRequest::Topic;
using Created = CreateTopicsResponse::Topic;

class Creation {
 public:
  Creation(Broker& broker, const CreateTopicsRequest& request) : broker_(broker), request_(request) {}

  CreateTopicsResponse run() {
    std::map<std::string_view, int> mentions;
    for (const Asked& asked : request_.topics) ++mentions[asked.name];
    for (const Asked& asked : request_.topics) {
      if (mentions[asked.name] > 1) {
        refuse(asked, {KafkaError::kInvalidRequest, "Duplicate topic name."});
      } else {
        check(asked);
      }
    }
    if (!request_.validate_only) create();
    return std::move(response_);
  }

 private:
  void refuse(const Asked& asked, Refusal refusal) {
    Created& created = response_.topics.emplace_back();
    created.name = asked.name;
    created.error_code = refusal.error;
    created.error_message = std::move(refusal.message);
  }

  std::optional<Refusal> replication_refusal(const Asked& asked) const {
    const int16_t factor = asked.replication_factor;
    if (factor == 1 || factor == -1) return std::nullopt;
    if (factor > 1 && broker_.options().accept_any_replication_factor) return std::nullopt;
    if (factor < 1) {
      return Refusal{KafkaError::kInvalidReplicationFactor, "Replication factor must be larger than 0."};
    }
    return Refusal{KafkaError::kInvalidReplicationFactor,
                   fmt::format("Unable to replicate the partition {} time(s): this broker is the only one.", factor)};
  }

  // The number of partitions, or why there can be no such topic.
  std::expected<int32_t, Refusal> partitions_of(const Asked& asked) const {
    if (!asked.assignments.empty()) return assigned_partitions(asked);
    if (auto refusal = replication_refusal(asked)) return std::unexpected(*std::move(refusal));
    if (asked.num_partitions == -1) return broker_.options().default_partitions;
    if (asked.num_partitions < 1) {
      return std::unexpected(Refusal{KafkaError::kInvalidPartitions, "Number of partitions must be larger than 0."});
    }
    if (asked.num_partitions > kMaxPartitionsOfTopic) {
      return std::unexpected(Refusal{KafkaError::kInvalidPartitions,
                                     fmt::format("A topic has at most {} partitions.", kMaxPartitionsOfTopic)});
    }
    return asked.num_partitions;
  }

  std::expected<int32_t, Refusal> assigned_partitions(const Asked& asked) const {
    const auto refuse = [](std::string message) {
      return std::unexpected(Refusal{KafkaError::kInvalidReplicaAssignment, std::move(message)});
    };
    if (asked.num_partitions != -1 || asked.replication_factor != -1) {
      return std::unexpected(
          Refusal{KafkaError::kInvalidRequest,
                  "With assignments, the number of partitions and the replication factor must both be -1."});
    }
    std::set<int32_t> indexes;
    for (const auto& assignment : asked.assignments) {
      if (assignment.broker_ids != std::vector{broker_.options().node_id}) {
        return refuse(fmt::format("Partition {} must be assigned to broker {} alone.", assignment.partition_index,
                                  broker_.options().node_id));
      }
      indexes.insert(assignment.partition_index);
    }
    const auto count = static_cast<int32_t>(asked.assignments.size());
    const bool is_dense =
        static_cast<int32_t>(indexes.size()) == count && *indexes.begin() == 0 && *indexes.rbegin() == count - 1;
    if (!is_dense) return refuse("The partitions must be numbered from 0, each once.");
    if (count > kMaxPartitionsOfTopic) return refuse("These are too many partitions.");
    return count;
  }

  void check(const Asked& asked) {
    if (auto refusal = name_refusal(broker_.topics(), asked.name)) return refuse(asked, *std::move(refusal));
    const auto other = metric_names_.emplace(metric_name(asked.name), asked.name);
    if (!other.second) {
      return refuse(asked, {KafkaError::kInvalidTopicException,
                            fmt::format("Topic '{}' collides with '{}'.", asked.name, other.first->second)});
    }
    const auto partitions = partitions_of(asked);
    if (!partitions) return refuse(asked, partitions.error());
    TopicConfigs configs;
    for (const auto& config : asked.configs) {
      if (!config.value) {
        return refuse(asked, {KafkaError::kInvalidConfig,
                              fmt::format("Null value not supported for topic configs: {}", config.name)});
      }
      configs[std::string(config.name)] = *config.value;
    }
    if (auto refusal = configs_refusal(
            configs, {.accept_any_replication_factor = broker_.options().accept_any_replication_factor}))
      return refuse(asked, *std::move(refusal));
    accept(asked, *partitions, std::move(configs));
  }

  void accept(const Asked& asked, int32_t partitions, TopicConfigs configs) {
    Created& created = response_.topics.emplace_back();
    created.name = asked.name;
    created.num_partitions = partitions;
    created.replication_factor = 1;
    created.configs.emplace();
    for (const TopicSetting& setting : topic_settings()) {
      if (setting.effect == SettingEffect::kRemoved) continue;
      const auto set = configs.find(setting.name);
      const bool is_set = set != configs.end();
      created.configs->push_back({.name = std::string(setting.name),
                                  .value = is_set ? set->second : std::string(setting.default_value()),
                                  .config_source = is_set ? ConfigSource::kTopicConfig : ConfigSource::kDefaultConfig});
    }
    wanted_.push_back({std::string(asked.name), partitions, std::move(configs)});
    answers_.push_back(response_.topics.size() - 1);
  }

  void create() {
    if (wanted_.empty()) return;
    const auto topics = broker_.topics().create(std::move(wanted_));
    for (size_t i = 0; i < answers_.size(); ++i) {
      Created& created = response_.topics[answers_[i]];
      if (!topics) {
        created.error_code = KafkaError::kKafkaStorageError;
        created.error_message = topics.error().message;
      } else if ((*topics)[i] == nullptr) {  // another request was faster
        created.error_code = KafkaError::kTopicAlreadyExists;
      } else {
        created.topic_id = {(*topics)[i]->id};
      }
    }
  }

  Broker& broker_;
  const CreateTopicsRequest& request_;
  CreateTopicsResponse response_;
  std::map<std::string, std::string_view> metric_names_;  // of this request
  std::vector<TopicStore::NewTopic> wanted_;
  std::vector<size_t> answers_;  // of those, in the response
};

}  // namespace

CreateTopicsResponse handle_create_topics(Broker& broker, const RequestContext&, const CreateTopicsRequest& request) {
  return Creation(broker, request).run();
}

}  // namespace omashu::broker
