#include "omashu/latest_records.h"

#include <fmt/core.h>

#include <utility>

#include "client/connection.h"
#include "client/record_decoder.h"
#include "kafka/consumer.h"
#include "table/topic_reader.h"

namespace omashu {

namespace {

constexpr size_t kMaxRecords = 1000;
constexpr std::chrono::milliseconds kPollTime{200};

// Whether `record` is to be shown in place of `shown`; see table/latest_table.h.
bool is_newer(const TypedRecord& record, const TypedRecord& shown) {
  if (record.partition == shown.partition) return record.offset > shown.offset;
  return std::pair(record.timestamp_ms, record.partition) > std::pair(shown.timestamp_ms, shown.partition);
}

}  // namespace

Result<std::map<std::string, TypedRecord>> read_latest(const ClientOptions& options, const std::string& topic) {
  auto registry = schema_registry::Client::open(client::registry_options(options));
  if (!registry) return fail(std::move(registry.error()));
  client::RecordDecoder decoder(**registry);
  auto consumer = kafka::Consumer::open(client::kafka_config(options));
  if (!consumer) return fail(std::move(consumer.error()));
  auto reader = table::TopicReader::open(*std::move(consumer), topic, {}, options.timeout);
  if (!reader) return fail(std::move(reader.error()));

  std::map<std::string, TypedRecord> latest;
  kafka::MessageBatch batch;
  auto deadline = std::chrono::steady_clock::now() + options.timeout;
  while (!reader->progress().is_complete()) {
    if (auto read = reader->read(batch, kMaxRecords, kPollTime); !read) return fail(std::move(read.error()));
    if (!batch.is_empty()) deadline = std::chrono::steady_clock::now() + options.timeout;
    for (const kafka::Message& message : batch.messages()) {
      auto record = decoder.decode(message);
      if (!record && record.error().code != ErrorCode::kCorrupt) return fail(std::move(record.error()));
      if (!record || !record->key) continue;
      const auto [entry, is_new] = latest.try_emplace(*record->key, *record);
      if (!is_new && is_newer(*record, entry->second)) entry->second = *std::move(record);
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return fail(ErrorCode::kTimeout, fmt::format("{}: nothing more came within {} ms, and its end is not reached",
                                                   topic, options.timeout.count()));
    }
  }
  std::erase_if(latest, [](const auto& entry) { return !entry.second.value; });
  return latest;
}

}  // namespace omashu
