#include "sink/dynamodb/dynamodb_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "http_client/testing/scripted_server.h"
#include "sink/dynamodb/testing/made_records.h"

namespace omashu::sink::dynamodb {
namespace {

using namespace std::chrono_literals;
using http_client::testing::ScriptedReply;
using http_client::testing::ScriptedRequest;
using http_client::testing::ScriptedServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MadeRecords;

constexpr const char* kKeySchema = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kTable =
    R"({"Table":{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
    R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}})";

bool is_operation(const ScriptedRequest& request, const std::string& name) {
  return request.head.find("DynamoDB_20120810." + name + "\r\n") != std::string::npos;
}

AwsEnvironment nothing_set() {
  return {[](const char*) { return std::optional<std::string>(); },
          [](const std::string& path) -> Result<std::string> { return fail(ErrorCode::kNotFound, path); },
          [](const std::string&, const std::string&) -> Result<std::string> { return fail(ErrorCode::kIo, ""); }};
}

class SetAside : public Rejections {
 public:
  WriteResult set_aside(std::span<const Rejected> rejected) override {
    for (const Rejected& record : rejected) {
      indexes.push_back(record.index);
      reasons.push_back(record.reason.message);
    }
    return {};
  }
  std::vector<size_t> indexes;
  std::vector<std::string> reasons;
};

std::unique_ptr<Sink> open(const std::string& url, bool create = false) {
  DynamodbOptions options;
  options.api = {.endpoint = url, .region = "r", .table = "t", .first_backoff = 1ms, .longest_backoff = 2ms};
  options.hash = parse_key_source("key").value();
  options.create = create;
  return open_dynamodb_sink(options, nothing_set(),
                            [](const std::set<std::string>& topics) -> Result<TopicIds> {
                              TopicIds ids;
                              for (const std::string& topic : topics) ids[topic] = "id-of-" + topic;
                              return ids;
                            })
      .value();
}

const std::vector<kafka::TopicPartition> kPartitions = {{"topic", kafka::PartitionId{0}}};

TEST(DynamodbSink, WritesWhatItCanAndSetsAsideTheRest) {
  ScriptedServer server([](const ScriptedRequest& request) -> ScriptedReply {
    if (is_operation(request, "DescribeTable")) return {.body = kTable};
    const bool is_bad = request.body.find("\"bad\"") != std::string::npos;
    if (is_bad) return {.status = 400, .body = R"({"__type":"x#ValidationException","message":"I do not like it"})"};
    return {.body = "{}"};
  });
  const auto sink = open(server.url());
  ASSERT_TRUE(sink->begin(kPartitions, {}).has_value());
  MadeRecords records("topic", kKeySchema, R"("double")");
  records.add(0, 0, R"({"id":"good"})", "1.5");
  records.add(0, 1, R"({"id":"bad"})", "1.5");
  records.add(0, 2, R"({"id":"huge"})", "1e300");
  records.add(0, 3, R"({"id":"gone"})", std::nullopt);
  SetAside aside;
  EXPECT_TRUE(sink->write({records.records(), {}}, aside, {}).has_value());
  EXPECT_THAT(aside.indexes, ElementsAre(1, 2));
  EXPECT_THAT(aside.reasons, ElementsAre(HasSubstr("I do not like it"), HasSubstr("1e+300")));
  size_t puts = 0;
  for (const ScriptedRequest& request : server.requests()) puts += is_operation(request, "PutItem") ? 1 : 0;
  EXPECT_EQ(puts, 3u);
  EXPECT_THAT(server.requests().back().body, HasSubstr("id-of-topic"));
}

TEST(DynamodbSink, ATableThatIsMissingStopsItUnlessItMayMakeOne) {
  bool is_there = false;
  ScriptedServer server([&](const ScriptedRequest& request) -> ScriptedReply {
    if (is_operation(request, "CreateTable")) is_there = true;
    if (is_operation(request, "UpdateTimeToLive")) {
      return {.status = 400, .body = R"({"__type":"x#UnknownOperationException"})"};
    }
    if (is_there) return {.body = kTable};
    return {.status = 400, .body = R"({"__type":"x#ResourceNotFoundException","message":"no such table"})"};
  });
  const auto refused = open(server.url())->begin(kPartitions, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
  EXPECT_THAT(refused.error().error.message, HasSubstr("--create"));
  EXPECT_TRUE(open(server.url(), true)->begin(kPartitions, {}).has_value());
}

TEST(DynamodbSink, AServiceThatIsAwayIsTriedAgain) {
  const auto result = open(http_client::testing::unused_url())->begin(kPartitions, {});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, WriteFailure::Kind::kTryAgain);
}

}  // namespace
}  // namespace omashu::sink::dynamodb
