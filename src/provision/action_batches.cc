#include "provision/action_batches.h"

namespace omashu::provision {

namespace {

template <class Kind, class Item, class Make>
Batch<Item> collect(const Plan& plan, const Make& make) {
  Batch<Item> batch;
  for (size_t i = 0; i < plan.actions.size(); ++i) {
    if (const Kind* action = std::get_if<Kind>(&plan.actions[i])) batch.add(i, make(*action));
  }
  return batch;
}

}  // namespace

Batch<kafka::NewTopic> topics_to_create(const Plan& plan) {
  return collect<CreateTopic, kafka::NewTopic>(plan, [](const CreateTopic& action) { return action.topic; });
}

Batch<kafka::Admin::NewPartitions> partitions_to_create(const Plan& plan) {
  return collect<AddPartitions, kafka::Admin::NewPartitions>(
      plan, [](const AddPartitions& action) { return kafka::Admin::NewPartitions{action.topic, action.after}; });
}

Batch<kafka::ReplicaMove> replicas_to_move(const Plan& plan) {
  Batch<kafka::ReplicaMove> batch;
  for (size_t i = 0; i < plan.actions.size(); ++i) {
    const auto* action = std::get_if<ReassignReplicas>(&plan.actions[i]);
    if (action == nullptr) continue;
    for (const auto& [id, partition] : action->partitions) batch.add(i, {{action->topic, id}, partition.after});
  }
  return batch;
}

Batch<kafka::ConfigChange> configs_to_alter(const Plan& plan) {
  return collect<AlterConfigs, kafka::ConfigChange>(plan, [](const AlterConfigs& action) {
    kafka::ConfigChange change{action.topic, {}};
    for (const ConfigDifference& difference : action.changes) {
      change.set[difference.name] = difference.is_reset ? std::nullopt : std::optional(difference.after);
    }
    return change;
  });
}

Batch<std::string> topics_to_delete(const Plan& plan) {
  return collect<DeleteTopic, std::string>(plan, [](const DeleteTopic& action) { return action.topic; });
}

Batch<std::string> subjects_to_delete(const Plan& plan) {
  return collect<DeleteSubject, std::string>(plan, [](const DeleteSubject& action) { return action.subject; });
}

}  // namespace omashu::provision
