#include "cli/topics/topic_tables.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/byte_size.h"
#include "base/counted.h"
#include "base/topic_configs.h"
#include "cli/records/report_format.h"
#include "inspect/topic_report_json.h"
#include "table/row_json.h"

namespace omashu::cli {

namespace {

// Those that somebody set. A value that is withheld counts as set.
std::vector<std::pair<std::string, const kafka::ConfigEntry*>> settings_of(const inspect::TopicReport& report) {
  std::vector<std::pair<std::string, const kafka::ConfigEntry*>> settings;
  for (const auto& [name, entry] : report.configs) {
    if (entry.source != kafka::ConfigSource::kDefault) settings.emplace_back(name, &entry);
  }
  return settings;
}

inspect::TopicReport::Offsets offsets_of(const inspect::TopicReport& report, kafka::PartitionId partition) {
  const auto found = report.offsets.find(partition);
  return found == report.offsets.end() ? inspect::TopicReport::Offsets{} : found->second;
}

}  // namespace

std::string topic_summary(const inspect::TopicReport& report) {
  std::string text = fmt::format("{}: {}, replication factor {}, {}\n", report.description.name,
                                 counted(static_cast<size_t>(report.description.partitions), "partition"),
                                 report.description.replication_factor,
                                 counted(static_cast<size_t>(inspect::offset_count(report)), "offset"));
  if (const auto size = inspect::total_size(report)) text.insert(text.size() - 1, ", " + byte_size_text(size->bytes));
  if (!report.newest) return text + "newest record: none\n";
  return text + fmt::format("newest record: {} ({}-{}-{})\n", table::timestamp_text(report.newest->timestamp_ms),
                            report.description.name, report.newest->partition, report.newest->offset);
}

TextRows partition_rows(const inspect::TopicReport& report) {
  TextRows table{.titles = {"PARTITION", "LEADER", "REPLICAS", "IN SYNC", "BEGIN", "END", "SIZE"}, .rows = {}};
  for (const kafka::PartitionDescription& partition : report.description.partition_descriptions) {
    const inspect::TopicReport::Offsets offsets = offsets_of(report, partition.id);
    const auto size = report.sizes.find(partition.id);
    table.rows.push_back({fmt::format("{}", partition.id), partition.leader ? cell(*partition.leader) : "none",
                          fmt::format("{}", fmt::join(partition.replicas, ",")),
                          fmt::format("{}", fmt::join(partition.in_sync_replicas, ",")), cell(offsets.begin),
                          cell(offsets.end), size == report.sizes.end() ? "-" : byte_size_text(size->second.bytes)});
  }
  return table;
}

TextRows config_rows(const inspect::TopicReport& report) {
  TextRows table{.titles = {"SETTING", "VALUE", "SET BY"}, .rows = {}};
  for (const auto& [name, entry] : settings_of(report)) {
    const std::string unit = human_config_value(name, entry->value);
    std::string value = entry->is_sensitive ? "(withheld)" : entry->value;
    if (!unit.empty()) value += fmt::format(" ({})", unit);
    table.rows.push_back({name, value, std::string(inspect::config_source_name(entry->source))});
  }
  return table;
}

TextRows reader_rows(const inspect::TopicReport& report) {
  TextRows table{.titles = {"GROUP", "STATE", "MEMBERS", "LAG"}, .rows = {}};
  for (const inspect::TopicReport::Reader& reader : report.readers) {
    table.rows.push_back(
        {reader.group, reader.state, fmt::format("{}", reader.members), fmt::format("{}", reader.lag)});
  }
  return table;
}

}  // namespace omashu::cli
