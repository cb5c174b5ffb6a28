#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/log/record.h"
#include "broker/log/testing/memory_file_system.h"
#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ProduceRequest produce_of(std::string_view topic, std::string_view records, int16_t acks = -1, int32_t partition = 0) {
  return {
      .acks = acks,
      .timeout_ms = 1000,
      .topics = {{.name = topic, .partitions = {{.index = PartitionId{partition}, .records = BytesView{records}}}}}};
}

FetchRequest fetch_of(std::string_view topic, int64_t offset, int32_t max_wait_ms = 0, int32_t min_bytes = 1) {
  return {
      .max_wait_ms = max_wait_ms,
      .min_bytes = min_bytes,
      .topics = {{.topic = topic, .partitions = {{.fetch_offset = Offset{offset}, .partition_max_bytes = 1 << 20}}}},
      .forgotten_topics_data = {}};
}

std::vector<std::string> values_of(std::string_view records) {
  std::vector<std::string> values;
  while (const auto batch = RecordBatchView::parse(records)) {
    RecordReader reader(batch->records(), batch->header.records_count);
    while (const RecordView* record = reader.next()) values.emplace_back(record->value.value_or("-"));
    records.remove_prefix(batch->bytes.size());
  }
  return values;
}

TEST_F(BrokerFixture, WhatWasProducedIsFetched) {
  create_topic("t");
  const auto produced = call(produce_of("t", batch("one")));
  EXPECT_EQ(produced->topics.at(0).name, "t");
  EXPECT_EQ(produced->topics[0].partitions.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(produced->topics[0].partitions[0].base_offset, Offset{0});
  EXPECT_EQ(call(produce_of("t", batch("two"), 1))->topics[0].partitions[0].base_offset, Offset{1});
  for (int16_t version = FetchRequest::kApi.versions.min; version <= FetchRequest::kApi.versions.max; ++version) {
    const auto fetched = call(fetch_of("t", 0), version);
    const auto& partition = fetched->topics.at(0).partitions.at(0);
    EXPECT_EQ(partition.error_code, KafkaError::kNone);
    EXPECT_EQ(partition.high_watermark, Offset{2});
    EXPECT_THAT(values_of(partition.records.data), ElementsAre("one", "two")) << version;
  }
}

TEST_F(BrokerFixture, AcksAllIsAnsweredWhenTheRecordsAreOnTheDisk) {
  create_topic("t");
  call(produce_of("t", batch("one")));
  EXPECT_EQ(broker().topics().find("t")->partitions[0]->log()->flushed_offset(), Offset{1});
}

TEST_F(BrokerFixture, WithFlushMessagesAnAcksOneWaitsForTheDiskWhateverAnAnswerPromises) {
  options.durability = Durability::kPageCache;
  create_topic("t", 1, {{.name = "flush.messages", .value = "2"}});
  const auto flushed_offset = [&] { return broker().topics().find("t")->partitions[0]->log()->flushed_offset(); };
  call(produce_of("t", batch("one"), 1));
  EXPECT_EQ(flushed_offset(), Offset{0});
  call(produce_of("t", batch("two"), 1));
  EXPECT_EQ(flushed_offset(), Offset{2});
}

TEST_F(BrokerFixture, WithFlushMsTheRecordsComeToTheDiskByThemselves) {
  create_topic("t", 1, {{.name = "flush.ms", .value = "1"}});
  call(produce_of("t", batch("one"), 1));
  const auto log = broker().topics().find("t")->partitions[0]->log();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (log->flushed_offset() < Offset{1} && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(log->flushed_offset(), Offset{1});
}

TEST_F(BrokerFixture, WithAcksNoneThereIsNoAnswerButTheRecords) {
  create_topic("t");
  auto answer = send(produce_of("t", batch("one"), 0), 9);
  ASSERT_EQ(answer.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(answer.get(), "");
  EXPECT_THAT(values_of(call(fetch_of("t", 0))->topics[0].partitions[0].records.data), ElementsAre("one"));
}

TEST_F(BrokerFixture, EachPartitionOfAProduceHasItsOwnAnswer) {
  create_topic("t", 2);
  const std::string first = batch("one"), third = batch("three");
  const auto produced =
      call(ProduceRequest{.acks = -1,
                          .topics = {{.name = "t",
                                      .partitions = {{.index = PartitionId{0}, .records = BytesView{first}},
                                                     {.index = PartitionId{7}, .records = BytesView{third}},
                                                     {.index = PartitionId{1}, .records = BytesView{"torn"}}}},
                                     {.name = "none", .partitions = {{.records = std::nullopt}}}}});
  const auto& partitions = produced->topics.at(0).partitions;
  EXPECT_EQ(partitions.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(partitions.at(1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(partitions.at(2).error_code, KafkaError::kCorruptMessage);
  EXPECT_EQ(partitions.at(2).base_offset, kNoOffset);
  EXPECT_EQ(produced->topics.at(1).partitions.at(0).error_code, KafkaError::kUnknownTopicOrPartition);
}

TEST_F(BrokerFixture, ProduceRefusesWhatItDoesNotKnow) {
  create_topic("t");
  const auto error = [&](const ProduceRequest& request, int16_t version = 9) {
    return call(request, version)->topics.at(0).partitions.at(0).error_code;
  };
  EXPECT_EQ(error(produce_of("t", batch("x"), 2)), KafkaError::kInvalidRequiredAcks);
  EXPECT_EQ(error(produce_of("t", batch("x")), 2), KafkaError::kUnsupportedForMessageFormat);
  ProduceRequest transactional = produce_of("t", "");
  transactional.transactional_id = "me";
  EXPECT_EQ(error(transactional), KafkaError::kTransactionalIdAuthorizationFailed);
  create_internal_topic();
  EXPECT_EQ(error(produce_of(Topic::kConsumerOffsets, batch("x"))), KafkaError::kInvalidTopicException);
}

TEST_F(BrokerFixture, ProduceNamesTheRecordsThatAreToBlame) {
  create_topic("t", 1, {{.name = "cleanup.policy", .value = "compact"}});
  append("t", "before");
  const int64_t now_ms = system_clock().wall_ms();
  const std::string records = RecordBatchBuilder(now_ms)
                                  .add("k", "v", now_ms)
                                  .add(std::nullopt, "v", now_ms)
                                  .add("k", "v", now_ms)
                                  .add(std::nullopt, "v", now_ms)
                                  .build();
  for (const int16_t version : std::to_array<int16_t>({7, 8, 11})) {
    const auto produced = call(produce_of("t", records), version);
    const auto& partition = produced->topics.at(0).partitions.at(0);
    EXPECT_EQ(partition.error_code, KafkaError::kInvalidRecord);
    EXPECT_EQ(partition.base_offset, kNoOffset);
    EXPECT_EQ(partition.log_start_offset, Offset{0});
    if (version < 8) continue;
    ASSERT_EQ(partition.record_errors.size(), 2u);
    EXPECT_EQ(partition.record_errors[0].batch_index, 1);
    EXPECT_EQ(partition.record_errors[1].batch_index, 3);
    EXPECT_THAT(*partition.record_errors[1].batch_index_error_message, testing::HasSubstr("without a key"));
    EXPECT_THAT(*partition.error_message, testing::HasSubstr("2 of the 4 records"));
  }
}

TEST_F(BrokerFixture, ProduceRefusesTimestampsFarAhead) {
  create_topic("t");
  const int64_t ahead_ms = system_clock().wall_ms() + 48 * 3'600'000;
  const std::string records = RecordBatchBuilder(ahead_ms).add("k", "v", ahead_ms).build();
  const auto refused = call(produce_of("t", records));
  EXPECT_EQ(refused->topics.at(0).partitions.at(0).error_code, KafkaError::kInvalidTimestamp);
  EXPECT_EQ(refused->topics[0].partitions[0].record_errors.at(0).batch_index, 0);
  create_topic("any-time", 1, {{.name = "message.timestamp.after.max.ms", .value = "9223372036854775807"}});
  EXPECT_EQ(call(produce_of("any-time", records))->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
}

TEST_F(BrokerFixture, AProduceWithoutRecordsIsAnInvalidRecord) {
  create_topic("t");
  ProduceRequest request = produce_of("t", "");
  EXPECT_EQ(call(request)->topics.at(0).partitions.at(0).error_code, KafkaError::kInvalidRecord);
  request.topics[0].partitions[0].records = std::nullopt;
  EXPECT_EQ(call(request)->topics.at(0).partitions.at(0).error_code, KafkaError::kInvalidRecord);
}

TEST_F(BrokerFixture, RefusalsTellTheLogStartOffsetAsKafkaDoes) {
  create_topic("t");
  append("t", "a");
  append("t", "b");
  ASSERT_EQ(broker().topics().find("t")->partitions[0]->log()->delete_records(Offset{1}, 1).low_watermark, Offset{1});
  const auto start_offset = [&](const std::string& records, KafkaError error) {
    const auto produced = call(produce_of("t", records));
    EXPECT_EQ(produced->topics.at(0).partitions.at(0).error_code, error);
    return produced->topics[0].partitions[0].log_start_offset;
  };
  const int64_t now_ms = system_clock().wall_ms();
  EXPECT_EQ(start_offset(RecordBatchBuilder(now_ms).add("k", "v", now_ms * 2).build(), KafkaError::kInvalidTimestamp),
            Offset{1});
  EXPECT_EQ(start_offset("torn", KafkaError::kCorruptMessage), kNoOffset);
  EXPECT_EQ(start_offset(batch(std::string(2 << 20, 'x')), KafkaError::kMessageTooLarge), kNoOffset);
}

TEST_F(BrokerFixture, AFetchWaitsForTheNextRecord) {
  create_topic("t");
  append("t", "before");
  auto answer = send(fetch_of("t", 1, 60'000), 11);
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  append("t", "after");
  const auto fetched = receive<FetchRequest>(answer, 11);
  EXPECT_THAT(values_of(fetched->topics.at(0).partitions.at(0).records.data), ElementsAre("after"));
}

TEST_F(BrokerFixture, AFetchWaitsForAsManyBytesAsItWants) {
  create_topic("t", 2);
  const auto size = static_cast<int32_t>(batch("0123456789").size());
  FetchRequest request = fetch_of("t", 0, 60'000, 3 * size);
  request.topics[0].partitions.push_back(
      {.partition = PartitionId{1}, .fetch_offset = Offset{0}, .partition_max_bytes = 1 << 20});
  auto answer = send(request, 11);
  append("t", "0123456789", 0);
  append("t", "0123456789", 1);
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  append("t", "0123456789", 1);
  EXPECT_EQ(receive<FetchRequest>(answer, 11)->topics.at(0).partitions.size(), 2u);
}

TEST_F(BrokerFixture, AFetchIsAnsweredWhenItsTimeIsOver) {
  create_topic("t");
  const auto fetched = call(fetch_of("t", 0, 5), 11);
  EXPECT_EQ(fetched->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
  EXPECT_THAT(fetched->topics[0].partitions[0].records.data, IsEmpty());
}

TEST_F(BrokerFixture, AFetchOfADeletedTopicIsAnsweredAtOnce) {
  create_topic("t");
  auto answer = send(fetch_of("t", 0, 60'000), 11);
  const std::string_view gone[] = {"t"};
  ASSERT_TRUE(broker().topics().remove(gone));
  EXPECT_NE(receive<FetchRequest>(answer, 11)->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
}

// Of more partitions than are read by the thread of a connection or a producer.
class LargeFetchTest : public BrokerFixture {
 public:
  static constexpr int32_t kPartitions = 300;

  FetchRequest fetch_of_all(int32_t min_bytes, int32_t max_wait_ms = 300'000) const {
    FetchRequest fetch{.max_wait_ms = max_wait_ms,
                       .min_bytes = min_bytes,
                       .topics = {{.topic = "t", .partitions = {}}},
                       .forgotten_topics_data = {}};
    for (int32_t i = 0; i < kPartitions; ++i) {
      fetch.topics[0].partitions.push_back({.partition = PartitionId{i}, .partition_max_bytes = 1 << 20});
    }
    return fetch;
  }

  std::vector<std::string> values(std::future<std::string>& answer) {
    const auto fetched = receive<FetchRequest>(answer, 11);
    std::vector<std::string> all;
    for (const auto& partition : fetched->topics.at(0).partitions) {
      for (std::string& value : values_of(partition.records.data)) all.push_back(std::move(value));
    }
    return all;
  }
};

TEST_F(LargeFetchTest, IsAnsweredOnceTheAppendsToAllItsPartitionsAddUp) {
  create_topic("t", kPartitions);
  const auto batch_bytes = static_cast<int32_t>(batch("0").size());
  auto waiting = send(fetch_of_all(3 * batch_bytes), 11);
  append("t", "0", 7);
  append("t", "1", 299);
  EXPECT_EQ(waiting.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  append("t", "2", 8);
  EXPECT_THAT(values(waiting), ElementsAre("0", "2", "1"));

  auto full = send(fetch_of_all(1), 11);
  EXPECT_THAT(values(full), ElementsAre("0", "2", "1")) << "at once";
}

TEST_F(LargeFetchTest, IsAnsweredWhenItsTimeIsOverOrATopicIsDeleted) {
  create_topic("t", kPartitions);
  append("t", "0", 7);
  auto waiting = send(fetch_of_all(1'000'000, 5), 11);
  EXPECT_THAT(values(waiting), ElementsAre("0"));
  waiting = send(fetch_of_all(1'000'000), 11);
  ASSERT_TRUE(broker().remove_topics(std::vector<std::string_view>{"t"}));
  const auto fetched = receive<FetchRequest>(waiting, 11);
  // The latter where the topic was gone before the fetch had its turn.
  EXPECT_THAT(fetched->topics.at(0).partitions.at(0).error_code,
              testing::AnyOf(KafkaError::kKafkaStorageError, KafkaError::kUnknownTopicOrPartition));
}

TEST_F(LargeFetchTest, ProducersAtWorkLoseNoneOfManyFetchesThatWait) {
  create_topic("t", kPartitions);
  const auto batch_bytes = static_cast<int32_t>(batch("v").size());
  std::vector<std::future<std::string>> waiting;
  for (int i = 0; i < 20; ++i) waiting.push_back(send(fetch_of_all(100 * batch_bytes), 11));
  const auto produce = [&](int32_t partition) {
    for (int i = 0; i < 50; ++i) append("t", "v", partition);
  };
  {
    const std::jthread one([&] { produce(1); });
    const std::jthread other([&] { produce(200); });
  }
  for (auto& answer : waiting) EXPECT_EQ(values(answer).size(), 100u);
}

TEST_F(BrokerFixture, FetchErrorsAreAnsweredAtOnce) {
  create_topic("t");
  const auto error = [&](FetchRequest request) {
    request.max_wait_ms = 60'000;
    return call(request, 11)->topics.at(0).partitions.at(0).error_code;
  };
  EXPECT_EQ(error(fetch_of("none", 0)), KafkaError::kUnknownTopicOrPartition);
  EXPECT_EQ(error(fetch_of("t", 5)), KafkaError::kOffsetOutOfRange);
  FetchRequest newer = fetch_of("t", 0);
  newer.topics[0].partitions[0].current_leader_epoch = 3;
  EXPECT_EQ(error(newer), KafkaError::kUnknownLeaderEpoch);
  FetchRequest other_partition = fetch_of("t", 0);
  other_partition.topics[0].partitions[0].partition = PartitionId{1};
  EXPECT_EQ(error(other_partition), KafkaError::kUnknownTopicOrPartition);
  FetchRequest session = fetch_of("t", 0);
  session.session_id = 4;
  session.session_epoch = 2;
  EXPECT_EQ(call(session, 11)->error_code, KafkaError::kFetchSessionIdNotFound);
}

TEST_F(BrokerFixture, TheLimitsOfAFetchHoldButForTheFirstBatch) {
  create_topic("t", 2);
  append("t", std::string(1000, 'a'), 0);
  append("t", std::string(1000, 'b'), 1);
  FetchRequest request = fetch_of("t", 0);
  request.max_bytes = 10;
  request.topics[0].partitions.push_back(
      {.partition = PartitionId{1}, .fetch_offset = Offset{0}, .partition_max_bytes = 1 << 20});
  const auto fetched = call(request, 11);
  EXPECT_THAT(values_of(fetched->topics.at(0).partitions.at(0).records.data), ElementsAre(std::string(1000, 'a')));
  EXPECT_THAT(fetched->topics[0].partitions.at(1).records.data, IsEmpty());
}

class FetchWithoutFilesTest : public BrokerFixture {
 public:
  FetchWithoutFilesTest() {
    file_system = &disk_;
    std::filesystem::create_directories(options.data_folder);  // for the lock of the folder, which is a real one
    options.max_open_files = 1;
  }

  // No file of these partitions can be opened any more.
  void let_files_run_out(std::string_view topic_and_partition) {
    const std::string folder = fmt::format("{}/{}/", options.data_folder, topic_and_partition);
    disk_.set_fault([folder](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
      if (what != MemoryFileSystem::Operation::kOpen || !path.starts_with(folder)) return std::nullopt;
      return Error{ErrorCode::kUnavailable, path + ": Too many open files", std::nullopt};
    });
  }

  MemoryFileSystem disk_;
};

TEST_F(FetchWithoutFilesTest, PartitionsForWhichNoFileIsLeftAreAnsweredEmptyWhereOthersHaveRecords) {
  create_topic("t", 2);
  for (const int32_t partition : {0, 1}) call(produce_of("t", batch("v"), -1, partition));
  restart();
  for (const int32_t partition : {0, 1}) (void)broker().topics().find("t")->partitions[partition]->log()->offsets();
  let_files_run_out("t-1");
  FetchRequest fetch = fetch_of("t", 0, /*max_wait_ms=*/100'000, /*min_bytes=*/100'000);
  fetch.topics[0].partitions.push_back({.partition = PartitionId{1}, .partition_max_bytes = 1 << 20});
  const auto fetched = call(fetch);
  const auto& partitions = fetched->topics.at(0).partitions;
  EXPECT_THAT(values_of(partitions.at(0).records.data), ElementsAre("v"));
  EXPECT_EQ(partitions.at(1).error_code, KafkaError::kNone);
  EXPECT_EQ(partitions[1].records.size_bytes, 0u);
  EXPECT_EQ(partitions[1].high_watermark, Offset{1});
  EXPECT_EQ(partitions[1].log_start_offset, Offset{0});
  let_files_run_out("t-1");
  fetch.topics[0].partitions.erase(fetch.topics[0].partitions.begin());
  EXPECT_EQ(call(fetch)->topics.at(0).partitions.at(0).error_code, KafkaError::kKafkaStorageError)
      << "alone, it is an error";
}

TEST_F(BrokerFixture, RecordsOutliveTheProcess) {
  create_topic("t");
  call(produce_of("t", batch("one")));
  crash();
  call(produce_of("t", batch("two")));
  restart();
  EXPECT_THAT(values_of(call(fetch_of("t", 0))->topics[0].partitions[0].records.data), ElementsAre("one", "two"));
}

}  // namespace
}  // namespace omashu::broker
