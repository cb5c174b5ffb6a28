#include "provision/saved_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/plan_json.h"
#include "provision/testing/scene.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SavedPlan saved_plan_of(Scene& scene) {
  return {.source = {.file = "f", .schemas_dir = "", .strategy = scene.strategy},
          .plan_options = scene.plan_options,
          .observe_options = scene.observe_options,
          .files = scene.files,
          .live_state = live_state(scene.desired(), scene.observed()),
          .actions = actions_json(scene.plan())};
}

Scene scene_of_two() {
  Scene scene{.files = {{"f", "t 3 1 t.avsc 0 delete 1 retention.ms=5\n"}, {"t.avsc", record_of("T", "Far")}}};
  scene.registry.put("far", record("Far"));
  return scene;
}

TEST(SavedPlan, ComesBackAsItWas) {
  Scene scene = scene_of_two();
  scene.plan_options = {.allow_repartition = true, .prune = true};
  scene.observe_options.prune_prefix = "x";
  const SavedPlan before = saved_plan_of(scene);
  const auto after = parse_saved_plan(to_text(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(to_text(*after), to_text(before));
  EXPECT_EQ(after->files, scene.files);
  EXPECT_EQ(after->observe_options.prune_prefix, "x");
  EXPECT_TRUE(after->plan_options.allow_repartition);
}

TEST(SavedPlan, NoticesEachThingThatMoved) {
  Scene scene = scene_of_two();
  const SavedPlan absent = saved_plan_of(scene);
  const auto moved = [&](const SavedPlan& saved) {
    return moved_facts(saved.live_state, live_state(scene.desired(), scene.observed()));
  };
  EXPECT_THAT(moved(absent), IsEmpty());

  scene.admin.cluster_id = "other";
  EXPECT_THAT(moved(absent), ElementsAre("cluster id: fake then, other now"));
  scene.admin.cluster_id = "fake";

  scene.registry.put("far", record("Far", {"other"}));
  EXPECT_THAT(moved(absent), ElementsAre("type Far: far version 1 then, far version 2 now"));

  scene.apply();
  const SavedPlan present = saved_plan_of(scene);
  EXPECT_THAT(moved(present), IsEmpty());
  scene.admin.topics["t"].partitions = 4;
  scene.admin.topics["t"].configs["retention.ms"] = "6";
  scene.admin.topics["t"].configs["segment.bytes"] = "6";  // not named, so nothing rests on it
  scene.registry.levels["t-value"] = "NONE";
  EXPECT_THAT(moved(present), ElementsAre("subject t-value compatibility level: BACKWARD then, NONE now",
                                          "topic t partitions: 3 then, 4 now", "topic t retention.ms: 5 then, 6 now"));
  scene.admin.topics.clear();
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
  Scene scene = scene_of_two();
  std::string text = to_text(saved_plan_of(scene));
  text.replace(text.find("\"prune\": false"), 14, "\"prune\": true ");
  EXPECT_EQ(parse_saved_plan(text).error().message, "this is no saved plan of version 1: it prunes without a prefix");
}

}  // namespace
}  // namespace omashu::provision
