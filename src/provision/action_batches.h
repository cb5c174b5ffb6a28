// The actions of a plan that go out together, as the calls want them.

#pragma once

#include <string>
#include <vector>

#include "kafka/admin.h"
#include "provision/plan.h"

namespace omashu::provision {

// The items, and for each the index of its action in the plan.
template <class Item>
struct Batch {
  std::vector<Item> items;
  std::vector<size_t> actions;

  void add(size_t action, Item item) {
    actions.push_back(action);
    items.push_back(std::move(item));
  }
};

Batch<kafka::NewTopic> topics_to_create(const Plan& plan);
Batch<kafka::Admin::NewPartitions> partitions_to_create(const Plan& plan);
Batch<kafka::ReplicaMove> replicas_to_move(const Plan& plan);  // an action has one for each of its partitions
Batch<kafka::ConfigChange> configs_to_alter(const Plan& plan);
Batch<std::string> topics_to_delete(const Plan& plan);
Batch<std::string> subjects_to_delete(const Plan& plan);

}  // namespace omashu::provision
