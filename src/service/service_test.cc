#include "service/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/testing/socket_client.h"
#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::service {
namespace {

using http::testing::body_of;
using http::testing::SocketClient;
using http::testing::status_of;
using ::testing::HasSubstr;

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto bound = Service::bind({});
    ASSERT_TRUE(bound) << bound.error().message;
    service_ = *std::move(bound);
    const auto serving = service_->serve({.tables = {}, .registry = registry_, .kafka = {}});
    ASSERT_TRUE(serving) << serving.error().message;
  }

  std::string get(const std::string& target) {
    SocketClient client(service_->url().substr(7));
    return client.ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  schema_registry::testing::MemoryRegistry registry_;
  std::unique_ptr<Service> service_;
};

TEST_F(ServiceTest, SaysThatItLivesAndIsReady) {
  EXPECT_EQ(status_of(get("/healthz")), 200);
  EXPECT_EQ(status_of(get("/readyz")), 200);
}

TEST_F(ServiceTest, WhatTheServerItselfRefusesIsAProblemToo) {
  const std::string response = get("/nowhere");
  EXPECT_EQ(status_of(response), 404);
  EXPECT_THAT(response, HasSubstr("application/problem+json"));
  EXPECT_THAT(body_of(response), HasSubstr("/problems/not-found"));
}

TEST_F(ServiceTest, TellsMetrics) {
  get("/healthz");
  const std::string metrics = get("/metrics");
  EXPECT_EQ(status_of(metrics), 200);
  EXPECT_THAT(metrics, HasSubstr(R"(omashu_http_requests_total{route="/healthz",method="GET",status="200"} 1)"));
  EXPECT_THAT(metrics, HasSubstr("process_resident_memory_bytes"));
  EXPECT_THAT(metrics, HasSubstr("omashu_http_lists 0"));
  EXPECT_THAT(metrics, HasSubstr("omashu_http_watchers 0"));
}

TEST_F(ServiceTest, DescribesItself) {
  const std::string response = get("/openapi.json");
  EXPECT_EQ(status_of(response), 200);
  const auto document = json::parse(body_of(response));
  ASSERT_TRUE(document) << response;
  EXPECT_NE(document->find("paths")->find("/openapi.json"), nullptr);
}

TEST_F(ServiceTest, EveryProblemIsExplained) {
  EXPECT_THAT(get("/problems/row-deleted"), HasSubstr(R"("status":410)"));
  EXPECT_EQ(status_of(get("/problems/none")), 404);
}

TEST(Service, ATakenPortIsTold) {
  const auto first = Service::bind({});
  ASSERT_TRUE(first);
  ServiceOptions options;
  options.http.address = (*first)->url().substr(7);
  const auto second = Service::bind(std::move(options));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
}

}  // namespace
}  // namespace omashu::service
