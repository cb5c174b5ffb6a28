#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/20_delete_topics.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DeleteTopicsTest : public BrokerFixture {
 public:
  Uuid id_of(std::string_view topic) { return {broker().topics().find(topic)->id}; }
  bool is_there(std::string_view topic) { return broker().topics().find(topic) != nullptr; }

  Received<DeleteTopicsResponse> remove(std::vector<DeleteTopicsRequest::Topic> topics) {
    return call(DeleteTopicsRequest{.topics = std::move(topics), .topic_names = {}});
  }
};

TEST_F(DeleteTopicsTest, TopicsGoAtEveryVersionAndTheirRecordsToo) {
  for (int16_t version = DeleteTopicsRequest::kApi.versions.min; version <= DeleteTopicsRequest::kApi.versions.max;
       ++version) {
    create_topic("t");
    append("t", "one");
    const Uuid id = id_of("t");
    ASSERT_TRUE(std::filesystem::exists(options.data_folder + "/t-0"));
    DeleteTopicsRequest request{.topics = {}, .topic_names = {}};
    if (version < 6) {
      request.topic_names = {"t"};
    } else {
      request.topics = {{.name = "t"}};
    }
    const auto removed = call(request, version);
    ASSERT_EQ(removed->responses.size(), 1u) << version;
    EXPECT_EQ(removed->responses[0].name, "t");
    EXPECT_EQ(removed->responses[0].error_code, KafkaError::kNone);
    EXPECT_EQ(removed->responses[0].topic_id, version >= 6 ? id : Uuid());
    EXPECT_FALSE(is_there("t"));
    EXPECT_FALSE(std::filesystem::exists(options.data_folder + "/t-0"));
  }
  restart();
  EXPECT_FALSE(is_there("t"));
}

TEST_F(DeleteTopicsTest, ATopicIsFoundByItsId) {
  create_topic("t");
  const Uuid id = id_of("t");
  const auto removed = remove({{.topic_id = id}});
  EXPECT_EQ(removed->responses.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(removed->responses[0].name, "t");
  EXPECT_EQ(remove({{.topic_id = id}})->responses.at(0).error_code, KafkaError::kUnknownTopicId);
}

TEST_F(DeleteTopicsTest, WhatCannotBeDeletedIsRefusedAndTheOthersGo) {
  create_topic("named.twice");
  create_topic("named.and.identified");
  create_topic("both");
  create_topic("goes");
  create_internal_topic();
  const auto removed = remove({{.name = "named.twice"},
                               {.name = "named.twice"},
                               {.name = "named.and.identified"},
                               {.topic_id = id_of("named.and.identified")},
                               {.name = "both", .topic_id = id_of("both")},
                               {},
                               {.name = "never.there"},
                               {.name = Topic::kConsumerOffsets},
                               {.name = "goes"}});
  std::vector<KafkaError> errors;
  for (const auto& answer : removed->responses) errors.push_back(answer.error_code);
  EXPECT_THAT(errors,
              ElementsAre(KafkaError::kInvalidRequest, KafkaError::kInvalidRequest, KafkaError::kInvalidRequest,
                          KafkaError::kInvalidRequest, KafkaError::kInvalidRequest, KafkaError::kInvalidRequest,
                          KafkaError::kUnknownTopicOrPartition, KafkaError::kInvalidTopicException, KafkaError::kNone));
  EXPECT_EQ(removed->responses[1].error_message, "Duplicate topic name.");
  EXPECT_EQ(removed->responses[4].error_message, "You may not specify both topic name and topic id.");
  EXPECT_EQ(removed->responses[5].error_message, "Neither topic name nor id were specified.");
  EXPECT_THAT(removed->responses[6].error_message.value(), HasSubstr("never.there"));
  EXPECT_EQ(broker().topics().all().size(), 4u);
  EXPECT_FALSE(is_there("goes"));
}

TEST_F(DeleteTopicsTest, WhereTheDiskFailsTheTopicStays) {
  create_topic("t");
  make_topic_file_unwritable();
  const auto removed = remove({{.name = "t"}, {.name = "never.there"}});
  EXPECT_EQ(removed->responses.at(0).error_code, KafkaError::kKafkaStorageError);
  EXPECT_EQ(removed->responses.at(1).error_code, KafkaError::kUnknownTopicOrPartition);
  EXPECT_TRUE(is_there("t"));
}

}  // namespace
}  // namespace omashu::broker
