#include "broker/handler/broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/10_find_coordinator.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/22_init_producer_id.h"
#include "broker/protocol/apis.h"

namespace omashu::broker {
namespace {

TEST_F(BrokerFixture, ASecondBrokerOnTheSameFolderIsRefused) {
  broker();
  const auto second = Broker::open(options, real_file_system(), system_clock());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(BrokerFixture, TellsTheVersionsThatItHandles) {
  for (int16_t version = 0; version <= 3; ++version) {
    const auto told = call(ApiVersionsRequest{}, version);
    EXPECT_EQ(told->error_code, KafkaError::kNone);
    EXPECT_EQ(told->api_keys.size(), all_apis().size());
  }
}

TEST_F(BrokerFixture, ANewerApiVersionsIsAnsweredInVersionNone) {
  std::string frame("\x00\x12\x00\x09\x00\x00\x00\x05\xff\xff", 10);
  std::string answered;
  const Peer peer;
  ASSERT_TRUE(dispatch(broker(), peer, frame, [&](std::optional<Answer> answer) { answered = answer->frame.bytes; }));
  const auto response = parse_response(std::string_view(answered).substr(4), ApiVersionsRequest::kApi, 0);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->correlation_id, 5);
  EXPECT_EQ(decode<ApiVersionsResponse>(response->body, 0)->error_code, KafkaError::kUnsupportedVersion);
}

TEST_F(BrokerFixture, FramesThatCannotBeAreErrors) {
  const auto handle = [&](std::string frame) {
    return dispatch(broker(), Peer(), frame, [](std::optional<Answer>) { ADD_FAILURE() << "answered"; });
  };
  EXPECT_FALSE(handle(""));
  EXPECT_FALSE(handle(std::string("\x03\xe8\x00\x00\x00\x00\x00\x05\xff\xff", 10))) << "no such API";
  EXPECT_FALSE(handle(std::string("\x00\x03\x00\x63\x00\x00\x00\x05\xff\xff", 10))) << "no such version";
  EXPECT_FALSE(handle(std::string("\x00\x03\x00\x01\x00\x00\x00\x05\xff\xff\x7f\xff\xff\xff", 14))) << "no such length";
}

TEST_F(BrokerFixture, WhatAClientSendsAfterItsMessageIsIgnored) {
  create_topic("t");
  // librdkafka 2.8.0 asks for all topics, its list of them being four bytes in place of one.
  std::string frame("\x00\x03\x00\x0c\x00\x00\x00\x03\x00\x07rdkafka\x00\x00\x00\x00\x00\x01\x00\x00", 25);
  std::string answered;
  ASSERT_TRUE(dispatch(broker(), Peer(), frame, [&](std::optional<Answer> answer) { answered = answer->frame.bytes; }));
  const auto response = parse_response(std::string_view(answered).substr(4), MetadataRequest::kApi, 12);
  ASSERT_TRUE(response);
  const auto metadata = decode<MetadataResponse>(response->body, 12);
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->topics.size(), 1u);
}

TEST_F(BrokerFixture, ProducerIdsAreNeverGivenTwice) {
  std::set<ProducerId> ids;
  const auto take = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const auto given = call(InitProducerIdRequest{});
      EXPECT_EQ(given->error_code, KafkaError::kNone);
      EXPECT_EQ(given->producer_epoch, 0);
      EXPECT_TRUE(ids.insert(given->producer_id).second);
    }
  };
  take(1001);
  crash();
  take(3);
}

TEST_F(BrokerFixture, ADamagedFileOfProducerIdsKeepsNoProducerOutAndIsReported) {
  std::vector<std::string> reports;
  options.report = [&](const std::string& report) { reports.push_back(report); };
  broker();
  ASSERT_TRUE(real_file_system().replace_file(options.data_folder + "/producer_ids", "x\n"));
  EXPECT_EQ(call(InitProducerIdRequest{})->error_code, KafkaError::kNone);
  EXPECT_THAT(reports, testing::ElementsAre(testing::HasSubstr("/producer_ids is damaged")));
}

TEST_F(BrokerFixture, EveryGroupIsLookedAfterHere) {
  const auto one = call(FindCoordinatorRequest{.key = "g", .coordinator_keys = {}}, 3);
  EXPECT_EQ(one->error_code, KafkaError::kNone);
  EXPECT_EQ(one->host, "broker.example");
  const auto many = call(FindCoordinatorRequest{.coordinator_keys = {"a", "b"}}, 4);
  ASSERT_EQ(many->coordinators.size(), 2u);
  EXPECT_EQ(many->coordinators[1].key, "b");
  EXPECT_EQ(many->coordinators[1].node_id, 1);
}

// The real clients are in tests/real/clients.
TEST_F(BrokerFixture, ATransactionalProducerIsRefusedWithAnErrorThatIsFatalToIt) {
  for (int16_t version = 1; version <= FindCoordinatorRequest::kApi.versions.max; ++version) {
    const auto found = call(
        FindCoordinatorRequest{.key = "t", .key_type = FindCoordinatorRequest::kTransaction, .coordinator_keys = {"t"}},
        version);
    const KafkaError error = version >= 4 ? found->coordinators.at(0).error_code : found->error_code;
    EXPECT_EQ(error, KafkaError::kTransactionalIdAuthorizationFailed) << version;
    const auto message = version >= 4 ? found->coordinators[0].error_message : found->error_message;
    EXPECT_THAT(message.value_or(""), testing::HasSubstr("no transactions")) << version;
  }
  for (int16_t version = 0; version <= InitProducerIdRequest::kApi.versions.max; ++version) {
    const auto given = call(InitProducerIdRequest{.transactional_id = "t"}, version);
    EXPECT_EQ(given->error_code, KafkaError::kTransactionalIdAuthorizationFailed) << version;
    EXPECT_EQ(given->producer_id, kNoProducerId) << version;
  }
}

}  // namespace
}  // namespace omashu::broker
