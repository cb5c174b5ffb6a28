// The operations about the cluster, of a Kafka and a registry in memory. The rest is tested on real ones.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/testing/fake_consumer.h"
#include "provision/testing/fake_servers.h"
#include "service/cluster/cluster_resource.h"
#include "service/testing/operation_client.h"

namespace omashu::service {
namespace {

using ::testing::HasSubstr;

class FakeAccess : public ClusterAccess {
 public:
  provision::FakeAdmin fake_admin;
  bool is_away = false;

  Result<kafka::Admin*> admin() override {
    if (is_away) return away();
    return &fake_admin;
  }
  Result<kafka::GroupAdmin*> groups() override { return away(); }
  Result<std::unique_ptr<kafka::Consumer>> open_consumer() override {
    auto consumer = std::make_unique<inspect::testing::FakeConsumer>("t", 1);
    for (int i = 0; i < 5; ++i) {
      consumer->add(0, i, {.timestamp_ms = i, .key = "k", .value = R"({"n":)" + std::to_string(i) + "}"});
    }
    return consumer;
  }

 private:
  static std::unexpected<Error> away() { return fail(ErrorCode::kUnavailable, "no broker answered"); }
};

class ClusterOperationsTest : public ::testing::Test {
 protected:
  ClusterOperationsTest() { access_->fake_admin.topics["t"] = {}; }
  ~ClusterOperationsTest() override { executor_.stop(); }

  std::string text(const std::string& target, int status = 200) {
    const http::Response response = client_.get(target);
    EXPECT_EQ(response.status, status) << target << ": " << response.body;
    EXPECT_EQ(response.content_type, status == 200 ? "application/json" : "application/problem+json");
    EXPECT_TRUE(json::parse(response.body)) << response.body;
    return response.body;
  }
  std::string post_plan(const std::string& body, int status = 200) {
    const http::Response response = client_.ask({.method = http::Method::kPost,
                                                 .target = "/v1/plan",
                                                 .fields = {{"content-type", "application/json"}},
                                                 .body = body});
    EXPECT_EQ(response.status, status) << response.body;
    return response.body;
  }

  Tables tables_{{}};
  Executor executor_{4};
  provision::FakeRegistry registry_;
  Parts parts_{.tables = tables_, .executor = executor_, .registry = registry_, .kafka = {}, .version = "1.2.3"};
  std::shared_ptr<FakeAccess> access_ = std::make_shared<FakeAccess>();
  testing::OperationClient client_{cluster_operations(parts_, access_)};
};

TEST_F(ClusterOperationsTest, TellsTheBrokersAndTheRegistry) {
  const std::string body = text("/v1/cluster");
  EXPECT_THAT(body, HasSubstr(R"("version":"1.2.3","clusterId":"fake","controller":null)"));
  EXPECT_THAT(body, HasSubstr(R"("id":1,"host":"127.0.0.1","port":9092)"));
  EXPECT_THAT(body, HasSubstr(R"("registry":{"isReachable":true,"compatibility":"BACKWARD","problem":null})"));
}

TEST_F(ClusterOperationsTest, ABrokerThatIsAwayIs503) {
  access_->is_away = true;
  for (const char* target :
       {"/v1/cluster", "/v1/topics", "/v1/topics/t", "/v1/topics/t/records", "/v1/groups", "/v1/groups/g"}) {
    EXPECT_THAT(text(target, 503), HasSubstr("no broker answered"));
  }
}

TEST_F(ClusterOperationsTest, ATopicThatDoesNotExistIsSuggested) {
  access_->fake_admin.topics["status-download"] = {};
  EXPECT_THAT(text("/v1/topics/status-downlod/records", 404), HasSubstr("did you mean status-download?"));
  EXPECT_THAT(text("/v1/topics/no%20name/records", 404), HasSubstr("illegal topic name"));
}

TEST_F(ClusterOperationsTest, RecordsArePagedAndFiltered) {
  EXPECT_THAT(text("/v1/topics/t/records?limit=2"),
              AllOf(HasSubstr(R"("value":{"n":4},"valueForm":"json")"), HasSubstr(R"("older":"t-0-3")"),
                    HasSubstr(R"("newer":"t-0-4")")));
  EXPECT_THAT(text("/v1/topics/t/records?limit=2&from=t-0-3&direction=older"), HasSubstr(R"("older":"t-0-1")"));
  EXPECT_THAT(text("/v1/topics/t/records?from=beginning&limit=1"), HasSubstr(R"("position":"t-0-0")"));
  EXPECT_THAT(text("/v1/topics/t/records?where=n%3E3"), HasSubstr(R"({"records":[{"position":"t-0-4")"));
  EXPECT_THAT(text("/v1/topics/t/records?where=n%3E9&or-where=n%3D0"), HasSubstr(R"({"records":[{"position":"t-0-0")"));
  EXPECT_THAT(text("/v1/topics/t/records?where=n%3E9"), HasSubstr(R"({"records":[],"older":null)"));
}

TEST_F(ClusterOperationsTest, WrongParametersAreNamed) {
  EXPECT_THAT(text("/v1/topics/t/records?from=middle", 400), HasSubstr("from: "));
  EXPECT_THAT(text("/v1/topics/t/records?where=%3D", 400), HasSubstr("where: "));
  EXPECT_THAT(text("/v1/topics/t/records?limit=501", 400), HasSubstr("limit"));
  EXPECT_THAT(text("/v1/topics/t/records?direction=up", 400), HasSubstr("direction"));
  EXPECT_THAT(text("/v1/topics/t/records?partition=7", 400), HasSubstr("no partition 7"));
}

TEST_F(ClusterOperationsTest, SubjectsAreListedDescribedAndCompared) {
  registry_.put("s", R"({"type":"record","name":"S","fields":[{"name":"percent","type":"int"}]})");
  registry_.put("s", R"({"type":"record","name":"S","fields":[{"name":"percent","type":"long"}]})");
  EXPECT_THAT(text("/v1/schemas"),
              AllOf(HasSubstr(R"("compatibility":"BACKWARD","subjects":[{"subject":"s","versions":[1,2],"version":2)"),
                    HasSubstr(R"("schemaType":"AVRO")")));
  const std::string subject = text("/v1/schemas/s");
  EXPECT_THAT(subject, HasSubstr(R"("versions":[{"version":2)"));
  EXPECT_THAT(subject, HasSubstr(R"("referencedBy":null)")) << "this registry does not tell";
  EXPECT_THAT(text("/v1/schemas/s/diff"),
              AllOf(HasSubstr(R"("from":1,"to":2)"), HasSubstr("percent: int → long"), HasSubstr(R"("kind":"added")")));
  EXPECT_THAT(text("/v1/schemas/x", 404), HasSubstr("x"));
  EXPECT_THAT(text("/v1/schemas/s/diff?from=7", 404), HasSubstr("no version 7"));
  text("/v1/schemas/s/diff?from=x", 400);
}

TEST_F(ClusterOperationsTest, APlanIsMadeAndNothingIsWritten) {
  const std::string body = post_plan(
      R"({"files":{"topics_and_schemas.txt":"new 3 1 new.avsc false compact true\n","new.avsc":"\"string\""}})");
  EXPECT_THAT(body, HasSubstr(R"("kind":"plan")"));
  EXPECT_THAT(body, HasSubstr(R"("create_topic")"));
  EXPECT_THAT(body, HasSubstr(R"("register_schema")"));
  EXPECT_EQ(access_->fake_admin.writes, 0);
  EXPECT_EQ(registry_.writes, 0);
}

TEST_F(ClusterOperationsTest, MistakesInThePlannedFilesHaveTheirPlaces) {
  const std::string body =
      post_plan(R"({"files":{"list.txt":"# topics\nnew x 1 new.avsc false compact true\n","new.avsc":"{"}})");
  EXPECT_THAT(body, HasSubstr(R"("kind":"validate")"));
  EXPECT_THAT(body, HasSubstr(R"("file":"list.txt","line":2)"));
  EXPECT_THAT(post_plan(R"({"files":{"a.txt":"","b.txt":""}})"), HasSubstr("which file is the list of topics?"));
  EXPECT_THAT(post_plan("nonsense", 400), HasSubstr("no JSON"));
}

}  // namespace
}  // namespace omashu::service
