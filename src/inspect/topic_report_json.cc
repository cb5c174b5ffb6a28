#include "inspect/topic_report_json.h"

#include <charconv>

#include "base/topic_configs.h"
#include "table/row_json.h"

namespace omashu::inspect {

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

void add_size(json::Value& object, const std::optional<kafka::PartitionSize>& size) {
  object.add("bytes", size ? json::Value(size->bytes) : json::Value());
  object.add("replicas_bytes", size ? json::Value(size->replicas_bytes) : json::Value());
}

TopicReport::Offsets offsets_of(const TopicReport& report, kafka::PartitionId partition) {
  const auto found = report.offsets.find(partition);
  return found == report.offsets.end() ? TopicReport::Offsets{} : found->second;
}

}  // namespace

std::string_view config_source_name(kafka::ConfigSource source) {
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

json::Value topic_row(const TopicSummary& topic) {
  json::Value row = json::Value::object();
  row.add("topic", topic.description.name);
  row.add("partitions", topic.description.partitions);
  row.add("replication_factor", topic.description.replication_factor);
  row.add("leaderless_partitions", topic.description.leaderless_partitions);
  const std::string* policy = setting(topic.configs, std::string(kCleanupPolicy));
  row.add("cleanup_policy", policy == nullptr ? json::Value() : json::Value(*policy));
  row.add("retention_ms", number_json(setting(topic.configs, "retention.ms")));
  row.add("bytes", topic.size ? json::Value(topic.size->bytes) : json::Value());
  return row;
}

json::Value topic_report_json(const TopicReport& report, ConfigScope scope) {
  json::Value object = json::Value::object();
  object.add("topic", report.description.name);
  object.add("replication_factor", report.description.replication_factor);
  add_size(object, total_size(report));
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
    const auto size = report.sizes.find(partition.id);
    add_size(one, size == report.sizes.end() ? std::nullopt : std::optional(size->second));
    partitions.append(std::move(one));
  }
  object.add("partitions", std::move(partitions));
  json::Value configs = json::Value::array();
  for (const auto& [name, entry] : report.configs) {
    if (scope == ConfigScope::kSet && entry.source == kafka::ConfigSource::kDefault) continue;
    json::Value one = json::Value::object();
    one.add("name", name);
    one.add("value", entry.is_sensitive ? json::Value() : json::Value(entry.value));
    one.add("source", config_source_name(entry.source));
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
    json::Value lags = json::Value::array();
    for (const PartitionLag& lag : reader.lags) {
      json::Value part = json::Value::object();
      part.add("partition", lag.partition.partition);
      part.add("committed", optional_json(lag.committed));
      part.add("lag", optional_json(lag.lag));
      lags.append(std::move(part));
    }
    one.add("partitions", std::move(lags));
    groups.append(std::move(one));
  }
  object.add("groups", std::move(groups));
  return object;
}

}  // namespace omashu::inspect
