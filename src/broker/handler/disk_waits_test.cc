// Who waits for a slow disk, and who does not.

#include "broker/handler/disk_waits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/handler/testing/held_up_disk.h"
#include "broker/protocol/messages.h"

namespace omashu::broker {
namespace {

class DiskWaitsTest : public BrokerFixture {
 public:
  DiskWaitsTest() {
    file_system = &disk_.file_system();
    std::filesystem::create_directories(options.data_folder);  // for the lock of the folder, which is a real one
  }
  void TearDown() override {
    disk_.let_go();
    BrokerFixture::TearDown();
  }

  std::string topic_file() const { return options.data_folder + "/topics.json.new"; }

  ProduceRequest produce_request(std::string_view topic) {
    batch_ = batch("v");
    return {.acks = 1,
            .topics = {{.name = topic, .partitions = {{.index = PartitionId{0}, .records = BytesView{batch_}}}}}};
  }

  KafkaError produce(std::string_view topic) {
    return call(produce_request(topic), 8)->topics.at(0).partitions.at(0).error_code;
  }

  static bool is_answered(std::future<std::string>& answer) {
    return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  void expect_that_others_are_served() {
    EXPECT_EQ(call(ApiVersionsRequest{})->error_code, KafkaError::kNone);
    EXPECT_EQ(call(MetadataRequest{.topics = {{{.name = "t"}}}})->topics.at(0).error_code, KafkaError::kNone);
    EXPECT_EQ(produce("t"), KafkaError::kNone);
    const FetchRequest fetch{
        .topics = {{.topic = "t", .partitions = {{.partition = PartitionId{0}, .partition_max_bytes = 1000}}}}};
    EXPECT_EQ(call(fetch)->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
    EXPECT_EQ(call(HeartbeatRequest{.group_id = "g"})->error_code, KafkaError::kUnknownMemberId);
  }

 protected:
  HeldUpDisk disk_;
  std::string batch_;
};

TEST_F(DiskWaitsTest, AChangeOfTopicsHoldsUpNoOtherRequest) {
  create_topic("t");
  produce("t");
  disk_.hold_up(topic_file());
  const CreateTopicsRequest create{.topics = {{.name = "u", .num_partitions = 1, .replication_factor = 1}}};
  auto created = send(create, 7);
  disk_.wait_until_reached();
  const CreatePartitionsRequest add{.topics = {{.name = "t", .count = 2}}};
  auto added = send(add, 3);
  const MetadataRequest metadata{.topics = {{{.name = "by-itself"}}}};
  auto described = send(metadata, 9);
  expect_that_others_are_served();
  EXPECT_FALSE(is_answered(created));
  EXPECT_FALSE(is_answered(added));
  EXPECT_FALSE(is_answered(described));
  disk_.let_go();
  EXPECT_EQ(receive<CreateTopicsRequest>(created, 7)->topics.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(receive<CreatePartitionsRequest>(added, 3)->results.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(receive<MetadataRequest>(described, 9)->topics.at(0).error_code, KafkaError::kNone);
}

TEST_F(DiskWaitsTest, ABatchThatIsCompressedAnewIsLeftToAnExecutor) {
  create_topic("as-sent");
  create_topic("anew", 1, {{.name = "compression.type", .value = "zstd"}});
  produce("as-sent");
  produce("anew");
  EXPECT_FALSE(disk_wait(broker(), produce_request("as-sent")).is_needed());
  EXPECT_TRUE(disk_wait(broker(), produce_request("anew")).is_needed());
  EXPECT_EQ(produce("anew"), KafkaError::kNone);
}

TEST_F(DiskWaitsTest, TheFirstCommitOfAllHoldsUpNoOtherRequest) {
  create_topic("t");
  produce("t");
  disk_.hold_up(topic_file());  // __consumer_offsets is made
  const OffsetCommitRequest commit{
      .group_id = "g",
      .topics = {{.name = "t", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{1}}}}}};
  auto committed = send(commit, 8);
  disk_.wait_until_reached();
  expect_that_others_are_served();
  EXPECT_FALSE(is_answered(committed));
  disk_.let_go();
  EXPECT_EQ(receive<OffsetCommitRequest>(committed, 8)->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
}

TEST_F(DiskWaitsTest, ALogThatIsRecoveredHoldsUpOnlyWhoUsesIt) {
  create_topic("t");
  create_topic("slow");
  produce("t");
  produce("slow");
  crash();
  disk_.hold_up(options.data_folder + "/slow-0");
  std::vector<std::future<std::string>> produced;
  for (int i = 0; i < 10; ++i) produced.push_back(send(produce_request("slow"), 8));
  const ListOffsetsRequest list{
      .topics = {{.name = "slow", .partitions = {{.partition_index = PartitionId{0}, .timestamp = -1}}}}};
  auto listed = send(list, 5);
  disk_.wait_until_reached();
  expect_that_others_are_served();
  create_topic("u");
  produce("u");
  for (auto& answer : produced) EXPECT_FALSE(is_answered(answer));
  disk_.let_go();
  for (auto& answer : produced) {
    EXPECT_EQ(receive<ProduceRequest>(answer, 8)->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
  }
  EXPECT_GE(receive<ListOffsetsRequest>(listed, 5)->topics.at(0).partitions.at(0).offset, Offset{1});
}

TEST_F(DiskWaitsTest, ATopicWhoseLogIsRecoveredIsDeletedAndAlteredWithoutHoldingUpOthers) {
  create_topic("t");
  create_topic("slow");
  produce("t");
  produce("slow");
  crash();
  produce("t");
  disk_.hold_up(options.data_folder + "/slow-0");
  auto produced = send(produce_request("slow"), 8);
  disk_.wait_until_reached();
  const IncrementalAlterConfigsRequest alter{.resources = {{.resource_type = ConfigResourceType::kTopic,
                                                            .resource_name = "slow",
                                                            .configs = {{.name = "retention.ms", .value = "5"}}}}};
  EXPECT_EQ(call(alter)->responses.at(0).error_code, KafkaError::kNone);
  const DeleteTopicsRequest deletion{.topics = {{.name = "slow"}}};
  auto deleted = send(deletion, 6);
  while (broker().topics().find("slow") != nullptr) std::this_thread::yield();
  create_topic("u");
  EXPECT_EQ(produce("u"), KafkaError::kNone);
  expect_that_others_are_served();
  const CreateTopicsRequest again{.topics = {{.name = "slow", .num_partitions = 1, .replication_factor = 1}}};
  auto created = send(again, 7);  // once the folder has another name
  EXPECT_FALSE(is_answered(deleted));
  disk_.let_go();
  EXPECT_EQ(receive<DeleteTopicsRequest>(deleted, 6)->responses.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(receive<CreateTopicsRequest>(created, 7)->topics.at(0).error_code, KafkaError::kNone);
  // Produce names topics: what waited for the old log goes to the new topic, where that is there by then.
  const auto answer = receive<ProduceRequest>(produced, 8);
  const bool is_written = answer->topics.at(0).partitions.at(0).error_code == KafkaError::kNone;
  EXPECT_EQ(broker().topics().find("slow")->partitions.at(0)->log()->offsets()->log_end_offset,
            Offset{is_written ? 1 : 0});
}

TEST_F(DiskWaitsTest, MendingASegmentHoldsUpOnlyWhoReadsIt) {
  create_topic("t");
  create_topic("damaged");
  produce("t");
  produce("damaged");
  produce("damaged");
  restart();
  produce("t");
  const std::string segment = options.data_folder + "/damaged-0/00000000000000000000";
  const auto file = disk_.file_system().open(segment + ".log", FileSystem::OpenMode::kExisting);
  ASSERT_TRUE((*file)->write_all(62, "X"));
  disk_.hold_up(segment + "-00000000000000000000.log.mended");
  const FetchRequest fetch{
      .topics = {{.topic = "damaged", .partitions = {{.partition = PartitionId{0}, .partition_max_bytes = 1000}}}}};
  auto fetched = send(fetch, 12);
  disk_.wait_until_reached();
  expect_that_others_are_served();
  EXPECT_FALSE(is_answered(fetched));
  disk_.let_go();
  const auto answer = receive<FetchRequest>(fetched, 12);
  const auto& partition = answer->topics.at(0).partitions.at(0);
  EXPECT_EQ(partition.error_code, KafkaError::kNone);
  EXPECT_EQ(RecordBatchView::parse(partition.records.data)->header.base_offset, Offset{1});
}

TEST_F(DiskWaitsTest, GroupsThatAreBeingReadHoldUpOnlyWhoAsksForThem) {
  create_topic("t");
  create_topic("u");
  produce("t");
  const OffsetCommitRequest commit{
      .group_id = "g",
      .topics = {{.name = "t", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{1}}}},
                 {.name = "u", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{2}}}}}};
  EXPECT_EQ(call(commit, 8)->topics.at(0).partitions.at(0).error_code, KafkaError::kNone);
  kill();
  disk_.hold_up(options.data_folder + "/__consumer_offsets-0");
  ASSERT_TRUE(try_open());
  disk_.wait_until_reached();
  EXPECT_EQ(call(HeartbeatRequest{.group_id = "g"})->error_code, KafkaError::kCoordinatorLoadInProgress);
  EXPECT_EQ(call(ListGroupsRequest{})->error_code, KafkaError::kCoordinatorLoadInProgress);
  const OffsetFetchRequest offsets{.groups = {{.group_id = "g"}}};
  EXPECT_EQ(call(offsets, 8)->groups.at(0).error_code, KafkaError::kCoordinatorLoadInProgress);
  EXPECT_EQ(call(commit, 8)->topics.at(0).partitions.at(0).error_code, KafkaError::kCoordinatorLoadInProgress);
  EXPECT_EQ(produce("t"), KafkaError::kNone);
  EXPECT_EQ(call(DeleteTopicsRequest{.topics = {{.name = "u"}}})->responses.at(0).error_code, KafkaError::kNone);
  disk_.let_go();
  broker().groups().wait_until_restored();
  const auto answer = call(offsets, 8);
  ASSERT_EQ(answer->groups.at(0).error_code, KafkaError::kNone);
  ASSERT_EQ(answer->groups[0].topics.size(), 1u) << "what was committed for a deleted topic is forgotten";
  EXPECT_EQ(answer->groups[0].topics[0].name, "t");
  EXPECT_EQ(answer->groups[0].topics[0].partitions.at(0).committed_offset, Offset{1});
}

TEST_F(DiskWaitsTest, TheEndDoesNotWaitUntilTheGroupsAreRead) {
  create_internal_topic();
  kill();
  disk_.hold_up(options.data_folder + "/__consumer_offsets-0");
  ASSERT_TRUE(try_open());
  disk_.wait_until_reached();
  std::thread stopper([&] { stop(); });
  disk_.let_go();
  stopper.join();
}

TEST_F(DiskWaitsTest, AMessageThatIsNoneClosesTheConnectionAlsoFromTheExecutor) {
  std::string frame("\x00\x13\x00\x04\x00\x00\x00\x05\xff\xff\x7f\xff\xff\xff", 14);  // CreateTopics
  std::promise<bool> closes;
  const auto dispatched = dispatch(broker(), Peer(), frame, [&](std::optional<Answer> answer) {
    closes.set_value(answer && answer->closes_connection);
  });
  ASSERT_TRUE(dispatched);
  EXPECT_EQ(*dispatched, Dispatched::kInExecutor);
  EXPECT_TRUE(closes.get_future().get());
}

TEST_F(DiskWaitsTest, TheEndWaitsForWhatIsBeingDoneAndDropsTheRest) {
  create_topic("t");
  disk_.hold_up(topic_file());
  const CreateTopicsRequest create{.topics = {{.name = "u", .num_partitions = 1, .replication_factor = 1}}};
  auto created = send(create, 7);
  disk_.wait_until_reached();
  std::thread stopper([&] { stop(); });
  disk_.let_go();
  stopper.join();
  EXPECT_EQ(receive<CreateTopicsRequest>(created, 7)->topics.at(0).error_code, KafkaError::kNone);
  open();
  EXPECT_NE(broker().topics().find("u"), nullptr);
}

}  // namespace
}  // namespace omashu::broker
