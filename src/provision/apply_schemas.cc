#include "provision/apply_schemas.h"

#include <fmt/core.h>

#include "provision/action_batches.h"

namespace omashu::provision {

using schema_registry::Client;
using schema_registry::SchemaId;
using schema_registry::SubjectVersion;
using State = ActionResult::State;

Client::Registration SchemaApplier::registration_of(const RegisterSchema& action) const {
  Client::Registration registration{action.subject, action.text};
  for (schema_registry::Reference& reference : registration.text.references) {
    const auto given = versions_.find(reference.subject);
    // Another version than the planned one is pinned, and was there before.
    if (given != versions_.end() && reference.version == given->second.planned) reference.version = given->second.held;
  }
  return registration;
}

void SchemaApplier::register_level(const std::vector<size_t>& actions) {
  std::vector<Client::Registration> registrations;
  for (const size_t i : actions) registrations.push_back(registration_of(std::get<RegisterSchema>(plan_.actions[i])));
  const std::vector<Result<SchemaId>> answers = registry_.register_all(registrations, /*normalize=*/false);
  for (size_t i = 0; i < actions.size(); ++i) {
    ActionResult& result = report_.results[actions[i]];
    if (answers[i]) {
      result = {State::kDone, {}};
      ids_[actions[i]] = *answers[i];
    } else {
      result = {State::kFailed, answers[i].error().message};
    }
  }
  learn_versions(actions);
}

void SchemaApplier::learn_versions(const std::vector<size_t>& actions) {
  std::vector<size_t> referenced;
  std::vector<std::string> subjects;
  for (const size_t i : actions) {
    const auto& action = std::get<RegisterSchema>(plan_.actions[i]);
    if (!action.is_referenced || report_.results[i].state != State::kDone) continue;
    referenced.push_back(i);
    subjects.push_back(action.subject);
  }
  if (referenced.empty()) return;
  std::vector<Result<SubjectVersion>> latest = registry_.latest_of_all(subjects);
  for (size_t i = 0; i < referenced.size(); ++i) {
    const auto& action = std::get<RegisterSchema>(plan_.actions[referenced[i]]);
    // Somebody else may have registered another version since.
    const bool is_ours = latest[i] && latest[i]->id == ids_.at(referenced[i]);
    const Result<SubjectVersion> held =
        is_ours ? latest[i] : registry_.lookup(action.subject, registration_of(action).text, /*normalize=*/false);
    if (!held) {
      report_.results[referenced[i]] = {State::kFailed,
                                        "registered, but its version is not known: " + held.error().message};
      continue;
    }
    versions_[action.subject] = {action.version, held->version};
    if (held->version != action.version) {
      report_.notes.push_back(fmt::format("{} became version {}, not {} as planned; what refers to it carries {}",
                                          action.subject, held->version, action.version, held->version));
    }
  }
}

void SchemaApplier::set_level(size_t action) {
  const auto& wanted = std::get<SetCompatibility>(plan_.actions[action]);
  const Result<void> answer = registry_.set_compatibility_level(wanted.subject, wanted.after);
  report_.results[action] =
      answer ? ActionResult{State::kDone, {}} : ActionResult{State::kFailed, answer.error().message};
}

void SchemaApplier::delete_subjects() {
  const auto batch = subjects_to_delete(plan_);
  bool made_progress = true;
  while (made_progress) {
    made_progress = false;
    for (size_t i = 0; i < batch.items.size(); ++i) {
      ActionResult& result = report_.results[batch.actions[i]];
      if (result.state == State::kDone) continue;
      const auto answer = registry_.delete_subject(batch.items[i], /*permanent=*/false);
      if (answer) {
        result = {State::kDone, {}};
        made_progress = true;
      } else {
        result = {State::kFailed, answer.error().message};
      }
    }
  }
}

}  // namespace omashu::provision
