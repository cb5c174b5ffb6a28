#include "schema_registry/server/deletion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/server/registration.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::schema_registry::server {
namespace {

using testing::describe;
using ::testing::ElementsAre;
using testing::field;
using testing::MemoryTopic;
using testing::record;
using testing::registration;

class DeletionTest : public ::testing::Test {
 protected:
  void put(const Registration& wanted) { topic_.write(register_schema(store(), wanted)); }
  void put(const std::string& subject, const std::string& schema) { put(registration(subject, schema)); }
  std::string remove(const std::string& subject, bool permanent = false) {
    return topic_.write(delete_subject(store(), subject, permanent));
  }
  std::string remove_version(const std::string& subject, const std::string& version, bool permanent = false) {
    return topic_.write(delete_version(store(), subject, version, permanent));
  }
  const Store& store() { return topic_.store(); }

  MemoryTopic topic_;
};

TEST_F(DeletionTest, ASubjectGoesInTwoSteps) {
  put("a", "\"int\"");
  put("a", "\"long\"");
  EXPECT_EQ(remove("a", true), "40405");
  EXPECT_EQ(remove("a"), "[1,2]");
  EXPECT_EQ(topic_.log().back().record, delete_subject_record("a", 2));
  EXPECT_EQ(remove("a"), "40404");
  EXPECT_NE(store().find("", SchemaId{2}), nullptr);
  EXPECT_EQ(remove("a", true), "[1,2]");
  EXPECT_EQ(store().find_subject("a"), nullptr);
  EXPECT_EQ(store().find("", SchemaId{2}), nullptr);
  EXPECT_EQ(remove("a"), "40401");
  EXPECT_EQ(remove("a", true), "40401");
}

TEST_F(DeletionTest, AVersionGoesInTwoSteps) {
  put("a", "\"int\"");
  put("a", "\"long\"");
  EXPECT_EQ(remove_version("a", "1", true), "40407");
  EXPECT_EQ(remove_version("a", "1"), "1");
  EXPECT_EQ(remove_version("a", "1"), "40406");
  EXPECT_EQ(remove_version("a", "1", true), "1");
  EXPECT_EQ(remove_version("a", "1"), "40402");
  EXPECT_EQ(remove_version("a", "latest"), "2");
  EXPECT_EQ(remove_version("a", "latest"), "40402") << "there is no version that is not deleted";
  EXPECT_EQ(remove_version("a", "zero"), "42202");
  EXPECT_EQ(remove_version("a", "0"), "42202");
  EXPECT_EQ(remove_version("b", "1"), "40401");
}

TEST_F(DeletionTest, TheLastVersionTakesTheSettingsAlong) {
  put("a", "\"int\"");
  topic_.append_all(
      {config_record("a", {.level = avro::CompatibilityLevel::kFull}), mode_record("a", Mode::kReadWrite)});
  remove("a");
  EXPECT_NE(store().config("a"), nullptr);
  remove_version("a", "1", true);
  EXPECT_EQ(store().config("a"), nullptr);
  EXPECT_EQ(store().mode("a"), nullptr);

  put("b", "\"int\"");
  topic_.append(config_record("b", {.level = avro::CompatibilityLevel::kFull}));
  remove("b");
  remove("b", true);
  EXPECT_EQ(store().config("b"), nullptr);
}

TEST_F(DeletionTest, WhatIsReferredToStays) {
  put("part", record("Part", ""));
  put(registration("whole", record("Whole", field("part", "Part")), {{"Part", "part", 1}}));
  EXPECT_EQ(remove("part"), "42206");
  EXPECT_EQ(remove_version("part", "1"), "42206");
  EXPECT_EQ(remove("whole"), "[1]");
  EXPECT_EQ(remove("part"), "[1]") << "a hidden schema does not hold another";
  EXPECT_EQ(remove("part", true), "42206") << "but it may come back";
  EXPECT_EQ(remove_version("part", "1", true), "42206");
  EXPECT_EQ(remove("whole", true), "[1]");
  EXPECT_EQ(remove("part", true), "[1]");
}

TEST_F(DeletionTest, ASubjectWhoseVersionsReferToEachOtherGoesAsAWhole) {
  put("a", record("Part", ""));
  topic_.append(config_record("a", {.level = avro::CompatibilityLevel::kNone}));
  put(registration("a", record("Whole", field("part", "Part")), {{"Part", "a", 1}}));
  EXPECT_EQ(remove_version("a", "1"), "42206");
  EXPECT_EQ(remove("a"), "[1,2]");
  EXPECT_EQ(remove("a", true), "[1,2]");
}

TEST_F(DeletionTest, AReadOnlySubjectStays) {
  put("a", "\"int\"");
  topic_.append(mode_record("a", Mode::kReadOnly));
  EXPECT_EQ(remove("a"), "42205");
  EXPECT_EQ(remove_version("a", "1"), "42205");
}

TEST_F(DeletionTest, EverySpellingOfAKeyIsRemoved) {
  const std::string odd = R"({"subject":"a","version":1,"magic":1,"keytype":"SCHEMA"})";
  topic_.append({odd, R"({"subject":"a","version":1,"id":1,"schema":"\"int\"","deleted":false})"});
  remove("a");
  remove("a", true);
  topic_.compact();
  EXPECT_EQ(topic_.read_again().find_subject("a"), nullptr);
}

TEST_F(DeletionTest, IdsOfWhatIsGoneAreNotGivenAgain) {
  topic_.lead("7-t", "http://h");
  put("a", "\"int\"");
  put("a", "\"long\"");
  remove("a");
  remove("a", true);
  topic_.compact();
  const Store restarted = topic_.read_again();
  EXPECT_EQ(restarted.max_id(""), 2);
  EXPECT_EQ(restarted.leader().term, (Term{7, "t"}));
  EXPECT_EQ(restarted.leader().url, "http://h");
}

TEST_F(DeletionTest, OnlyAnEmptyContextGoes) {
  put(":.c:a", "\"int\"");
  const auto remove_context = [&] { return topic_.write(delete_context(store(), ":.c:")); };
  EXPECT_EQ(remove_context(), "42211");
  remove(":.c:a");
  EXPECT_EQ(remove_context(), "42211");
  remove(":.c:a", true);
  EXPECT_EQ(remove_context(), "");
  EXPECT_THAT(store().contexts(), ElementsAre());
  EXPECT_EQ(remove_context(), "404");
}

}  // namespace
}  // namespace omashu::schema_registry::server
