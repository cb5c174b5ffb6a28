#include "broker/protocol/frame.h"

#include <gtest/gtest.h>

#include "broker/protocol/01_fetch.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::from_hex;

TEST(FrameTest, ARequestHeaderBeforeFlexibleVersions) {
  const std::string frame = from_hex("0003 0001 0000002a 0003 72646b  ffffffff");
  const auto request = parse_request(frame);
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->header.api_key, ApiKey::kMetadata);
  EXPECT_EQ(request->header.api_version, 1);
  EXPECT_EQ(request->header.correlation_id, 42);
  EXPECT_EQ(request->header.client_id, "rdk");
  EXPECT_EQ(request->body, from_hex("ffffffff"));
}

TEST(FrameTest, ARequestHeaderOfFlexibleVersionsHasTaggedFields) {
  const std::string frame = from_hex("0003 000c 0000002a ffff  01 05 02 6161  00 00 00 00");
  const auto request = parse_request(frame);
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->header.client_id, std::nullopt);
  EXPECT_EQ(request->body, from_hex("00000000"));
}

TEST(FrameTest, EveryPrefixOfAHeaderIsRefused) {
  const std::string frame = from_hex("0003 000c 0000002a 0001 63 01 05 02 6161");
  ASSERT_TRUE(parse_request(frame).has_value());
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(parse_request(std::string_view(frame).substr(0, size)).has_value()) << size;
  }
}

TEST(FrameTest, WhatIsNotSpokenIsRefused) {
  const auto unknown_api = parse_request(from_hex("03e8 0000 00000001 ffff"));
  ASSERT_FALSE(unknown_api.has_value());
  EXPECT_EQ(unknown_api.error().message, "a request of API 1000, which is not known here");

  const auto too_new = parse_request(from_hex("0003 0063 00000001 ffff"));
  ASSERT_FALSE(too_new.has_value());
  EXPECT_EQ(too_new.error().message, "a Metadata request of version 99: there are 0 to 12");

  EXPECT_FALSE(parse_request(from_hex("0001 0003 00000001 ffff")).has_value()) << "Fetch begins with 4";
  EXPECT_FALSE(parse_request(from_hex("0003 ffff 00000001 ffff")).has_value()) << "a negative version";
}

TEST(FrameTest, ApiVersionsThatAreTooNewComeThroughWithoutABody) {
  const std::string frame = from_hex("0012 0009 00000007 0001 63 00 02 61");
  const auto request = parse_request(frame);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->header.api_version, 9);
  EXPECT_EQ(request->header.correlation_id, 7);
  EXPECT_EQ(request->body, "");
}

TEST(FrameTest, ResponseHeaders) {
  EXPECT_EQ(encode_response(MetadataResponse{}, 8, 0x0102).bytes.substr(0, 12), from_hex("0000001a 00000102 00000000"));
  EXPECT_EQ(encode_response(MetadataResponse{}, 9, 0x0102).bytes,
            from_hex("00000015 00000102 00 00000000 01 00 ffffffff 01 80000000 00"));
  EXPECT_EQ(encode_response(ApiVersionsResponse{}, 3, 0x0102).bytes, from_hex("0000000c 00000102 0000 01 00000000 00"))
      << "no tagged fields in the header of ApiVersions";
}

TEST(FrameTest, ResponsesComeBack) {
  for (const int16_t version : {int16_t{8}, int16_t{9}}) {
    const std::string frame = encode_response(MetadataResponse{.controller_id = 3}, version, 11).bytes.substr(4);
    const auto parsed = parse_response(frame, MetadataResponse::kApi, version);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->correlation_id, 11);
    const auto response = decode<MetadataResponse>(parsed->body, version);
    ASSERT_TRUE(response.has_value()) << response.error().message;
    EXPECT_EQ(response->controller_id, 3);
    EXPECT_FALSE(parse_response(frame.substr(0, 3), MetadataResponse::kApi, version).has_value());
  }
}

TEST(FrameTest, RequestsComeBack) {
  const std::string frame = encode_request(MetadataRequest{.topics = {{{.name = "orders"}}}}, 12, 5, "me");
  EXPECT_EQ(frame.substr(0, 4), from_hex("00000029"));
  const auto request = parse_request(std::string_view(frame).substr(4));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->header.client_id, "me");
  const auto message = decode<MetadataRequest>(request->body, 12);
  ASSERT_TRUE(message.has_value()) << message.error().message;
  EXPECT_EQ(message->topics->at(0).name, "orders");
}

FetchResponse fetch_of_two() {
  FetchResponse response;
  response.topics.push_back({.topic = "t"});
  auto& partitions = response.topics.back().partitions;
  partitions.push_back({.partition_index = PartitionId{0}, .records = {.size_bytes = 5}});
  partitions.push_back({.partition_index = PartitionId{1}, .records = {.size_bytes = 0}});
  partitions.push_back({.partition_index = PartitionId{2}, .records = {.size_bytes = 300}});
  return response;
}

TEST(FrameTest, RecordsLeaveGapsThatTheSizeCounts) {
  for (const int16_t version : {int16_t{4}, int16_t{11}, int16_t{12}}) {
    EncodedFrame out = encode_response(fetch_of_two(), version, 1);
    ASSERT_EQ(out.gaps.size(), 2u) << "none for a partition without records";
    EXPECT_EQ(out.gaps[0].size_bytes, 5u);
    EXPECT_EQ(out.gaps[1].size_bytes, 300u);
    EXPECT_EQ(out.size_bytes(), out.bytes.size() + 305);

    std::string frame = out.bytes;
    frame.insert(out.gaps[1].position, std::string(300, 'b'));
    frame.insert(out.gaps[0].position, std::string(5, 'a'));
    std::string size = from_hex("00000000");
    size[2] = static_cast<char>((frame.size() - 4) >> 8);
    size[3] = static_cast<char>(frame.size() - 4);
    EXPECT_EQ(frame.substr(0, 4), size);

    const auto parsed = parse_response(std::string_view(frame).substr(4), FetchResponse::kApi, version);
    const auto response = decode<FetchResponse>(parsed->body, version);
    ASSERT_TRUE(response.has_value()) << response.error().message;
    const auto& partitions = response->topics.at(0).partitions;
    EXPECT_EQ(partitions.at(0).records.data, "aaaaa");
    EXPECT_EQ(partitions.at(1).records.data, "");
    EXPECT_EQ(partitions.at(2).records.data, std::string(300, 'b'));
  }
}

}  // namespace
}  // namespace omashu::broker
