#include "sink/dynamodb/writes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sink/dynamodb/testing/made_records.h"

namespace omashu::sink::dynamodb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

MappedItem item_of(size_t index, const std::string& id, int64_t partition, int64_t offset, bool is_tombstone = false) {
  Item item;
  item.key = R"("id":{"S":")" + id + "\"}";
  item.attributes = item.key + R"(,"n":{"N":")" + std::to_string(index) + "\"}";
  item.position = {"T", partition, offset, 0};
  item.is_tombstone = is_tombstone;
  return {index, std::move(item)};
}

TableKey id_key() { return {{"id", 'S', {}}, std::nullopt}; }

Answer refused() { return {Verdict::kRefused, {ErrorCode::kInvalidArgument, "no", std::nullopt}, ""}; }
Answer done(std::string body = "{}") { return {Verdict::kDone, {}, std::move(body)}; }

TEST(LatestWrites, OfOneKeyInOnePartitionTheLastAloneIsSent) {
  LatestWrites writes("t", {}, false, {item_of(0, "a", 0, 1), item_of(1, "b", 0, 2), item_of(2, "a", 0, 3)});
  const auto first = writes.next();
  const auto second = writes.next();
  ASSERT_TRUE(first && second);
  EXPECT_THAT(first->second.body, HasSubstr(R"("n":{"N":"2"})"));
  EXPECT_THAT(second->second.body, HasSubstr(R"("n":{"N":"1"})"));
  EXPECT_FALSE(writes.next());
}

TEST(LatestWrites, OfOneKeyInTwoPartitionsBothAreSent) {
  LatestWrites writes("t", {}, false, {item_of(0, "a", 0, 1), item_of(1, "a", 1, 1)});
  EXPECT_TRUE(writes.next());
  EXPECT_TRUE(writes.next());
}

TEST(LatestWrites, WhereTheLastIsRefusedTheOneBeforeItIsSent) {
  const ItemOptions options;
  LatestWrites writes("t", options, false, {item_of(0, "a", 0, 1), item_of(1, "a", 0, 2)});
  const auto last = writes.next();
  EXPECT_FALSE(writes.next());
  writes.on_answer(last->first, refused());
  const auto before = writes.next();
  ASSERT_TRUE(before);
  EXPECT_THAT(before->second.body, HasSubstr(R"("n":{"N":"0"})"));
  writes.on_answer(before->first, done());
  EXPECT_FALSE(writes.next());
  ASSERT_THAT(writes.rejected(), SizeIs(1));
  EXPECT_EQ(writes.rejected()[0].index, 1u);
}

TEST(LatestWrites, ATombstoneIsAnItemUnlessItIsToDelete) {
  const ItemOptions options;
  EXPECT_EQ(LatestWrites("t", options, false, {item_of(0, "a", 0, 1, true)}).next()->second.operation, "PutItem");
  EXPECT_EQ(LatestWrites("t", options, true, {item_of(0, "a", 0, 1, true)}).next()->second.operation, "DeleteItem");
}

TEST(HistoryWrites, ABatchHasAtMostTwentyFiveItemsAndNoneTwice) {
  std::vector<MappedItem> items;
  for (size_t i = 0; i < 27; ++i) items.push_back(item_of(i, std::to_string(i), 0, static_cast<int64_t>(i)));
  items.push_back(item_of(27, "0", 0, 27));
  HistoryWrites writes("t", id_key(), std::move(items));
  const auto first = writes.next();
  const auto second = writes.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->second.operation, "BatchWriteItem");
  EXPECT_THAT(first->second.body, ::testing::Not(HasSubstr(R"({"n":{"N":"0"})"))) << "it is there again behind it";
  EXPECT_EQ(json::parse(first->second.body).value().find("RequestItems")->find("t")->items().size(), 25u);
  EXPECT_EQ(json::parse(second->second.body).value().find("RequestItems")->find("t")->items().size(), 2u);
  EXPECT_FALSE(writes.next());
}

TEST(HistoryWrites, LargeItemsMakeMoreBatches) {
  std::vector<MappedItem> items;
  for (size_t i = 0; i < 2; ++i) {
    items.push_back(item_of(i, std::to_string(i), 0, static_cast<int64_t>(i)));
    items.back().item.attributes.append(kMaxBatchBytes - 100, ' ');
  }
  HistoryWrites writes("t", id_key(), std::move(items));
  EXPECT_EQ(writes.next()->second.operation, "PutItem");
  EXPECT_EQ(writes.next()->second.operation, "PutItem");
}

TEST(HistoryWrites, UnprocessedItemsAloneAreSentAgain) {
  HistoryWrites writes("t", id_key(), {item_of(0, "a", 0, 1), item_of(1, "b", 0, 2), item_of(2, "c", 0, 3)});
  const auto batch = writes.next();
  const auto rest = writes.remaining(
      batch->first, done(R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"b"},"n":{"N":"1"}}}}]}})"));
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->body, R"({"TableName":"t","Item":{"id":{"S":"b"},"n":{"N":"1"}}})");
  EXPECT_FALSE(writes.remaining(batch->first, done()));
}

TEST(HistoryWrites, AnAnswerThatIsNotUnderstoodMakesTheWholeBatchGoAgain) {
  HistoryWrites writes("t", id_key(), {item_of(0, "a", 0, 1), item_of(1, "b", 0, 2)});
  const auto batch = writes.next();
  for (const char* body : {R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"id":{"S":"z"}}}}]}})", "", "[]]"}) {
    const auto rest = writes.remaining(batch->first, done(body));
    ASSERT_TRUE(rest) << body;
    EXPECT_EQ(rest->body, batch->second.body);
  }
}

TEST(HistoryWrites, ABatchThatIsRefusedIsSentItemByItem) {
  HistoryWrites writes("t", id_key(), {item_of(0, "a", 0, 1), item_of(1, "b", 0, 2)});
  writes.on_answer(writes.next()->first, refused());
  const auto first = writes.next();
  const auto second = writes.next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->second.operation, "PutItem");
  writes.on_answer(first->first, done());
  writes.on_answer(second->first, refused());
  ASSERT_THAT(writes.rejected(), SizeIs(1));
  EXPECT_EQ(writes.rejected()[0].index, 1u);
}

}  // namespace
}  // namespace omashu::sink::dynamodb
