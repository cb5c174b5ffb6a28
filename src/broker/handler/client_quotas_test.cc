#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/48_describe_client_quotas.h"
#include "broker/protocol/49_alter_client_quotas.h"

namespace omashu::broker {
namespace {

using ::testing::SizeIs;

using ClientQuotasTest = BrokerFixture;

TEST_F(ClientQuotasTest, ThereAreNone) {
  for (int16_t version = 0; version <= DescribeClientQuotasRequest::kApi.versions.max; ++version) {
    const auto told =
        call(DescribeClientQuotasRequest{.components = {{.entity_type = "user", .match_type = 2}}}, version);
    EXPECT_EQ(told->error_code, KafkaError::kNone);
    ASSERT_TRUE(told->entries.has_value());
    EXPECT_THAT(*told->entries, SizeIs(0));
  }
}

TEST_F(ClientQuotasTest, SettingOneIsRefusedAndRemovingOneChangesNothing) {
  for (int16_t version = 0; version <= AlterClientQuotasRequest::kApi.versions.max; ++version) {
    const auto altered = call(
        AlterClientQuotasRequest{
            .entries = {{.entity = {{.entity_type = "user", .entity_name = "a"}, {.entity_type = "client-id"}},
                         .ops = {{.key = "producer_byte_rate", .remove = true},
                                 {.key = "consumer_byte_rate", .value = 1024}}},
                        {.entity = {{.entity_type = "user", .entity_name = "b"}},
                         .ops = {{.key = "producer_byte_rate", .remove = true}}}}},
        version);
    ASSERT_THAT(altered->entries, SizeIs(2));
    EXPECT_EQ(altered->entries[0].error_code, KafkaError::kUnsupportedVersion);
    EXPECT_THAT(altered->entries[0].error_message.value_or(""), testing::HasSubstr("has no quotas"));
    ASSERT_THAT(altered->entries[0].entity, SizeIs(2));
    EXPECT_EQ(altered->entries[0].entity[0].entity_name, "a");
    EXPECT_EQ(altered->entries[0].entity[1].entity_name, std::nullopt);
    EXPECT_EQ(altered->entries[1].error_code, KafkaError::kNone);
  }
}

}  // namespace
}  // namespace omashu::broker
