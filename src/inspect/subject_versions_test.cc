#include "inspect/subject_versions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::inspect {
namespace {

using schema_registry::testing::MemoryRegistry;

class SubjectVersionsTest : public ::testing::Test {
 protected:
  SubjectVersionsTest() {
    for (const char* schema : {R"("int")", R"("long")"}) {
      EXPECT_TRUE(registry_.register_schema("status-download-value", {.schema = schema}, false));
    }
  }
  MemoryRegistry registry_;
};

TEST_F(SubjectVersionsTest, TheLatestIsMeantWithoutANumber) {
  EXPECT_EQ(find_version(registry_, "status-download-value", {})->version, 2);
  EXPECT_EQ(find_version(registry_, "status-download-value", 1)->text.schema, R"("int")");
}

TEST_F(SubjectVersionsTest, AVersionThatIsNotThereIsToldWithThoseThatAre) {
  EXPECT_EQ(find_version(registry_, "status-download-value", 7).error().message,
            "subject status-download-value has no version 7: it has 1, 2");
  EXPECT_FALSE(find_version(registry_, "status-download-value", int64_t{1} << 40));
}

TEST_F(SubjectVersionsTest, AMistypedSubjectIsSuggested) {
  EXPECT_EQ(find_version(registry_, "status-downlod-value", {}).error().message,
            "subject status-downlod-value is not in the registry: did you mean status-download-value?");
}

TEST_F(SubjectVersionsTest, WhatTheRegistrySaysOtherwiseIsPassedOn) {
  registry_.intercept = [](const std::string&) { return Error{ErrorCode::kUnavailable, "away", {}}; };
  EXPECT_EQ(find_version(registry_, "status-download-value", {}).error().message, "away");
}

}  // namespace
}  // namespace omashu::inspect
