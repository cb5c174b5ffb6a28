#include "broker/handler/testing/acknowledged_data.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/record.h"
#include "broker/log/testing/lost_offsets.h"
#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/08_offset_commit.h"
#include "broker/protocol/09_offset_fetch.h"
#include "broker/protocol/20_delete_topics.h"
#include "broker/protocol/21_delete_records.h"
#include "broker/protocol/22_init_producer_id.h"
#include "broker/protocol/32_describe_configs.h"
#include "broker/protocol/44_incremental_alter_configs.h"

namespace omashu::broker {
namespace {

constexpr std::string_view kConfig = "log.retention.ms";
constexpr std::string_view kConfigValue = "86400000";
const std::string kOffsetsPartition = fmt::format("{}-0", Topic::kConsumerOffsets);

}  // namespace

AcknowledgedData::AcknowledgedData() {
  clock = &stopped_clock_;
  options.housekeeping_interval = std::chrono::hours(1);  // not while the test runs
  options.report = [this](const std::string& report) { note(report); };
}

void AcknowledgedData::note(const std::string& report) {
  const MutexLock lock(reports_mutex_);
  reports_.push_back(report);
}

std::vector<std::string> AcknowledgedData::take_reports() {
  const MutexLock lock(reports_mutex_);
  return std::exchange(reports_, {});
}

std::vector<std::string> AcknowledgedData::reports_of(std::string_view name) {
  const MutexLock lock(reports_mutex_);
  std::vector<std::string> found;
  std::ranges::copy_if(reports_, std::back_inserter(found), [&](const auto& report) { return report.contains(name); });
  return found;
}

void AcknowledgedData::write(unsigned seed) {
  random_.seed(seed);
  count_ = 0;
  committed_.clear();
  partitions_.clear();
  producer_ids_.clear();
  alter_broker_config();
  create_topics();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 60; ++i) {
      commit_some();
      produce_some(partitions_[static_cast<size_t>(uniform(std::ssize(partitions_)))]);
    }
    if (round > 0) continue;
    compact("compacted");
    compact(Topic::kConsumerOffsets);
    delete_records(partitions_[1]);
  }
  topics_with_ids_ = topics_with_ids();
}

void AcknowledgedData::create_topics() {
  std::vector<TopicStore::NewTopic> internal;
  internal.push_back(
      {std::string(Topic::kConsumerOffsets), 1, {{"cleanup.policy", "compact"}, {"segment.bytes", "1500"}}});
  ASSERT_TRUE(broker().topics().create(std::move(internal)));
  create_topic("plain", 2,
               {{.name = "segment.bytes", .value = "1500"}, {.name = "index.interval.bytes", .value = "200"}});
  create_topic("compacted", 1,
               {{.name = "segment.bytes", .value = "1500"}, {.name = "cleanup.policy", .value = "compact"}});
  create_topic("again");
  create_topic("deleted");
  partitions_ = {{.topic = "plain", .index = PartitionId{0}}, {.topic = "plain", .index = PartitionId{1}}};
  partitions_.push_back({.topic = "compacted", .is_compacted = true});
  for (const std::string topic : {"again", "deleted"}) {
    PartitionData partition{.topic = topic};
    produce_some(partition);
    delete_topic(topic);
  }
  create_topic("again");
  partitions_.push_back({.topic = "again"});
  for (PartitionData& partition : partitions_) {
    if (partition.name() != "plain-0") producer_ids_.insert(partition.producer_id = new_producer_id());
    produce_some(partition);
  }
}

void AcknowledgedData::delete_topic(std::string_view topic) {
  const auto deleted = call(DeleteTopicsRequest{.topics = {{.name = topic}}});
  ASSERT_EQ(deleted->responses.at(0).error_code, KafkaError::kNone);
}

void AcknowledgedData::alter_broker_config() {
  const auto altered =
      call(IncrementalAlterConfigsRequest{.resources = {{.resource_type = ConfigResourceType::kBroker,
                                                         .resource_name = "",
                                                         .configs = {{.name = kConfig, .value = kConfigValue}}}}});
  ASSERT_EQ(altered->responses.at(0).error_code, KafkaError::kNone);
}

void AcknowledgedData::delete_records(PartitionData& partition) {
  partition.start = Offset{uniform(partition.end - Offset{0})};
  const auto deleted = call(DeleteRecordsRequest{
      .topics = {
          {.name = partition.topic, .partitions = {{.partition_index = partition.index, .offset = partition.start}}}}});
  ASSERT_EQ(deleted->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
}

void AcknowledgedData::compact(std::string_view topic) {
  const auto& log = broker().topics().find(topic)->partitions.at(0)->log();
  ASSERT_TRUE(log->maintain(clock->wall_ms() + 60'000));  // a recovery point, before which compaction works
  const auto compacted = log->compact({.now_ms = clock->wall_ms()});
  ASSERT_TRUE(compacted) << compacted.error().message;
  ASSERT_LE(compacted->bytes_after, compacted->bytes_before);  // both are 0 where all is in the active segment
}

void AcknowledgedData::produce_some(PartitionData& partition) {
  RecordBatchBuilder builder(clock->wall_ms());
  std::vector<Record> records;
  for (int64_t i = 1 + uniform(3); i > 0; --i) {
    const std::string padding(static_cast<size_t>(uniform(150)), '.');
    records.push_back({fmt::format("key {}", uniform(8)), fmt::format("{}{}", ++count_, padding)});
    builder.add(records.back().key, records.back().value, clock->wall_ms());
  }
  if (partition.producer_id != kNoProducerId) {
    builder.set_producer(partition.producer_id, 0, partition.next_sequence);
    partition.next_sequence += static_cast<int32_t>(records.size());
  }
  const std::string batch = builder.build();
  const Produced produced = produce(partition, batch);
  ASSERT_EQ(produced.error, KafkaError::kNone) << produced.message;
  ASSERT_EQ(produced.base_offset, partition.end);
  for (const Record& record : records) partition.records[partition.end++] = record;
  partition.last_batch = batch;
  partition.last_batch_offset = produced.base_offset;
}

AcknowledgedData::Produced AcknowledgedData::produce(const PartitionData& partition, const std::string& batch) {
  const auto response = call(ProduceRequest{
      .acks = -1,
      .timeout_ms = 1000,
      .topics = {{.name = partition.topic, .partitions = {{.index = partition.index, .records = BytesView{batch}}}}}});
  const auto& produced = response->topics.at(0).partitions.at(0);
  return {produced.error_code, produced.base_offset, produced.error_message.value_or("")};
}

AcknowledgedData::Produced AcknowledgedData::produce_one(const PartitionData& partition) {
  const int64_t now_ms = clock->wall_ms();
  return produce(partition, RecordBatchBuilder(now_ms).add("k", "after", now_ms).build());
}

void AcknowledgedData::commit_some() {
  const PartitionData& partition = partitions_[static_cast<size_t>(uniform(std::ssize(partitions_)))];
  const std::string group = fmt::format("group {}", uniform(2));
  const auto response =
      call(OffsetCommitRequest{.group_id = group,
                               .topics = {{.name = partition.topic,
                                           .partitions = {{.partition_index = partition.index,
                                                           .committed_offset = Offset{++count_},
                                                           .committed_metadata = std::string(40, '.')}}}}},
           9);
  ASSERT_EQ(response->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
  committed_[{group, partition.topic, partition.index}].push_back(Offset{count_});
}

ProducerId AcknowledgedData::new_producer_id() {
  const auto response = call(InitProducerIdRequest{});
  EXPECT_EQ(response->error_code, KafkaError::kNone);
  EXPECT_FALSE(producer_ids_.contains(response->producer_id)) << std::to_underlying(response->producer_id);
  return response->producer_id;
}

std::vector<std::string> AcknowledgedData::topics_with_ids() {
  std::vector<std::string> found;
  const auto response = call(MetadataRequest{});
  for (const auto& topic : response->topics) {
    found.push_back(fmt::format("{} {} {}", *topic.name, id_text(topic.topic_id.bytes), topic.partitions.size()));
  }
  return found;
}

std::string AcknowledgedData::broker_config() {
  const auto response = call(DescribeConfigsRequest{
      .resources = {
          {.resource_type = ConfigResourceType::kBroker, .resource_name = "1", .configuration_keys = {{kConfig}}}}});
  return response->results.at(0).configs.at(0).value.value_or("");
}

Offset AcknowledgedData::committed_offset(const Committed& committed) {
  const auto response = call(OffsetFetchRequest{.groups = {{.group_id = committed.group,
                                                            .topics = {{{committed.topic, {committed.partition}}}}}}},
                             9);
  EXPECT_EQ(response->groups.at(0).error_code, KafkaError::kNone);
  return response->groups.at(0).topics.at(0).partitions.at(0).committed_offset;
}

void AcknowledgedData::check(const std::string& cut_partition) {
  check_topics();
  check_broker_config();
  check_committed(cut_partition == kOffsetsPartition);
  for (const PartitionData& partition : partitions_) {
    SCOPED_TRACE(partition.name());
    check_records(partition, cut_partition == partition.name());
  }
  new_producer_id();
}

void AcknowledgedData::check_that_logs_go_on() {
  for (const PartitionData& partition : partitions_) {
    const Produced produced = produce_one(partition);
    EXPECT_EQ(produced.error, KafkaError::kNone) << produced.message;
    EXPECT_EQ(produced.base_offset, appended_.at(partition.name()) + 1) << partition.name();
  }
}

void AcknowledgedData::check_topics() { EXPECT_EQ(topics_with_ids(), topics_with_ids_); }

void AcknowledgedData::check_broker_config() {
  if (reports_of("broker-configs.json").empty()) {
    EXPECT_EQ(broker_config(), kConfigValue);
  }
}

void AcknowledgedData::check_records(const PartitionData& partition, bool is_cut) {
  const auto offsets =
      broker().topics().find(partition.topic)->partitions.at(static_cast<size_t>(partition.index))->log()->offsets();
  ASSERT_TRUE(offsets) << offsets.error().message;
  std::map<Offset, Record> served;
  ASSERT_NO_FATAL_FAILURE(read_all(partition, served));
  const auto lost = lost_offsets(reports_of(partition.name()));
  std::map<std::string, Offset> latest;
  for (const auto& [offset, record] : partition.records) latest[record.key] = offset;
  for (const auto& [offset, record] : partition.records) {
    if (served.contains(offset) || offset < partition.start) continue;
    if (partition.is_compacted && latest[record.key] > offset) continue;
    const bool is_reported = std::ranges::any_of(lost, [&](const auto& range) { return range.contains(offset); });
    EXPECT_TRUE(is_reported || (is_cut && offset >= offsets->log_end_offset)) << "lost without a word: " << offset;
  }
  if (!served.empty() && served.begin()->first < partition.start) {
    EXPECT_FALSE(reports_of(partition.name()).empty()) << "deleted records are there again, without a word";
  }
  check_producer(partition, served);
  check_next_offset(partition, is_cut);
}

// Each fetch gets on, and gives what was acknowledged.
void AcknowledgedData::read_all(const PartitionData& partition, std::map<Offset, Record>& served) {
  const auto fetch = [&](Offset offset) {
    return call(FetchRequest{.max_wait_ms = 0,
                             .min_bytes = 1,
                             .topics = {{.topic = partition.topic,
                                         .partitions = {{.partition = partition.index,
                                                         .fetch_offset = offset,
                                                         .partition_max_bytes = 700}}}},
                             .forgotten_topics_data = {}});
  };
  const Offset start = fetch(partition.end)->topics.at(0).partitions.at(0).log_start_offset;
  Offset offset = start;
  for (;;) {
    const auto fetched = fetch(offset);
    const auto& response = fetched->topics.at(0).partitions.at(0);
    ASSERT_EQ(response.error_code, KafkaError::kNone) << offset;
    if (offset >= response.high_watermark) return;
    const Offset before = offset;
    std::string_view rest = response.records.data;
    while (const auto batch = RecordBatchView::parse(rest)) {
      offset = batch->header.next_offset();
      ASSERT_TRUE(batch->has_valid_crc());
      RecordReader reader(batch->records(), batch->header.records_count);
      while (const RecordView* record = reader.next()) {
        const Offset at = batch->header.offset_of(record->offset_delta);
        const auto acknowledged = partition.records.find(at);
        ASSERT_NE(acknowledged, partition.records.end()) << at;
        ASSERT_EQ(record->key, acknowledged->second.key);
        ASSERT_EQ(record->value, acknowledged->second.value);
        if (at >= start) served[at] = acknowledged->second;  // clients skip those before it in its batch
      }
      rest.remove_prefix(batch->bytes.size());
    }
    ASSERT_GT(offset, before) << "whoever reads on waits for ever";
  }
}

// A batch that is sent again, because its answer was lost, is not appended again.
void AcknowledgedData::check_producer(const PartitionData& partition, const std::map<Offset, Record>& served) {
  if (partition.producer_id == kNoProducerId || !served.contains(partition.last_batch_offset)) return;
  const Produced produced = produce(partition, partition.last_batch);
  EXPECT_EQ(produced.error, KafkaError::kNone) << produced.message;
  EXPECT_EQ(produced.base_offset, partition.last_batch_offset);
}

void AcknowledgedData::check_next_offset(const PartitionData& partition, bool is_cut) {
  const Produced produced = produce_one(partition);
  ASSERT_EQ(produced.error, KafkaError::kNone) << produced.message;
  appended_[partition.name()] = produced.base_offset;
  const auto lost = lost_offsets(reports_of(partition.name()));
  const bool is_torn = std::ranges::any_of(
      lost, [&](const auto& range) { return range.first <= produced.base_offset && range.last == kMaxOffset; });
  EXPECT_TRUE(produced.base_offset >= partition.end || is_torn || is_cut) << produced.base_offset;
}

void AcknowledgedData::check_committed(bool is_cut) {
  const bool is_reported = !reports_of(kOffsetsPartition).empty();
  for (const auto& [committed, offsets] : committed_) {
    const Offset offset = committed_offset(committed);
    if (offset == offsets.back()) continue;
    EXPECT_TRUE(offset == kNoOffset || std::ranges::count(offsets, offset) > 0) << offset << " was never committed";
    EXPECT_TRUE(is_reported || is_cut) << committed.group << " " << committed.topic << "-" << committed.partition
                                       << ": " << offset << " instead of " << offsets.back();
  }
}

}  // namespace omashu::broker
