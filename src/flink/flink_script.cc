#include "flink/flink_script.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/shown.h"
#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

using provision::Desired;
using provision::DesiredTopic;

constexpr std::string_view kHeader =
    "-- Flink SQL, printed by omashu flink-sql. An empty line ends each statement.\n"
    "-- Times are those in UTC where nothing else is said, and the minutes of windows follow this zone.\n"
    "SET 'table.local-time-zone' = 'UTC';\n\n";

Result<void> check_topics(const Desired& desired, const std::vector<std::string>& topics) {
  std::vector<std::string> names;
  for (const DesiredTopic& topic : desired.topics) names.push_back(topic.name);
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

class ScriptWriter {
 public:
  ScriptWriter(const Desired& desired, const ScriptOptions& options)
      : desired_(desired), options_(options), names_(desired) {
    script_.text = kHeader;
  }

  void add(const DesiredTopic& topic) {
    const TopicTables tables = tables_of(desired_, topic, options_.source, names_);
    if (!tables.problem.empty()) return add_missing(topic.name, "", tables.problem);
    for (const FieldNote& note : tables.value ? tables.value->notes() : std::vector<FieldNote>()) {
      if (note.is_left_out) script_.warnings.push_back(fmt::format("{}: {} {}", topic.name, note.path, note.text));
    }
    if (tables.latest) script_.text += create_table_text(*tables.latest) + "\n";
    script_.text += create_table_text(tables.log) + "\n";
    std::vector<PostgresTable> targets;
    if (tables.latest && options_.jdbc) targets.push_back(latest_rows(tables, names_));
    if (tables.state_field) {
      const std::string name = names_.take(fmt::format("{}_by_{}", topic.name, *tables.state_field));
      script_.text += counts_view(name, tables.latest->name, *tables.state_field);
      if (options_.jdbc) targets.push_back(counts(tables, name, names_));
    }
    const std::string name = names_.take(topic.name + "_per_minute");
    script_.text += throughput_view(name, tables.log);
    if (options_.jdbc) targets.push_back(throughput(name, names_));
    for (const PostgresTable& target : targets) add_target(topic.name, target);
  }

  // One job fills all tables, so that each topic is read by as few readers as can be.
  Script finish() {
    if (!inserts_.empty()) script_.text += "EXECUTE STATEMENT SET\nBEGIN\n" + inserts_ + "END;\n\n";
    return std::move(script_);
  }

 private:
  void add_target(const std::string& topic, const PostgresTable& target) {
    if (!target.problem.empty()) return add_missing(topic, " in PostgreSQL", target.problem);
    for (const std::string& remark : target.remarks) {
      script_.warnings.push_back(fmt::format("{} in PostgreSQL: {}", topic, remark.substr(0, remark.size() - 1)));
    }
    script_.text += create_table_text(target, *options_.jdbc) + "\n";
    inserts_ += insert_text(target);
    for (const std::string& statement : target.postgres_statements) script_.postgres += statement + ";\n";
  }

  void add_missing(const std::string& topic, std::string_view where, const std::string& problem) {
    const std::string text = fmt::format("here is no table of {}{}: {}", topic, where, problem);
    script_.text += fmt::format("-- T{}.\n\n", text);
    script_.warnings.push_back("t" + text);
  }

  const Desired& desired_;
  const ScriptOptions& options_;
  TableNames names_;
  Script script_;
  std::string inserts_;
};

}  // namespace

Result<Script> flink_script(const Desired& desired, const ScriptOptions& options) {
  if (auto checked = check_topics(desired, options.topics); !checked) return fail(std::move(checked).error());
  ScriptWriter writer(desired, options);
  for (const DesiredTopic& topic : desired.topics) {
    const bool is_meant =
        options.topics.empty() || std::ranges::find(options.topics, topic.name) != options.topics.end();
    if (is_meant) writer.add(topic);
  }
  return writer.finish();
}

}  // namespace omashu::flink
