#include "provision/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "provision/plan_topics.h"
#include "provision/schema_decisions.h"

namespace omashu::provision {

namespace {

// Of subjects that exist, or of those that do not yet.
void plan_levels(const Desired& desired, const Observed& observed, bool is_new, Plan& plan) {
  for (const DesiredSubject& subject : desired.subjects) {
    const auto held = observed.subjects.find(subject.name);
    if (!subject.compatibility || (held == observed.subjects.end()) != is_new) continue;
    const std::string& before = is_new ? observed.absent_levels.at(subject.name) : held->second.compatibility_level;
    if (before == *subject.compatibility) continue;
    plan.actions.emplace_back(SetCompatibility{subject.name, before, *subject.compatibility});
  }
}

void plan_schemas(const Desired& desired, const Observed& observed, Plan& plan) {
  SchemaDecisions decisions = decide_schemas(desired, observed);
  std::ranges::move(decisions.violations, std::back_inserter(plan.violations));
  std::ranges::move(decisions.notes, std::back_inserter(plan.notes));
  const std::set<size_t> refused =
      check_schema_compatibility(desired, observed, decisions, plan.violations, plan.notes);

  plan_levels(desired, observed, /*is_new=*/false, plan);
  std::set<size_t> referenced;
  for (const DesiredSchema& schema : desired.schemas) {
    for (const Link& link : schema.links) {
      if (link.target) referenced.insert(desired.schemas[*link.target].subject);
    }
  }
  for (SubjectDecision& decision : decisions.subjects) {
    if (!decision.is_new) {
      ++plan.unchanged_schemas;
      continue;
    }
    const DesiredSubject& subject = desired.subjects[decision.subject];
    RegisterSchema action;
    action.subject = subject.name;
    action.version = decision.version;
    action.text = std::move(decision.text);
    action.level = desired.schemas[subject.schema].level;
    action.is_referenced = referenced.contains(decision.subject);
    action.is_refused = refused.contains(decision.subject);
    action.file = desired.schemas[subject.schema].file.path;
    if (const auto held = observed.subjects.find(subject.name); held != observed.subjects.end()) {
      action.latest = held->second.versions.back();
    }
    plan.actions.emplace_back(std::move(action));
  }
  plan_levels(desired, observed, /*is_new=*/true, plan);
}

// An emptied file is more often an accident than the wish to delete everything.
bool refuse_empty_file(const Desired& desired, const PlanOptions& options, Plan& plan) {
  if (options.may_be_empty || !desired.named_topics.empty()) return false;
  plan.violations.push_back({{desired.file, {}},
                             fmt::format("the file names no topic, so --prune would delete all that its prefix allows: "
                                         "if that is meant, add --confirm-empty {}",
                                         desired.file)});
  return true;
}

void plan_deletions(const Desired& desired, const Observed& observed, Plan& plan) {
  for (const kafka::TopicDescription& topic : observed.topics_in_prefix) {
    if (desired.named_topics.contains(topic.name)) continue;
    plan.actions.emplace_back(DeleteTopic{topic.name, topic.partitions});
  }
  std::set<std::string> kept;
  for (const DesiredSubject& subject : desired.subjects) kept.insert(subject.name);
  for (const auto& [name, type] : observed.found_types) kept.insert(type.subject);
  for (const DesiredSchema& schema : desired.schemas) {
    for (const auto& [subject, version] : schema.pinned_references) kept.insert(subject);
  }
  for (const std::string& subject : observed.subjects_in_prefix) {
    if (kept.contains(subject)) continue;
    if (observed.schemas.is_referenced(subject)) {
      plan.notes.push_back(subject + ": not deleted, schemas that stay refer to it");
    } else {
      plan.actions.emplace_back(DeleteSubject{subject});
    }
  }
}

}  // namespace

Plan make_plan(const Desired& desired, const Observed& observed, const PlanOptions& options) {
  Plan plan;
  plan.warnings = desired.warnings;
  plan_schemas(desired, observed, plan);
  plan_topics(desired, observed, options, plan);
  if (options.prune && !refuse_empty_file(desired, options, plan)) plan_deletions(desired, observed, plan);
  return plan;
}

}  // namespace omashu::provision
