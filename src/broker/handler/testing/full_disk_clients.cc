#include "broker/handler/testing/full_disk_clients.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>

#include "broker/log/record.h"
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
constexpr int64_t kMinute_ms = 60'000;
constexpr int64_t kFirstRetention_ms = 1'000'000'000'000;  // long enough for all records

}  // namespace

FullDiskClients::FullDiskClients() {
  clock = &stopped_clock_;
  options.housekeeping_interval = std::chrono::hours(1);  // upkeep is a step of its own
  options.report = [this](const std::string& report) { note(report); };
}

FullDiskClients::~FullDiskClients() { stop_upkeep(); }

void FullDiskClients::note(const std::string& report) {
  const MutexLock lock(reports_mutex_);
  reports_.push_back(report);
}

void FullDiskClients::Replaced::note(int64_t value, bool is_acknowledged) {
  if (is_acknowledged) {
    acknowledged = value;
    refused.clear();
  } else {
    refused.insert(value);
  }
}

void FullDiskClients::begin(unsigned seed) {
  random_.seed(seed);
  set_disk(Disk::kHasRoom);
  count_ = 0;
  partitions_.clear();
  topics_.clear();
  committed_.clear();
  config_ = {};
  {
    const MutexLock lock(reports_mutex_);
    reports_.clear();
  }
  open();
  std::vector<TopicStore::NewTopic> internal;
  internal.push_back(
      {std::string(Topic::kConsumerOffsets), 1, {{"cleanup.policy", "compact"}, {"segment.bytes", "1500"}}});
  ASSERT_TRUE(broker().topics().create(std::move(internal)));
  create_topic("plain", 2,
               {{.name = "segment.bytes", .value = "1500"}, {.name = "index.interval.bytes", .value = "100"}});
  create_topic("compacted", 2,
               {{.name = "segment.bytes", .value = "1500"}, {.name = "cleanup.policy", .value = "compact"}});
  for (const char* topic : {"plain", "compacted"}) {
    for (const PartitionId index : {PartitionId{0}, PartitionId{1}}) {
      PartitionClient client{.topic = topic, .index = index, .is_compacted = std::string_view(topic) == "compacted"};
      if (index == PartitionId{0}) client.producer_id = call(InitProducerIdRequest{})->producer_id;
      partitions_.push_back(std::move(client));
    }
  }
  topics_ = {{.partition = {.topic = "one"}}, {.partition = {.topic = "other"}}};
}

void FullDiskClients::step() {
  switch (uniform(20)) {
    case 0: return commit();
    case 1: return alter_config();
    case 2: return create_or_delete();
    case 3: return produce_to(topics_[static_cast<size_t>(uniform(std::ssize(topics_)))]);
    case 4: return maintain();
    case 5:
    case 6: return compact(false);
    case 7: return delete_records();
    case 8: return read_some();
    default: return produce(partitions_[static_cast<size_t>(uniform(std::ssize(partitions_)))]);
  }
}

bool FullDiskClients::is_done(KafkaError error, const std::string& what, KafkaError refusal) {
  if (error == KafkaError::kNone) return true;
  // The latter of groups that could not be read when the broker started.
  EXPECT_TRUE(error == refusal || error == KafkaError::kCoordinatorLoadInProgress)
      << what << ": " << static_cast<int>(error);
  EXPECT_NE(disk_, Disk::kHasRoom) << what << " was refused though there is room";
  return false;
}

// ---- Records

void FullDiskClients::produce(PartitionClient& client) {
  if (client.unanswered.empty()) {
    for (int64_t i = 1 + uniform(3); i > 0; --i) {
      const std::string padding(static_cast<size_t>(uniform(150)), '.');
      client.unanswered.push_back({fmt::format("key {}", uniform(8)), fmt::format("{}{}", ++count_, padding)});
    }
  }
  if (!send_unanswered(client) && client.producer_id == kNoProducerId) client.unanswered.clear();
}

bool FullDiskClients::send_unanswered(PartitionClient& client) {
  RecordBatchBuilder builder(clock->wall_ms());
  for (const Record& record : client.unanswered) {
    builder.add(record.key, record.value, clock->wall_ms());
    client.sent[record.value] = record.key;
  }
  if (client.producer_id != kNoProducerId) builder.set_producer(client.producer_id, 0, client.next_sequence);
  const std::string batch = builder.build();
  const auto response = call(ProduceRequest{
      .acks = -1,
      .timeout_ms = 1000,
      .topics = {{.name = client.topic, .partitions = {{.index = client.index, .records = BytesView{batch}}}}}});
  const auto& produced = response->topics.at(0).partitions.at(0);
  const std::string message(produced.error_message.value_or(""));
  if (!is_done(produced.error_code, fmt::format("{}-{}: {}", client.topic, client.index, message))) return false;
  Offset offset = produced.base_offset;
  for (Record& record : client.unanswered) {
    EXPECT_FALSE(client.acknowledged.contains(offset)) << "two records at offset " << offset;
    client.acknowledged[offset++] = std::move(record);
  }
  client.next_sequence += static_cast<int32_t>(client.unanswered.size());
  client.unanswered.clear();
  return true;
}

void FullDiskClients::delete_records() {
  PartitionClient& client = partitions_[static_cast<size_t>(uniform(2))];
  if (client.acknowledged.empty()) return;
  const Offset offset{uniform(client.acknowledged.rbegin()->first - Offset{0} + 1)};
  client.deleted_to = std::max(client.deleted_to, offset);
  const auto deleted = call(DeleteRecordsRequest{
      .topics = {{.name = client.topic, .partitions = {{.partition_index = client.index, .offset = offset}}}}});
  (void)is_done(deleted->topics.at(0).partitions.at(0).error_code, "deleting records");
}

void FullDiskClients::read_some() {
  const PartitionClient& client = partitions_[static_cast<size_t>(uniform(std::ssize(partitions_)))];
  // One whose segments could not be renamed while it was compacted waits for room.
  const bool may_wait = disk_ == Disk::kWasFullAtStart || (client.is_compacted && disk_ == Disk::kIsFull);
  if (disk_ == Disk::kIsGone || (may_wait && !log_of(client).offsets())) return;
  check_records(client);
}

PartitionLog& FullDiskClients::log_of(const PartitionClient& client) {
  return *broker().topics().find(client.topic)->partitions.at(static_cast<size_t>(client.index))->log();
}

// Each fetch gets on.
void FullDiskClients::read_all(const PartitionClient& client, std::map<Offset, Record>& served) {
  const auto fetch = [&](Offset offset) {
    return call(FetchRequest{
        .max_wait_ms = 0,
        .min_bytes = 1,
        .topics = {{.topic = client.topic,
                    .partitions = {{.partition = client.index, .fetch_offset = offset, .partition_max_bytes = 700}}}},
        .forgotten_topics_data = {}});
  };
  std::set<std::string> values;
  const auto offsets = log_of(client).offsets();
  ASSERT_TRUE(offsets) << offsets.error().message;
  Offset offset = offsets->log_start_offset;
  for (;;) {
    const auto fetched = fetch(offset);
    const auto& response = fetched->topics.at(0).partitions.at(0);
    ASSERT_EQ(response.error_code, KafkaError::kNone)
        << offset << ": " << log_of(client).read(offset, {.max_bytes = 700}).message;
    if (offset >= response.high_watermark) return;
    const Offset before = offset;
    std::string_view rest = response.records.data;
    while (const auto batch = RecordBatchView::parse(rest)) {
      offset = batch->header.next_offset();
      ASSERT_TRUE(batch->has_valid_crc());
      RecordReader reader(batch->records(), batch->header.records_count);
      while (const RecordView* record = reader.next()) {
        const Record read{std::string(record->key.value_or("")), std::string(record->value.value_or(""))};
        const auto sent = client.sent.find(read.value);
        ASSERT_NE(sent, client.sent.end()) << "nobody sent " << read.value;
        ASSERT_EQ(sent->second, read.key);
        ASSERT_TRUE(values.insert(read.value).second) << "twice: " << read.value;
        served[batch->header.offset_of(record->offset_delta)] = read;
      }
      rest.remove_prefix(batch->bytes.size());
    }
    ASSERT_GT(offset, before) << "whoever reads on waits for ever";
  }
}

void FullDiskClients::check_records(const PartitionClient& client) {
  SCOPED_TRACE(fmt::format("{}-{}", client.topic, client.index));
  std::map<Offset, Record> served;
  ASSERT_NO_FATAL_FAILURE(read_all(client, served));
  std::map<std::string, Offset> latest;
  for (const auto& [offset, record] : served) latest[record.key] = offset;
  for (const auto& [offset, record] : client.acknowledged) {
    if (offset < client.deleted_to) continue;
    const auto found = served.find(offset);
    if (found != served.end()) {
      ASSERT_EQ(found->second.value, record.value) << "at offset " << offset;
      continue;
    }
    const auto later = latest.find(record.key);
    const bool is_compacted = client.is_compacted && later != latest.end() && later->second > offset;
    ASSERT_TRUE(is_compacted) << "the record at offset " << offset << " is lost";
  }
}

// ---- Topics that come and go

std::string FullDiskClients::topic_id(const std::string& topic) {
  const auto response = call(MetadataRequest{});
  for (const auto& each : response->topics) {
    if (each.name == topic) return id_text(each.topic_id.bytes);
  }
  return "";
}

// What has become of changes that were refused.
void FullDiskClients::resolve(TopicClient& client) {
  const std::string id = topic_id(client.partition.topic);
  if (id == client.id) return;
  EXPECT_TRUE(client.id.empty() || client.may_be_deleted) << client.partition.topic << " is gone";
  EXPECT_TRUE(id.empty() || client.may_be_created) << client.partition.topic << " was made by nobody";
  client.id = id;
  client.partition = {.topic = client.partition.topic};
}

void FullDiskClients::create_or_delete() {
  TopicClient& client = topics_[static_cast<size_t>(uniform(std::ssize(topics_)))];
  resolve(client);
  if (client.id.empty()) {
    create(client);
  } else {
    remove(client);
  }
}

void FullDiskClients::create(TopicClient& client) {
  const auto created = call(CreateTopicsRequest{
      .topics = {{.name = client.partition.topic, .num_partitions = 1, .replication_factor = 1, .assignments = {}}}});
  client.may_be_created = true;
  if (!is_done(created->topics.at(0).error_code, "creating a topic")) return;
  resolve(client);
  EXPECT_NE(client.id, "");
  client.may_be_created = client.may_be_deleted = false;
}

void FullDiskClients::remove(TopicClient& client) {
  const auto deleted = call(DeleteTopicsRequest{.topics = {{.name = client.partition.topic}}});
  client.may_be_deleted = true;
  if (!is_done(deleted->responses.at(0).error_code, "deleting a topic")) return;
  resolve(client);
  EXPECT_EQ(client.id, "");
  client.may_be_created = client.may_be_deleted = false;
}

void FullDiskClients::produce_to(TopicClient& client) {
  resolve(client);
  if (client.id.empty()) return;
  produce(client.partition);
  // What was acknowledged is not deleted by a request of before that was refused.
  if (!client.partition.acknowledged.empty() && client.partition.unanswered.empty()) client.may_be_deleted = false;
}

// ---- Everything else

void FullDiskClients::commit() {
  const std::string group = fmt::format("group {}", uniform(2));
  const auto response =
      call(OffsetCommitRequest{.group_id = group,
                               .topics = {{.name = "plain",
                                           .partitions = {{.partition_index = PartitionId{0},
                                                           .committed_offset = Offset{++count_},
                                                           .committed_metadata = std::string(40, '.')}}}}},
           9);
  const KafkaError error = response->topics.at(0).partitions.at(0).error_code;
  committed_[group].note(count_, is_done(error, "committing an offset", KafkaError::kNotCoordinator));
}

void FullDiskClients::alter_config() {
  const std::string value = std::to_string(kFirstRetention_ms + ++count_);
  const auto altered =
      call(IncrementalAlterConfigsRequest{.resources = {{.resource_type = ConfigResourceType::kBroker,
                                                         .resource_name = "",
                                                         .configs = {{.name = kConfig, .value = value}}}}});
  config_.note(count_, is_done(altered->responses.at(0).error_code, "altering a config"));
}

void FullDiskClients::maintain() {
  for (const TopicPtr& topic : broker().topics().all()) {
    for (const auto& partition : topic->partitions) {
      const auto done = partition->log()->maintain(clock->wall_ms() + kMinute_ms);
      EXPECT_TRUE(done || disk_ != Disk::kHasRoom) << done.error().message;
    }
  }
  const auto removed = broker().topics().remove_deleted_folders([] { return false; });
  EXPECT_TRUE(removed || disk_ != Disk::kHasRoom) << removed.error().message;
}

// In a thread of its own half of the time, while the clients go on.
void FullDiskClients::compact(bool must_succeed) {
  std::vector<std::shared_ptr<PartitionLog>> logs;
  for (const TopicPtr& topic : broker().topics().all()) {
    if (topic->name != "compacted" && !topic->is_internal()) continue;
    for (const auto& partition : topic->partitions) logs.push_back(partition->log());
  }
  auto compact_all = [this, must_succeed, logs = std::move(logs), now_ms = clock->wall_ms()] {
    for (const auto& log : logs) {
      (void)log->maintain(now_ms + kMinute_ms);
      const auto done = log->compact({.now_ms = now_ms});
      EXPECT_TRUE(done || !must_succeed) << done.error().message;
    }
  };
  if (must_succeed || random_() % 2 == 0) return compact_all();
  if (!upkeep_) upkeep_.emplace(1);
  upkeep_->post(std::move(compact_all));
}

void FullDiskClients::wait_for_upkeep() {
  if (!upkeep_) return;
  std::promise<void> done;
  upkeep_->post([&done] { done.set_value(); });
  done.get_future().wait();
}

void FullDiskClients::stop_upkeep() {
  if (upkeep_) upkeep_->stop();
  upkeep_.reset();
}

void FullDiskClients::wait_for_groups() {
  (void)broker().groups().error();  // whoever asks has them read again
  broker().groups().wait_until_restored();
}

void FullDiskClients::check_that_all_goes_on() {
  wait_for_upkeep();
  wait_for_groups();
  for (PartitionClient& client : partitions_) {
    produce(client);
    produce(client);
  }
  for (TopicClient& client : topics_) {
    resolve(client);
    if (!client.id.empty()) produce_to(client);
    create_or_delete();
  }
  commit();
  alter_config();
  maintain();
  compact(true);
}

void FullDiskClients::check() {
  for (const PartitionClient& client : partitions_) ASSERT_NO_FATAL_FAILURE(check_records(client));
  for (TopicClient& client : topics_) {
    resolve(client);
    if (client.id.empty()) continue;
    ASSERT_NO_FATAL_FAILURE(check_records(client.partition));
  }
  for (const auto& [group, committed] : committed_) {
    const auto response =
        call(OffsetFetchRequest{.groups = {{.group_id = group, .topics = {{{"plain", {PartitionId{0}}}}}}}}, 9);
    const Offset offset = response->groups.at(0).topics.at(0).partitions.at(0).committed_offset;
    EXPECT_TRUE(committed.may_be(offset - Offset{0})) << group << ": " << offset;
  }
  const auto configs = call(DescribeConfigsRequest{
      .resources = {
          {.resource_type = ConfigResourceType::kBroker, .resource_name = "1", .configuration_keys = {{kConfig}}}}});
  const auto value = configs->results.at(0).configs.at(0).value;
  const bool is_set = config_.acknowledged >= 0;
  if (is_set || !config_.refused.empty()) {
    const bool may_be = config_.may_be(std::stoll(std::string(value.value_or("-1"))) - kFirstRetention_ms);
    EXPECT_TRUE(may_be || !is_set) << value.value_or("null");
  }
  check_reports();
}

// A full disk damages nothing.
void FullDiskClients::check_reports() {
  const MutexLock lock(reports_mutex_);
  for (const std::string& report : reports_) {
    EXPECT_TRUE(report.contains("a write was not finished") || report.contains("no space left") ||
                report.contains("the process is gone"))
        << report;
  }
  reports_.clear();
}

}  // namespace omashu::broker
