#include "provision/checked_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/scene.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene applied_scene() {
  Scene scene{.files = {{"f", "t 3 1 t.avsc 0 compact 1\n"}, {"t.avsc", record("T")}}};
  scene.apply();
  return scene;
}

TEST(CheckedPlan, BrokersThatTrailTheControllerAreAskedAgain) {
  Scene scene = applied_scene();
  scene.admin.trailing_reads = 2;
  std::vector<int> attempts;
  scene.wait = [&](int attempt) {
    attempts.push_back(attempt);
    return true;
  };
  const Plan plan = scene.plan();
  EXPECT_THAT(plan.violations, IsEmpty());
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(attempts, ElementsAre(1, 2));
}

TEST(CheckedPlan, BrokersThatTrailForTooLongAreAnError) {
  Scene scene = applied_scene();
  scene.admin.trailing_reads = 2;
  const auto wait = [](int attempt) { return attempt < 2; };
  const auto checked = make_checked_plan(scene.desired(), scene.admin, scene.registry, {}, {}, wait);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(checked.error().message, testing::HasSubstr("1 topic that its brokers do not show yet, t among them"));
}

TEST(CheckedPlan, AnotherRefusalIsNotAskedAgain) {
  Scene scene{.files = {{"f", "t 3 1 t.avsc 0 compact 1\n"}, {"t.avsc", record("T")}}};
  scene.admin.refusals["t"] = {ErrorCode::kInvalidArgument, "INVALID_CONFIG", std::nullopt};
  scene.wait = [](int) {
    ADD_FAILURE() << "there is nothing to wait for";
    return false;
  };
  EXPECT_THAT(scene.violations(), ElementsAre("f:1:1: topic t: INVALID_CONFIG"));
}

}  // namespace
}  // namespace omashu::provision
