#include "provision/apply.h"

#include <algorithm>
#include <optional>

#include "provision/action_batches.h"
#include "provision/apply_schemas.h"
#include "provision/batched_calls.h"

namespace omashu::provision {

using State = ActionResult::State;

namespace {

class Applier {
 public:
  Applier(const Plan& plan, kafka::Admin& admin, schema_registry::Client* registry,
          const std::function<bool()>& should_stop)
      : plan_(plan), admin_(admin), should_stop_(should_stop) {
    report_.results.resize(plan.actions.size());
    if (registry != nullptr) schemas_.emplace(plan, *registry, report_);
  }

  ApplyReport apply() {
    write_schemas();
    const auto creations = topics_to_create(plan_);
    step(creations, [&] { return create_topics(admin_, creations.items, /*validate_only=*/false); });
    const auto additions = partitions_to_create(plan_);
    step(additions, [&] { return create_partitions(admin_, additions.items, /*validate_only=*/false); });
    reassign_replicas();
    const auto alterations = configs_to_alter(plan_);
    step(alterations, [&] { return alter_configs(admin_, alterations.items, /*validate_only=*/false); });
    const auto deletions = topics_to_delete(plan_);
    step(deletions, [&] { return delete_topics(admin_, deletions.items); });
    if (may_go_on() && schemas_) schemas_->delete_subjects();
    return std::move(report_);
  }

 private:
  bool may_go_on() const {
    if (should_stop_ && should_stop_()) return false;
    return std::ranges::none_of(report_.results, [](const ActionResult& r) { return r.state == State::kFailed; });
  }

  // All that the registry holds but deletions, as they stand in the plan.
  void write_schemas() {
    std::vector<size_t> level;
    for (size_t i = 0; i < plan_.actions.size(); ++i) {
      if (std::holds_alternative<SetCompatibility>(plan_.actions[i])) {
        if (!may_go_on()) return;
        schemas_->set_level(i);
        continue;
      }
      const auto* action = std::get_if<RegisterSchema>(&plan_.actions[i]);
      if (action == nullptr) break;
      level.push_back(i);
      const auto* next = i + 1 < plan_.actions.size() ? std::get_if<RegisterSchema>(&plan_.actions[i + 1]) : nullptr;
      if (next != nullptr && next->level == action->level) continue;
      if (!may_go_on()) return;
      schemas_->register_level(level);
      level.clear();
    }
  }

  // One request for all partitions of all topics. A topic is done where each of its partitions was taken.
  void reassign_replicas() {
    const auto batch = replicas_to_move(plan_);
    if (batch.items.empty() || !may_go_on()) return;
    const std::vector<Result<void>> answers = admin_.move_replicas(batch.items);
    for (size_t i = 0; i < answers.size(); ++i) {
      ActionResult& result = report_.results[batch.actions[i]];
      if (result.state == State::kFailed) continue;
      result = answers[i] ? ActionResult{State::kDone, {}} : ActionResult{State::kFailed, answers[i].error().message};
    }
  }

  template <class Item, class Call>
  void step(const Batch<Item>& batch, const Call& call) {
    if (batch.items.empty() || !may_go_on()) return;
    const std::vector<Result<void>> answers = call();
    for (size_t i = 0; i < answers.size(); ++i) {
      ActionResult& result = report_.results[batch.actions[i]];
      result = answers[i] ? ActionResult{State::kDone, {}} : ActionResult{State::kFailed, answers[i].error().message};
    }
  }

  const Plan& plan_;
  kafka::Admin& admin_;
  const std::function<bool()>& should_stop_;
  std::optional<SchemaApplier> schemas_;
  ApplyReport report_;
};

}  // namespace

bool ApplyReport::is_complete() const {
  return std::ranges::all_of(results, [](const ActionResult& result) { return result.state == State::kDone; });
}

ApplyReport apply_plan(const Plan& plan, kafka::Admin& admin, schema_registry::Client* registry,
                       const std::function<bool()>& should_stop) {
  return Applier(plan, admin, registry, should_stop).apply();
}

}  // namespace omashu::provision
