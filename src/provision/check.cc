#include "provision/check.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "provision/action_batches.h"
#include "provision/batched_calls.h"

namespace omashu::provision {

namespace {

// The setting that the broker's words name, else the topic.
const Place& place_of(const DesiredTopic& topic, const std::string& message) {
  for (const auto& [what, place] : topic.places) {
    if (topic.configs.contains(what) && message.find(what) != std::string::npos) return place;
  }
  return topic.places.at("name");
}

// Existing subjects whose schema refers to nothing that is itself only planned, and that is not refused already.
std::vector<const RegisterSchema*> judgeable_registrations(const Plan& plan) {
  std::set<std::string> planned;
  std::set<std::string> changed_levels;  // the registry would judge by the old one
  std::vector<const RegisterSchema*> judgeable;
  for (const Action& action : plan.actions) {
    if (const auto* level = std::get_if<SetCompatibility>(&action)) changed_levels.insert(level->subject);
    const auto* registration = std::get_if<RegisterSchema>(&action);
    if (registration == nullptr || changed_levels.contains(registration->subject)) continue;
    planned.insert(registration->subject);  // what refers to it comes later
    const bool is_self_contained = std::ranges::none_of(
        registration->text.references, [&](const auto& reference) { return planned.contains(reference.subject); });
    if (registration->latest && is_self_contained && !registration->is_refused) judgeable.push_back(registration);
  }
  return judgeable;
}

}  // namespace

std::vector<std::string> check_with_brokers(const Desired& desired, const Plan& plan, kafka::Admin& admin,
                                            std::vector<Mistake>& violations) {
  std::map<std::string, const DesiredTopic*> topics;
  for (const DesiredTopic& topic : desired.topics) topics[topic.name] = &topic;
  const auto note = [&](const std::string& name, const Result<void>& answer) {
    if (answer) return;
    const std::string& message = answer.error().message;
    violations.push_back({place_of(*topics.at(name), message), fmt::format("topic {}: {}", name, message)});
  };

  std::vector<std::string> not_yet_shown;
  const auto creations = topics_to_create(plan);
  auto answers = create_topics(admin, creations.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) {
    const std::string& name = creations.items[i].name;
    if (!answers[i] && answers[i].error().code == ErrorCode::kAlreadyExists) {
      not_yet_shown.push_back(name);
    } else {
      note(name, answers[i]);
    }
  }

  const auto additions = partitions_to_create(plan);
  answers = create_partitions(admin, additions.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) note(additions.items[i].topic, answers[i]);

  const auto alterations = configs_to_alter(plan);
  answers = alter_configs(admin, alterations.items, /*validate_only=*/true);
  for (size_t i = 0; i < answers.size(); ++i) note(alterations.items[i].topic, answers[i]);
  return not_yet_shown;
}

void check_modes(const Desired& desired, const Plan& plan, schema_registry::Client& registry,
                 std::vector<Mistake>& violations) {
  std::map<std::string, std::string> writes;  // by subject
  for (const Action& action : plan.actions) {
    if (const auto* registration = std::get_if<RegisterSchema>(&action)) {
      writes[registration->subject] = "register the schema";
    } else if (const auto* level = std::get_if<SetCompatibility>(&action)) {
      writes.try_emplace(level->subject, "set the compatibility level");
    } else if (const auto* deletion = std::get_if<DeleteSubject>(&action)) {
      writes[deletion->subject] = "delete it";
    }
  }
  std::vector<std::string> subjects;
  for (const auto& [subject, write] : writes) subjects.push_back(subject);
  std::map<std::string, Place> places;
  for (const DesiredSubject& subject : desired.subjects) places[subject.name] = subject.place;
  const auto modes = registry.mode_of_all(subjects);
  for (size_t i = 0; i < subjects.size(); ++i) {
    const bool is_refused = modes[i] && (modes[i]->starts_with("READONLY") || *modes[i] == "IMPORT");
    if (!is_refused) continue;
    const auto place = places.find(subjects[i]);
    violations.push_back({place != places.end() ? place->second : Place{desired.file, {}},
                          fmt::format("subject {} is in mode {}: the registry would refuse to {}; set its mode to "
                                      "READWRITE first",
                                      subjects[i], *modes[i], writes.at(subjects[i]))});
  }
}

void check_with_registry(const Plan& plan, schema_registry::Client& registry, std::vector<Mistake>& violations) {
  const std::vector<const RegisterSchema*> registrations = judgeable_registrations(plan);
  if (registrations.empty()) return;
  std::vector<schema_registry::Client::Registration> questions;
  for (const RegisterSchema* registration : registrations) {
    questions.push_back({registration->subject, registration->text});
  }
  const auto verdicts = registry.check_compatibility_of_all(questions);
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const Place place{registrations[i]->file, {}};
    if (!verdicts[i]) {
      violations.push_back({place, fmt::format("{}: {}", registrations[i]->subject, verdicts[i].error().message)});
    } else if (!verdicts[i]->is_compatible) {
      violations.push_back({place, fmt::format("the registry finds it incompatible with {}: {}",
                                               registrations[i]->subject, fmt::join(verdicts[i]->messages, "; "))});
    }
  }
}

}  // namespace omashu::provision
