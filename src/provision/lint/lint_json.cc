#include "provision/lint/lint_json.h"

#include "provision/plan_json.h"

namespace omashu::provision {

namespace {

using json::Value;

void add_place(Value& object, const Place& place) {
  object.add("file", place.file);
  object.add("line", uint64_t{place.position.line});
  object.add("column", uint64_t{place.position.column});
}

}  // namespace

Value lint_json(const LintReport& report, const std::vector<Mistake>& warnings) {
  Value findings = Value::array();
  for (const LintFinding& finding : report.findings) {
    Value object = Value::object();
    object.add("rule", finding.rule->name);
    object.add("severity", severity_name(finding.rule->severity));
    add_place(object, finding.place);
    object.add("topic", finding.topic.empty() ? Value() : Value(finding.topic));
    object.add("message", finding.message);
    object.add("reason", finding.rule->reason);
    findings.append(std::move(object));
  }
  Value others = Value::array();
  for (const Mistake& warning : warnings) {
    Value object = Value::object();
    add_place(object, warning.place);
    object.add("message", warning.message);
    others.append(std::move(object));
  }
  Value document = Value::object();
  document.add("version", kJsonVersion);
  document.add("kind", "lint");
  document.add("findings", std::move(findings));
  document.add("on_purpose", uint64_t{report.on_purpose});
  document.add("warnings", std::move(others));
  return document;
}

Value lint_rules_json() {
  Value rules = Value::array();
  for (const LintRule& rule : lint_rules()) {
    Value object = Value::object();
    object.add("rule", rule.name);
    object.add("severity", severity_name(rule.severity));
    object.add("reason", rule.reason);
    rules.append(std::move(object));
  }
  return rules;
}

}  // namespace omashu::provision
