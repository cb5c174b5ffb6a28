#include "broker/log/log_files.h"

#include <gtest/gtest.h>

#include "broker/log/log_checkpoint.h"

namespace omashu::broker {
namespace {

using Kind = LogFileName::Kind;

TEST(LogFiles, NamesAreReadBack) {
  EXPECT_EQ(segment_files("f", Offset{42}).log, "f/00000000000000000042.log");
  EXPECT_EQ(segment_files("f", Offset{42}).time_index, "f/00000000000000000042.timeindex");
  EXPECT_EQ(snapshot_path("f", Offset{42}), "f/00000000000000000042.snapshot");
  EXPECT_EQ(compacted_files("f", Offset{42}, Offset{99}).with(kSwapSuffix).log,
            "f/00000000000000000042-00000000000000000099.log.swap");

  const auto is = [](std::string_view name, Kind kind, int64_t base_offset, int64_t end_offset) {
    const auto parsed = parse_log_file_name(name);
    return parsed && parsed->kind == kind && parsed->base_offset == Offset{base_offset} &&
           parsed->end_offset == Offset{end_offset};
  };
  EXPECT_TRUE(is("00000000000000000042.log", Kind::kLog, 42, 0));
  EXPECT_TRUE(is("00000000000000000042.index", Kind::kIndex, 42, 0));
  EXPECT_TRUE(is("00000000000000000042.timeindex", Kind::kIndex, 42, 0));
  EXPECT_TRUE(is("00000000000000000042.snapshot", Kind::kSnapshot, 42, 0));
  EXPECT_TRUE(is("00000000000000000042-00000000000000000099.log.swap", Kind::kSwapLog, 42, 99));
  EXPECT_TRUE(is("00000000000000000042-00000000000000000099.index.swap", Kind::kSwapIndex, 42, 99));
  EXPECT_TRUE(is("00000000000000000042-00000000000000000099.log.cleaned", Kind::kLeftover, 0, 0));
  EXPECT_TRUE(is("00000000000000000042.log.deleted", Kind::kLeftover, 0, 0));
  EXPECT_TRUE(is("log.checkpoint.new", Kind::kLeftover, 0, 0));
}

TEST(LogFiles, OtherNamesAreNotOurs) {
  for (const char* name :
       {"", "partition.metadata", "log.checkpoint", "42.log", "0000000000000000004x.log", "00000000000000000042.logs",
        "-0000000000000000042.log", "99999999999999999999.log", "09223372036854775807.log",
        "00000000000000000042-00000000000000000099.log", "00000000000000000042-99.log.swap"}) {
    EXPECT_FALSE(parse_log_file_name(name)) << name;
  }
}

TEST(LogCheckpoint, IsReadBackWholeOrNotAtAll) {
  const LogCheckpoint checkpoint{.log_start_offset = Offset{17},
                                 .first_dirty_offset = Offset{4200},
                                 .compacted_to = Offset{5000},
                                 .open_ended_to = Offset{100}};
  const std::string text = log_checkpoint_text(checkpoint);
  EXPECT_EQ(parse_log_checkpoint(text), checkpoint);
  const size_t checksum = text.find("crc: ");
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_log_checkpoint(text.substr(0, size)).has_value(), size == checksum) << size;
  }
  EXPECT_FALSE(parse_log_checkpoint("version: 2" + text.substr(10, checksum - 10)));
}

TEST(LogCheckpoint, OfVersion0IsReadToo) {
  const std::string text = log_checkpoint_text({.log_start_offset = Offset{17}, .first_dirty_offset = Offset{4200}});
  const std::string before = "version: 0\nlog_start_offset: 17\nfirst_dirty_offset: 4200\n";
  EXPECT_EQ(text, before + "crc: f989a913\n");
  const auto parsed = parse_log_checkpoint(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->log_start_offset, Offset{17});
  EXPECT_EQ(parsed->first_dirty_offset, Offset{4200});
  EXPECT_FALSE(parsed->compacted_to);
  EXPECT_TRUE(parse_log_checkpoint(before)) << "as it was written before it had a checksum";
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_log_checkpoint(text.substr(0, size)).has_value(), size == before.size()) << size;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 1;
    EXPECT_FALSE(parse_log_checkpoint(damaged)) << i;
  }
  EXPECT_FALSE(parse_log_checkpoint("version: 1\nlog_start_offset: 17\nfirst_dirty_offset: 4200\n"));
  EXPECT_FALSE(parse_log_checkpoint("version: 0\nlog_start_offset: -1\nfirst_dirty_offset: 4200\n"));
}

}  // namespace
}  // namespace omashu::broker
