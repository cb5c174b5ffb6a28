// Groups over a real log: what they leave on the disk, what comes back, and what happens when it cannot be written.

#include "broker/handler/group_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/log/partition_metadata.h"
#include "broker/log/testing/memory_file_system.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/08_offset_commit.h"
#include "broker/protocol/09_offset_fetch.h"
#include "broker/protocol/10_find_coordinator.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/12_heartbeat.h"
#include "broker/protocol/13_leave_group.h"
#include "broker/protocol/14_sync_group.h"
#include "broker/protocol/15_describe_groups.h"
#include "broker/protocol/16_list_groups.h"
#include "broker/protocol/20_delete_topics.h"
#include "broker/protocol/42_delete_groups.h"
#include "broker/protocol/47_offset_delete.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// The machine's clock, which jumps ahead on demand.
class JumpingClock : public Clock {
 public:
  int64_t wall_ms() override { return system_clock().wall_ms() + ahead_ms; }
  int64_t steady_ms() override { return system_clock().steady_ms() + ahead_ms; }

  std::atomic<int64_t> ahead_ms = 0;
};

class GroupServiceTest : public BrokerFixture {
 protected:
  JumpingClock jumping;

  KafkaError commit(int64_t offset, std::string_view group_id = "g") {
    const OffsetCommitRequest request{
        .group_id = group_id,
        .topics = {
            {.name = "t", .partitions = {{.partition_index = PartitionId{0}, .committed_offset = Offset{offset}}}}}};
    return call(request)->topics.at(0).partitions.at(0).error_code;
  }
  int64_t committed(std::string_view group_id = "g") {
    return broker().groups().read([&](const GroupCoordinator& groups) {
      const CommittedOffset* found = groups.find_offset(group_id, "t", PartitionId{0});
      return std::to_underlying(found != nullptr ? found->offset : kNoOffset);
    });
  }
  std::string_view state(std::string_view group_id = "g") {
    return broker().groups().read([&](const auto& groups) { return groups.describe_group(group_id).state; });
  }
  // A member alone in a stable group.
  HeartbeatRequest join_and_sync() {
    const JoinGroupRequest join{.group_id = "g",
                                .session_timeout_ms = 10'000,
                                .protocol_type = "consumer",
                                .protocols = {{"range", BytesView{"subscription"}}}};
    const auto joined = call(join, 0);
    member_id_ = joined->member_id;
    call(SyncGroupRequest{.group_id = "g",
                          .generation_id = joined->generation_id,
                          .member_id = member_id_,
                          .assignments = {{member_id_, BytesView{"everything"}}}},
         0);
    return {.group_id = "g", .generation_id = joined->generation_id, .member_id = member_id_};
  }

  std::string segment_path() const { return options.data_folder + "/__consumer_offsets-0/00000000000000000000.log"; }
  std::string read_segment() const { return real_file_system().read_file(segment_path(), 1 << 20).value(); }
  void write_segment(const std::string& bytes) const { std::ofstream(segment_path(), std::ios::binary) << bytes; }

  std::string member_id_;
};

TEST_F(GroupServiceTest, TheLogIsMadeWhenThereIsSomethingToKeep) {
  create_topic("t");
  EXPECT_EQ(broker().topics().find(Topic::kConsumerOffsets), nullptr);
  EXPECT_EQ(commit(1), KafkaError::kNone);
  const TopicPtr offsets = broker().topics().find(Topic::kConsumerOffsets);
  ASSERT_NE(offsets, nullptr);
  EXPECT_TRUE(offsets->is_internal());
  EXPECT_EQ(offsets->configs.at("cleanup.policy"), "compact");
  EXPECT_THAT(offsets->partitions, SizeIs(1));
  EXPECT_EQ(offsets->partitions[0]->log()->flushed_offset(), Offset{1}) << "before the answer";
}

TEST_F(GroupServiceTest, NobodyElseMakesTheLog) {
  const CreateTopicsRequest::Topic topic{.name = Topic::kConsumerOffsets, .num_partitions = 3, .replication_factor = 1};
  EXPECT_EQ(call(CreateTopicsRequest{.topics = {topic}})->topics.at(0).error_code, KafkaError::kInvalidTopicException);
  const MetadataRequest metadata{.topics = {{{.name = Topic::kConsumerOffsets}}}};
  EXPECT_NE(call(metadata, 4)->topics.at(0).error_code, KafkaError::kNone);
  create_topic("t");
  EXPECT_EQ(commit(1), KafkaError::kNone);
  EXPECT_EQ(call(CreateTopicsRequest{.topics = {topic}})->topics.at(0).error_code, KafkaError::kTopicAlreadyExists);
  EXPECT_TRUE(call(metadata, 4)->topics.at(0).is_internal);
}

TEST_F(GroupServiceTest, InThePageCacheIsEnoughWhereThatIsPromised) {
  options.durability = Durability::kPageCache;
  create_topic("t");
  EXPECT_EQ(commit(1), KafkaError::kNone);
  EXPECT_EQ(committed(), 1);
  const HeartbeatRequest heartbeat = join_and_sync();
  EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kNone);
}

TEST_F(GroupServiceTest, MembersAndOffsetsOutliveTheProcess) {
  create_topic("t");
  const HeartbeatRequest heartbeat = join_and_sync();
  EXPECT_EQ(commit(7, "h"), KafkaError::kNone);
  for (const bool is_clean : {true, false}) {
    if (is_clean) {
      restart();
    } else {
      crash();
    }
    EXPECT_EQ(committed("h"), 7);
    EXPECT_EQ(state(), "Stable");
    EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kNone);
  }
}

TEST_F(GroupServiceTest, ManyRecordsBecomeSeveralBatches) {
  create_topic("t", 300);
  const std::string metadata(4'096, 'x');
  OffsetCommitRequest request{.group_id = "g", .topics = {{.name = "t"}}};
  for (int32_t i = 0; i < 300; ++i) {
    request.topics[0].partitions.push_back(
        {.partition_index = PartitionId{i}, .committed_offset = Offset{i}, .committed_metadata = metadata});
  }
  const auto answer = call(request);
  for (const auto& partition : answer->topics.at(0).partitions) EXPECT_EQ(partition.error_code, KafkaError::kNone);
  restart();
  broker().groups().read([&](const GroupCoordinator& groups) {
    for (int32_t i = 0; i < 300; ++i) {
      ASSERT_NE(groups.find_offset("g", "t", PartitionId{i}), nullptr);
      EXPECT_EQ(groups.find_offset("g", "t", PartitionId{i})->offset, Offset{i});
      EXPECT_EQ(groups.find_offset("g", "t", PartitionId{i})->metadata, metadata);
    }
  });
}

TEST_F(GroupServiceTest, WhatCannotBeWrittenIsRefused) {
  create_topic("t");
  const HeartbeatRequest heartbeat = join_and_sync();
  restart();
  // In the way of the log's folder.
  ASSERT_TRUE(broker().topics().remove(std::vector<std::string_view>{Topic::kConsumerOffsets}));
  std::ofstream(options.data_folder + "/__consumer_offsets-0") << "not a folder";
  EXPECT_EQ(commit(1, "h"), KafkaError::kNotCoordinator);
  EXPECT_EQ(committed("h"), -1);
  EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kNone) << "what is known is still served";
}

TEST_F(GroupServiceTest, WhatIsNotUnderstoodIsReportedAndTheRestIsThere) {
  std::vector<std::string> reports;
  options.report = [&](const std::string& problem) { reports.push_back(problem); };
  create_topic("t");
  EXPECT_EQ(commit(1), KafkaError::kNone);
  const std::string_view group_key("\0\2\0\1g", 5);
  std::string bytes = RecordBatchBuilder(1).add("", "no key", 1).add(group_key, "no group", 1).build();
  const auto& offsets = broker().topics().find(Topic::kConsumerOffsets)->partitions.at(0);
  ASSERT_EQ(offsets->append(bytes, {.now_ms = 1}).error, KafkaError::kNone);
  EXPECT_EQ(commit(2, "h"), KafkaError::kNone);
  restart();
  EXPECT_THAT(
      reports,
      ElementsAre(HasSubstr(
          "__consumer_offsets-0: 2 records were left out: damaged or not understood; the first at offset 1: ")));
  EXPECT_EQ(committed(), 1);
  EXPECT_EQ(committed("h"), 2);
}

TEST_F(GroupServiceTest, ADamagedRecordIsLeftOutAndTheRestIsThere) {
  std::vector<std::string> reports;
  options.report = [&](const std::string& problem) { reports.push_back(problem); };
  create_topic("t");
  for (const char* group : {"a", "b", "c"}) EXPECT_EQ(commit(390, group), KafkaError::kNone);
  stop();
  std::string bytes = read_segment();
  const size_t second = RecordBatchView::parse(bytes)->bytes.size();
  const std::string_view rest = std::string_view(bytes).substr(second);
  bytes[second + RecordBatchView::parse(rest)->bytes.size() - 20] ^= 1;  // within the value
  write_segment(bytes);
  open();
  EXPECT_EQ(committed("a"), 390);
  EXPECT_EQ(committed("b"), -1) << "rather than another offset";
  EXPECT_EQ(committed("c"), 390);
  EXPECT_THAT(reports, ElementsAre(testing::ContainsRegex("__consumer_offsets-0/.*set aside.*the offset 1 is lost")));
}

TEST_F(GroupServiceTest, ALogThatCannotBeOpenedStopsGroupsAndNothingElse) {
  std::vector<std::string> reports;
  options.report = [&](const std::string& problem) { reports.push_back(problem); };
  create_topic("t");
  const HeartbeatRequest heartbeat = join_and_sync();
  EXPECT_EQ(commit(7, "h"), KafkaError::kNone);
  stop();
  const std::string metadata = options.data_folder + "/__consumer_offsets-0/partition.metadata";
  std::filesystem::rename(metadata, metadata + ".kept");
  std::ofstream(metadata) << partition_metadata_text({.topic_id = {1}});  // whose it is cannot be right
  open();
  constexpr auto kError = KafkaError::kCoordinatorNotAvailable;
  EXPECT_THAT(reports, ElementsAre(testing::AllOf(HasSubstr("__consumer_offsets-0: "), HasSubstr("not served"))));
  EXPECT_EQ(append("t", "v").error, KafkaError::kNone);
  EXPECT_EQ(call(FindCoordinatorRequest{.coordinator_keys = {"g"}})->coordinators.at(0).error_code, kError);
  EXPECT_EQ(commit(1), kError);
  EXPECT_EQ(call(heartbeat)->error_code, kError);
  const JoinGroupRequest join{.group_id = "g", .protocol_type = "consumer", .protocols = {{"range", BytesView{""}}}};
  EXPECT_EQ(call(join)->error_code, kError);
  EXPECT_EQ(call(SyncGroupRequest{.group_id = "g"}, 4)->error_code, kError);
  EXPECT_EQ(call(LeaveGroupRequest{.group_id = "g"})->error_code, kError);
  EXPECT_EQ(call(OffsetFetchRequest{.groups = {{.group_id = "h"}}})->groups.at(0).error_code, kError);
  const OffsetFetchRequest old_fetch{.group_id = "h",
                                     .topics = {{{.name = "t", .partition_indexes = {PartitionId{0}}}}}};
  EXPECT_EQ(call(old_fetch, 1)->topics.at(0).partitions.at(0).error_code, kError);
  EXPECT_EQ(call(DescribeGroupsRequest{.groups = {"g"}})->groups.at(0).error_code, kError);
  EXPECT_EQ(call(ListGroupsRequest{})->error_code, kError);
  EXPECT_EQ(call(DeleteGroupsRequest{.groups_names = {"g"}})->results.at(0).error_code, kError);
  EXPECT_EQ(call(OffsetDeleteRequest{.group_id = "g"})->error_code, kError);
  EXPECT_EQ(call(DeleteTopicsRequest{.topics = {{.name = "t"}}})->responses.at(0).error_code, KafkaError::kNone);

  stop();
  std::filesystem::rename(metadata + ".kept", metadata);  // mended
  open();
  EXPECT_EQ(committed("h"), 7);
  EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kNone);
}

TEST_F(GroupServiceTest, GroupsAreReadOnceThereIsRoomToOpenTheirLog) {
  std::filesystem::create_directories(options.data_folder);  // the lock is taken on the machine's own disk
  MemoryFileSystem disk;
  file_system = &disk;
  create_topic("t");
  EXPECT_EQ(commit(7), KafkaError::kNone);
  kill();
  disk.set_fault([](MemoryFileSystem::Operation what, const std::string& path) -> std::optional<Error> {
    const bool is_refused = what == MemoryFileSystem::Operation::kOpen && path.contains("__consumer_offsets-0");
    return is_refused ? std::optional(Error{ErrorCode::kUnavailable, path + ": no space left", {}}) : std::nullopt;
  });
  for (int i = 0; i < 2; ++i) {
    broker().groups().wait_until_restored();
    EXPECT_EQ(commit(8), KafkaError::kCoordinatorLoadInProgress);
  }
  broker().groups().wait_until_restored();
  disk.set_fault(nullptr);
  // Whoever asks has them read, and may be answered before or after that.
  call(HeartbeatRequest{.group_id = "g", .generation_id = 1, .member_id = "nobody"});
  broker().groups().wait_until_restored();
  EXPECT_EQ(committed(), 7);
  EXPECT_EQ(commit(8), KafkaError::kNone);
  kill();
}

TEST_F(GroupServiceTest, AMemberThatFallsSilentIsDropped) {
  clock = &jumping;
  create_topic("t");
  const HeartbeatRequest heartbeat = join_and_sync();
  jumping.ahead_ms = 9'000;
  EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kNone);
  jumping.ahead_ms = 30'000;
  std::promise<void> ticked;
  broker().timers().at(jumping.steady_ms(), [&] { ticked.set_value(); });
  broker().timers().at(0, [] {});  // a call that is due wakes the timers up, to look at the clock
  ASSERT_EQ(ticked.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(state(), "Empty");
  EXPECT_EQ(call(heartbeat)->error_code, KafkaError::kUnknownMemberId);
}

TEST_F(GroupServiceTest, SeveralThreadsCommitAtOnce) {
  create_topic("t");
  const auto commit_many = [&](const std::string& group_id) {
    for (int64_t offset = 1; offset <= 50; ++offset) EXPECT_EQ(commit(offset, group_id), KafkaError::kNone);
  };
  std::vector<std::thread> threads;
  for (const char* group_id : {"a", "b", "c", "a"}) threads.emplace_back(commit_many, group_id);
  for (std::thread& thread : threads) thread.join();
  for (const char* group_id : {"a", "b", "c"}) EXPECT_EQ(committed(group_id), 50);
  restart();
  for (const char* group_id : {"a", "b", "c"}) EXPECT_EQ(committed(group_id), 50);
}

TEST_F(GroupServiceTest, ATopicThatIsGoneHasNoOffsets) {
  create_topic("t");
  EXPECT_EQ(commit(1), KafkaError::kNone);
  EXPECT_EQ(call(DeleteTopicsRequest{.topics = {{.name = "t"}}})->responses.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(committed(), -1);
  restart();
  EXPECT_EQ(committed(), -1);
}

TEST_F(GroupServiceTest, AJoinThatWaitsDoesNotHoldUpTheEnd) {
  join_and_sync();
  auto waiting = send(JoinGroupRequest{.group_id = "g",
                                       .session_timeout_ms = 10'000,
                                       .protocol_type = "consumer",
                                       .protocols = {{"range", BytesView{"subscription"}}}},
                      0);
  restart();
  EXPECT_THROW(waiting.get(), std::future_error) << "dropped with its connection";
  EXPECT_EQ(state(), "Stable");
}

}  // namespace
}  // namespace omashu::broker
