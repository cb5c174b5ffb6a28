#include "service/group/range_assignment.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

HeldPartitions of(const std::string& topic, std::initializer_list<kafka::PartitionId> partitions) {
  HeldPartitions held;
  for (const kafka::PartitionId partition : partitions) held.insert({topic, partition});
  return held;
}

TEST(RangeAssignment, GivesTheFirstMembersTheRemainder) {
  const auto assignment = range_assignment({"c", "a", "b"}, {{"t", 7}, {"u", 2}});
  HeldPartitions a = of("t", {0, 1, 2}), b = of("t", {3, 4});
  a.merge(of("u", {0}));
  b.merge(of("u", {1}));
  EXPECT_EQ(assignment.at("a"), a);
  EXPECT_EQ(assignment.at("b"), b);
  EXPECT_EQ(assignment.at("c"), of("t", {5, 6}));
  EXPECT_TRUE(range_assignment({}, {{"t", 7}}).empty());
}

TEST(RangeAssignment, WhoeverGoesItsPartitionsHaveWarmCopiesWithTheirNextOwners) {
  for (int members = 2; members <= 6; ++members) {
    std::set<std::string> ids;
    for (int i = 0; i < members; ++i) ids.insert("member-" + std::to_string(i));
    const PartitionCounts topics = {{"t", 12}, {"u", 5}};
    const auto before = range_assignment(ids, topics);
    for (const std::string& gone : ids) {
      std::set<std::string> left = ids;
      left.erase(gone);
      for (const auto& [member, next] : range_assignment(left, topics)) {
        HeldPartitions held = standby_partitions(ids, member, topics);
        const auto own = before.find(member);
        if (own != before.end()) held.insert(own->second.begin(), own->second.end());
        EXPECT_TRUE(std::ranges::includes(held, next)) << member << " without " << gone;
      }
    }
  }
}

TEST(RangeAssignment, AloneThereIsNoCopy) {
  EXPECT_TRUE(standby_partitions({"a"}, "a", {{"t", 3}}).empty());
  EXPECT_EQ(standby_partitions({"a", "b"}, "a", {{"t", 4}}), of("t", {2, 3}));
}

}  // namespace
}  // namespace omashu::service
