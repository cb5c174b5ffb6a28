// A PartitionLog in a folder on the disk, opened and opened again, and short words for what tests do with it.

#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/offset.h"
#include "base/testing/scratch_folder.h"
#include "broker/log/partition_log.h"
#include "broker/log/record.h"
#include "broker/log/record_batch_builder.h"
#include "broker/log/testing/lost_offsets.h"

namespace omashu::broker {

class LogFixture : public testing::Test {
 public:
  LogFixture() : LogFixture(real_file_system(), std::make_unique<ScratchFolder>()) {}

  LogConfig config;
  TopicId topic_id = {1, 2, 3};
  int64_t now_ms = 1'000'000;
  std::vector<std::string> reports;  // what the log has told its operator

  const std::string& folder() const { return folder_; }
  PartitionLog& log() { return *log_; }

  void open() {
    log_.reset();
    files_ = std::make_unique<OpenFiles>(file_system_, 8);
    log_ = std::make_unique<PartitionLog>(*files_, folder_, topic_id, config,
                                          [this](const std::string& line) { reports.push_back(line); });
  }
  void reopen_cleanly() {
    ASSERT_TRUE(log_->close());
    open();
  }
  // As after SIGKILL: what was written is there, nothing was told the log.
  void reopen_after_crash() { open(); }

  AppendResult append_batch(std::string batch) { return log_->append(batch, {.now_ms = now_ms}); }

  template <class... Values>
  AppendResult append(const Values&... values) {
    RecordBatchBuilder builder(now_ms);
    (builder.add(std::nullopt, values, now_ms), ...);
    return append_batch(builder.build());
  }

  AppendResult append_of_producer(ProducerId producer_id, int32_t base_sequence,
                                  const std::vector<std::string>& values) {
    RecordBatchBuilder builder(now_ms);
    for (const std::string& value : values) builder.add(std::nullopt, value, now_ms);
    return append_batch(builder.set_producer(producer_id, 0, base_sequence).build());
  }

  static std::string bytes_of(const ReadResult& result) {
    EXPECT_EQ(result.error, KafkaError::kNone) << result.message;
    std::string bytes(result.records.size_bytes, '\0');
    if (bytes.empty()) return bytes;
    EXPECT_TRUE(result.records.file->read_all(result.records.position, bytes));
    return bytes;
  }

  // "offset:value" of each record in the whole batches. `next_offset` becomes that after the last of these.
  static std::vector<std::string> values_of(const ReadResult& result, Offset* next_offset = nullptr) {
    std::vector<std::string> values;
    const std::string bytes = bytes_of(result);
    std::string_view rest = bytes;
    while (const auto batch = RecordBatchView::parse(rest)) {
      if (next_offset != nullptr) *next_offset = batch->header.next_offset();
      EXPECT_TRUE(batch->has_valid_crc());
      RecordReader reader(batch->records(), batch->header.records_count);
      while (const RecordView* record = reader.next()) {
        values.push_back(
            fmt::format("{}:{}", batch->header.offset_of(record->offset_delta), record->value.value_or("-")));
      }
      rest.remove_prefix(batch->bytes.size());
    }
    return values;
  }

  // All that can be read, fetch by fetch.
  std::vector<std::string> values() {
    std::vector<std::string> values;
    Offset offset = log_->offsets()->log_start_offset;
    for (;;) {
      const Offset before = offset;
      const auto some = values_of(log_->read(offset, {.max_bytes = 1000, .min_one_batch = true}), &offset);
      values.insert(values.end(), some.begin(), some.end());
      if (offset == before) return values;
    }
  }

  // What the reports say of lost offsets, which are forgotten with them.
  std::vector<OffsetRange> take_lost_offsets() { return lost_offsets(std::exchange(reports, {})); }

  // The names of the files that end so, in order.
  std::vector<std::string> files_with(const std::string& suffix) {
    const auto files = file_system_.list(folder_);
    std::vector<std::string> names;
    for (const FileInfo& file : files.value_or(std::vector<FileInfo>())) {
      if (file.name.ends_with(suffix)) names.push_back(file.name);
    }
    std::ranges::sort(names);
    return names;
  }

 protected:
  static constexpr const char* kMemoryFolder = "/data";

  // Without a scratch folder, in kMemoryFolder, which must be there.
  explicit LogFixture(FileSystem& file_system, std::unique_ptr<ScratchFolder> scratch = nullptr)
      : scratch_(std::move(scratch)),
        file_system_(file_system),
        folder_(fmt::format("{}/topic-0", scratch_ ? scratch_->path() : kMemoryFolder)) {}

 private:
  const std::unique_ptr<ScratchFolder> scratch_;
  FileSystem& file_system_;
  const std::string folder_;
  std::unique_ptr<OpenFiles> files_;
  std::unique_ptr<PartitionLog> log_;
};

}  // namespace omashu::broker
