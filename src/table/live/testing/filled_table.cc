#include "table/live/testing/filled_table.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "kafka/partitioner.h"

namespace omashu::table::testing {

namespace {

template <class T>
T or_end(Result<T> result) {
  if (result) {
    if constexpr (std::is_void_v<T>) {
      return;
    } else {
      return *std::move(result);
    }
  }
  std::fprintf(stderr, "FilledTable: %s\n", result.error().message.c_str());
  std::abort();
}

NextOffsets offsets(int partitions, kafka::Offset offset) {
  NextOffsets all;
  for (kafka::PartitionId i = 0; i < partitions; ++i) all[i] = offset;
  return all;
}

}  // namespace

FilledTableParts::FilledTableParts(schema_registry::Client& registry, const FilledTableOptions& options)
    : read_with_(or_end(TableSchema::open(registry, options.table))),
      memory_(std::make_shared<MemoryStore>(StoredTable::store_identity(options.table, *read_with_, "id"))) {}

FilledTable::FilledTable(schema_registry::Client& registry, FilledTableOptions options)
    : FilledTableParts(registry, options),
      StoredTable({.options = options.table,
                   .schema = read_with_,
                   .store = memory_,
                   .timer = std::make_shared<DeadlineTimer>(),
                   .delete_retention_ms = options.delete_retention_ms,
                   .now_ms = options.now_ms,
                   .feed_bytes = options.feed_bytes}),
      options_(std::move(options)) {
  const kafka::Offset unread = options_.is_restoring ? 1'000'000 : 0;
  begin_reading(offsets(options_.partitions, 0), offsets(options_.partitions, unread));
}

Position FilledTable::add(kafka::PartitionId partition, std::optional<std::string> key_bytes,
                          std::optional<std::string> value_bytes, std::optional<int64_t> timestamp_ms) {
  kafka::Message message;
  message.topic = topic();
  message.partition = partition;
  message.offset = next_[partition]++;
  next_timestamp_ms_ += 1'000;
  message.timestamp_ms = timestamp_ms.value_or(next_timestamp_ms_);
  message.key = std::move(key_bytes);
  message.value = std::move(value_bytes);
  DecodedRecord record;
  const auto decoded = schema()->decode(message, scratch_, record);
  if (!decoded) {
    add_unreadable({{.position = {.partition = partition, .offset = message.offset},
                     .timestamp_ms = message.timestamp_ms,
                     .problem = decoded.error().message}});
  }
  const uint32_t first = 0;
  const RecordRun run{.records = std::span(&record, decoded ? 1 : 0), .by_key = std::span(&first, decoded ? 1 : 0)};
  or_end(apply(std::span(&run, 1), {{partition, next_[partition]}}));
  return {.partition = partition, .offset = message.offset};
}

std::string FilledTable::key_bytes(std::string_view key) const {
  const auto typed = schema()->typed();
  return or_end(typed->write_key(or_end(typed->key_from_text(key))));
}

Position FilledTable::put(std::string_view key, std::string_view value_json) {
  std::string bytes = key_bytes(key);
  const kafka::PartitionId partition = kafka::partition_of(bytes, options_.partitions);
  const bool has_schema = schema()->typed()->schemas().value.has_value();
  std::string value = has_schema ? or_end(schema()->typed()->write_value(value_json)) : std::string(value_json);
  return add(partition, std::move(bytes), std::move(value));
}

Position FilledTable::remove(std::string_view key) {
  std::string bytes = key_bytes(key);
  const kafka::PartitionId partition = kafka::partition_of(bytes, options_.partitions);
  return add(partition, std::move(bytes), std::nullopt);
}

void FilledTable::finish_restore() {
  for (const auto& [partition, next] : next_offsets()) on_partition_end(partition, next);
}

}  // namespace omashu::table::testing
