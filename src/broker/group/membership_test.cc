#include "broker/group/membership.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

GroupMember member(std::string id, std::vector<std::string> protocols,
                   std::optional<std::string> instance = std::nullopt) {
  GroupMember made;
  made.member_id = std::move(id);
  made.group_instance_id = std::move(instance);
  for (std::string& name : protocols) made.protocols.push_back({std::move(name), ""});
  return made;
}

std::vector<JoinGroup::Protocol> offer(std::vector<std::string_view> names) {
  std::vector<JoinGroup::Protocol> protocols;
  for (const std::string_view name : names) protocols.push_back({name, ""});
  return protocols;
}

TEST(Membership, TheFirstLeadsAndHandsOn) {
  Membership members;
  EXPECT_EQ(members.leader(), "");
  members.add(member("b", {"range"}));
  members.add(member("a", {"range"}));
  EXPECT_EQ(members.leader(), "b");
  members.remove("b");
  EXPECT_EQ(members.leader(), "a");
  members.remove("a");
  EXPECT_EQ(members.leader(), "");
}

TEST(Membership, ALeaderWhoDidNotJoinIsReplacedByOneWhoDid) {
  Membership members;
  EXPECT_FALSE(members.elect_joined_leader());
  members.add(member("a", {"range"}));
  members.add(member("b", {"range"}));
  EXPECT_FALSE(members.elect_joined_leader());
  EXPECT_EQ(members.leader(), "a");
  members.find("b")->join = 1;
  EXPECT_TRUE(members.elect_joined_leader());
  EXPECT_EQ(members.leader(), "b");
  members.find("a")->join = 2;
  EXPECT_TRUE(members.elect_joined_leader());
  EXPECT_EQ(members.leader(), "b");
}

TEST(Membership, AProtocolIsForAllAndPreferredByMost) {
  Membership members;
  members.add(member("a", {"sticky", "range", "roundrobin"}));
  EXPECT_EQ(members.choose_protocol(), "sticky");
  members.add(member("b", {"roundrobin", "range"}));
  members.add(member("c", {"range", "roundrobin"}));
  EXPECT_EQ(members.choose_protocol(), "range") << "a cannot have its first choice";
  EXPECT_TRUE(members.can_agree_on(offer({"mine", "range"})));
  EXPECT_FALSE(members.can_agree_on(offer({"mine", "sticky"})));
  EXPECT_FALSE(members.can_agree_on(offer({})));
}

TEST(Membership, AProtocolNamedTwiceHasOneVote) {
  Membership members;
  members.add(member("a", {"x", "x", "y"}));
  members.add(member("b", {"y", "x"}));
  members.add(member("c", {"y", "x"}));
  EXPECT_EQ(members.choose_protocol(), "y");
}

TEST(Membership, AnInstanceKeepsItsPlaceUnderANewId) {
  Membership members;
  members.add(member("i-1", {"range"}, "i"));
  members.find("i-1")->assignment = "partition 0";
  EXPECT_EQ(members.check("i-1", "i"), KafkaError::kNone);
  EXPECT_EQ(members.rename("i-1", "i-2").assignment, "partition 0");
  EXPECT_EQ(members.leader(), "i-2");
  EXPECT_EQ(members.check("i-2", "i"), KafkaError::kNone);
  EXPECT_EQ(members.check("i-1", "i"), KafkaError::kFencedInstanceId);
  EXPECT_EQ(members.check("i-1", {}), KafkaError::kUnknownMemberId);
  EXPECT_EQ(members.check("i-2", "j"), KafkaError::kUnknownMemberId);
  members.remove("i-2");
  EXPECT_EQ(members.find_instance("i"), nullptr);
}

TEST(Membership, PendingIdsAreWaitedForAndExpire) {
  Membership members;
  members.add(member("a", {"range"}));
  members.find("a")->join = 1;
  members.add_pending("p", 100);
  members.add_pending("q", 200);
  EXPECT_FALSE(members.have_all_joined());
  EXPECT_EQ(members.next_deadline_ms(), 0) << "the new member's";
  EXPECT_FALSE(members.expire_pending(99));
  EXPECT_TRUE(members.expire_pending(100));
  EXPECT_FALSE(members.remove_pending("p"));
  EXPECT_TRUE(members.remove_pending("q"));
  EXPECT_TRUE(members.have_all_joined());
}

TEST(Membership, WhoWaitsDoesNotExpireUnlessNew) {
  GroupMember waiting = member("a", {"range"});
  waiting.join = 1;
  EXPECT_TRUE(waiting.can_expire());
  waiting.is_new = false;
  EXPECT_FALSE(waiting.can_expire());
  waiting.join.reset();
  EXPECT_TRUE(waiting.can_expire());
  waiting.sync = 2;
  EXPECT_FALSE(waiting.can_expire());
}

TEST(Membership, TheLongestRebalanceTimeoutCounts) {
  Membership members;
  EXPECT_EQ(members.rebalance_timeout_ms(), 0);
  members.add(member("a", {"range"})).rebalance_timeout_ms = 300;
  members.add(member("b", {"range"})).rebalance_timeout_ms = 500;
  EXPECT_EQ(members.rebalance_timeout_ms(), 500);
}

}  // namespace
}  // namespace omashu::broker
