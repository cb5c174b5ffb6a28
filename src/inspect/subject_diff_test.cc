#include "inspect/subject_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/subject_references.h"
#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::inspect {
namespace {

using schema_registry::testing::MemoryRegistry;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kBefore = R"({"type":"record","name":"S","fields":[{"name":"percent","type":"int"}]})";
constexpr const char* kAfter = R"({"type":"record","name":"S","fields":[{"name":"percent","type":"long"}]})";

class SubjectDiffTest : public ::testing::Test {
 protected:
  void put(const std::string& subject, const std::string& schema,
           std::vector<schema_registry::Reference> references = {}) {
    ASSERT_TRUE(registry_.register_schema(subject, {.schema = schema, .references = std::move(references)}, false));
  }
  MemoryRegistry registry_;
};

TEST_F(SubjectDiffTest, ComparesTheLatestWithTheOneBeforeItUnlessTold) {
  put("s", kBefore);
  put("s", kAfter);
  put("s", R"("int")");
  const auto latest = find_version_pair(registry_, "s", {}, {});
  ASSERT_TRUE(latest) << latest.error().message;
  EXPECT_EQ(latest->before.version, 2);
  EXPECT_EQ(latest->after.version, 3);
  const auto first = find_version_pair(registry_, "s", 1, 2);
  ASSERT_TRUE(first);
  EXPECT_THAT(version_changes(*first), ElementsAre(HasSubstr("percent: int → long")));
}

TEST_F(SubjectDiffTest, AFirstVersionHasNothingToBeComparedWith) {
  put("s", kBefore);
  EXPECT_EQ(find_version_pair(registry_, "s", {}, {}).error().message,
            "subject s has no version before 1 to compare with");
  EXPECT_EQ(find_version_pair(registry_, "none", {}, {}).error().code, ErrorCode::kNotFound);
}

TEST_F(SubjectDiffTest, ReferencesThatCameAndWentAreChanges) {
  put("s", kBefore);
  put("t", R"({"type":"record","name":"T","fields":[]})");
  put("t", R"({"type":"record","name":"T","fields":[{"name":"s","type":"S"}]})", {{"S", "s", 1}});
  EXPECT_THAT(version_changes(*find_version_pair(registry_, "t", {}, {})), Contains("reference S (s version 1) added"));
  EXPECT_THAT(version_changes(*find_version_pair(registry_, "t", 2, 1)), Contains("reference S (s version 1) removed"));
  const auto referrers = referrers_of(registry_, "s", 1);
  ASSERT_TRUE(referrers) << referrers.error().message;
  ASSERT_EQ(referrers->size(), 1U);
  EXPECT_EQ(referrers->front().subject, "t");
  EXPECT_EQ(referrers->front().version, 2);
  EXPECT_EQ(referrers->front().type, "S");
}

}  // namespace
}  // namespace omashu::inspect
