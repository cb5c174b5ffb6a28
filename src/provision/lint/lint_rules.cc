// The names and reasons of the rules; lint.cc judges by them.

#include <algorithm>
#include <array>

#include "provision/lint/lint.h"

namespace omashu::provision {

namespace {

constexpr auto kRules = std::to_array<LintRule>({
    {"entity-key-schema", Severity::kError,
     "Compaction keeps the latest record of each key, and compares keys as bytes. Without a schema each producer "
     "writes "
     "them in its own way, and one entity has several rows."},
    {"entity-id", Severity::kWarning,
     "Whoever reads the values alone (a sink, a stream job, a person) must see what each is about."},
    {"key-type", Severity::kError,
     "Partitions and compaction compare keys as bytes, and equal values of this type can be written as different "
     "bytes."},
    {"table-delete", Severity::kError,
     "With `delete`, Kafka drops the latest record of a key by its age, without a tombstone: a table that was read "
     "before still has the row, and one that is read anew has not."},
    {"tombstone-retention", Severity::kWarning,
     "A reader that is away for longer than tombstones are kept never hears of what was deleted, and shows it for "
     "ever."},
    {"event-retention", Severity::kWarning,
     "Events are deleted by time. For how long they can be read again is a promise to their readers, and belongs into "
     "the file rather than into the brokers' defaults."},
    {"event-name", Severity::kInfo,
     "An event tells what has happened and is never changed: a past tense says so, and tells it from a request."},
    {"entity-name", Severity::kInfo,
     "A compacted topic keeps the latest record of each key alone. Of events, each one counts."},
    {"unused-setting", Severity::kWarning,
     "A setting that does nothing under this cleanup policy is taken for one that does."},
    {"value-schema", Severity::kWarning,
     "Without a schema nothing is checked when records are written, and each reader guesses."},
    {"one-schema-per-topic", Severity::kWarning,
     "Readers of a topic want one kind of record: with several, each reader meets those that it does not know, and "
     "nobody can tell a table's columns."},
    {"value-record", Severity::kWarning,
     "Only a record can get a field more, and stay readable for those who know the fields of before."},
    {"topic-name", Severity::kWarning,
     "Names are typed by people, and stand in metrics, access lists and scripts for years."},
    {"lint-comment", Severity::kWarning, "A comment that takes nothing away hides that a row was changed since."},
});

}  // namespace

std::span<const LintRule> lint_rules() { return kRules; }

const LintRule* find_lint_rule(std::string_view name) {
  const auto rule = std::ranges::find(kRules, name, &LintRule::name);
  return rule == kRules.end() ? nullptr : &*rule;
}

}  // namespace omashu::provision
