// What others have written, held against ours: Java's encoding of every message at every version, and frames that
// passed between real clients and Apache Kafka.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/11_join_group.h"
#include "broker/protocol/apis.h"
#include "broker/protocol/frame.h"
#include "broker/protocol/testing/any_message.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::AnyMessage;

struct Recorded {
  std::string name;
  int16_t version = 0;
  std::string bytes;

  std::string title() const { return name + " v" + std::to_string(version); }
};

std::vector<Recorded> read_recorded(const std::string& file_name) {
  std::ifstream file(OMASHU_PROTOCOL_TESTDATA "/" + file_name);
  std::vector<Recorded> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Recorded recorded;
    std::string hex;
    std::istringstream(line) >> recorded.name >> recorded.version >> hex;
    recorded.bytes = testing::from_hex(hex);
    all.push_back(recorded);
  }
  EXPECT_FALSE(all.empty()) << file_name;
  return all;
}

// Bodies.
std::vector<Recorded> java_messages() { return read_recorded("java_messages.txt"); }

// Headers and bodies.
std::vector<Recorded> captured_frames() { return read_recorded("captured_frames.txt"); }

const AnyMessage& message_of(const Recorded& recorded) {
  const auto all = testing::all_messages();
  const auto found = std::ranges::find(all, recorded.name, &AnyMessage::name);
  if (found == all.end()) throw std::runtime_error(recorded.name);
  return *found;
}

TEST(JavaMessagesTest, ThereIsOneOfEachMessageAtEachVersion) {
  std::set<std::string> there;
  for (const Recorded& java : java_messages()) there.insert(java.title());
  for (const AnyMessage& message : testing::all_messages()) {
    for (int16_t version = message.api.versions.min; version <= message.api.versions.max; ++version) {
      const Recorded wanted{message.name(), version, ""};
      EXPECT_TRUE(there.contains(wanted.title())) << wanted.title();
    }
  }
  EXPECT_EQ(testing::all_messages().size(), 2 * all_apis().size());
}

TEST(JavaMessagesTest, AreReadAndWrittenAgain) {
  for (const Recorded& java : java_messages()) {
    const auto again = message_of(java).recode(java.bytes, java.version);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(*again, java.bytes) << java.title();
  }
}

TEST(JavaMessagesTest, NeitherAPrefixNorMoreIsTaken) {
  for (const Recorded& java : java_messages()) {
    const AnyMessage& message = message_of(java);
    for (size_t size = 0; size < java.bytes.size(); ++size) {
      EXPECT_FALSE(message.recode(java.bytes.substr(0, size), java.version).has_value()) << java.title() << " " << size;
    }
    EXPECT_FALSE(message.recode(java.bytes + '\0', java.version).has_value()) << java.title();
  }
}

TEST(CapturedFramesTest, RequestsAreReadAndWrittenAgain) {
  for (const Recorded& captured : captured_frames()) {
    const AnyMessage& message = message_of(captured);
    if (!message.is_request) continue;
    const auto request = parse_request(captured.bytes);
    ASSERT_TRUE(request.has_value()) << request.error().message;
    EXPECT_EQ(request->header.api_key, message.api.key);
    EXPECT_EQ(request->header.api_version, captured.version);
    EXPECT_TRUE(request->header.client_id.has_value()) << captured.title();
    if (!message.api.versions.contains(captured.version)) continue;  // the first words of Java's clients

    EncodedFrame header;
    begin_request(header, message.api, request->header);
    const auto body = message.recode(request->body, captured.version);
    ASSERT_TRUE(body.has_value()) << body.error().message;
    EXPECT_EQ(header.bytes.substr(4) + *body, captured.bytes) << captured.title();
  }
}

TEST(CapturedFramesTest, ResponsesAreReadAndWrittenAgain) {
  for (const Recorded& captured : captured_frames()) {
    const AnyMessage& message = message_of(captured);
    if (message.is_request) continue;
    const auto response = parse_response(captured.bytes, message.api, captured.version);
    ASSERT_TRUE(response.has_value()) << response.error().message;

    EncodedFrame header;
    begin_response(header, message.api, captured.version, response->correlation_id);
    const auto body = message.recode(response->body, captured.version);
    ASSERT_TRUE(body.has_value()) << body.error().message;
    EXPECT_EQ(header.bytes.substr(4) + *body, captured.bytes) << captured.title();
  }
}

std::string captured_frame(const std::string& name, int16_t version) {
  for (const Recorded& captured : captured_frames()) {
    if (captured.name == name && captured.version == version) return captured.bytes;
  }
  throw std::runtime_error(name);
}

template <class Request>
Request decode_request(std::string_view frame, int16_t version) {
  const auto message = decode<Request>(parse_request(frame)->body, version);
  return message.value();
}

TEST(CapturedFramesTest, WhatKcatProduces) {
  const std::string frame = captured_frame("ProduceRequest", 7);
  const auto request = decode_request<ProduceRequest>(frame, 7);
  EXPECT_EQ(request.transactional_id, std::nullopt);
  EXPECT_EQ(request.acks, -1);
  EXPECT_EQ(request.timeout_ms, 30'000);
  ASSERT_EQ(request.topics.size(), 1u);
  EXPECT_EQ(request.topics[0].name, "t1");
  ASSERT_EQ(request.topics[0].partitions.size(), 1u);
  EXPECT_EQ(request.topics[0].partitions[0].index, PartitionId{1});
  EXPECT_EQ(request.topics[0].partitions[0].records->data.size(), 0x4Fu);
}

TEST(CapturedFramesTest, WhatTheConsoleConsumerJoinsWith) {
  const std::string frame = captured_frame("JoinGroupRequest", 9);
  const auto request = decode_request<JoinGroupRequest>(frame, 9);
  EXPECT_EQ(request.group_id, "g2");
  EXPECT_EQ(request.session_timeout_ms, 45'000);
  EXPECT_EQ(request.rebalance_timeout_ms, 300'000);
  EXPECT_TRUE(request.member_id.starts_with("console-consumer-"));
  EXPECT_EQ(request.group_instance_id, std::nullopt);
  EXPECT_EQ(request.protocol_type, "consumer");
  ASSERT_EQ(request.protocols.size(), 2u);
  EXPECT_EQ(request.protocols[0].name, "range");
  EXPECT_EQ(request.protocols[1].name, "cooperative-sticky");
  EXPECT_TRUE(request.reason->starts_with("need to re-join"));
}

TEST(CapturedFramesTest, WhatKafkaAnswersAFetch) {
  const std::string frame = captured_frame("FetchResponse", 11);
  const auto response = decode<FetchResponse>(parse_response(frame, FetchResponse::kApi, 11)->body, 11);
  ASSERT_TRUE(response.has_value()) << response.error().message;
  const auto& partitions = response->topics.at(0).partitions;
  ASSERT_EQ(partitions.size(), 2u);
  EXPECT_EQ(partitions[0].high_watermark, Offset{1});
  EXPECT_EQ(partitions[0].last_stable_offset, Offset{1});
  EXPECT_EQ(partitions[0].log_start_offset, Offset{0});
  EXPECT_EQ(partitions[0].preferred_read_replica, -1);
  EXPECT_EQ(partitions[0].records.size_bytes, 0x45u);
  EXPECT_EQ(partitions[1].high_watermark, Offset{2});
  EXPECT_EQ(partitions[1].records.size_bytes, 0x4Fu);
}

}  // namespace
}  // namespace omashu::broker
