#include "provision/checked_plan.h"

#include <fmt/core.h>

#include "base/counted.h"
#include "provision/check.h"

namespace omashu::provision {

Result<CheckedPlan> make_checked_plan(const Desired& desired, kafka::Admin& admin, schema_registry::Client& registry,
                                      const ObserveOptions& observe_options, const PlanOptions& plan_options,
                                      const WaitBeforeRetry& wait) {
  for (int attempt = 1;; ++attempt) {
    auto observed = observe(desired, admin, &registry, observe_options);
    if (!observed) return fail(std::move(observed).error());
    Plan plan = make_plan(desired, *observed, plan_options);
    const std::vector<std::string> not_yet_shown = check_with_brokers(desired, plan, admin, plan.violations);
    if (!not_yet_shown.empty()) {
      if (wait(attempt)) continue;
      return fail(
          ErrorCode::kTimeout,
          fmt::format("Kafka's controller has {} that its brokers do not show yet, {} among them: run it again, "
                      "or give a longer --timeout",
                      counted(not_yet_shown.size(), "topic"), not_yet_shown.front()));
    }
    check_modes(desired, plan, registry, plan.violations);
    check_with_registry(plan, registry, plan.violations);
    return CheckedPlan{*std::move(observed), std::move(plan)};
  }
}

}  // namespace omashu::provision
