// A log whose files were damaged behind its back. What still holds is served, what does not is set aside and reported,
// and no offset is given out again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/log/big_endian.h"
#include "broker/log/partition_metadata.h"
#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Operation = MemoryFileSystem::Operation;

constexpr const char* kFirst = "00000000000000000000.log";
constexpr const char* kSecond = "00000000000000000004.log";
constexpr const char* kThird = "00000000000000000008.log";

class LogDamageTest : public MemoryLogFixture {
 public:
  // Nine records, a batch each, in segments of four.
  void append_nine() {
    config.segment_bytes = 300;
    open();
    for (const char* value : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) append(value);
    ASSERT_THAT(files_with(".log"), ElementsAre(kFirst, kSecond, kThird));
  }

  std::shared_ptr<File> file(const std::string& name) {
    return *disk.open(folder() + "/" + name, FileSystem::OpenMode::kExisting);
  }
  void overwrite(const std::string& name, uint64_t position, const std::string& bytes) {
    ASSERT_TRUE(file(name)->write_all(position, bytes));
  }
  void flip(const std::string& name, uint64_t position) {
    char byte = 0;
    ASSERT_TRUE(file(name)->read_all(position, {&byte, 1}));
    overwrite(name, position, std::string(1, static_cast<char>(byte ^ 1)));
  }
  void remove_all_but(const std::string& suffix) {
    for (const std::string& name : files_with("")) {
      if (suffix.empty() || !name.ends_with(suffix)) remove(name);
    }
  }
  // As if there had been no log.
  void begin_anew() {
    log().retire();
    remove_all_but("");
    reports.clear();
  }
  void remove(const std::string& name) { ASSERT_TRUE(disk.remove_file(folder() + "/" + name)); }

  std::vector<std::string> set_aside() {
    std::vector<std::string> names;
    const auto files = disk.list(std::string(kMemoryFolder) + "/damaged");
    for (const FileInfo& file : files.value_or(std::vector<FileInfo>())) {
      names.push_back(file.name);
    }
    return names;
  }

  // Nothing is found, nor said, a second time.
  void expect_mended_for_good() {
    reports.clear();
    const auto before = values();
    reopen_after_crash();
    EXPECT_EQ(values(), before);
    reopen_cleanly();
    EXPECT_EQ(values(), before);
    EXPECT_THAT(reports, IsEmpty());
  }

  static constexpr uint64_t kBatchBytes = 69;
};

// The CRC of a batch does not cover its base offset.
TEST_F(LogDamageTest, ZerosThatEndWithinABaseOffsetMoveNoRecord) {
  append_nine();
  overwrite(kFirst, 0, std::string(kBatchBytes + 8, '\0'));
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("2:c", "3:d", "4:e", "5:f", "6:g", "7:h", "8:i"));
  EXPECT_THAT(reports, ElementsAre(AllOf(HasSubstr(kFirst), HasSubstr("the offsets 0 to 1 are lost"))));
  expect_mended_for_good();
}

TEST_F(LogDamageTest, AFlippedBitInASealedSegmentLosesItsBatchAlone) {
  append_nine();
  flip(kFirst, kBatchBytes + 65);
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("0:a", "2:c", "3:d", "4:e", "5:f", "6:g", "7:h", "8:i"));
  EXPECT_THAT(reports, ElementsAre(AllOf(HasSubstr(kFirst), HasSubstr("from byte 69 to 137"),
                                         HasSubstr("/data/damaged/topic-0.00000000000000000000.log.69"),
                                         HasSubstr("the offset 1 is lost"))));
  EXPECT_THAT(set_aside(), ElementsAre("topic-0.00000000000000000000.log.69"));
  EXPECT_EQ(append("j").base_offset, Offset{9});
  expect_mended_for_good();
}

TEST_F(LogDamageTest, ZerosBehindASealedSegmentLoseNothing) {
  append_nine();
  overwrite(kFirst, 4 * kBatchBytes, std::string(4096, '\0'));
  reopen_after_crash();
  EXPECT_THAT(values(), SizeIs(9));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("no offset is lost")));
  EXPECT_EQ(append("j").base_offset, Offset{9});
  expect_mended_for_good();
}

TEST_F(LogDamageTest, WithinTheNewestSegmentWhatFollowsIsKept) {
  append_nine();
  append("j");
  append("k");
  flip(kThird, kBatchBytes + 65);
  reopen_after_crash();
  EXPECT_EQ(values().back(), "10:k");
  EXPECT_THAT(values(), SizeIs(10));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 9 is lost")));
  EXPECT_EQ(append("l").base_offset, Offset{11});
  expect_mended_for_good();
}

TEST_F(LogDamageTest, AnOffsetThatWasChangedIsFoundThoughNoCrcCoversIt) {
  for (const unsigned bit : {0u, 2u, 20u, 61u}) {
    append_nine();
    char bytes[8];
    ASSERT_TRUE(file(kFirst)->read_all(kBatchBytes, bytes));
    store_big_endian(bytes, load_big_endian<int64_t>(bytes) ^ (int64_t{1} << bit));
    overwrite(kFirst, kBatchBytes, {bytes, 8});
    reopen_after_crash();
    EXPECT_THAT(values(), ElementsAre("0:a", "2:c", "3:d", "4:e", "5:f", "6:g", "7:h", "8:i")) << bit;
    EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 1 is lost"))) << bit;
    begin_anew();
  }
}

TEST_F(LogDamageTest, AfterACleanStopAFetchFindsItOnceAndMendsIt) {
  append_nine();
  ASSERT_TRUE(log().close());
  flip(kFirst, kBatchBytes + 65);
  flip(kThird, 65);
  open();
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{9});
  EXPECT_THAT(reports, IsEmpty());
  EXPECT_THAT(values(), ElementsAre("0:a", "2:c", "3:d", "4:e", "5:f", "6:g", "7:h"));
  EXPECT_THAT(values(), SizeIs(7));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 1 is lost"), HasSubstr("the offset 8 is lost")));
  EXPECT_THAT(values_of(log().read(Offset{1}, {.max_bytes = 140})), ElementsAre("2:c", "3:d"));
  EXPECT_GT(log().read(Offset{8}, {.max_bytes = 1000}).records.size_bytes,
            0u);  // who reads on from there gets to the end
  EXPECT_EQ(append("j").base_offset, Offset{9});
  expect_mended_for_good();
}

TEST_F(LogDamageTest, ALookUpByTimeFindsItAndMendsIt) {
  append_nine();
  now_ms += 5;
  append("later");
  ASSERT_TRUE(log().close());
  flip(kThird, kBatchBytes + 65);
  open();
  const auto found = log().offset_for_timestamp(now_ms);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(*found);
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 9 is lost")));
}

TEST_F(LogDamageTest, AMissingSegmentIsAGap) {
  for (const bool is_clean : {true, false}) {
    append_nine();
    if (is_clean) {
      ASSERT_TRUE(log().close());
    }
    remove(kSecond);
    open();
    EXPECT_THAT(values(), ElementsAre("0:a", "1:b", "2:c", "3:d", "8:i"));
    EXPECT_EQ(values_of(log().read(Offset{5}, {.max_bytes = 1000})).front(), "8:i");
    EXPECT_THAT(reports, ElementsAre(AllOf(HasSubstr(kSecond), HasSubstr("the offsets 4 to 7 are lost"))));
    EXPECT_EQ(append("j").base_offset, Offset{9});
    expect_mended_for_good();
    begin_anew();
  }
}

TEST_F(LogDamageTest, AnEmptiedOrShortenedSegmentIsAGap) {
  for (const uint64_t left : {uint64_t{0}, 2 * kBatchBytes, 2 * kBatchBytes + 7}) {
    for (const bool is_clean : {true, false}) {
      append_nine();
      if (is_clean) {
        ASSERT_TRUE(log().close());
      }
      ASSERT_TRUE(file(kSecond)->truncate(left));
      open();
      const auto kept = values();
      EXPECT_EQ(kept.size(), 5 + left / kBatchBytes);
      EXPECT_EQ(kept.back(), "8:i");
      EXPECT_THAT(reports, ElementsAre(HasSubstr(fmt::format("the offsets {} to 7 are lost", 4 + left / kBatchBytes))));
      EXPECT_EQ(append("j").base_offset, Offset{9});
      expect_mended_for_good();
      begin_anew();
    }
  }
}

TEST_F(LogDamageTest, WithoutItsNewestSegmentTheLogDoesNotGoBack) {
  append_nine();
  ASSERT_TRUE(log().close());
  remove(kThird);
  open();
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{9});
  EXPECT_THAT(values(), SizeIs(8));
  EXPECT_GT(log().read(Offset{8}, {.max_bytes = 1000}).records.size_bytes, 0u);
  EXPECT_THAT(reports,
              ElementsAre(HasSubstr("00000000000000000008.log is missing"), HasSubstr("the offset 8 is lost")));
  EXPECT_EQ(append("j").base_offset, Offset{9});
  expect_mended_for_good();
}

TEST_F(LogDamageTest, WithoutAnySegmentTheLogDoesNotBeginAgain) {
  append_nine();
  ASSERT_TRUE(log().close());
  remove_all_but(".snapshot");
  open();
  EXPECT_EQ(append("j").base_offset, Offset{9});
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offsets 0 to 8 are lost")));
  expect_mended_for_good();
}

TEST_F(LogDamageTest, WithoutRoomToMendItReadsFailUntilThereIs) {
  append_nine();
  ASSERT_TRUE(log().close());
  flip(kFirst, kBatchBytes + 65);
  open();
  fail_on(Operation::kWrite, ".mended", ErrorCode::kUnavailable);
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kKafkaStorageError);
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(values_of(log().read(Offset{4}, {.max_bytes = 1000})), SizeIs(4));
  EXPECT_EQ(append("j").base_offset, Offset{9});
  EXPECT_FALSE(log().maintain(now_ms));
  EXPECT_THAT(reports, IsEmpty());
  fail_nothing();
  EXPECT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(reports, SizeIs(1));
  EXPECT_THAT(values(), SizeIs(9));
  EXPECT_THAT(set_aside(), SizeIs(1));
}

TEST_F(LogDamageTest, ADamagedMetadataIsWrittenAnew) {
  append_nine();
  ASSERT_TRUE(log().close());
  const std::string name = "partition.metadata";
  flip(name, 25);  // within the id
  open();
  EXPECT_THAT(values(), SizeIs(9));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("partition.metadata is damaged: it is written anew")));
  expect_mended_for_good();
  EXPECT_EQ(disk.read_file(folder() + "/" + name, 1000),
            partition_metadata_text({topic_id, PartitionMetadata::Checkpoint::kNone}));
}

TEST_F(LogDamageTest, AnothersMetadataIsNotDamaged) {
  append_nine();
  ASSERT_TRUE(log().close());
  ASSERT_TRUE(disk.replace_file(folder() + "/partition.metadata", partition_metadata_text({.topic_id = {9}})));
  open();
  EXPECT_THAT(append("j").message, HasSubstr("belongs to another topic"));
  EXPECT_THAT(log().read(Offset{0}, {.max_bytes = 1000}).message, HasSubstr("belongs to another topic"));
}

TEST_F(LogDamageTest, ADamagedCheckpointIsSaidAndReplaced) {
  append_nine();
  ASSERT_EQ(log().delete_records(Offset{2}, now_ms).error, KafkaError::kNone);
  ASSERT_TRUE(log().close());
  flip("log.checkpoint", 30);
  open();
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
  EXPECT_THAT(reports, ElementsAre(HasSubstr("log.checkpoint is damaged: the log starts at its first segment")));
  expect_mended_for_good();
}

TEST_F(LogDamageTest, ATimeIndexThatIsWrongDeletesNothingTooEarly) {
  append_nine();
  ASSERT_TRUE(log().close());
  std::string entry(12, '\0');  // up to the first record nothing is newer than 1 ms
  entry[7] = 1;
  ASSERT_TRUE(file("00000000000000000000.timeindex")->truncate(0));
  overwrite("00000000000000000000.timeindex", 0, entry);
  config.retention_ms = 1000;
  open();
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(values(), SizeIs(9));
}

TEST_F(LogDamageTest, ABatchWhoseCountOfRecordsBecameZeroIsNotAGap) {
  append_nine();
  ASSERT_TRUE(log().close());
  overwrite(kFirst, kBatchBytes + batch_field::kRecordsCount, std::string(4, '\0'));
  open();
  EXPECT_THAT(values_of(log().read(Offset{1}, {.max_bytes = 1000})), ElementsAre("2:c", "3:d"));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 1 is lost")));
}

TEST_F(LogDamageTest, AnOffsetFarBeyondTheDamagedBytesIsNotBelieved) {
  append_nine();
  append("j");
  overwrite(kThird, 65, "X");
  overwrite(kThird, kBatchBytes, "X");  // the highest byte of the last batch's offset
  reopen_after_crash();
  EXPECT_THAT(values(), SizeIs(8));
  EXPECT_EQ(append("k").base_offset, Offset{8});
  EXPECT_THAT(reports, ElementsAre(HasSubstr("after offset 7 that are no whole record batch")));
}

TEST_F(LogDamageTest, AppendsGoOnThoughTheActiveSegmentIsDamaged) {
  config.index_interval_bytes = 1;
  open();
  for (const char* value : {"a", "b", "c", "d", "e"}) append(value);
  ASSERT_TRUE(log().close());
  overwrite(kFirst, batch_field::kBatchLength, "XXXX");
  open();
  EXPECT_EQ(append("f").base_offset, Offset{5});
  EXPECT_EQ(append("g").base_offset, Offset{6});
  EXPECT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(reports, ElementsAre(HasSubstr("the offset 0 is lost")));
  EXPECT_THAT(values(), ElementsAre("1:b", "2:c", "3:d", "4:e", "5:f", "6:g"));
  expect_mended_for_good();
}

TEST_F(LogDamageTest, BytesThatLookLikeABatchDoNotStandForTheDamagedOneAroundThem) {
  config.segment_bytes = 1000;
  open();
  append("a");
  std::string inner = RecordBatchBuilder(now_ms).add(std::nullopt, "not a record of this log", now_ms).build();
  store_big_endian(inner.data(), int64_t{1});
  append(inner);
  append("c");
  flip(kFirst, kBatchBytes + 64);
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("0:a", "2:c"));
}

}  // namespace
}  // namespace omashu::broker
