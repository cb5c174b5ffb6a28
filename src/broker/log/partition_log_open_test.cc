// A log that is opened again: after a clean stop, after a kill, and over files that are torn or damaged.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LogOpenTest : public LogFixture {
 public:
  std::string path(const std::string& name) const { return folder() + "/" + name; }
  uint64_t size(const std::string& name) const { return std::filesystem::file_size(path(name)); }

  void append_to_file(const std::string& name, const std::string& bytes) {
    std::ofstream(path(name), std::ios::binary | std::ios::app) << bytes;
  }
  void overwrite(const std::string& name, uint64_t position, const std::string& bytes) {
    std::fstream file(path(name), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(position));
    file << bytes;
  }
};

constexpr const char* kFirst = "00000000000000000000.log";

TEST_F(LogOpenTest, AfterACleanStopAllIsThere) {
  open();
  append("a", "b");
  append_of_producer(ProducerId{9}, 0, {"c"});
  reopen_cleanly();
  EXPECT_THAT(files_with(".snapshot"), ElementsAre("00000000000000000003.snapshot"));
  EXPECT_EQ(log().flushed_offset(), Offset{3});
  EXPECT_THAT(values(), ElementsAre("0:a", "1:b", "2:c"));
  EXPECT_TRUE(append_of_producer(ProducerId{9}, 0, {"c"}).is_duplicate);
  EXPECT_EQ(append("d").base_offset, Offset{3});
}

TEST_F(LogOpenTest, AfterAKillAllIsThereAndNotYetFlushed) {
  open();
  append("a", "b");
  append_of_producer(ProducerId{9}, 0, {"c"});
  reopen_after_crash();
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{3});
  EXPECT_EQ(log().flushed_offset(), Offset{0});
  EXPECT_EQ(log().flush(), Offset{3});
  EXPECT_TRUE(append_of_producer(ProducerId{9}, 0, {"c"}).is_duplicate);
  EXPECT_EQ(append_of_producer(ProducerId{9}, 1, {"d"}).base_offset, Offset{3});
  EXPECT_THAT(values(), ElementsAre("0:a", "1:b", "2:c", "3:d"));
}

TEST_F(LogOpenTest, ATornTailIsCutAtEveryLength) {
  open();
  append("a", "b");
  append("c");
  const uint64_t kept = size(kFirst);
  append("torn");
  const uint64_t whole = size(kFirst);
  for (uint64_t left = whole - 1; left >= kept; --left) {
    std::filesystem::resize_file(path(kFirst), left);
    reopen_after_crash();
    ASSERT_THAT(values(), ElementsAre("0:a", "1:b", "2:c")) << left;
    ASSERT_EQ(size(kFirst), kept);
    ASSERT_EQ(append("torn").base_offset, Offset{3});
    ASSERT_THAT(reports, SizeIs(left > kept ? 1 : 0)) << left;
    reports.clear();
  }
}

TEST_F(LogOpenTest, GarbageAndZerosAfterTheLastBatchAreCut) {
  open();
  append("a");
  const uint64_t kept = size(kFirst);
  for (const std::string& garbage : {std::string(500, '\0'), std::string(500, '\xFF'), std::string(1, 'x')}) {
    append_to_file(kFirst, garbage);
    reopen_after_crash();
    EXPECT_THAT(values(), ElementsAre("0:a"));
    EXPECT_EQ(size(kFirst), kept);
    EXPECT_THAT(reports, ElementsAre(HasSubstr(fmt::format(
                             "00000000000000000000.log has {} bytes after offset 0 that are no whole record batch: a "
                             "write was not finished",
                             garbage.size()))));
    reports.clear();
  }
}

TEST_F(LogOpenTest, ABatchOfOldThatLiesAfterTheTailIsCut) {
  open();
  append("a");
  append("b");
  const uint64_t kept = size(kFirst);
  std::string first(kept / 2, '\0');
  std::ifstream(path(kFirst), std::ios::binary).read(first.data(), static_cast<std::streamsize>(first.size()));
  append_to_file(kFirst, first);  // whole, its CRC is right, its offset is not
  reopen_cleanly();
  EXPECT_THAT(values(), ElementsAre("0:a", "1:b"));
  EXPECT_EQ(size(kFirst), kept);
}

TEST_F(LogOpenTest, ADamagedSnapshotIsReplacedByReadingTheWholeLog) {
  open();
  append("a");
  append_of_producer(ProducerId{9}, 0, {"b"});
  ASSERT_TRUE(log().close());
  overwrite("00000000000000000002.snapshot", 12, "X");
  open();
  EXPECT_THAT(values(), ElementsAre("0:a", "1:b"));
  EXPECT_TRUE(append_of_producer(ProducerId{9}, 0, {"b"}).is_duplicate);
  EXPECT_THAT(reports, ElementsAre(HasSubstr("00000000000000000002.snapshot cannot be read")));
}

TEST_F(LogOpenTest, IndexEntriesFromAfterTheRecoveryPointAreMadeAnew) {
  config.index_interval_bytes = 100;
  open();
  for (int i = 0; i < 20; ++i) append(fmt::format("{:0>50}", i));
  ASSERT_TRUE(log().close());
  open();
  for (int i = 20; i < 400; ++i) append(fmt::format("{:0>50}", i));
  append_to_file("00000000000000000000.index", std::string(64, '\0'));
  append_to_file("00000000000000000000.timeindex", std::string(60, '\xFF'));
  reopen_after_crash();
  for (Offset offset{0}; offset < Offset{400}; ++offset) {
    const auto read = log().read(offset, {.max_bytes = 1, .min_one_batch = true});
    ASSERT_THAT(values_of(read), ElementsAre(fmt::format("{}:{:0>50}", offset, offset)));
  }
}

TEST_F(LogOpenTest, TheRecoveryPointMovesWithTheLog) {
  config.segment_bytes = 1 << 20;
  open();
  const std::string large(500'000, 'x');
  for (int i = 0; i < 33; ++i) append(large);
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(files_with(".snapshot"), IsEmpty());
  append(large);
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(files_with(".snapshot"), ElementsAre("00000000000000000034.snapshot"));
  append("last");
  reopen_after_crash();
  EXPECT_EQ(log().flushed_offset(), Offset{34});
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{35});
}

TEST_F(LogOpenTest, ALogThatIsAtRestGetsARecoveryPoint) {
  open();
  append("a");
  now_ms += 29'999;
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(files_with(".snapshot"), IsEmpty());
  now_ms += 1;
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(files_with(".snapshot"), ElementsAre("00000000000000000001.snapshot"));
  append("b");
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_THAT(files_with(".snapshot"), ElementsAre("00000000000000000001.snapshot"));
}

TEST_F(LogOpenTest, TimeSinceTheFirstBatchCountsAcrossAStop) {
  config.segment_ms = 1000;
  open();
  append("a");
  reopen_cleanly();
  now_ms += 999;
  append("b");
  EXPECT_THAT(files_with(".log"), SizeIs(1));
  now_ms += 1;
  append("c");
  EXPECT_THAT(files_with(".log"), SizeIs(2));
}

}  // namespace
}  // namespace omashu::broker
