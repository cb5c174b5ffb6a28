#include "kafka/reassignment_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TopicPartition place(const std::string& topic, int32_t partition) { return {topic, PartitionId{partition}}; }

TEST(ReassignmentMessages, AlterHasThePartitionsOfATopicTogether) {
  const ReplicaMove moves[] = {{place("b", 1), {1, 2}}, {place("a", 0), {3}}, {place("b", 0), {}}};
  EXPECT_EQ(alter_reassignments_request(moves, milliseconds(1000)),
            "\x00\x00\x03\xe8"s  // timeout
            "\x03"s              // two topics
            "\x02"
            "a"
            "\x02"s  // a, one partition
            "\x00\x00\x00\x00"
            "\x02\x00\x00\x00\x03"
            "\x00"s  // 0 on broker 3
            "\x00"s
            "\x02"
            "b"
            "\x03"s
            "\x00\x00\x00\x01"
            "\x03\x00\x00\x00\x01\x00\x00\x00\x02"
            "\x00"s
            "\x00\x00\x00\x00"
            "\x00"
            "\x00"s  // 0: given up
            "\x00"s);
}

TEST(ReassignmentMessages, ListAsksForAllTopics) {
  EXPECT_EQ(list_reassignments_request(milliseconds(5)), "\x00\x00\x00\x05\x00"s);
}

const std::string kAltered =
    "\x00\x00\x00\x00"s  // throttle time
    "\x00\x00"
    "\x00"s  // no error, no words
    "\x02"
    "\x02"
    "a"
    "\x03"s
    "\x00\x00\x00\x00"
    "\x00\x00"
    "\x00"
    "\x00"s
    "\x00\x00\x00\x01"
    "\x00\x27"
    "\x05"
    "oops"
    "\x01\x07\x02xy"s  // INVALID_REPLICA_ASSIGNMENT; a tagged field
    "\x00"s
    "\x00"s;

TEST(ReassignmentMessages, AlterIsAnsweredForEachPartition) {
  const auto answers = parse_alter_reassignments_response(kAltered);
  ASSERT_TRUE(answers) << answers.error().message;
  ASSERT_EQ(answers->size(), 2U);
  EXPECT_TRUE(answers->at(place("a", 0)));
  ASSERT_FALSE(answers->at(place("a", 1)));
  EXPECT_THAT(answers->at(place("a", 1)).error().message, HasSubstr("INVALID_REPLICA_ASSIGNMENT: oops"));
}

TEST(ReassignmentMessages, ARefusedRequestIsAnError) {
  const auto refused = parse_alter_reassignments_response("\x00\x00\x00\x00\x00\x1f\x03no\x01\x00"s);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("CLUSTER_AUTHORIZATION_FAILED: no"));
}

const std::string kListed =
    "\x00\x00\x00\x00"
    "\x00\x00"
    "\x00"s
    "\x02"
    "\x02"
    "a"
    "\x02"s
    "\x00\x00\x00\x04"s
    "\x03\x00\x00\x00\x01\x00\x00\x00\x02"s  // replicas 1, 2
    "\x02\x00\x00\x00\x02"s                  // adding 2
    "\x01"s                                  // removing none
    "\x00"
    "\x00"
    "\x00"s;

TEST(ReassignmentMessages, MovesUnderWayAreListed) {
  const auto moves = parse_list_reassignments_response(kListed);
  ASSERT_TRUE(moves) << moves.error().message;
  EXPECT_THAT(*moves, ElementsAre(Pair(place("a", 4), OngoingMove{.replicas = {1, 2}, .adding = {2}, .removing = {}})));
  EXPECT_THAT(parse_list_reassignments_response("\x00\x00\x00\x00\x00\x00\x00\x01\x00"s).value(), IsEmpty());
}

TEST(ReassignmentMessages, EveryTruncatedResponseIsAnError) {
  for (size_t size = 0; size < kAltered.size(); ++size) {
    EXPECT_FALSE(parse_alter_reassignments_response(kAltered.substr(0, size))) << size;
  }
  for (size_t size = 0; size < kListed.size(); ++size) {
    EXPECT_FALSE(parse_list_reassignments_response(kListed.substr(0, size))) << size;
  }
}

TEST(ReassignmentMessages, ACountThatTheBytesCannotHoldIsAnError) {
  EXPECT_FALSE(parse_list_reassignments_response("\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\x0f"s));
  EXPECT_FALSE(parse_list_reassignments_response("\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"s));
}

}  // namespace
}  // namespace omashu::kafka
