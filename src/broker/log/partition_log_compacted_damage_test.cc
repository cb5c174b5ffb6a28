// Damage in the log of a topic with cleanup.policy=compact, where gaps between offsets may be of compaction's making.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/log/log_checkpoint.h"
#include "broker/log/partition_metadata.h"
#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFirst = "00000000000000000000.log";
constexpr const char* kSecond = "00000000000000000004.log";
constexpr const char* kThird = "00000000000000000008.log";

class CompactedLogDamageTest : public MemoryLogFixture {
 public:
  CompactedLogDamageTest() {
    config.is_compacted = true;
    config.is_deleted = false;
    config.segment_bytes = 320;
  }

  void put(std::string_view key, std::string_view value) {
    ASSERT_EQ(append_batch(RecordBatchBuilder(now_ms).add(key, value, now_ms).build()).error, KafkaError::kNone);
  }
  // Nine records, a batch each, in segments of four, of which a compaction takes the second of the four "a".
  void put_nine() {
    open();
    for (const char* key : {"a", "b", "c", "d", "e", "a", "f", "a", "a"}) put(key, "v");
    ASSERT_THAT(files_with(".log"), ElementsAre(kFirst, kSecond, kThird));
  }
  void compact() {
    const auto result = log().compact({.now_ms = now_ms});
    ASSERT_TRUE(result) << result.error().message;
  }
  std::shared_ptr<File> file(const std::string& name) {
    return *disk.open(folder() + "/" + name, FileSystem::OpenMode::kExisting);
  }
  void cut(const std::string& name, uint64_t size_bytes) { ASSERT_TRUE(file(name)->truncate(size_bytes)); }
  void write_file(const std::string& name, const std::string& text) {
    ASSERT_TRUE(disk.replace_file(folder() + "/" + name, text));
  }
  // As versions before the checkpoint said how far compaction has come left it.
  void make_earlier_version(Offset first_dirty_offset) {
    write_file("log.checkpoint", log_checkpoint_text({.first_dirty_offset = first_dirty_offset}));
    write_file("partition.metadata", partition_metadata_text({.topic_id = topic_id}));
  }

  static constexpr uint64_t kBatchBytes = 70;
};

TEST_F(CompactedLogDamageTest, ASegmentThatWasNeverCompactedAndEndsEarlyIsAGap) {
  put_nine();
  ASSERT_TRUE(log().close());
  cut(kSecond, 2 * kBatchBytes);
  open();
  EXPECT_THAT(values(), SizeIs(7));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 6 to 7 are lost")));
}

TEST_F(CompactedLogDamageTest, SoIsOneThatWasCompacted) {
  put_nine();
  compact();
  ASSERT_THAT(values(), ElementsAre("1:v", "2:v", "3:v", "4:v", "6:v", "7:v", "8:v"));
  ASSERT_TRUE(log().close());
  cut(kSecond, kBatchBytes);
  open();
  EXPECT_THAT(values(), ElementsAre("1:v", "2:v", "3:v", "4:v", "8:v"));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 5 to 7 are lost")));
}

TEST_F(CompactedLogDamageTest, SoIsOneThatWasEmptied) {
  put_nine();
  compact();
  ASSERT_TRUE(log().close());
  cut(kSecond, 0);
  open();
  EXPECT_THAT(values(), ElementsAre("1:v", "2:v", "3:v", "8:v"));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 4 to 7 are lost")));
}

TEST_F(CompactedLogDamageTest, ACompactedSegmentOfWhichNothingIsLeftIsNotDamaged) {
  open();
  for (int i = 0; i < 9; ++i) put("a", "v");
  compact();
  EXPECT_THAT(values(), ElementsAre("7:v", "8:v"));
  EXPECT_EQ(log().compact({.now_ms = now_ms})->bytes_after, 0u) << "there is nothing more to do";
  reopen_cleanly();
  EXPECT_THAT(values(), ElementsAre("7:v", "8:v"));
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("7:v", "8:v"));
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(CompactedLogDamageTest, CompactionTellsWhereASegmentEndsEarly) {
  put_nine();
  ASSERT_TRUE(log().close());
  cut(kSecond, 2 * kBatchBytes);
  open();
  const auto result = log().compact({.now_ms = now_ms});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("cannot be compacted"));
}

TEST_F(CompactedLogDamageTest, WhatAnEarlierVersionCompactedMayEndEarly) {
  put_nine();
  compact();
  ASSERT_TRUE(log().close());
  cut(kSecond, kBatchBytes);
  make_earlier_version(Offset{8});
  open();
  EXPECT_THAT(values(), ElementsAre("1:v", "2:v", "3:v", "4:v", "8:v"));
  EXPECT_THAT(reports, IsEmpty());
  // What comes from now on is not forgiven.
  for (const char* key : {"e", "a", "f", "g", "h", "i"}) put(key, "v");
  ASSERT_TRUE(log().close());
  cut(kThird, 2 * kBatchBytes);
  open();
  EXPECT_THAT(values(), SizeIs(9));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 10 to 11 are lost")));
}

TEST_F(CompactedLogDamageTest, ACompactionThatAnEarlierVersionDidNotFinishMayHaveLeftSegmentsThatEndEarly) {
  put_nine();
  ASSERT_TRUE(log().close());
  cut(kSecond, kBatchBytes);
  write_file("partition.metadata", partition_metadata_text({.topic_id = topic_id}));
  open();
  EXPECT_THAT(values(), SizeIs(6));
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(CompactedLogDamageTest, WhatIsCompactedAgainReachesItsEnd) {
  put_nine();
  compact();
  ASSERT_TRUE(log().close());
  cut(kSecond, kBatchBytes);
  make_earlier_version(Offset{0});
  open();
  compact();
  ASSERT_TRUE(log().close());
  ASSERT_THAT(files_with(".log"), ElementsAre(kFirst, kThird));
  cut(kFirst, 4 * kBatchBytes);  // what is behind says how far it reaches
  open();
  EXPECT_THAT(values(), ElementsAre("1:v", "2:v", "3:v", "4:v", "8:v"));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 5 to 7 are lost")));
}

// A loss of power leaves partition.metadata empty, because it is not synced.
TEST_F(CompactedLogDamageTest, WithoutARecoveryPointNoSegmentMayEndEarly) {
  put_nine();
  disk.kill_process();
  cut(kFirst, 2 * kBatchBytes);
  cut("partition.metadata", 0);
  open();
  EXPECT_THAT(values(), SizeIs(7));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 2 to 3 are lost")));
}

TEST_F(CompactedLogDamageTest, ALostCheckpointIsSaidAndReplaced) {
  put_nine();
  ASSERT_EQ(log().delete_records(Offset{2}, now_ms).error, KafkaError::kNone);
  ASSERT_TRUE(log().close());
  ASSERT_TRUE(disk.remove_file(folder() + "/log.checkpoint"));
  open();
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
  EXPECT_THAT(reports, ElementsAre(HasSubstr("log.checkpoint is missing: the log starts at its first segment")));
  reports.clear();
  reopen_cleanly();
  EXPECT_THAT(values(), SizeIs(9));
  EXPECT_THAT(reports, IsEmpty());
}

}  // namespace
}  // namespace omashu::broker
