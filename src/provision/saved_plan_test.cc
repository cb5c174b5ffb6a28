#include "provision/saved_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/plan_json.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SavedPlan saved_plan_of(ProvisionFixture& fixture) {
  return {.source = {.file = "f", .schemas_dir = "", .strategy = fixture.strategy},
          .plan_options = fixture.plan_options,
          .observe_options = fixture.observe_options,
          .files = fixture.files,
          .live_state = live_state(fixture.desired(), fixture.observed()),
          .actions = actions_json(fixture.plan())};
}

ProvisionFixture fixture_of_two() {
  ProvisionFixture fixture{
      .files = {{"f", "t 3 1 t.avsc 0 delete 1 retention.ms=5\n"}, {"t.avsc", record_of("T", "Far")}}};
  fixture.registry.put("far", record("Far"));
  return fixture;
}

TEST(SavedPlan, ComesBackAsItWas) {
  ProvisionFixture fixture = fixture_of_two();
  fixture.plan_options = {.allow_repartition = true, .prune = true};
  fixture.observe_options.prune_prefix = "x";
  const SavedPlan before = saved_plan_of(fixture);
  const auto after = parse_saved_plan(to_text(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(to_text(*after), to_text(before));
  EXPECT_EQ(after->files, fixture.files);
  EXPECT_EQ(after->observe_options.prune_prefix, "x");
  EXPECT_TRUE(after->plan_options.allow_repartition);
}

TEST(SavedPlan, NoticesEachThingThatMoved) {
  ProvisionFixture fixture = fixture_of_two();
  const SavedPlan absent = saved_plan_of(fixture);
  const auto moved = [&](const SavedPlan& saved) {
    return moved_facts(saved.live_state, live_state(fixture.desired(), fixture.observed()));
  };
  EXPECT_THAT(moved(absent), IsEmpty());

  fixture.admin.cluster_id = "other";
  EXPECT_THAT(moved(absent), ElementsAre("cluster id: fake then, other now"));
  fixture.admin.cluster_id = "fake";

  fixture.registry.put("far", record("Far", {"other"}));
  EXPECT_THAT(moved(absent), ElementsAre("type Far: far version 1 then, far version 2 now"));

  fixture.apply();
  const SavedPlan present = saved_plan_of(fixture);
  EXPECT_THAT(moved(present), IsEmpty());
  fixture.admin.topics["t"].partitions = 4;
  fixture.admin.topics["t"].configs["retention.ms"] = "6";
  fixture.admin.topics["t"].configs["segment.bytes"] = "6";  // not named, so nothing rests on it
  fixture.registry.levels["t-value"] = "NONE";
  EXPECT_THAT(moved(present), ElementsAre("subject t-value compatibility level: BACKWARD then, NONE now",
                                          "topic t partitions: 3 then, 4 now", "topic t retention.ms: 5 then, 6 now"));
  fixture.admin.topics.clear();
  EXPECT_THAT(moved(present), testing::Contains("topic t: absent now, not so then"));
}

TEST(SavedPlan, WhatIsNoPlanIsRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "this is no saved plan of version 1: its \"version\" says otherwise"},
      {R"({"version":2,"kind":"saved_plan"})", "this is no saved plan of version 1: its \"version\" says otherwise"},
      {R"({"version":1,"kind":"plan"})", "this is no saved plan of version 1: its \"kind\" says otherwise"},
      {R"({"version":1,"kind":"saved_plan"})",
       "this is no saved plan of version 1: \"files\" is missing or of another type"},
  };
  for (const auto& [text, message] : cases) {
    const auto parsed = parse_saved_plan(text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message, message);
  }
  ProvisionFixture fixture = fixture_of_two();
  std::string text = to_text(saved_plan_of(fixture));
  text.replace(text.find("\"prune\": false"), 14, "\"prune\": true ");
  EXPECT_EQ(parse_saved_plan(text).error().message, "this is no saved plan of version 1: it prunes without a prefix");
}

}  // namespace
}  // namespace omashu::provision
