// A plan, and what became of it, as programs read it. The shape carries a version; members may be added to it.

#pragma once

#include "base/json.h"
#include "provision/apply.h"
#include "provision/plan.h"

namespace omashu::provision {

inline constexpr int kJsonVersion = 1;

// An array: {"action": "register_schema" | "set_compatibility" | "create_topic" | "add_partitions" |
// "reassign_replicas" | "alter_configs" | "delete_topic" | "delete_subject", …}. With a report each has "result":
// "done" | "failed" | "not_done", and "error" where it failed.
json::Value actions_json(const Plan& plan, const ApplyReport* report = nullptr);

// {"version": 1, "kind": "plan" or "apply", "actions": […], "violations": [{"file", "line", "column", "message"}],
// "warnings": [{"file", …}], "notes": […], "unchanged": {"topics": n, "schemas": n}}
json::Value plan_json(const Plan& plan, const ApplyReport* report = nullptr);

// {"version": 1, "kind": "validate", "mistakes": […], "warnings": […]}
json::Value findings_json(const Findings& findings);

}  // namespace omashu::provision
