// Heartbeats, sessions that end, and members that leave.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/group/coordinator_records.h"
#include "broker/group/testing/coordinator_fixture.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;
using ::testing::ElementsAre;

class GroupLivenessTest : public ::testing::Test {
 protected:
  std::string_view state() { return fixture_.coordinator().describe_group("g").state; }
  size_t size() { return fixture_.coordinator().describe_group("g").members.size(); }

  CoordinatorFixture fixture_;
  Client a_{.client_id = "a"};
  Client b_{.client_id = "b"};
};

TEST_F(GroupLivenessTest, AHeartbeatIsAnsweredByTheState) {
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kUnknownMemberId) << "no group";
  a_.enter(fixture_.joined(fixture_.join(a_)));
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone) << "CompletingRebalance";
  fixture_.sync(a_, {});
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone) << "Stable";
  fixture_.join(b_);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kRebalanceInProgress) << "PreparingRebalance";
  Client late = a_;
  late.generation_id = 0;
  EXPECT_EQ(fixture_.heartbeat(late), KafkaError::kIllegalGeneration);
  Client stranger = a_;
  stranger.member_id = "stranger";
  EXPECT_EQ(fixture_.heartbeat(stranger), KafkaError::kUnknownMemberId);
  a_.group_id = "";
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kInvalidGroupId);
}

TEST_F(GroupLivenessTest, AMemberThatFallsSilentIsDropped) {
  fixture_.stabilize({&a_, &b_});
  fixture_.advance(9'999);
  EXPECT_EQ(fixture_.heartbeat(a_), KafkaError::kNone);
  EXPECT_EQ(state(), "Stable");
  fixture_.advance(1);
  EXPECT_EQ(state(), "PreparingRebalance");
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kUnknownMemberId);
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(a_));
  EXPECT_EQ(answer.generation_id, a_.generation_id + 1);
  EXPECT_EQ(answer.members.size(), 1u);
}

TEST_F(GroupLivenessTest, AnotherLeadsWhenTheLeaderIsGone) {
  fixture_.stabilize({&a_, &b_});
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  const JoinGroupAnswer answer = fixture_.joined(fixture_.join(b_));
  EXPECT_EQ(answer.leader, b_.member_id);
  EXPECT_EQ(answer.members.size(), 1u);
}

TEST_F(GroupLivenessTest, ACommitIsASignOfLife) {
  fixture_.stabilize({&a_});
  for (int i = 0; i < 5; ++i) {
    fixture_.advance(9'999);
    EXPECT_EQ(fixture_.committed(fixture_.commit(a_, "t", 0, i)), KafkaError::kNone);
  }
  EXPECT_EQ(state(), "Stable");
}

TEST_F(GroupLivenessTest, WhoWaitsNeedsNoHeartbeat) {
  fixture_.stabilize({&a_, &b_});
  const RequestId a_join = fixture_.join(a_);
  for (int i = 0; i < 5; ++i) {
    fixture_.advance(9'999);
    (void)fixture_.heartbeat(b_);
  }
  EXPECT_TRUE(fixture_.is_waiting(a_join));
  b_.enter(fixture_.joined(fixture_.join(b_)));
  a_.enter(fixture_.joined(a_join));
  const RequestId b_sync = fixture_.sync(b_);
  for (int i = 0; i < 5; ++i) {
    fixture_.advance(9'999);
    (void)fixture_.heartbeat(a_);
  }
  EXPECT_TRUE(fixture_.is_waiting(b_sync));
  fixture_.sync(a_, {{b_.member_id, "b's"}});
  EXPECT_EQ(fixture_.synced(b_sync).assignment, "b's");
  fixture_.advance(9'999);
  EXPECT_EQ(fixture_.heartbeat(b_), KafkaError::kNone) << "its session began with the answer";
}

TEST_F(GroupLivenessTest, AGroupThatAllHaveLeftIsEmptyAndStored) {
  fixture_.stabilize({&a_, &b_});
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kNone);
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kUnknownMemberId);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  EXPECT_EQ(state(), "Empty");
  const GroupMetadataValue stored = parse_group_metadata_value(*fixture_.log().back().value).value();
  EXPECT_EQ(stored.generation, a_.generation_id + 1);
  EXPECT_EQ(stored.protocol_type, "consumer");
  EXPECT_EQ(stored.protocol, std::nullopt);
  EXPECT_EQ(stored.current_state_timestamp_ms, fixture_.now_ms());
  EXPECT_TRUE(stored.members.empty());
}

TEST_F(GroupLivenessTest, AllMayFallSilentAtOnce) {
  fixture_.stabilize({&a_, &b_});
  fixture_.advance(10'000);
  EXPECT_EQ(state(), "Empty");
  a_.member_id = "";
  EXPECT_EQ(fixture_.joined(fixture_.join(a_)).generation_id, a_.generation_id + 2);
}

TEST_F(GroupLivenessTest, WhoLeavesWhileItWaitsIsAnswered) {
  fixture_.stabilize({&a_, &b_});
  const RequestId a_join = fixture_.join(a_);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  EXPECT_EQ(fixture_.joined(a_join).error, KafkaError::kUnknownMemberId);
  b_.enter(fixture_.joined(fixture_.join(b_)));
  Client c{.client_id = "c"};
  const RequestId c_join = fixture_.join(c);
  b_.enter(fixture_.joined(fixture_.join(b_)));
  c.enter(fixture_.joined(c_join));
  const RequestId c_sync = fixture_.sync(c);
  EXPECT_EQ(fixture_.leave(c), KafkaError::kNone);
  EXPECT_EQ(fixture_.synced(c_sync).error, KafkaError::kUnknownMemberId);
}

TEST_F(GroupLivenessTest, WhoLeavesIsNotWaitedFor) {
  fixture_.stabilize({&a_, &b_});
  const RequestId a_join = fixture_.join(a_);
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kNone);
  EXPECT_EQ(fixture_.joined(a_join).members.size(), 1u);
}

TEST_F(GroupLivenessTest, AnIdThatIsOutMayBeGivenBack) {
  b_.requires_member_id = true;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  const RequestId a_join = fixture_.join(a_);
  EXPECT_TRUE(fixture_.is_waiting(a_join));
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kNone);
  EXPECT_FALSE(fixture_.is_waiting(a_join));
}

TEST_F(GroupLivenessTest, AnIdThatIsGivenBackDoesNotDisturbAStableGroup) {
  fixture_.stabilize({&a_});
  b_.requires_member_id = true;
  b_.member_id = fixture_.joined(fixture_.join(b_)).member_id;
  EXPECT_EQ(fixture_.leave(b_), KafkaError::kNone);
  EXPECT_EQ(state(), "Stable");
}

TEST_F(GroupLivenessTest, SeveralMayLeaveInOneRequest) {
  fixture_.stabilize({&a_, &b_});
  const LeaveGroup leave{.group_id = "g",
                         .members = {{a_.member_id, {}}, {"stranger", {}}, {b_.member_id, {}}, {"", {}}}};
  const CoordinatorActions actions = fixture_.coordinator().leave_group(1'000, leave, fixture_.now_ms());
  ASSERT_EQ(actions.answers.size(), 1u);
  EXPECT_THAT(
      std::get<LeaveGroupAnswer>(actions.answers[0].body).member_errors,
      ElementsAre(KafkaError::kNone, KafkaError::kUnknownMemberId, KafkaError::kNone, KafkaError::kUnknownMemberId));
  EXPECT_EQ(state(), "Empty");
}

TEST_F(GroupLivenessTest, WhoWasNeverThereCannotLeave) {
  a_.member_id = "stranger";
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kUnknownMemberId);
  a_.group_id = "";
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kInvalidGroupId);
}

TEST_F(GroupLivenessTest, NothingIsDueWhereNothingWaits) {
  const int64_t check_ms = fixture_.now_ms() + 600'000;
  EXPECT_EQ(fixture_.coordinator().next_deadline_ms(), check_ms) << "but the search for expired offsets";
  fixture_.stabilize({&a_});
  EXPECT_LE(fixture_.coordinator().next_deadline_ms(), fixture_.now_ms() + 10'000);
  EXPECT_EQ(fixture_.leave(a_), KafkaError::kNone);
  fixture_.advance(60'000);
  EXPECT_EQ(fixture_.coordinator().next_deadline_ms(), check_ms);
}

}  // namespace
}  // namespace omashu::broker
