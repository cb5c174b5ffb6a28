#include "cli/topics/topic_report.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <charconv>

#include "base/counted.h"
#include "base/topic_configs.h"
#include "cli/records/report_format.h"
#include "table/row_json.h"

namespace omashu::cli {

namespace {

const std::string* setting(const kafka::TopicConfigs& configs, const std::string& name) {
  const auto found = configs.find(name);
  return found == configs.end() ? nullptr : &found->second.value;
}

json::Value number_json(const std::string* text) {
  int64_t number = 0;
  if (text == nullptr) return {};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc() && end == text->data() + text->size() ? json::Value(number) : json::Value(*text);
}

json::Value optional_json(std::optional<int64_t> number) { return number ? json::Value(*number) : json::Value(); }

json::Value ids_json(const std::vector<int32_t>& ids) {
  json::Value array = json::Value::array();
  for (const int32_t id : ids) array.append(id);
  return array;
}

std::string_view source_name(kafka::ConfigSource source) {
  switch (source) {
    case kafka::ConfigSource::kTopic: return "topic";
    case kafka::ConfigSource::kDynamicBroker: return "broker (dynamic)";
    case kafka::ConfigSource::kDynamicDefault: return "all brokers (dynamic)";
    case kafka::ConfigSource::kStaticBroker: return "broker's file";
    case kafka::ConfigSource::kDefault: return "default";
    case kafka::ConfigSource::kUnknown: break;
  }
  return "unknown";
}

// Those that somebody set. A value that is withheld counts as set.
std::vector<std::pair<std::string, const kafka::ConfigEntry*>> settings_of(const TopicReport& report) {
  std::vector<std::pair<std::string, const kafka::ConfigEntry*>> settings;
  for (const auto& [name, entry] : report.configs) {
    if (entry.source != kafka::ConfigSource::kDefault) settings.emplace_back(name, &entry);
  }
  return settings;
}

TopicReport::Offsets offsets_of(const TopicReport& report, kafka::PartitionId partition) {
  const auto found = report.offsets.find(partition);
  return found == report.offsets.end() ? TopicReport::Offsets{} : found->second;
}

}  // namespace

json::Value topic_row(const kafka::TopicDescription& topic, const kafka::TopicConfigs& configs) {
  json::Value row = json::Value::object();
  row.add("topic", topic.name);
  row.add("partitions", topic.partitions);
  row.add("replication_factor", topic.replication_factor);
  row.add("leaderless_partitions", topic.leaderless_partitions);
  const std::string* policy = setting(configs, std::string(kCleanupPolicy));
  row.add("cleanup_policy", policy == nullptr ? json::Value() : json::Value(*policy));
  row.add("retention_ms", number_json(setting(configs, "retention.ms")));
  return row;
}

std::string topic_summary(const TopicReport& report) {
  int64_t offsets = 0;
  for (const auto& [partition, one] : report.offsets) offsets += one.end.value_or(0) - one.begin.value_or(0);
  std::string text =
      fmt::format("{}: {}, replication factor {}, {}\n", report.description.name,
                  counted(static_cast<size_t>(report.description.partitions), "partition"),
                  report.description.replication_factor, counted(static_cast<size_t>(offsets), "offset"));
  if (!report.newest) return text + "newest record: none\n";
  return text + fmt::format("newest record: {} ({}-{}-{})\n", table::timestamp_text(report.newest->timestamp_ms),
                            report.description.name, report.newest->partition, report.newest->offset);
}

TextRows partition_rows(const TopicReport& report) {
  TextRows table{.titles = {"PARTITION", "LEADER", "REPLICAS", "IN SYNC", "BEGIN", "END"}, .rows = {}};
  for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
    const TopicReport::Offsets offsets = offsets_of(report, partition.id);
    table.rows.push_back({fmt::format("{}", partition.id), partition.leader ? cell(*partition.leader) : "none",
                          fmt::format("{}", fmt::join(partition.replicas, ",")),
                          fmt::format("{}", fmt::join(partition.in_sync_replicas, ",")), cell(offsets.begin),
                          cell(offsets.end)});
  }
  return table;
}

TextRows config_rows(const TopicReport& report) {
  TextRows table{.titles = {"SETTING", "VALUE", "SET BY"}, .rows = {}};
  for (const auto& [name, entry] : settings_of(report)) {
    const std::string unit = human_config_value(name, entry->value);
    std::string value = entry->is_sensitive ? "(withheld)" : entry->value;
    if (!unit.empty()) value += fmt::format(" ({})", unit);
    table.rows.push_back({name, value, std::string(source_name(entry->source))});
  }
  return table;
}

TextRows reader_rows(const TopicReport& report) {
  TextRows table{.titles = {"GROUP", "STATE", "MEMBERS", "LAG"}, .rows = {}};
  for (const TopicReport::Reader& reader : report.readers) {
    table.rows.push_back(
        {reader.group, reader.state, fmt::format("{}", reader.members), fmt::format("{}", reader.lag)});
  }
  return table;
}

json::Value topic_report_json(const TopicReport& report) {
  json::Value object = json::Value::object();
  object.add("topic", report.description.name);
  object.add("replication_factor", report.description.replication_factor);
  json::Value partitions = json::Value::array();
  for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
    const TopicReport::Offsets offsets = offsets_of(report, partition.id);
    json::Value one = json::Value::object();
    one.add("partition", partition.id);
    one.add("leader", partition.leader ? json::Value(*partition.leader) : json::Value());
    one.add("replicas", ids_json(partition.replicas));
    one.add("in_sync_replicas", ids_json(partition.in_sync_replicas));
    one.add("begin_offset", optional_json(offsets.begin));
    one.add("end_offset", optional_json(offsets.end));
    partitions.append(std::move(one));
  }
  object.add("partitions", std::move(partitions));
  json::Value configs = json::Value::array();
  for (const auto& [name, entry] : settings_of(report)) {
    json::Value one = json::Value::object();
    one.add("name", name);
    one.add("value", entry->is_sensitive ? json::Value() : json::Value(entry->value));
    one.add("source", source_name(entry->source));
    configs.append(std::move(one));
  }
  object.add("configs", std::move(configs));
  json::Value newest;
  if (report.newest) {
    newest = json::Value::object();
    newest.add("partition", report.newest->partition);
    newest.add("offset", report.newest->offset);
    newest.add("timestamp", table::timestamp_text(report.newest->timestamp_ms));
  }
  object.add("newest_record", std::move(newest));
  json::Value groups = json::Value::array();
  for (const TopicReport::Reader& reader : report.readers) {
    json::Value one = json::Value::object();
    one.add("group", reader.group);
    one.add("state", reader.state);
    one.add("members", static_cast<uint64_t>(reader.members));
    one.add("lag", reader.lag);
    groups.append(std::move(one));
  }
  object.add("groups", std::move(groups));
  return object;
}

}  // namespace omashu::cli
