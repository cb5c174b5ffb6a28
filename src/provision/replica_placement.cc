#include "provision/replica_placement.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace omashu::provision {

namespace {

class Placement {
 public:
  Placement(const kafka::TopicDescription& topic, std::span<const kafka::Broker> brokers)
      : topic_(topic), brokers_(brokers) {
    for (const auto& partition : topic.partition_descriptions) {
      for (const int32_t broker : partition.replicas) ++replicas_on_[broker];
    }
  }

  std::vector<kafka::ReplicaMove> to_factor(size_t factor) {
    std::vector<kafka::ReplicaMove> moves;
    for (const auto& partition : topic_.partition_descriptions) {
      std::vector<int32_t> replicas = partition.replicas;
      if (replicas.size() == factor) continue;
      if (replicas.size() > factor) replicas.resize(factor);
      while (replicas.size() < factor && add_one(replicas)) continue;
      moves.push_back({{topic_.name, partition.id}, std::move(replicas)});
    }
    return moves;
  }

 private:
  // False where every broker has one already.
  bool add_one(std::vector<int32_t>& replicas) {
    std::set<std::string> racks;
    for (const kafka::Broker& broker : brokers_) {
      if (has(replicas, broker.id)) racks.insert(broker.rack);
    }
    const kafka::Broker* best = nullptr;
    const auto rank = [&](const kafka::Broker& broker) {
      return std::tuple(racks.contains(broker.rack), replicas_on_[broker.id], broker.id);
    };
    for (const kafka::Broker& broker : brokers_) {
      if (has(replicas, broker.id)) continue;
      if (best == nullptr || rank(broker) < rank(*best)) best = &broker;
    }
    if (best == nullptr) return false;
    ++replicas_on_[best->id];
    replicas.push_back(best->id);
    return true;
  }

  static bool has(const std::vector<int32_t>& replicas, int32_t broker) {
    return std::ranges::find(replicas, broker) != replicas.end();
  }

  const kafka::TopicDescription& topic_;
  std::span<const kafka::Broker> brokers_;
  std::map<int32_t, size_t> replicas_on_;  // by broker
};

}  // namespace

std::vector<kafka::ReplicaMove> place_replicas(const kafka::TopicDescription& topic,
                                               std::span<const kafka::Broker> brokers, int factor) {
  return Placement(topic, brokers).to_factor(static_cast<size_t>(factor));
}

}  // namespace omashu::provision
