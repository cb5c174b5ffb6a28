#include "inspect/record_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/testing/fake_consumer.h"

namespace omashu::inspect {
namespace {

using ::testing::ElementsAre;
using testing::FakeConsumer;
using ::testing::IsEmpty;
using Kind = PageStart::Kind;

std::vector<std::string> places(const RecordPage& page) {
  std::vector<std::string> texts;
  for (const kafka::Message& record : page.records) {
    texts.push_back(std::to_string(record.partition) + "-" + std::to_string(record.offset));
  }
  return texts;
}

RecordPage read(FakeConsumer& consumer, PageQuery query) {
  query.topic = "t";
  auto page = read_page(consumer, query);
  EXPECT_TRUE(page) << page.error().message;
  return page ? *std::move(page) : RecordPage();
}

PageStart from(const std::string& text) {
  const auto start = parse_page_start(text, "t", 0);
  EXPECT_TRUE(start) << start.error().message;
  return start.value_or(PageStart());
}

// Two partitions whose times interleave: 0-0 at 0, 1-0 at 5, 0-1 at 10, 1-1 at 15, …
FakeConsumer interleaved(int records_each) {
  FakeConsumer consumer("t", 2);
  for (int i = 0; i < records_each; ++i) {
    consumer.add(0, i, {.timestamp_ms = 10 * i, .value = "v" + std::to_string(i)});
    consumer.add(1, i, {.timestamp_ms = 10 * i + 5, .value = "v" + std::to_string(i)});
  }
  return consumer;
}

TEST(RecordPageTest, FromTheEndTheNewestComeFirst) {
  FakeConsumer consumer = interleaved(10);
  const RecordPage page = read(consumer, {.limit = 3});
  EXPECT_THAT(places(page), ElementsAre("1-9", "0-9", "1-8"));
  EXPECT_TRUE(page.is_complete);
  EXPECT_EQ(page.older_start("t"), "t-0-9,1-8");
  EXPECT_EQ(page.newer_start("t"), "t-0-9,1-9");
}

TEST(RecordPageTest, OlderPagesFollowEachOtherToTheBeginningWithoutGapOrDouble) {
  FakeConsumer consumer = interleaved(10);
  std::vector<std::string> all;
  PageQuery query{.limit = 3};
  for (int pages = 0; pages < 10; ++pages) {
    const RecordPage page = read(consumer, query);
    for (const std::string& place : places(page)) all.push_back(place);
    const auto older = page.older_start("t");
    if (!older) break;
    query.start = from(*older);
  }
  ASSERT_EQ(all.size(), 20U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(all[2 * i], "1-" + std::to_string(9 - i));
    EXPECT_EQ(all[2 * i + 1], "0-" + std::to_string(9 - i));
  }
}

TEST(RecordPageTest, NewerPagesFollowEachOtherAndGoOnWithWhatComesLater) {
  FakeConsumer consumer = interleaved(4);
  PageQuery query{.start = from("beginning"), .is_older = false, .limit = 5};
  RecordPage page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("0-0", "1-0", "0-1", "1-1", "0-2"));
  EXPECT_EQ(page.older_start("t"), std::nullopt);
  query.start = from(page.newer_start("t"));
  page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("1-2", "0-3", "1-3"));
  EXPECT_TRUE(page.is_complete);
  query.start = from(page.newer_start("t"));
  EXPECT_THAT(places(read(consumer, query)), IsEmpty());
  consumer.add(1, 4, {.timestamp_ms = 99, .value = "later"});
  page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("1-4"));
  query.start = from(*page.older_start("t"));
  query.is_older = true;
  EXPECT_THAT(places(read(consumer, query)), ElementsAre("1-3", "0-3", "1-2", "0-2", "1-1"));
}

TEST(RecordPageTest, StartsAtAnOffsetATimeOrInOnePartition) {
  FakeConsumer consumer = interleaved(5);
  EXPECT_THAT(places(read(consumer, {.start = from("3"), .is_older = false})), ElementsAre("0-3", "1-3", "0-4", "1-4"));
  EXPECT_THAT(places(read(consumer, {.start = from("1"), .is_older = true})), ElementsAre("1-0", "0-0"));
  EXPECT_THAT(places(read(consumer, {.start = {.kind = Kind::kTime, .value = 30}, .is_older = false})),
              ElementsAre("0-3", "1-3", "0-4", "1-4"));
  EXPECT_THAT(places(read(consumer, {.partition = 1, .start = {.kind = Kind::kTime, .value = 40}, .is_older = false})),
              ElementsAre("1-4"));
  EXPECT_THAT(places(read(consumer, {.start = {.kind = Kind::kTime, .value = 1'000}, .is_older = false})), IsEmpty());
  const auto none = read_page(consumer, {.topic = "t", .partition = 7});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
}

TEST(RecordPageTest, AnEmptyTopicHasAnEmptyPageFromWhichOneCanGoOn) {
  FakeConsumer consumer("t", 2);
  const RecordPage page = read(consumer, {});
  EXPECT_THAT(page.records, IsEmpty());
  EXPECT_TRUE(page.is_complete);
  EXPECT_EQ(page.older_start("t"), std::nullopt);
  EXPECT_EQ(page.newer_start("t"), "t-");
  consumer.add(1, 0, {.timestamp_ms = 1, .value = "first"});
  EXPECT_THAT(places(read(consumer, {.start = from("t-"), .is_older = false})), ElementsAre("1-0"));
}

TEST(RecordPageTest, GapsThatCompactionLeftAreReadOver) {
  FakeConsumer consumer("t", 1);
  for (const int offset : {3, 500, 1'200, 9'000}) consumer.add(0, offset, {.timestamp_ms = offset, .value = "v"});
  consumer.set_watermarks(0, 0, 10'000);
  RecordPage page = read(consumer, {.limit = 3});
  EXPECT_THAT(places(page), ElementsAre("0-9000", "0-1200", "0-500"));
  page = read(consumer, {.start = from(*page.older_start("t")), .limit = 3});
  EXPECT_THAT(places(page), ElementsAre("0-3"));
  EXPECT_EQ(page.older_start("t"), std::nullopt);
}

TEST(RecordPageTest, AFilterIsAskedUntilThePageIsFull) {
  FakeConsumer consumer = interleaved(5'000);
  PageQuery query{.limit = 4};
  query.matches = [](const kafka::Message& record) -> Result<bool> { return record.offset % 1'000 == 7; };
  RecordPage page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("1-4007", "0-4007", "1-3007", "0-3007"));
  query.start = from(*page.older_start("t"));
  page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("1-2007", "0-2007", "1-1007", "0-1007"));
  query.is_older = false;
  query.start = from("4500");
  query.matches = [](const kafka::Message& record) -> Result<bool> { return record.offset >= 4'998; };
  EXPECT_THAT(places(read(consumer, query)), ElementsAre("0-4998", "1-4998", "0-4999", "1-4999"));
}

TEST(RecordPageTest, WhereAFilterFindsLittleThePageEndsEarlyAndTheNextGoesOn) {
  FakeConsumer consumer = interleaved(5'000);
  for (const bool is_older : {true, false}) {
    PageQuery query{.start = from(is_older ? "end" : "beginning"), .is_older = is_older, .max_scanned = 3'000};
    query.matches = [](const kafka::Message& record) -> Result<bool> { return record.offset == 2'500; };
    std::vector<std::string> all;
    int pages = 0;
    for (; pages < 20; ++pages) {
      const RecordPage page = read(consumer, query);
      EXPECT_LE(page.scanned, 3'001);
      for (const std::string& place : places(page)) all.push_back(place);
      if (page.is_complete) break;
      query.start = from(is_older ? page.older_start("t").value_or("beginning") : page.newer_start("t"));
    }
    EXPECT_GE(pages, 3);
    std::ranges::sort(all);
    EXPECT_THAT(all, ElementsAre("0-2500", "1-2500"));
  }
}

TEST(RecordPageTest, RecordsThatTheFilterCannotReadAreCounted) {
  FakeConsumer consumer = interleaved(3);
  PageQuery query;
  query.matches = [](const kafka::Message& record) -> Result<bool> {
    if (record.offset == 1) return fail(ErrorCode::kCorrupt, "no schema");
    return record.offset == 2;
  };
  const RecordPage page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("1-2", "0-2"));
  EXPECT_EQ(page.unreadable, 2);
  query.matches = [](const kafka::Message&) -> Result<bool> { return fail(ErrorCode::kUnavailable, "no registry"); };
  query.topic = "t";
  EXPECT_EQ(read_page(consumer, query).error().code, ErrorCode::kUnavailable);
}

TEST(RecordPageTest, LargeRecordsBoundThePageByTheirBytes) {
  FakeConsumer consumer("t", 1);
  for (int i = 0; i < 10; ++i) consumer.add(0, i, {.timestamp_ms = i, .value = std::string(1'000, 'x')});
  PageQuery query{.limit = 10, .max_kept_bytes = 4'500};
  RecordPage page = read(consumer, query);
  EXPECT_THAT(places(page), ElementsAre("0-9", "0-8", "0-7"));
  EXPECT_EQ(page.older_start("t"), "t-0-7");
  query.start = from("beginning");
  query.is_older = false;
  page = read(consumer, query);
  EXPECT_FALSE(page.is_complete);
  EXPECT_GE(page.records.size(), 3U);
  EXPECT_LT(page.records.size(), 6U);
  EXPECT_EQ(page.newer_start("t"), "t-0-" + std::to_string(page.records.size() - 1));
}

TEST(RecordPageTest, ATopicThatDoesNotExistIsNotFound) {
  FakeConsumer consumer("t", 1);
  EXPECT_EQ(read_page(consumer, {.topic = "other"}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace omashu::inspect
