#include "provision/plan_topics.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/topic_configs.h"
#include "provision/replica_placement.h"
#include "provision/setting_value.h"
#include "provision/ssv_file.h"

namespace omashu::provision {

namespace {

class TopicPlanner {
 public:
  TopicPlanner(const Observed& observed, const PlanOptions& options, Plan& plan)
      : observed_(observed), options_(options), plan_(plan) {}

  void add(const DesiredTopic& topic) {
    const auto found = observed_.topics.find(topic.name);
    if (found == observed_.topics.end()) {
      create(topic);
    } else {
      compare(topic, found->second);
    }
  }

  void append_actions() {
    for (auto* actions : {&creations_, &additions_, &reassignments_, &alterations_}) {
      std::move(actions->begin(), actions->end(), std::back_inserter(plan_.actions));
    }
  }

 private:
  void create(const DesiredTopic& topic) {
    const size_t brokers = observed_.cluster.brokers.size();
    if (topic.replication_factor != kBrokerDefault && static_cast<size_t>(topic.replication_factor) > brokers) {
      refuse(topic, "replication_factor",
             fmt::format("topic {}: replication_factor is {}, but {} {} alive: it can be at most {}", topic.name,
                         topic.replication_factor, brokers, brokers == 1 ? "broker is" : "brokers are", brokers));
      return;
    }
    CreateTopic creation{{topic.name, topic.partitions, topic.replication_factor, topic.configs}};
    std::erase_if(creation.topic.configs, [](const auto& config) { return config.second == kDefaultValue; });
    creations_.emplace_back(std::move(creation));
  }

  void compare(const DesiredTopic& topic, const ObservedTopic& observed) {
    const size_t before = findings();
    compare_replication_factor(topic, observed);
    compare_partitions(topic, observed);
    compare_configs(topic, observed);
    if (findings() == before) ++plan_.unchanged_topics;
  }

  size_t findings() const {
    return plan_.violations.size() + additions_.size() + reassignments_.size() + alterations_.size();
  }

  void compare_replication_factor(const DesiredTopic& topic, const ObservedTopic& observed) {
    const int factor = topic.replication_factor;
    if (factor == kBrokerDefault) return;
    const bool is_as_wanted = std::ranges::all_of(observed.partition_descriptions, [&](const auto& partition) {
      return partition.replicas.size() == static_cast<size_t>(factor);
    });
    if (factor == observed.replication_factor && is_as_wanted) return;
    const size_t brokers = observed_.cluster.brokers.size();
    if (static_cast<size_t>(factor) > brokers) {
      refuse(topic, "replication_factor",
             fmt::format(
                 "topic {} has replication factor {}, not {}: {} {} alive, and each replica needs one of its own",
                 topic.name, observed.replication_factor, factor, brokers, brokers == 1 ? "broker is" : "brokers are"));
    } else if (!options_.allow_reassign) {
      refuse(topic, "replication_factor",
             fmt::format("topic {} has replication factor {}, not {}: changing it moves replicas between brokers; "
                         "--allow-reassign does it, or write {}",
                         topic.name, observed.replication_factor, factor, observed.replication_factor));
    } else {
      reassign(topic, observed);
    }
  }

  void reassign(const DesiredTopic& topic, const ObservedTopic& observed) {
    ReassignReplicas action{topic.name, observed.replication_factor, topic.replication_factor, {}};
    std::map<kafka::PartitionId, std::vector<int32_t>> before;
    for (const auto& partition : observed.partition_descriptions) before[partition.id] = partition.replicas;
    const kafka::TopicDescription described{.name = topic.name,
                                            .partition_descriptions = observed.partition_descriptions};
    for (auto& move : place_replicas(described, observed_.cluster.brokers, topic.replication_factor)) {
      action.partitions[move.partition.partition] = {before[move.partition.partition], std::move(move.replicas)};
    }
    reassignments_.emplace_back(std::move(action));
  }

  void compare_partitions(const DesiredTopic& topic, const ObservedTopic& observed) {
    if (topic.partitions == observed.partitions || topic.partitions == kBrokerDefault) return;
    if (topic.partitions < observed.partitions) {
      refuse(topic, "partitions",
             fmt::format("topic {} has {} partitions, and Kafka cannot take any away: write {}", topic.name,
                         observed.partitions, observed.partitions));
    } else if (!options_.allow_repartition &&
               (is_compacted(topic.configs.at(std::string(kCleanupPolicy))) || is_compacted(policy_of(observed)))) {
      refuse(topic, "partitions",
             fmt::format("topic {} is compacted and has {} partitions: with {}, new records of a key go to another "
                         "partition than its old ones; `init-kafka move {} --partitions {}` copies it by key, "
                         "--allow-repartition does it nevertheless",
                         topic.name, observed.partitions, topic.partitions, topic.name, topic.partitions));
    } else {
      additions_.emplace_back(AddPartitions{topic.name, observed.partitions, topic.partitions});
    }
  }

  static std::string policy_of(const ObservedTopic& observed) {
    const auto found = observed.configs.find(std::string(kCleanupPolicy));
    return found == observed.configs.end() ? "" : found->second.value;
  }

  void compare_configs(const DesiredTopic& topic, const ObservedTopic& observed) {
    AlterConfigs alter{topic.name, {}};
    for (const auto& [name, value] : topic.configs) {
      const auto found = observed.configs.find(name);
      if (value == kDefaultValue) {
        if (found == observed.configs.end() || found->second.is_default) continue;
        alter.changes.push_back({name, found->second.value, false, value, /*is_reset=*/true});
      } else if (found == observed.configs.end()) {
        alter.changes.push_back({name, "", true, value});
      } else if (!same_config_value(name, value, found->second.value)) {
        alter.changes.push_back({name, found->second.value, found->second.is_default, value});
      }
    }
    if (!alter.changes.empty()) alterations_.emplace_back(std::move(alter));
  }

  void refuse(const DesiredTopic& topic, const std::string& what, std::string message) {
    plan_.violations.push_back({topic.places.at(what), std::move(message)});
  }

  const Observed& observed_;
  const PlanOptions& options_;
  Plan& plan_;
  std::vector<Action> creations_;
  std::vector<Action> additions_;
  std::vector<Action> reassignments_;
  std::vector<Action> alterations_;
};

}  // namespace

void plan_topics(const Desired& desired, const Observed& observed, const PlanOptions& options, Plan& plan) {
  TopicPlanner planner(observed, options, plan);
  for (const DesiredTopic& topic : desired.topics) planner.add(topic);
  planner.append_actions();
}

}  // namespace omashu::provision
