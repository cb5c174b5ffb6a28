#include "provision/checked_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ProvisionFixture applied_fixture() {
  ProvisionFixture fixture{.files = {{"f", "t 3 1 t.avsc 0 compact 1\n"}, {"t.avsc", record("T")}}};
  fixture.apply();
  return fixture;
}

TEST(CheckedPlan, BrokersThatTrailTheControllerAreAskedAgain) {
  ProvisionFixture fixture = applied_fixture();
  fixture.admin.trailing_reads = 2;
  std::vector<int> attempts;
  fixture.wait = [&](int attempt) {
    attempts.push_back(attempt);
    return true;
  };
  const Plan plan = fixture.plan();
  EXPECT_THAT(plan.violations, IsEmpty());
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(attempts, ElementsAre(1, 2));
}

TEST(CheckedPlan, BrokersThatTrailForTooLongAreAnError) {
  ProvisionFixture fixture = applied_fixture();
  fixture.admin.trailing_reads = 2;
  const auto wait = [](int attempt) { return attempt < 2; };
  const auto checked = make_checked_plan(fixture.desired(), fixture.admin, fixture.registry, {}, {}, wait);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(checked.error().message, testing::HasSubstr("1 topic that its brokers do not show yet, t among them"));
}

TEST(CheckedPlan, AnotherRefusalIsNotAskedAgain) {
  ProvisionFixture fixture{.files = {{"f", "t 3 1 t.avsc 0 compact 1\n"}, {"t.avsc", record("T")}}};
  fixture.admin.refusals["t"] = {ErrorCode::kInvalidArgument, "INVALID_CONFIG", std::nullopt};
  fixture.wait = [](int) {
    ADD_FAILURE() << "there is nothing to wait for";
    return false;
  };
  EXPECT_THAT(fixture.violations(), ElementsAre("f:1:1: topic t: INVALID_CONFIG"));
}

}  // namespace
}  // namespace omashu::provision
