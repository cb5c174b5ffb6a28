#include "provision/diff_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/line_diff.h"
#include "provision/plan_json.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(DiffText, CreatesAreGreenPlusses) {
  ProvisionFixture fixture{
      .files = {{"f", "t 3 1 t.avsc 1 compact 1 retention.ms=604800000\nc 1 1 c.avsc 0 delete 0\n"},
                {"t.avsc", record_of("T", "C")},
                {"t-key.avsc", "\"string\""},
                {"c.avsc", record("C")}}};
  EXPECT_EQ(diff_text(fixture.plan(), Colours::kOff),
            "+ schema t-key version 1 (t-key.avsc)\n"
            "+ schema c-value version 1 (c.avsc)\n"
            "+ schema t-value version 1 (t.avsc)\n"
            "    + reference C (c-value version 1)\n"
            "+ topic t (3 partitions, replication factor 1)\n"
            "    + cleanup.policy = compact\n"
            "    + retention.ms = 604800000 (7 days)\n"
            "3 schemas to register; 1 topic to create, 0 to change; 0 to delete; 0 topics and 0 schemas unchanged\n");
  EXPECT_THAT(diff_text(fixture.plan(), Colours::kOn),
              StartsWith("\x1b[32m+ schema t-key version 1 (t-key.avsc)\x1b[0m\n"));
}

TEST(DiffText, AChangedSchemaIsShownLineByLine) {
  ProvisionFixture fixture{.files = {{"f", "p 1 1 p.avsc 0 delete 0\nc 1 1 c.avsc 0 delete 0\n"},
                                     {"p.avsc", record_of("P", "C")},
                                     {"c.avsc", record("C", {"a", "b"})}}};
  fixture.apply();
  fixture.files["c.avsc"] = record("C", {"a"});
  EXPECT_EQ(diff_text(fixture.plan(), Colours::kOff),
            "~ schema c-value version 1 → 2 (c.avsc)\n"
            "      …\n"
            "            \"name\": \"a\",\n"
            "            \"type\": \"string\"\n"
            "    -     },\n"
            "    -     {\n"
            "    -       \"name\": \"b\",\n"
            "    -       \"type\": \"string\"\n"
            "          }\n"
            "        ]\n"
            "      …\n"
            "~ schema p-value version 1 → 2 (p.avsc)\n"
            "    ~ reference C: c-value version 1 → 2\n"
            "2 schemas to register; 0 topics to create, 0 to change; 0 to delete; 0 topics and 0 schemas unchanged\n");
}

TEST(DiffText, NothingToDoIsSaid) {
  ProvisionFixture fixture{.files = {{"f", "t 3 1 - 0 delete 1\n"}}};
  fixture.apply();
  EXPECT_EQ(diff_text(fixture.plan(), Colours::kOff), "nothing to do: 1 topic and 0 schemas unchanged\n");
}

TEST(DiffText, DeletionsSayWhatIsLost) {
  const Plan plan{.actions = {DeleteTopic{"t", 3}, DeleteSubject{"t-value"}}, .violations = {}, .notes = {}};
  EXPECT_EQ(diff_text(plan, Colours::kOff),
            "- topic t (3 partitions, with all its records)\n"
            "- subject t-value\n"
            "0 schemas to register; 0 topics to create, 0 to change; 2 to delete; 0 topics and 0 schemas unchanged\n");
}

std::string marks(std::string_view before, std::string_view after, size_t context) {
  std::string out;
  for (const DiffLine& line : diff_lines(before, after, context)) {
    switch (line.kind) {
      case DiffLine::Kind::kSame: out += " "; break;
      case DiffLine::Kind::kRemoved: out += "-"; break;
      case DiffLine::Kind::kAdded: out += "+"; break;
      case DiffLine::Kind::kGap: out += "…"; break;
    }
    out += line.text;
  }
  return out;
}

TEST(LineDiff, IsShortestAndKeepsItsContext) {
  EXPECT_EQ(marks("", "", 1), "");
  EXPECT_EQ(marks("a\nb\nc\n", "a\nb\nc\n", 1), "…");
  EXPECT_EQ(marks("a\nb\nc\n", "a\nx\nc\n", 1), " a-b+x c");
  EXPECT_EQ(marks("a\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", 1), "… d-e+E");
  EXPECT_EQ(marks("", "a\nb", 1), "+a+b");
  EXPECT_EQ(marks("a\nb", "", 1), "-a-b");
  EXPECT_EQ(marks("1\n2\n3\n4\n5\n6\n7\n", "0\n2\n3\n4\n5\n6\n8\n", 1), "-1+0 2… 6-7+8");
  EXPECT_EQ(marks("a\na\n", "a\na\na\n", 0), "…+a");
}

TEST(PlanJson, HoldsEveryKindOfAction) {
  ProvisionFixture fixture{
      .files = {{"f", "t 6 1 - 0 delete 1 retention.ms=1000\nu 1 1 u.avsc 0 compact 1\n"}, {"u.avsc", record("U")}}};
  fixture.admin.topics["t"] = {3, 1, {}};
  fixture.admin.topics["old"] = {2, 1, {}};
  fixture.registry.put("old-value", record("Old"));
  fixture.plan_options.prune = true;
  fixture.observe_options.prune_prefix = "old";
  EXPECT_EQ(json::to_text(plan_json(fixture.plan())),
            R"({"version":1,"kind":"plan","actions":[)"
            R"({"action":"register_schema","subject":"u-value","file":"u.avsc","before_version":null,"version":1,)"
            R"("references":[],"before_references":null,"schema":"{\"type\":\"record\",\"name\":\"U\",\"fields\":)"
            R"([{\"name\":\"id\",\"type\":\"string\"}]}","before_schema":null},)"
            R"({"action":"create_topic","topic":"u","partitions":1,"replication_factor":1,)"
            R"("configs":{"cleanup.policy":"compact"}},)"
            R"({"action":"add_partitions","topic":"t","before":3,"after":6},)"
            R"({"action":"alter_configs","topic":"t","changes":[{"name":"retention.ms","before":"604800000",)"
            R"("was_default":true,"after":"1000"}]},)"
            R"({"action":"delete_topic","topic":"old","partitions":2},)"
            R"({"action":"delete_subject","subject":"old-value"}],)"
            R"("violations":[],"warnings":[],"notes":[],"unchanged":{"topics":0,"schemas":0}})");
}

TEST(PlanJson, SaysWhatBecameOfEachAction) {
  ProvisionFixture fixture{.files = {{"f", "t 1 1 - 0 delete 1\n"}}};
  fixture.admin.failures["t"] = {ErrorCode::kUnavailable, "away", {}};
  const Plan plan = fixture.plan();
  const ApplyReport report = apply_plan(plan, fixture.admin, nullptr);
  EXPECT_THAT(json::to_text(plan_json(plan, &report)),
              testing::AllOf(HasSubstr(R"("kind":"apply")"), HasSubstr(R"("result":"failed","error":"away")")));
}

}  // namespace
}  // namespace omashu::provision
