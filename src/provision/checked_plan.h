// From what is desired to a plan that every check has been made of: the one way to it.

#pragma once

#include "provision/observed.h"
#include "provision/plan.h"
#include "provision/wait.h"

namespace omashu::provision {

struct CheckedPlan {
  Observed observed;
  Plan plan;  // with the violations that the servers themselves found
};

// Observes, plans and checks; writes nothing. A broker answers reads from a copy of the metadata that trails the
// controller's by up to seconds: where the controller already has a topic that the brokers do not show, all is observed
// again, for as long as `wait` allows.
Result<CheckedPlan> make_checked_plan(const Desired& desired, kafka::Admin& admin, schema_registry::Client& registry,
                                      const ObserveOptions& observe_options, const PlanOptions& plan_options,
                                      const WaitBeforeRetry& wait);

}  // namespace omashu::provision
