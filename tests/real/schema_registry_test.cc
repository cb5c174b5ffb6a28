// The registry client against a real registry; what it wrote is seen through plain HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "real/support/http.h"
#include "real/support/kafka_broker.h"
#include "real/support/shared_servers.h"
#include "schema_registry/client/client.h"
#include "serde/schema_loader.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using schema_registry::Client;
using schema_registry::ClientOptions;
using schema_registry::Reference;
using schema_registry::SchemaId;
using schema_registry::SchemaText;
using schema_registry::SubjectAndVersion;
using schema_registry::SubjectVersion;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<Client> open_client(const std::string& url, std::chrono::milliseconds timeout = 30s) {
  ClientOptions options;
  options.urls = {url};
  options.timeout = timeout;
  return Client::open(options).value();
}

std::unique_ptr<Client> shared_client() { return open_client(shared_registry().url()); }

// A record of a name that no other test uses, with these fields.
SchemaText record_of(const std::string& name, const std::string& fields, std::vector<Reference> references = {}) {
  return {.schema = R"({"type":"record","name":")" + name + R"(","fields":[)" + fields + "]}",
          .references = std::move(references)};
}

std::string record_name() {
  std::string name = unique_name("Record");
  std::ranges::replace(name, '-', '_');
  return name;
}

constexpr const char* kLongField = R"({"name":"a","type":"long"})";

TEST(RealSchemaRegistry, WhatIsRegisteredIsReadInEveryWay) {
  const auto client = shared_client();
  const std::string subject = unique_name("a/b c:d%") + "-value";
  const SchemaText text = record_of(record_name(), kLongField);
  const SchemaId id = client->register_schema(subject, text, false).value();

  const SubjectVersion version = client->latest(subject).value();
  EXPECT_EQ(version.subject, subject);
  EXPECT_EQ(version.version, 1);
  EXPECT_EQ(version.id, id);
  EXPECT_EQ(version.text, text);
  EXPECT_EQ(client->version(subject, 1).value(), version);
  EXPECT_EQ(client->lookup(subject, text, false).value().version, 1);
  EXPECT_EQ(client->schema_by_id(id).value(), text);
  EXPECT_THAT(client->versions(subject).value(), ElementsAre(1));
  EXPECT_THAT(client->subjects().value(), Contains(subject));
  EXPECT_THAT(client->versions_of_id(id).value(), Contains(SubjectAndVersion{subject, 1}));
  EXPECT_EQ(client->register_schema(subject, text, true).value(), id) << "the same schema has the same id";

  EXPECT_THAT(http_get(shared_registry().url() + "/subjects").body, HasSubstr('"' + subject + '"'));
}

TEST(RealSchemaRegistry, ReferencesAreResolvedThroughTheRegistry) {
  const auto client = shared_client();
  const std::string inner = record_name();
  const std::string middle = record_name();
  const std::string outer = record_name();
  ASSERT_TRUE(client->register_schema(inner, record_of(inner, kLongField), false).has_value());
  const SchemaText middle_text = record_of(middle, R"({"name":"inner","type":")" + inner + "\"}", {{inner, inner, 1}});
  ASSERT_TRUE(client->register_schema(middle, middle_text, false).has_value());
  const SchemaText outer_text =
      record_of(outer, R"({"name":"middle","type":")" + middle + "\"}", {{middle, middle, 1}});
  const auto id = client->register_schema(outer, outer_text, false);
  ASSERT_TRUE(id.has_value()) << id.error().message;

  const auto reader = shared_client();  // nothing cached
  const auto schema = serde::SchemaLoader(*reader).load(serde::SchemaKey(*id));
  ASSERT_TRUE(schema.has_value()) << schema.error().message;
  EXPECT_EQ(schema->root().find_field("middle")->type->find_field("inner")->type->full_name, inner);
  EXPECT_THAT(client->referenced_by(middle, 1).value(), ElementsAre(*id));
}

TEST(RealSchemaRegistry, ErrorsAreTyped) {
  const auto client = shared_client();
  const std::string subject = unique_name("errors");
  ASSERT_TRUE(client->register_schema(subject, {.schema = "\"long\""}, false).has_value());
  EXPECT_EQ(client->latest(unique_name("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->version(subject, 77).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->schema_by_id(SchemaId{2'000'000'000}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->lookup(subject, {.schema = "\"boolean\""}, false).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(client->register_schema(subject, {.schema = "\"string\""}, false).error().code, ErrorCode::kIncompatible);
  EXPECT_EQ(client->register_schema(subject, {.schema = "{"}, false).error().code, ErrorCode::kInvalidArgument);
  if (is_on_omashu()) {
    EXPECT_EQ(client->mode("").value(), "READWRITE");
  } else {
    EXPECT_EQ(client->mode("").error().code, ErrorCode::kNotFound);
  }
  EXPECT_EQ(open_client(shared_registry().url() + "/no/such/path")->subjects().error().code, ErrorCode::kInternal);
}

TEST(RealSchemaRegistry, CompatibilityIsCheckedBeforeARegistration) {
  const auto client = shared_client();
  const std::string subject = unique_name("compatibility");
  EXPECT_TRUE(client->check_compatibility(subject, {.schema = "\"long\""}, std::nullopt).value().is_compatible);
  ASSERT_TRUE(client->register_schema(subject, {.schema = "\"int\""}, false).has_value());
  EXPECT_TRUE(client->check_compatibility(subject, {.schema = "\"long\""}, std::nullopt).value().is_compatible);
  const auto verdict = client->check_compatibility(subject, {.schema = "\"string\""}, std::nullopt);
  ASSERT_TRUE(verdict.has_value()) << verdict.error().message;
  EXPECT_FALSE(verdict->is_compatible);
  EXPECT_FALSE(verdict->messages.empty());
}

TEST(RealSchemaRegistry, TheLevelOfASubjectIsSetAndRead) {
  const auto client = shared_client();
  const std::string subject = unique_name("level");
  ASSERT_TRUE(client->register_schema(subject, {.schema = "\"int\""}, false).has_value());
  ASSERT_TRUE(client->set_compatibility_level(subject, "FULL_TRANSITIVE").has_value());
  EXPECT_EQ(client->compatibility_level(subject).value(), "FULL_TRANSITIVE");
  EXPECT_EQ(client->register_schema(subject, {.schema = "\"long\""}, false).error().code, ErrorCode::kIncompatible)
      << "an int is read as a long, but not the other way";
  EXPECT_EQ(client->compatibility_level(unique_name("new")).value(), client->compatibility_level("").value());
}

TEST(RealSchemaRegistry, ManyAtOnceAnswerInTheirOrder) {
  const auto client = shared_client();
  const std::string name = record_name();
  std::vector<Client::Registration> registrations;
  std::vector<std::string> subjects;
  for (int i = 0; i < 200; ++i) {
    subjects.push_back(unique_name("many"));
    registrations.push_back({subjects.back(), record_of(name + std::to_string(i), kLongField)});
  }
  const auto ids = client->register_all(registrations, false);
  const auto latest = client->latest_of_all(subjects);
  for (size_t i = 0; i < subjects.size(); ++i) {
    ASSERT_TRUE(ids[i].has_value()) << ids[i].error().message;
    ASSERT_TRUE(latest[i].has_value()) << latest[i].error().message;
    EXPECT_EQ(latest[i]->id, *ids[i]);
    EXPECT_EQ(latest[i]->text, registrations[i].text);
  }
}

TEST(RealSchemaRegistry, DeletedSubjectsAreGone) {
  const auto client = shared_client();
  const std::string subject = unique_name("deleted");
  ASSERT_TRUE(client->register_schema(subject, {.schema = "\"int\""}, false).has_value());
  EXPECT_THAT(client->delete_subject(subject, false).value(), ElementsAre(1));
  EXPECT_EQ(client->latest(subject).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(client->delete_subject(subject, true).has_value());
}

TEST(RealSchemaRegistry, ARegistryThatDiesIsWaitedFor) {
  auto server = SchemaRegistryServer::start();
  ASSERT_TRUE(server) << server.error().message;
  const auto client = open_client((*server)->url(), 120s);
  ASSERT_TRUE(client->register_schema("s", {.schema = "\"int\""}, false).has_value());
  (*server)->kill9();
  auto waiting = std::async(std::launch::async, [&] { return client->subjects(); });
  ASSERT_TRUE((*server)->start_again());
  const auto subjects = waiting.get();
  ASSERT_TRUE(subjects.has_value()) << subjects.error().message;
  const std::vector<std::string> kept = is_on_omashu() ? std::vector<std::string>{"s"} : std::vector<std::string>();
  EXPECT_EQ(*subjects, kept) << "Apicurio keeps nothing";

  (*server)->freeze();
  const Error error = open_client((*server)->url(), 500ms)->subjects().error();
  EXPECT_EQ(error.code, ErrorCode::kTimeout) << error.message;
  EXPECT_THAT(error.message, HasSubstr((*server)->url()));
  (*server)->thaw();
  EXPECT_TRUE(client->subjects().has_value());
}

}  // namespace
}  // namespace omashu::real
