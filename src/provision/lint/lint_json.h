// Findings of the lint as programs read them.

#pragma once

#include "base/json.h"
#include "provision/lint/lint.h"

namespace omashu::provision {

// {"version": 1, "kind": "lint", "findings": [{"rule", "severity", "file", "line", "column", "topic", "message",
// "reason"}], "on_purpose": n, "warnings": [{"file", "line", "column", "message"}]}; the warnings are those of
// validate.
json::Value lint_json(const LintReport& report, const std::vector<Mistake>& warnings);

// [{"rule", "severity", "reason"}]
json::Value lint_rules_json();

}  // namespace omashu::provision
