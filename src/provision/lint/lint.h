// Whether topics are designed well: rules that Kafka and a schema registry hold nobody to, each with its reason. A row
// breaks one on purpose where a comment says so: lint_comments.h.
//
// An entity topic is a compacted one, which keeps the latest record of each key; an event topic is any other one.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provision/desired.h"
#include "provision/severity.h"

namespace omashu::provision {

struct LintRule {
  std::string_view name;
  Severity severity = Severity::kWarning;
  std::string_view reason;
};

std::span<const LintRule> lint_rules();
// nullptr where there is no such rule.
const LintRule* find_lint_rule(std::string_view name);

struct LintFinding {
  const LintRule* rule = nullptr;
  Place place;
  std::string topic;    // "" of a comment
  std::string message;  // what is so, and what to do
};

struct LintReport {
  std::vector<LintFinding> findings;  // ordered by place
  size_t on_purpose = 0;              // findings that comments took away
};

// `text` is that of the list of topics, from which `desired` was made without a mistake. What depends on schemas that
// only the registry has is not judged.
LintReport lint(const Desired& desired, std::string_view text);

}  // namespace omashu::provision
