#include "flink/flink_script.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/shown.h"
#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

constexpr std::string_view kHeader =
    "-- Flink SQL, printed by omashu flink-sql. An empty line ends each statement.\n"
    "-- Times are those in UTC where nothing else is said, and the minutes of windows follow this zone.\n"
    "SET 'table.local-time-zone' = 'UTC';\n\n";

Result<void> check_topics(const provision::Desired& desired, const std::vector<std::string>& topics) {
  std::vector<std::string> names;
  for (const provision::DesiredTopic& topic : desired.topics) names.push_back(topic.name);
  for (const std::string& topic : topics) {
    if (std::ranges::find(names, topic) != names.end()) continue;
    return fail(ErrorCode::kNotFound,
                fmt::format("{} makes no topic {}{}", desired.file, shown(topic), did_you_mean(topic, names)));
  }
  return {};
}

std::string counts_view(const std::string& name, const std::string& table, const std::string& field) {
  return fmt::format(
      "-- How many rows are in each state now.\nCREATE VIEW {} AS\nSELECT {}, COUNT(*) AS `count`\n"
      "FROM {}\nGROUP BY {};\n\n",
      sql_name(name), sql_name(field), sql_name(table), sql_name(field));
}

std::string throughput_view(const std::string& name, const SourceTable& log) {
  return fmt::format(
      "-- Records by the minute. A minute is told once a record comes that is later by five seconds.\n"
      "CREATE VIEW {} AS\nSELECT `window_start`, `window_end`, COUNT(*) AS `records`\n"
      "FROM TABLE(TUMBLE(TABLE {}, DESCRIPTOR({}), INTERVAL '1' MINUTE))\n"
      "GROUP BY `window_start`, `window_end`;\n\n",
      sql_name(name), sql_name(log.name), sql_name(log.time_column));
}

}  // namespace

Result<Script> flink_script(const provision::Desired& desired, const ScriptOptions& options) {
  if (auto checked = check_topics(desired, options.topics); !checked) return fail(std::move(checked).error());
  TableNames names(desired);
  Script script{.text = std::string(kHeader)};
  for (const provision::DesiredTopic& topic : desired.topics) {
    if (!options.topics.empty() && std::ranges::find(options.topics, topic.name) == options.topics.end()) continue;
    const TopicTables tables = tables_of(desired, topic, options.source, names);
    if (!tables.problem.empty()) {
      script.text += fmt::format("-- There is no table of {}: {}.\n\n", topic.name, tables.problem);
      script.warnings.push_back(fmt::format("there is no table of {}: {}", topic.name, tables.problem));
      continue;
    }
    for (const FieldNote& note : tables.value ? tables.value->notes() : std::vector<FieldNote>()) {
      if (note.is_left_out) script.warnings.push_back(fmt::format("{}: {} {}", topic.name, note.path, note.text));
    }
    if (tables.latest) script.text += create_table_text(*tables.latest) + "\n";
    script.text += create_table_text(tables.log) + "\n";
    if (tables.state_field) {
      const std::string name = names.take(fmt::format("{}_by_{}", topic.name, *tables.state_field));
      script.text += counts_view(name, tables.latest->name, *tables.state_field);
    }
    script.text += throughput_view(names.take(topic.name + "_per_minute"), tables.log);
  }
  return script;
}

}  // namespace omashu::flink
