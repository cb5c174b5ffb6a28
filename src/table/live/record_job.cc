#include "table/live/record_job.h"

#include <algorithm>
#include <numeric>

#include "table/payload_reader.h"

namespace omashu::table {

Result<void> RecordJob::read(kafka::Consumer& consumer, size_t max_records, std::chrono::milliseconds wait) {
  auto taken = consumer.read_batch(batch, max_records, wait);
  note_batch(consumer);
  return taken;
}

void RecordJob::note_batch(kafka::Consumer& consumer) {
  bytes_ = 0;
  high_watermarks_.clear();
  const kafka::Message* last = nullptr;
  for (const kafka::Message& message : batch.messages()) {
    if (last == nullptr || last->partition != message.partition || last->topic != message.topic) {
      const kafka::TopicPartition partition{.topic = message.topic, .partition = message.partition};
      if (const auto end = consumer.fetched_end(partition)) high_watermarks_[partition] = *end;
      last = &message;
    }
    bytes_ += (message.key ? message.key->size() : 0) + (message.value ? message.value->size() : 0);
  }
  carried_bytes_ += bytes_;
}

void RecordJob::run() {
  failure_.reset();
  last_schema_.reset();
  for (TableRecords& table : tables_) {
    table.size = 0;
    table.unreadable.clear();
  }
  for (const kafka::Message& message : batch.messages()) {
    if (auto added = add(message); !added) {
      failure_ = std::move(added.error());
      return;
    }
  }
  for (TableRecords& table : tables_) table.sort();
}

void RecordJob::TableRecords::sort() {
  by_key.resize(size);
  std::iota(by_key.begin(), by_key.end(), uint32_t{0});
  std::ranges::sort(by_key, {}, [this](uint32_t number) { return std::string_view(slots[number].key); });
}

Result<void> RecordJob::add(const kafka::Message& message) {
  const auto number = source_.table_of(message.topic);
  if (!number) return {};
  if (tables_.size() <= *number) tables_.resize(*number + 1);
  TableRecords& table = tables_[*number];
  RecordSchemas written;
  if (message.key) written.key = PayloadReader::schema_key(message, serde::RecordPart::kKey);
  if (message.value) written.value = PayloadReader::schema_key(message, serde::RecordPart::kValue);
  if (last_schema_ == nullptr || last_table_ != number || last_written_ != written) {
    auto schema = source_.schema_for(*number, written);
    if (!schema) return fail(std::move(schema.error()));
    last_schema_ = *std::move(schema);
    last_table_ = number;
    last_written_ = written;
  }
  if (table.size == table.slots.size()) table.slots.emplace_back();
  const auto decoded = last_schema_->decode(message, scratch_, table.slots[table.size]);
  if (decoded) {
    ++table.size;
  } else if (decoded.error().code == ErrorCode::kCorrupt) {
    table.unreadable.push_back({.position = {.partition = message.partition, .offset = message.offset},
                                .timestamp_ms = message.timestamp_ms,
                                .problem = decoded.error().message});
  } else {
    return fail(decoded.error());
  }
  return {};
}

}  // namespace omashu::table
