#include "provision/lint/lint.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "base/nearest.h"
#include "base/shown.h"
#include "base/topic_configs.h"
#include "provision/lint/lint_comments.h"
#include "provision/lint/name_words.h"
#include "provision/setting_value.h"

namespace omashu::provision {

namespace {

constexpr int64_t kMinTombstoneMs = 3'600'000;

// Settings that act under one policy alone.
constexpr auto kOfDelete = std::to_array<std::string_view>({"retention.ms", "retention.bytes"});
constexpr auto kOfCompact = std::to_array<std::string_view>(
    {"delete.retention.ms", "max.compaction.lag.ms", "min.cleanable.dirty.ratio", "min.compaction.lag.ms"});

class Linter {
 public:
  explicit Linter(const Desired& desired) : desired_(desired) {
    for (const SchemaUse& use : desired.schema_uses) {
      auto& subjects = subjects_[{use.topic, use.is_key}];
      const DesiredSubject* subject = &desired.subjects[use.subject];
      if (std::ranges::find(subjects, subject) == subjects.end()) subjects.push_back(subject);
    }
  }

  std::vector<LintFinding> run() {
    for (const DesiredTopic& topic : desired_.topics) judge(topic);
    judge_separators();
    return std::move(findings_);
  }

 private:
  void judge(const DesiredTopic& topic) {
    const std::string& policy = topic.configs.at(std::string(kCleanupPolicy));
    const bool is_entity = is_compacted(policy);
    if (const auto problem = topic_style_problem(topic.name)) {
      note(topic, "topic-name", "name", fmt::format("its name {}", *problem));
    }
    judge_values(topic);
    judge_keys(topic, is_entity);
    if (is_entity) {
      judge_entity(topic, policy);
    } else {
      judge_event(topic);
    }
    judge_event_name(topic, is_entity);
  }

  void judge_values(const DesiredTopic& topic) {
    const auto& subjects = subjects_of(topic, /*is_key=*/false);
    if (subjects.empty()) {
      note(topic, "value-schema", "name", "its values have no schema: name a file in the column schema_file");
    } else if (subjects.size() > 1) {
      note(topic, "one-schema-per-topic", "name",
           fmt::format("its values have {} schemas: give each kind of record a topic of its own", subjects.size()));
    }
    for (const DesiredSubject* subject : subjects) {
      const avro::Schema* schema = schema_of(subject);
      if (schema == nullptr || schema->root().type == avro::Type::kRecord) continue;
      if (schema->root().type == avro::Type::kUnion) {
        note_at(subject->place, topic, "one-schema-per-topic",
                "its value is a union: give each branch a topic of its own");
      } else {
        note_at(subject->place, topic, "value-record",
                fmt::format("its value is of the type {}: make it a field of a record",
                            avro::type_name(schema->root().type)));
      }
    }
  }

  void judge_keys(const DesiredTopic& topic, bool is_entity) {
    const auto& subjects = subjects_of(topic, /*is_key=*/true);
    if (subjects.empty()) {
      if (is_entity) {
        note(topic, "entity-key-schema", "name",
             "it is compacted, and its keys have no schema: write one, and true in the column has_key_schema");
      }
      return;
    }
    const avro::Schema* key = schema_of(subjects.front());
    if (key == nullptr) return;
    std::set<const avro::Node*> seen;
    if (const auto type = unstable_type(key->root(), seen)) {
      note_at(subjects.front()->place, topic, "key-type",
              fmt::format("its key has the type {}: use a string, a whole number, bytes or a record of these", *type));
    }
    if (is_entity) judge_id(topic, *key, subjects.front()->place);
  }

  // A type whose equal values may be written as different bytes.
  static std::optional<std::string_view> unstable_type(const avro::Node& node, std::set<const avro::Node*>& seen) {
    if (!seen.insert(&node).second) return std::nullopt;
    if (node.type == avro::Type::kFloat || node.type == avro::Type::kDouble || node.type == avro::Type::kMap) {
      return avro::type_name(node.type);
    }
    for (const avro::Field& field : node.fields) {
      if (const auto type = unstable_type(*field.type, seen)) return type;
    }
    for (const avro::Node* branch : node.branches) {
      if (const auto type = unstable_type(*branch, seen)) return type;
    }
    return node.items == nullptr ? std::nullopt : unstable_type(*node.items, seen);
  }

  void judge_id(const DesiredTopic& topic, const avro::Schema& key, const Place& place) {
    const auto& subjects = subjects_of(topic, /*is_key=*/false);
    const avro::Schema* value = subjects.empty() ? nullptr : schema_of(subjects.front());
    if (value == nullptr || value->root().type != avro::Type::kRecord) return;
    const avro::Node& record = value->root();
    if (key.root().type != avro::Type::kRecord) {
      const bool has_id = std::ranges::any_of(record.fields, [&](const avro::Field& field) {
        return field.type->type == key.root().type && is_id(field.name);
      });
      if (has_id) return;
      note_at(place, topic, "entity-id",
              fmt::format("{} has no id: add a field of the type {} with the key, as \"id\"", record.full_name,
                          avro::type_name(key.root().type)));
      return;
    }
    for (const avro::Field& field : key.root().fields) {
      const avro::Field* same = record.find_field(field.name);
      if (same != nullptr && same->type->type == field.type->type) continue;
      note_at(place, topic, "entity-id",
              fmt::format("the key's field {0} is not in {1}: add it, of the same type", field.name, record.full_name));
    }
  }

  static bool is_id(std::string_view name) {
    const auto words = name_words(name);
    return !words.empty() && (words.back() == "id" || words.back() == "uuid" || words.back() == "key");
  }

  void judge_entity(const DesiredTopic& topic, const std::string& policy) {
    const std::string name(kCleanupPolicy);
    if (policy.find("delete") != std::string::npos) {
      note(topic, "table-delete", name,
           "it is compacted and its records are deleted by age: write compact, and ttl= where rows shall end");
    } else {
      judge_unused(topic, kOfDelete, "delete");
    }
    const auto tombstones = number(topic, "delete.retention.ms");
    if (tombstones && *tombstones < kMinTombstoneMs) {
      note(topic, "tombstone-retention", "delete.retention.ms",
           "its tombstones are kept for less than an hour: leave delete.retention.ms at its day, or make it longer");
    }
  }

  void judge_event(const DesiredTopic& topic) {
    judge_unused(topic, kOfCompact, "compact");
    const auto retention = topic.configs.find("retention.ms");
    if (retention == topic.configs.end() || retention->second == kDefaultValue) {
      note(topic, "event-retention", std::string(kCleanupPolicy),
           "how long its records are kept is not said: add retention.ms=7d, or what its readers need");
    } else if (number(topic, "retention.ms").value_or(0) < 0) {
      note(topic, "event-retention", "retention.ms", "its records are never deleted: say for how long they are kept");
    }
  }

  void judge_event_name(const DesiredTopic& topic, bool is_entity) {
    const auto topic_words = name_words(topic.name);
    for (const DesiredSubject* subject : subjects_of(topic, /*is_key=*/false)) {
      const std::string& full_name = desired_.schemas[subject->schema].file.root_name;
      if (full_name.empty()) continue;
      const auto words = name_words(std::string_view(full_name).substr(full_name.rfind('.') + 1));
      if (is_entity && tells_what_happened(words)) {
        note_at(subject->place, topic, "entity-name",
                fmt::format("{} is called as an event is, and the topic is compacted: call it as the entity is called, "
                            "or keep the events in a topic of their own",
                            full_name));
      }
      if (is_entity || tells_what_happened(words) || tells_what_happened(topic_words)) continue;
      if (is_no_event(words) || is_no_event(topic_words)) continue;
      note_at(subject->place, topic, "event-name",
              fmt::format("{} does not say what has happened: call it as OrderPlaced is called or, where it asks for "
                          "something, as OrderRequest",
                          full_name));
    }
  }

  // Words are separated alike in all names of a file: the rarer way is told of.
  void judge_separators() {
    size_t with_dash = 0, with_underscore = 0;
    for (const DesiredTopic& topic : desired_.topics) {
      with_dash += topic.name.find('-') != std::string::npos;
      with_underscore += topic.name.find('_', 1) != std::string::npos;
    }
    if (with_dash == 0 || with_underscore == 0) return;
    const char rare = with_underscore > with_dash ? '-' : '_';
    for (const DesiredTopic& topic : desired_.topics) {
      if (topic.name.find(rare, 1) == std::string::npos || topic_style_problem(topic.name)) continue;
      note(topic, "topic-name", "name",
           fmt::format("its name separates words by '{}', and most names of the file by '{}': use that", rare,
                       rare == '-' ? '_' : '-'));
    }
  }

  template <size_t N>
  void judge_unused(const DesiredTopic& topic, const std::array<std::string_view, N>& names, std::string_view policy) {
    for (const std::string_view name : names) {
      const auto setting = topic.configs.find(std::string(name));
      if (setting == topic.configs.end() || setting->second == kDefaultValue) continue;
      note(topic, "unused-setting", std::string(name),
           fmt::format("{} does nothing without {} in the column cleanup_policy: leave it out", name, policy));
    }
  }

  using Subjects = std::vector<const DesiredSubject*>;

  const Subjects& subjects_of(const DesiredTopic& topic, bool is_key) const {
    static const Subjects kNone;
    const auto found = subjects_.find({topic.name, is_key});
    return found == subjects_.end() ? kNone : found->second;
  }

  // nullptr where the registry must be asked for a type of it.
  const avro::Schema* schema_of(const DesiredSubject* subject) const {
    const auto& schema = desired_.schemas[subject->schema].schema;
    return schema ? &*schema : nullptr;
  }

  static std::optional<int64_t> number(const DesiredTopic& topic, const std::string& name) {
    const auto setting = topic.configs.find(name);
    if (setting == topic.configs.end()) return std::nullopt;
    int64_t value = 0;
    const char* end = setting->second.data() + setting->second.size();
    if (std::from_chars(setting->second.data(), end, value).ptr != end) return std::nullopt;
    return value;
  }

  void note(const DesiredTopic& topic, std::string_view rule, const std::string& what, const std::string& message) {
    note_at(topic.places.at(what), topic, rule, message);
  }

  void note_at(const Place& place, const DesiredTopic& topic, std::string_view rule, const std::string& message) {
    findings_.push_back({find_lint_rule(rule), place, topic.name, fmt::format("topic {}: {}", topic.name, message)});
  }

  const Desired& desired_;
  std::map<std::pair<std::string, bool>, Subjects> subjects_;  // by topic, and whether of its keys
  std::vector<LintFinding> findings_;
};

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const LintRule& rule : lint_rules()) names.emplace_back(rule.name);
  return names;
}

// Takes away what the comments say is on purpose, and notes the comments that do nothing.
void apply_comments(std::span<const LintComment> comments, const std::string& file, LintReport& report) {
  std::vector<LintFinding> of_comments;
  for (const LintComment& comment : comments) {
    const Place place{file, comment.position};
    if (find_lint_rule(comment.rule) == nullptr) {
      of_comments.push_back(
          {find_lint_rule("lint-comment"), place, "",
           fmt::format("there is no rule {}{}", shown(comment.rule), did_you_mean(comment.rule, rule_names()))});
      continue;
    }
    const size_t taken = std::erase_if(report.findings, [&](const LintFinding& finding) {
      return finding.rule->name == comment.rule && finding.place.position.line == comment.row_line;
    });
    report.on_purpose += taken;
    if (taken > 0) continue;
    of_comments.push_back({find_lint_rule("lint-comment"), place, "",
                           comment.row_line == 0 ? fmt::format("no row follows for which {} could be off", comment.rule)
                                                 : fmt::format("line {} does not break {}: take the comment away",
                                                               comment.row_line, comment.rule)});
  }
  report.findings.insert(report.findings.end(), of_comments.begin(), of_comments.end());
}

}  // namespace

LintReport lint(const Desired& desired, std::string_view text) {
  LintReport report{.findings = Linter(desired).run()};
  apply_comments(read_lint_comments(text), desired.file, report);
  std::ranges::stable_sort(report.findings, {}, [](const LintFinding& finding) {
    return std::tuple(finding.place.position.line, finding.place.position.column);
  });
  return report;
}

}  // namespace omashu::provision
