// What the service tells of a real Kafka and a real registry: docs/cluster-api.md.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "real/support/http.h"
#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"
#include "schema_registry/client/client.h"
#include "service/service.h"

namespace omashu::real {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::PrintToString;
using ::testing::SizeIs;

constexpr const char* kStatus =
    R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},{"name":"percent","type":"int"}]})";
constexpr const char* kStatusWithRate =
    R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},{"name":"percent","type":"int"},)"
    R"({"name":"rate","type":"double","default":0}]})";

class ClusterApiTest : public ::testing::Test {
 protected:
  ClusterApiTest() {
    schema_registry::ClientOptions options;
    options.urls = {shared_registry().url()};
    auto registry = schema_registry::Client::open(std::move(options));
    EXPECT_TRUE(registry) << registry.error().message;
    registry_ = *std::move(registry);
    auto service = service::Service::bind({.version = "1.2.3"});
    EXPECT_TRUE(service) << service.error().message;
    service_ = *std::move(service);
    kafka::ClientConfig config;
    config.set("bootstrap.servers", shared_kafka().bootstrap_server());
    const auto serving = service_->serve({.tables = {}, .registry = *registry_, .kafka = std::move(config)});
    EXPECT_TRUE(serving) << serving.error().message;
  }

  json::Value answer(const HttpAnswer& answer, int status, const std::string& what) {
    EXPECT_EQ(answer.status, status) << what << ": " << answer.body;
    auto parsed = json::parse(answer.body);
    EXPECT_TRUE(parsed) << what << ": " << answer.body;
    return parsed ? *std::move(parsed) : json::Value();
  }
  json::Value get(const std::string& target, int status = 200) {
    return answer(http_get(service_->url() + target), status, target);
  }

  std::unique_ptr<schema_registry::Client> registry_;
  std::unique_ptr<service::Service> service_;
};

std::string text(const json::Value& object, std::string_view member) {
  const json::Value* found = object.find(member);
  if (found == nullptr) return "(none)";
  return found->is_string() ? found->text() : json::to_text(*found);
}

const std::vector<json::Value>& items(const json::Value& object, std::string_view member) {
  static const std::vector<json::Value> kNone;
  const json::Value* found = object.find(member);
  EXPECT_TRUE(found != nullptr && found->is_array()) << member << " of " << json::to_text(object);
  return found == nullptr ? kNone : found->items();
}

const json::Value& item(const json::Value& object, std::string_view list, std::string_view member,
                        const std::string& value) {
  static const json::Value kNone;
  for (const json::Value& one : items(object, list)) {
    if (text(one, member) == value) return one;
  }
  ADD_FAILURE() << "no " << value << " in " << json::to_text(object);
  return kNone;
}

std::vector<std::string> positions(const json::Value& page) {
  std::vector<std::string> found;
  for (const json::Value& record : items(page, "records")) found.push_back(text(record, "position"));
  return found;
}

// A topic with so many statuses om-0, om-1, … in partition 0, a second apart.
std::string topic_with_statuses(const std::string& stem, int count) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = 2});
  register_schema(topic + "-value", kStatus);
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += fmt::format(R"({{"key":"om-{0}","value":{{"omashuId":"om-{0}","percent":{0}}},"partition":0,)"
                         R"("timestamp":{1},"headers":[{{"name":"trace","value":"t{0}"}}]}})",
                         i, 1'000 * (i + 1)) +
             "\n";
  }
  const CommandResult produced = run_omashu({"produce", topic}, lines);
  EXPECT_EQ(produced.exit_code, 0) << PrintToString(produced);
  return topic;
}

TEST_F(ClusterApiTest, TellsTheBrokersTheirDisksAndTheRegistry) {
  const json::Value cluster = get("/v1/cluster");
  EXPECT_EQ(text(cluster, "version"), "1.2.3");
  EXPECT_NE(text(cluster, "clusterId"), "");
  ASSERT_THAT(items(cluster, "brokers"), SizeIs(1));
  const json::Value& broker = items(cluster, "brokers").front();
  EXPECT_EQ(text(broker, "host") + ":" + text(broker, "port"), shared_kafka().bootstrap_server());
  EXPECT_EQ(text(cluster, "controller"), text(broker, "id"));
  ASSERT_THAT(items(broker, "logDirs"), SizeIs(1));
  EXPECT_GT(items(broker, "logDirs").front().find("totalBytes")->as_int64(), 0);
  EXPECT_EQ(text(*cluster.find("registry"), "isReachable"), "true");
  EXPECT_THAT(items(cluster, "warnings"), IsEmpty());
}

TEST_F(ClusterApiTest, ListsTopicsWithTheirSizes) {
  const std::string topic = topic_with_statuses("api-listed", 5);
  const json::Value topics = get("/v1/topics");
  const json::Value& row = item(topics, "topics", "topic", topic);
  EXPECT_EQ(text(row, "partitions"), "2");
  EXPECT_EQ(text(row, "cleanupPolicy"), "compact");
  EXPECT_EQ(text(row, "records"), "5");
  EXPECT_EQ(text(row, "isInternal"), "false");
  EXPECT_EQ(text(row, "isTable"), "false");
  EXPECT_GT(row.find("bytes")->as_int64(), 100);
  EXPECT_THAT(items(topics, "warnings"), IsEmpty());
}

TEST_F(ClusterApiTest, DescribesATopicWithItsReadersAndSchemas) {
  const std::string topic = topic_with_statuses("api-described", 5);
  const std::string group = unique_name("api-group");
  EXPECT_EQ(run_omashu({"consume", topic, "--group", group, "--from-beginning", "--max-messages", "3"}).exit_code, 0);
  const json::Value described = get("/v1/topics/" + topic);
  EXPECT_EQ(text(described, "records"), "5");
  ASSERT_THAT(items(described, "partitions"), SizeIs(2));
  EXPECT_EQ(text(items(described, "partitions")[0], "endOffset"), "5");
  EXPECT_EQ(text(items(described, "partitions")[1], "bytes"), "0");
  EXPECT_EQ(text(item(described, "configs", "name", "cleanup.policy"), "source"), "topic");
  EXPECT_EQ(text(item(described, "configs", "name", "max.message.bytes"), "source"), "default");
  EXPECT_EQ(text(*described.find("newestRecord"), "timestamp"), "1970-01-01T00:00:05.000Z");
  const json::Value& reader = item(described, "groups", "group", group);
  EXPECT_EQ(text(reader, "lag"), "2");
  EXPECT_EQ(text(item(reader, "partitions", "partition", "0"), "committed"), "3");
  ASSERT_THAT(items(described, "subjects"), SizeIs(1));
  EXPECT_EQ(text(items(described, "subjects").front(), "subject"), topic + "-value");
  EXPECT_EQ(text(items(described, "subjects").front(), "part"), "value");
  EXPECT_THAT(text(get("/v1/topics/" + topic + "x", 404), "detail"), HasSubstr("did you mean " + topic + "?"));
}

TEST_F(ClusterApiTest, RecordsArePagedInBothDirections) {
  const std::string topic = topic_with_statuses("api-records", 7);
  const std::string records = "/v1/topics/" + topic + "/records";
  json::Value page = get(records + "?limit=3");
  EXPECT_THAT(positions(page), ElementsAre(topic + "-0-6", topic + "-0-5", topic + "-0-4"));
  const json::Value& newest = items(page, "records").front();
  EXPECT_EQ(text(newest, "timestamp"), "1970-01-01T00:00:07.000Z");
  EXPECT_EQ(text(newest, "key"), "om-6");
  EXPECT_EQ(text(newest, "keyForm"), "text");
  EXPECT_EQ(text(newest, "value"), R"({"omashuId":"om-6","percent":6})");
  EXPECT_EQ(text(newest, "valueForm"), "avro");
  EXPECT_EQ(text(newest, "headers"), R"([{"name":"trace","value":"t6"}])");
  EXPECT_GT(newest.find("valueSchema")->as_int64(), 0);
  page = get(records + "?limit=3&direction=older&from=" + text(page, "older"));
  EXPECT_THAT(positions(page), ElementsAre(topic + "-0-3", topic + "-0-2", topic + "-0-1"));
  const std::string newer = text(page, "newer");
  page = get(records + "?limit=3&direction=older&from=" + text(page, "older"));
  EXPECT_THAT(positions(page), ElementsAre(topic + "-0-0"));
  EXPECT_EQ(text(page, "older"), "null");
  page = get(records + "?direction=newer&from=" + newer);
  EXPECT_THAT(positions(page), ElementsAre(topic + "-0-4", topic + "-0-5", topic + "-0-6"));
  EXPECT_THAT(positions(get(records + "?direction=newer&from=" + text(page, "newer"))), IsEmpty());
}

TEST_F(ClusterApiTest, RecordsAreFoundByPlaceTimeAndCondition) {
  const std::string topic = topic_with_statuses("api-found", 7);
  const std::string records = "/v1/topics/" + topic + "/records";
  EXPECT_THAT(positions(get(records + "?from=5")), ElementsAre(topic + "-0-5", topic + "-0-6"));
  EXPECT_THAT(positions(get(records + "?from=1970-01-01T00:00:06Z")), ElementsAre(topic + "-0-5", topic + "-0-6"));
  EXPECT_THAT(positions(get(records + "?from=beginning&limit=1")), ElementsAre(topic + "-0-0"));
  EXPECT_THAT(positions(get(records + "?partition=1")), IsEmpty());
  EXPECT_THAT(positions(get(records + "?where=percent%3E%3D2&where=percent%3C4")),
              ElementsAre(topic + "-0-3", topic + "-0-2"));
  EXPECT_THAT(text(get(records + "?where=percentage%3D1", 400), "detail"),
              HasSubstr("Status has no field 'percentage'"));
  EXPECT_THAT(text(get(records + "?partition=9", 400), "detail"), HasSubstr("no partition 9"));
}

TEST_F(ClusterApiTest, GroupsAreListedAndDescribedWithTheirLag) {
  const std::string topic = topic_with_statuses("api-lag", 5);
  const std::string group = unique_name("api-group");
  EXPECT_EQ(run_omashu({"consume", topic, "--group", group, "--from-beginning", "--max-messages", "3"}).exit_code, 0);
  const json::Value groups = get("/v1/groups");
  const json::Value& row = item(groups, "groups", "group", group);
  EXPECT_EQ(text(row, "state"), "Empty");
  EXPECT_EQ(text(row, "lag"), "2");
  EXPECT_EQ(text(row, "topics"), "[\"" + topic + "\"]");
  const json::Value described = get("/v1/groups/" + group);
  EXPECT_EQ(text(item(described, "partitions", "partition", "0"), "endOffset"), "5");
  EXPECT_EQ(text(described, "lag"), "2");
  EXPECT_THAT(text(get("/v1/groups/" + group + "x", 404), "detail"), HasSubstr("did you mean " + group + "?"));
}

TEST_F(ClusterApiTest, SubjectsAreListedDescribedAndCompared) {
  const std::string subject = unique_name("api-subject") + "-value";
  register_schema(subject, kStatus);
  register_schema(subject, kStatusWithRate);
  const json::Value row = item(get("/v1/schemas"), "subjects", "subject", subject);
  EXPECT_EQ(text(row, "versions"), "[1,2]");
  EXPECT_EQ(text(row, "version"), "2");
  EXPECT_EQ(text(row, "schemaType"), "AVRO");
  const json::Value described = get("/v1/schemas/" + subject);
  ASSERT_THAT(items(described, "versions"), SizeIs(2));
  EXPECT_EQ(text(items(described, "versions")[0], "version"), "2");
  EXPECT_THAT(text(items(described, "versions")[0], "schema"), HasSubstr("rate"));
  const json::Value diff = get("/v1/schemas/" + subject + "/diff");
  EXPECT_EQ(text(diff, "from"), "1");
  EXPECT_THAT(text(diff, "changes"), HasSubstr("rate"));
  EXPECT_THAT(text(diff, "lines"), HasSubstr(R"({"kind":"added")"));
  EXPECT_EQ(text(get("/v1/schemas/" + subject + "x", 404), "status"), "404");
}

TEST_F(ClusterApiTest, APlanIsWhatInitKafkaWouldDoAndNothingIsDone) {
  const std::string topic = unique_name("api-planned");
  json::Value files = json::Value::object();
  files.add("topics_and_schemas.txt", topic + " 3 1 status.avsc false compact true\n").add("status.avsc", kStatus);
  json::Value body = json::Value::object();
  body.add("files", std::move(files));
  const std::string url = service_->url() + "/v1/plan";
  const json::Value plan = answer(http_send("POST", url, json::to_text(body), "application/json"), 200, "plan");
  EXPECT_EQ(text(plan, "kind"), "plan");
  EXPECT_EQ(text(item(plan, "actions", "action", "create_topic"), "topic"), topic);
  EXPECT_EQ(text(item(plan, "actions", "action", "register_schema"), "subject"), topic + "-value");
  EXPECT_THAT(items(plan, "violations"), IsEmpty());
  get("/v1/topics/" + topic, 404);
  const json::Value mistakes = answer(
      http_send("POST", url, R"({"files":{"a.txt":"t zero 1 t.avsc false compact true\n"}})", "application/json"), 200,
      "mistakes");
  EXPECT_EQ(text(mistakes, "kind"), "validate");
  ASSERT_FALSE(items(mistakes, "mistakes").empty());
  EXPECT_EQ(text(items(mistakes, "mistakes").front(), "line"), "1");
}

}  // namespace
}  // namespace omashu::real
