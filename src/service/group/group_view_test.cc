#include "service/group/group_view.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

kafka::GroupDescription group(const std::string& state) {
  return {.id = "g",
          .state = state,
          .members = {{.member_id = "b", .client_id = "omashu-serve@http://h:2", .assignment = {{"t", 1}, {"t", 9}}},
                      {.member_id = "a", .client_id = "omashu-serve@http://h:1", .assignment = {{"t", 0}, {"x", 0}}},
                      {.member_id = "c", .client_id = "rdkafka", .assignment = {{"t", 2}}}}};
}

TEST(GroupView, KnowsWhoOwnsWhat) {
  const GroupView view = make_group_view(group("Stable"), {{"t", 3}});
  EXPECT_EQ(view.owner_of({"t", 0}), "http://h:1");
  EXPECT_EQ(view.owner_of({"t", 1}), "http://h:2");
  EXPECT_EQ(view.owner_of({"t", 2}), std::nullopt) << "whoever has it is no table server";
  EXPECT_EQ(view.owner_of({"t", 9}), std::nullopt) << "the topic has no such partition";
  EXPECT_EQ(view.owner_of({"x", 0}), std::nullopt) << "no table of ours";
  EXPECT_EQ(view.members[0].id, "a");
  EXPECT_EQ(view.member_ids(), (std::set<std::string>{"a", "b", "c"}));
}

TEST(GroupView, BelievesNoAssignmentWhileTheGroupIsRebalanced) {
  const GroupView view = make_group_view(group("PreparingRebalance"), {{"t", 3}});
  EXPECT_EQ(view.owner_of({"t", 0}), std::nullopt);
  EXPECT_EQ(view.members.size(), 3u);
}

}  // namespace
}  // namespace omashu::service
