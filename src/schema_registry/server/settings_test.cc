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
  EXPECT_EQ(set("a", R"({"compatibility":"FULL","alias":"b"})"), "42203") << "rather than to do nothing about it";
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
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "a")), R"({"mode":"READONLY"})");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "a")), "40401");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "")), R"({"mode":"READONLY_OVERRIDE"})");
  EXPECT_EQ(topic.write(delete_mode(topic.store(), "")), R"({"mode":"READWRITE"})");
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

}  // namespace
}  // namespace omashu::schema_registry::server
