#include "service/metrics/table_metrics.h"

#include <chrono>
#include <vector>

namespace omashu::service {

namespace {

using Kind = MetricText::Kind;

struct Seen {
  std::string topic;
  table::TableStatus status;
};

// A family with a sample of each table.
template <class Value>
void write(MetricText& text, const std::vector<Seen>& tables, std::string_view name, Kind kind, std::string_view help,
           const Value& value) {
  text.family(name, kind, help);
  for (const Seen& seen : tables) text.sample({{"table", seen.topic}}, value(seen.status));
}

uint64_t records_behind(const table::TableStatus& status) {
  uint64_t records = 0;
  for (const table::TableStatus::Partition& partition : status.partitions) {
    if (partition.end_offset > partition.next_offset) {
      records += static_cast<uint64_t>(partition.end_offset - partition.next_offset);
    }
  }
  return records;
}

}  // namespace

void write_table_metrics(MetricText& text, const Tables& tables) {
  std::vector<Seen> seen;
  for (const auto& table : tables.all()) seen.push_back({table->topic(), table->status()});
  const auto add = [&](std::string_view name, Kind kind, std::string_view help, const auto& value) {
    write(text, seen, name, kind, help, value);
  };
  using Status = const table::TableStatus&;
  add("omashu_table_rows", Kind::kGauge, "Rows of the table.",
      [](Status status) { return static_cast<uint64_t>(status.rows); });
  add("omashu_table_lag_seconds", Kind::kGauge, "Since the oldest moment at which something unread was known of.",
      [](Status status) { return std::chrono::duration<double>(status.lag).count(); });
  add("omashu_table_records_behind", Kind::kGauge, "Offsets of the topic that were not read yet.", records_behind);
  add("omashu_table_restoring", Kind::kGauge, "1 while the topic is being read for the first time.",
      [](Status status) { return uint64_t{status.is_restoring}; });
  add("omashu_table_restored_offsets", Kind::kGauge, "Offsets that were read while the table is restored.",
      [](Status status) { return static_cast<uint64_t>(status.restored); });
  add("omashu_table_offsets_to_restore", Kind::kGauge, "Offsets that are to be read for that.",
      [](Status status) { return static_cast<uint64_t>(status.to_restore); });
  add("omashu_table_outage", Kind::kGauge, "1 while no broker can be reached.",
      [](Status status) { return uint64_t{status.outage.has_value()}; });
  add("omashu_table_unreadable_records_total", Kind::kCounter, "Records that did not decode.",
      [](Status status) { return static_cast<uint64_t>(status.unreadable); });
  add("omashu_table_duplicate_keys", Kind::kGauge, "Rows with more than one live record.",
      [](Status status) { return static_cast<uint64_t>(status.duplicates); });
  add("omashu_table_memory_bytes", Kind::kGauge, "Memory of the table.",
      [](Status status) { return status.memory_bytes; });
  add("omashu_table_disk_bytes", Kind::kGauge, "What the table takes on the disk.",
      [](Status status) { return status.disk_bytes; });
}

}  // namespace omashu::service
