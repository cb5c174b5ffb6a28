#include "schema_registry/server/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::schema_registry::server {
namespace {

using ::testing::HasSubstr;
using testing::MemoryTopic;
using testing::registration;

TEST(Config, IsSetAndRemoved) {
  MemoryTopic topic;
  const auto set = [&](const std::string& scope, const char* body) -> std::string {
    const auto value = parse_config_request(body);
    return value ? topic.write(set_config(topic.store(), scope, *value)) : std::to_string(value.error().code);
  };
  EXPECT_EQ(set("a", R"({"compatibility":"FULL"})"), R"({"compatibility":"FULL"})");
  EXPECT_EQ(set("", R"({"compatibility":"none","normalize":true})"), R"({"normalize":true,"compatibility":"NONE"})");
  EXPECT_EQ(set("b", R"({"compatibility":null,"alias":null})"), "{}");
  EXPECT_EQ(set("a\n", R"({"compatibility":"FULL"})"), "42208");
  EXPECT_EQ(set("a", R"({"compatibility":"SIDEWAYS"})"), "42203");
  EXPECT_EQ(set("a", R"({"compatibility":7})"), "42203");
  EXPECT_EQ(set("a", R"({"compatibility":"FULL","compatibilityPolicy":"LOGICAL"})"), "42203")
      << "rather than to do nothing about it";
  EXPECT_EQ(set("a", "{"), "400");
  EXPECT_EQ(set("a", "[]"), "422");
  EXPECT_EQ(config_json(*topic.store().config("a")), R"({"compatibilityLevel":"FULL"})");

  EXPECT_EQ(topic.write(delete_config(topic.store(), "a")), R"({"compatibilityLevel":"FULL"})");
  EXPECT_EQ(topic.write(delete_config(topic.store(), "a")), "40401");
  EXPECT_EQ(topic.write(delete_config(topic.store(), "")), R"({"normalize":true,"compatibilityLevel":"NONE"})");
  EXPECT_EQ(topic.write(delete_config(topic.store(), "")), R"({"compatibilityLevel":"BACKWARD"})");
}

TEST(Mode, IsSetAndRemoved) {
  MemoryTopic topic;
  const auto set = [&](const std::string& scope, const char* body) -> std::string {
    const auto mode = parse_mode_request(body);
    return mode ? topic.write(set_mode(topic.store(), scope, *mode, false)) : std::to_string(mode.error().code);
  };
  EXPECT_EQ(set("a", R"({"mode":"READONLY"})"), R"({"mode":"READONLY"})");
  EXPECT_EQ(set("", R"({"mode":"readonly_override"})"), R"({"mode":"READONLY_OVERRIDE"})");
  EXPECT_EQ(set("a", R"({"mode":"OPEN"})"), "42204");
  EXPECT_EQ(set("a", R"({"mode":7})"), "42204");
  EXPECT_EQ(set("a", "{}"), "42204");
  EXPECT_EQ(set("__EMPTY", R"({"mode":"READONLY"})"), "42208");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "a", false)), R"({"mode":"READONLY"})");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "a", false)), "40401");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "", false)), R"({"mode":"READONLY_OVERRIDE"})");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "", false)), R"({"mode":"READWRITE"})");
}

TEST(Mode, ImportNeedsAnEmptyScope) {
  MemoryTopic topic;
  const Store& store = topic.store();
  const auto import = [&](const std::string& scope, bool force = false) {
    return topic.write(set_mode(store, scope, Mode::kImport, force));
  };
  for (const char* subject : {"a", "b", ":.c:a"}) topic.write(register_schema(store, registration(subject, "\"int\"")));
  EXPECT_EQ(import("a"), "42205");
  EXPECT_EQ(import(""), "42205");
  EXPECT_EQ(import(":.c:"), "42205");
  EXPECT_EQ(import("new"), R"({"mode":"IMPORT"})");
  EXPECT_EQ(import("a", true), R"({"mode":"IMPORT"})");
  topic.write(delete_subject(store, ":.c:a", false));
  EXPECT_EQ(import(":.c:"), R"({"mode":"IMPORT"})");
  EXPECT_EQ(store.find_subject(":.c:a"), nullptr) << "what was deleted is removed for good";
  EXPECT_NE(store.find_subject("b"), nullptr);
}

class ConfigMembers : public ::testing::Test {
 protected:
  std::string set(const std::string& scope, const std::string& body) {
    const auto update = parse_config_request(body);
    return update ? topic_.write(set_config(topic_.store(), scope, *update)) : std::to_string(update.error().code);
  }
  std::string put(const std::string& subject, const std::string& schema, Annotations annotations = {}) {
    Registration wanted = registration(subject, schema);
    wanted.request.annotations = std::move(annotations);
    return topic_.write(register_schema(topic_.store(), wanted));
  }
  const Annotations& annotations_of(int id) { return topic_.store().find("", SchemaId{id})->all_annotations(); }

  MemoryTopic topic_;
};

TEST_F(ConfigMembers, WhatIsNotNamedStaysAndNullClears) {
  set("a", R"({"compatibility":"FULL","normalize":true})");
  EXPECT_EQ(set("a", R"({"alias":"b"})"), R"({"alias":"b","normalize":true,"compatibility":"FULL"})");
  EXPECT_EQ(set("a", R"({"normalize":null,"compatibilityLevel":"none"})"), R"({"alias":"b","compatibility":"NONE"})");
  EXPECT_EQ(set("a", "{}"), R"({"alias":"b","compatibility":"NONE"})");
  EXPECT_EQ(set("a", R"({"compatibility":null,"alias":null})"), "{}");
}

TEST_F(ConfigMembers, AreKeptInTheTopic) {
  const std::string all =
      R"({"alias":"b","normalize":true,"validateFields":false,"compatibility":"FULL","compatibilityGroup":"major",)"
      R"("defaultMetadata":{"properties":{"a":"1"}},"overrideMetadata":{"tags":{"**":["PII"]}},)"
      R"("defaultRuleSet":{"domainRules":[{"name":"r","kind":"TRANSFORM","mode":"WRITE","type":"ENCRYPT"}]},)"
      R"("overrideRuleSet":{"migrationRules":[{"name":"m","kind":"TRANSFORM","mode":"UPGRADE","type":"JSONATA"}]}})";
  EXPECT_EQ(set("a", all), all);
  const Store again = topic_.read_again();
  EXPECT_EQ(*again.config("a"), *topic_.store().config("a"));
}

TEST_F(ConfigMembers, HaveTypes) {
  for (const char* body : {R"({"alias":7})", R"({"normalize":"yes"})", R"({"validateFields":1})",
                           R"({"compatibilityGroup":[]})", R"({"defaultMetadata":7})", R"({"overrideRuleSet":[]})"}) {
    EXPECT_EQ(set("a", body), "422") << body;
  }
  for (const char* rule : {R"({"name":"1r","kind":"TRANSFORM","mode":"WRITE","type":"X"})", R"({"name":"r"})",
                           R"({"name":"r","kind":"OTHER","type":"X"})", R"({"name":"r","mode":"UPGRADE","type":"X"})",
                           R"({"name":"r","mode":"WRITE","type":"X","onSuccess":"A,B"})", R"({"type":"X"})",
                           R"({"name":"r","type":"X"},{"name":"r","type":"Y"})"}) {
    EXPECT_EQ(set("a", std::string(R"({"defaultRuleSet":{"domainRules":[)") + rule + "]}}"), "42210") << rule;
  }
}

TEST_F(ConfigMembers, ReadOnlyProtectsThem) {
  set("a", R"({"compatibility":"FULL"})");
  for (const Mode mode : {Mode::kReadOnly, Mode::kReadOnlyOverride}) {
    topic_.append(mode_record("", mode));
    EXPECT_EQ(set("a", R"({"compatibility":"NONE"})"), "42205");
    EXPECT_EQ(set("", R"({"compatibility":"NONE"})"), "42205");
    EXPECT_EQ(topic_.write(delete_config(topic_.store(), "a")), "42205");
  }
}

TEST_F(ConfigMembers, DefaultsAndOverridesAreMergedIntoWhatIsRegistered) {
  set("", R"({"defaultMetadata":{"properties":{"owner":"nobody","team":"x"}},)"
          R"("overrideMetadata":{"properties":{"site":"here"},"sensitive":["key"]},)"
          R"("defaultRuleSet":{"domainRules":[{"name":"a","type":"OLD"},{"name":"b","type":"OLD"}]}})");
  EXPECT_EQ(put("a", "\"int\"",
                {.metadata = R"({"properties":{"owner":"me","site":"there"}})",
                 .rule_set = R"({"domainRules":[{"name":"b","kind":"CONDITION","mode":"READ","type":"NEW"}]})"}),
            R"({"id":1})");
  EXPECT_EQ(annotations_of(1).metadata,
            R"({"properties":{"owner":"me","site":"here","team":"x"},"sensitive":["key"]})");
  EXPECT_EQ(annotations_of(1).rule_set,
            R"({"domainRules":[{"name":"a","kind":"TRANSFORM","mode":"WRITEREAD","type":"OLD"},)"
            R"({"name":"b","kind":"CONDITION","mode":"READ","type":"NEW"}]})");
  EXPECT_EQ(put("a", "\"int\""), R"({"id":1})");
  set("b", R"({"compatibility":"NONE"})");
  put("b", "\"int\"");
  EXPECT_EQ(annotations_of(2).metadata, "") << "the nearest configuration has none";
}

TEST_F(ConfigMembers, VersionsOfAnotherCompatibilityGroupDoNotCount) {
  set("a", R"({"compatibilityGroup":"major"})");
  EXPECT_EQ(put("a", "\"int\"", {.metadata = R"({"properties":{"major":"1"}})"}), R"({"id":1})");
  EXPECT_EQ(put("a", "\"string\"", {.metadata = R"({"properties":{"major":"2"}})"}), R"({"id":2})");
  EXPECT_EQ(put("a", "\"bytes\"", {.metadata = R"({"properties":{"major":"1"}})"}), "409");
  EXPECT_EQ(put("a", "\"long\"", {.metadata = R"({"properties":{"major":"1"}})"}), R"({"id":3})");
}

TEST_F(ConfigMembers, ReservedFieldsAreValidatedWhereItIsWanted) {
  const auto reserving = [](const char* fields) {
    return Annotations{.metadata = std::string(R"({"properties":{"confluent:reserved":")") + fields + R"("}})"};
  };
  const auto with_field = [](const char* name) {
    return testing::record("R", testing::field(name, "int", R"(,"default":0)"));
  };
  EXPECT_EQ(put("free", with_field("x"), reserving("x")), R"({"id":1})");
  set("a", R"({"validateFields":true})");
  EXPECT_EQ(put("a", with_field("x"), reserving("y, x")), "409");
  EXPECT_EQ(put("a", with_field("x"), reserving("y,z")), R"({"id":2})");
  EXPECT_EQ(put("a", with_field("w"), reserving("y")), "409") << "z is not reserved any more";
}

TEST(Mode, IsClearedByNullAndDeletedWithThoseOfItsSubjects) {
  MemoryTopic topic;
  const Store& store = topic.store();
  const auto set = [&](const std::string& scope, const char* body) -> std::string {
    const auto mode = parse_mode_request(body);
    return mode ? topic.write(set_mode(store, scope, *mode, false)) : std::to_string(mode.error().code);
  };
  for (const char* scope : {"a", ":.c:", ":.c:a", ":.c:b", ""}) set(scope, R"({"mode":"READONLY"})");
  EXPECT_EQ(set("a", R"({"mode":null})"), R"({"mode":null})");
  EXPECT_EQ(store.mode("a"), nullptr);
  EXPECT_EQ(topic.write(delete_mode(store, ":.c:", true)), R"({"mode":"READONLY"})");
  EXPECT_EQ(store.mode(":.c:a"), nullptr);
  EXPECT_NE(store.mode(""), nullptr);
  EXPECT_EQ(topic.write(delete_mode(store, ":.c:", false)), "40401");
  EXPECT_EQ(topic.write(delete_mode(store, ":.c:", true)), "{}");
}

TEST(Mode, ForwardIsForAllContexts) {
  MemoryTopic topic;
  const Store& store = topic.store();
  EXPECT_EQ(topic.write(set_mode(store, "a", Mode::kForward, false)), "42204");
  EXPECT_EQ(topic.write(set_mode(store, "", Mode::kForward, false)), "42204");
  EXPECT_EQ(topic.write(set_mode(store, ":.__GLOBAL:", Mode::kForward, false)), R"({"mode":"FORWARD"})");
  EXPECT_EQ(topic.read_again().mode_in_force("a"), Mode::kForward);
  EXPECT_EQ(topic.write(register_schema(store, registration("a", "\"int\""))), "42205");
  Registration import = registration("a", "\"int\"");
  import.request.id = SchemaId{7};
  EXPECT_EQ(topic.write(register_schema(store, import)), R"({"id":7})");
}

}  // namespace
}  // namespace omashu::schema_registry::server
