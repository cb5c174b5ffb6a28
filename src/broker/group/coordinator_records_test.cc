#include "broker/group/coordinator_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/protocol/testing/hex.h"

namespace omashu::broker {
namespace {

using testing::from_hex;
using ::testing::HasSubstr;

constexpr int64_t kTime = 1'700'000'000'000;

// What Kafka 4.3.1 writes, by version: offset 258 of leader epoch 3, "note", committed at kTime, expiring 600 s later.
const std::vector<std::string> kJavaOffsets = {
    "0000 0000000000000102 0004 6e6f7465 0000018bcfe56800",
    "0001 0000000000000102 0004 6e6f7465 0000018bcfe56800 0000018bcfee8fc0",
    "0002 0000000000000102 0004 6e6f7465 0000018bcfe56800",
    "0003 0000000000000102 00000003 0004 6e6f7465 0000018bcfe56800",
    "0004 0000000000000102 00000003 05 6e6f7465 0000018bcfe56800 00",
};

// Generation 5 of protocol "range" with leader a-1 of instance a, whose metadata is 00 01 and whose assignment is
// 00 02 03, and b-2, which has neither.
const std::vector<std::string> kJavaGroups = {
    "00000008636f6e73756d657200000005000572616e67650003612d31000000020003612d3100026361000a2f3132372e302e302e310000afc8"
    "000000020001000000030002030003622d3200026362000a2f3132372e302e302e31000027100000000000000000",
    "00010008636f6e73756d657200000005000572616e67650003612d31000000020003612d3100026361000a2f3132372e302e302e31000493e0"
    "0000afc8000000020001000000030002030003622d3200026362000a2f3132372e302e302e310000ea60000027100000000000000000",
    "00020008636f6e73756d657200000005000572616e67650003612d310000018bcfe56800000000020003612d3100026361000a2f3132372e30"
    "2e302e31000493e00000afc8000000020001000000030002030003622d3200026362000a2f3132372e302e302e310000ea60000027100000"
    "000000000000",
    "00030008636f6e73756d657200000005000572616e67650003612d310000018bcfe56800000000020003612d3100016100026361000a2f3132"
    "372e302e302e31000493e00000afc8000000020001000000030002030003622d32ffff00026362000a2f3132372e302e302e310000ea6000"
    "0027100000000000000000",
    "000409636f6e73756d6572000000050672616e676504612d310000018bcfe568000304612d3102610363610b2f3132372e302e302e31000493"
    "e00000afc8030001040002030004622d32000363620b2f3132372e302e302e310000ea600000271001010000",
};

GroupMetadataValue group_of_two() {
  return {.protocol_type = "consumer",
          .generation = 5,
          .protocol = "range",
          .leader = "a-1",
          .current_state_timestamp_ms = kTime,
          .members = {{.member_id = "a-1",
                       .group_instance_id = "a",
                       .client_id = "ca",
                       .client_host = "/127.0.0.1",
                       .rebalance_timeout_ms = 300'000,
                       .session_timeout_ms = 45'000,
                       .subscription = {std::string_view("\x00\x01", 2)},
                       .assignment = {std::string_view("\x00\x02\x03", 3)}},
                      {.member_id = "b-2",
                       .client_id = "cb",
                       .client_host = "/127.0.0.1",
                       .rebalance_timeout_ms = 60'000,
                       .session_timeout_ms = 10'000}}};
}

TEST(CoordinatorRecords, KeysSayWhatTheRecordIsAbout) {
  for (const char* hex : {"0000 0002 6731 0004 6a6f6273 00000007", "0001 0002 6731 0004 6a6f6273 00000007"}) {
    const std::string bytes = from_hex(hex);
    const CoordinatorKey key = parse_coordinator_key(bytes).value();
    const auto& offset = std::get<OffsetCommitKey>(key);
    EXPECT_EQ(offset.group, "g1");
    EXPECT_EQ(offset.topic, "jobs");
    EXPECT_EQ(offset.partition, PartitionId{7});
  }
  const std::string group = from_hex("0002 0002 6731");
  EXPECT_EQ(std::get<GroupMetadataKey>(parse_coordinator_key(group).value()).group, "g1");
  const std::string consumer_group = from_hex("0003 0002 6731");  // of KIP-848
  EXPECT_EQ(std::get<UnknownKey>(parse_coordinator_key(consumer_group).value()).version, 3);
}

TEST(CoordinatorRecords, AKeyFillsItsBytes) {
  for (const char* hex : {"0001 0002 6731 0004 6a6f6273 00000007", "0002 0002 6731"}) {
    const std::string bytes = from_hex(hex);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(parse_coordinator_key(std::string_view(bytes).substr(0, size)).has_value()) << hex << " " << size;
    }
    EXPECT_FALSE(parse_coordinator_key(bytes + '\0').has_value()) << hex;
  }
}

TEST(CoordinatorRecords, OffsetsAreReadAndWrittenAsJavaDoesAtEveryVersion) {
  for (int16_t version = 0; version <= 4; ++version) {
    const std::string java = from_hex(kJavaOffsets[version]);
    const OffsetCommitValue value = parse_offset_commit_value(java).value();
    EXPECT_EQ(value.offset, Offset{258}) << version;
    EXPECT_EQ(value.leader_epoch, version >= 3 ? 3 : -1) << version;
    EXPECT_EQ(value.metadata, "note") << version;
    EXPECT_EQ(value.commit_timestamp_ms, kTime) << version;
    EXPECT_EQ(value.expire_timestamp_ms, version == 1 ? kTime + 600'000 : -1) << version;
    EXPECT_EQ(encode_value(value, version), java) << version;
  }
}

TEST(CoordinatorRecords, TaggedFieldsOfLaterBrokersArePassedOver) {
  const std::string with_topic_id =
      from_hex("0004 0000000000000102 00000003 05 6e6f7465 0000018bcfe56800 01 00 10 00000000000000010000000000000002");
  EXPECT_EQ(parse_offset_commit_value(with_topic_id).value().offset, Offset{258});
}

TEST(CoordinatorRecords, GroupsAreReadAndWrittenAsJavaDoesAtEveryVersion) {
  const GroupMetadataValue expected = group_of_two();
  for (int16_t version = 0; version <= 4; ++version) {
    const std::string java = from_hex(kJavaGroups[version]);
    EXPECT_EQ(encode_value(expected, version), java) << version;
    const GroupMetadataValue value = parse_group_metadata_value(java).value();
    EXPECT_EQ(value.protocol_type, "consumer");
    EXPECT_EQ(value.generation, 5);
    EXPECT_EQ(value.protocol, "range");
    EXPECT_EQ(value.leader, "a-1");
    EXPECT_EQ(value.current_state_timestamp_ms, version >= 2 ? kTime : -1) << version;
    ASSERT_EQ(value.members.size(), 2u);
    const GroupMetadataValue::Member& a = value.members[0];
    EXPECT_EQ(a.member_id, "a-1");
    EXPECT_EQ(a.group_instance_id.has_value(), version >= 3) << version;
    EXPECT_EQ(a.client_id, "ca");
    EXPECT_EQ(a.client_host, "/127.0.0.1");
    EXPECT_EQ(a.rebalance_timeout_ms, version >= 1 ? 300'000 : -1) << version;
    EXPECT_EQ(a.session_timeout_ms, 45'000);
    EXPECT_EQ(a.subscription.data, expected.members[0].subscription.data);
    EXPECT_EQ(a.assignment.data, expected.members[0].assignment.data);
    EXPECT_EQ(value.members[1].group_instance_id, std::nullopt);
    EXPECT_EQ(value.members[1].assignment.data, "");
  }
}

TEST(CoordinatorRecords, AnEmptyGroupHasNoProtocol) {
  for (const char* hex :
       {"0003 0000 00000000 ffff ffff 0000018bcfe56800 00000000", "0004 01 00000000 00 00 0000018bcfe56800 01 00"}) {
    const std::string java = from_hex(hex);
    const GroupMetadataValue value = parse_group_metadata_value(java).value();
    EXPECT_EQ(value.protocol, std::nullopt);
    EXPECT_EQ(value.leader, std::nullopt);
    EXPECT_TRUE(value.members.empty());
  }
}

TEST(CoordinatorRecords, AValueFillsItsBytes) {
  for (const auto& [values, is_group] : {std::pair(&kJavaOffsets, false), std::pair(&kJavaGroups, true)}) {
    const auto is_read = [&](std::string_view bytes) {
      return is_group ? parse_group_metadata_value(bytes).has_value() : parse_offset_commit_value(bytes).has_value();
    };
    for (const std::string& hex : *values) {
      const std::string bytes = from_hex(hex);
      for (size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(is_read(std::string_view(bytes).substr(0, size))) << hex << " " << size;
      }
      EXPECT_FALSE(is_read(bytes + '\0')) << hex;
    }
  }
}

TEST(CoordinatorRecords, UnknownVersionsAreNamed) {
  EXPECT_THAT(parse_offset_commit_value(from_hex("0005 00")).error().message, HasSubstr("version 5"));
  EXPECT_THAT(parse_group_metadata_value(from_hex("ffff 00")).error().message, HasSubstr("version -1"));
}

TEST(CoordinatorRecords, AGroupThatCannotBeIsRefused) {
  const auto error_of = [](const GroupMetadataValue& value) {
    const std::string bytes = encode_value(value, 3);
    const auto parsed = parse_group_metadata_value(bytes);
    return parsed ? std::string() : parsed.error().message;
  };
  EXPECT_EQ(error_of(group_of_two()), "");
  GroupMetadataValue value = group_of_two();
  value.generation = -1;
  EXPECT_THAT(error_of(value), HasSubstr("generation"));
  value = group_of_two();
  value.protocol.reset();
  EXPECT_THAT(error_of(value), HasSubstr("no protocol"));
  value = group_of_two();
  value.protocol_type = "";
  EXPECT_THAT(error_of(value), HasSubstr("no protocol"));
  value = group_of_two();
  value.members[1].member_id = "a-1";
  EXPECT_THAT(error_of(value), HasSubstr("a member is there twice"));
  value = group_of_two();
  value.members[1].member_id = "";
  EXPECT_THAT(error_of(value), HasSubstr("no id"));
  value = group_of_two();
  value.members[1].group_instance_id = "a";
  EXPECT_THAT(error_of(value), HasSubstr("an instance is there twice"));
}

TEST(CoordinatorRecords, RecordsAreWrittenInTodaysVersions) {
  const OffsetCommitKey key{"g1", "jobs", PartitionId{7}};
  const CoordinatorRecord plain = offset_commit_record(
      key, {.offset = Offset{258}, .leader_epoch = 3, .metadata = "note", .commit_timestamp_ms = kTime});
  EXPECT_EQ(plain.key, from_hex("0001 0002 6731 0004 6a6f6273 00000007"));
  EXPECT_EQ(plain.value, from_hex(kJavaOffsets[3]));
  const CoordinatorRecord with_expiry = offset_commit_record(key, {.offset = Offset{258},
                                                                   .leader_epoch = 3,
                                                                   .metadata = "note",
                                                                   .commit_timestamp_ms = kTime,
                                                                   .expire_timestamp_ms = kTime + 600'000});
  EXPECT_EQ(with_expiry.value, from_hex(kJavaOffsets[1]));
  const CoordinatorRecord group = group_metadata_record("g1", group_of_two());
  EXPECT_EQ(group.key, from_hex("0002 0002 6731"));
  EXPECT_EQ(group.value, from_hex(kJavaGroups[3]));
  EXPECT_EQ(offset_commit_tombstone(key).key, plain.key);
  EXPECT_EQ(offset_commit_tombstone(key).value, std::nullopt);
  EXPECT_EQ(group_metadata_tombstone("g1").key, group.key);
  EXPECT_EQ(group_metadata_tombstone("g1").value, std::nullopt);
}

}  // namespace
}  // namespace omashu::broker
