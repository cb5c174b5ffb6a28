// Carries a plan out.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "provision/plan.h"
#include "schema_registry/client/client.h"

namespace omashu::provision {

struct ActionResult {
  enum class State { kNotDone, kDone, kFailed };
  State state = State::kNotDone;
  std::string message;  // of a failure, in the server's words
};

struct ApplyReport {
  std::vector<ActionResult> results;  // one for each action of the plan
  std::vector<std::string> notes;

  bool is_complete() const;
};

// Compatibility levels of subjects that exist; schemas level by level, each level with many requests in flight;
// compatibility levels of new subjects; then the topics in one request; partitions; moves of replicas, which are only
// begun; settings; deletions last. All of a
// step is tried; after a step in which something failed nothing more is begun. What is done stays done, so the next run
// finishes it. What may pass (a quota, a leader change) the two clients try again by themselves, within their time-out.
// `registry` may be absent where the plan has no schemas.
//
// A reference carries the version that the registry really gave, which is not the planned one where deleted versions
// count. `should_stop` is asked between the steps.
ApplyReport apply_plan(const Plan& plan, kafka::Admin& admin, schema_registry::Client* registry,
                       const std::function<bool()>& should_stop = {});

}  // namespace omashu::provision
