#include <gtest/gtest.h>

#include "broker/log/compression.h"
#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

class LogTimesTest : public LogFixture {
 public:
  void append_at(std::vector<int64_t> timestamps) {
    RecordBatchBuilder builder(timestamps.front());
    for (const int64_t timestamp : timestamps) builder.add(std::nullopt, "v", timestamp);
    ASSERT_EQ(append_batch(builder.build()).error, KafkaError::kNone);
  }

  // "timestamp@offset"
  std::string find(int64_t timestamp) { return text_of(log().offset_for_timestamp(timestamp)); }
  std::string newest() { return text_of(log().offset_of_max_timestamp()); }

 private:
  static std::string text_of(const Result<std::optional<TimestampOffset>>& found) {
    if (!found) return found.error().message;
    return *found ? fmt::format("{}@{}", (*found)->timestamp, (*found)->offset) : "none";
  }
};

TEST_F(LogTimesTest, AnEmptyLogHasNoTimes) {
  open();
  EXPECT_EQ(find(0), "none");
  EXPECT_EQ(newest(), "none");
}

TEST_F(LogTimesTest, TheFirstRecordThatIsNotOlderIsFound) {
  open();
  append_at({100, 200, 300});
  append_at({250, 400});
  EXPECT_EQ(find(0), "100@0");
  EXPECT_EQ(find(100), "100@0");
  EXPECT_EQ(find(101), "200@1");
  EXPECT_EQ(find(300), "300@2");
  EXPECT_EQ(find(301), "400@4");
  EXPECT_EQ(find(401), "none");
  EXPECT_EQ(newest(), "400@4");
}

TEST_F(LogTimesTest, RecordsBeforeTheLogStartAreNotFound) {
  open();
  append_at({100, 200, 300});
  append_at({250});
  ASSERT_EQ(log().delete_records(Offset{2}, now_ms).error, KafkaError::kNone);
  EXPECT_EQ(find(0), "300@2");
}

TEST_F(LogTimesTest, CompressedBatchesAreLookedInto) {
  open();
  std::string plain = RecordBatchBuilder(100).add("k", "v", 100).add("k", "v", 200).build();
  RecordBatchHeader header = RecordBatchView::parse(plain)->header;
  header.attributes = static_cast<int16_t>(Compression::kZstd);
  append_batch(build_batch(header, *compress(Compression::kZstd, RecordBatchView::parse(plain)->records())));
  EXPECT_EQ(find(150), "200@1");
}

TEST_F(LogTimesTest, WithLogAppendTimeAllRecordsOfABatchHaveIts) {
  config.message_timestamp_type = TimestampType::kLogAppendTime;
  open();
  now_ms = 5000;
  append_at({100, 200});
  now_ms = 6000;
  append_at({300});
  EXPECT_EQ(find(100), "5000@0");
  EXPECT_EQ(find(5001), "6000@2");
  EXPECT_EQ(newest(), "6000@2");
}

// Against a plain search, over many segments and index entries, with clocks that go back and forth.
TEST_F(LogTimesTest, IndexesAgreeWithAPlainSearch) {
  config.segment_bytes = 3000;
  config.index_interval_bytes = 300;
  open();
  std::vector<int64_t> timestamps;
  uint32_t random = 1;
  for (int i = 0; i < 300; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    timestamps.push_back(1000 + i * 10 + static_cast<int64_t>(random >> 24));
    append_at({timestamps.back()});
  }
  const auto check = [&] {
    for (int64_t timestamp = 990; timestamp < 4300; timestamp += 7) {
      const auto first = std::ranges::find_if(timestamps, [&](int64_t one) { return one >= timestamp; });
      ASSERT_EQ(find(timestamp),
                first == timestamps.end() ? "none" : fmt::format("{}@{}", *first, first - timestamps.begin()));
    }
  };
  check();
  reopen_cleanly();
  check();
  append_at({5000});
  timestamps.push_back(5000);
  reopen_after_crash();
  check();
}

}  // namespace
}  // namespace omashu::broker
