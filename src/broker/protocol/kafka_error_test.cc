#include "broker/protocol/kafka_error.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

TEST(KafkaErrorTest, HasKafkasNumbersAndNames) {
  EXPECT_EQ(static_cast<int16_t>(KafkaError::kUnknownServerError), -1);
  EXPECT_EQ(error_name(KafkaError::kNone), "NONE");
  EXPECT_EQ(error_name(KafkaError{35}), "UNSUPPORTED_VERSION");
  EXPECT_EQ(error_name(KafkaError{36}), "TOPIC_ALREADY_EXISTS");
  EXPECT_EQ(error_name(KafkaError{45}), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_EQ(error_name(KafkaError{79}), "MEMBER_ID_REQUIRED");
  EXPECT_EQ(error_name(KafkaError{100}), "UNKNOWN_TOPIC_ID");
}

TEST(KafkaErrorTest, ANumberOfNobodyIsAnUnknownError) {
  EXPECT_EQ(error_name(KafkaError{-1}), "UNKNOWN_SERVER_ERROR");
  EXPECT_EQ(error_name(KafkaError{9999}), "UNKNOWN_SERVER_ERROR");
}

}  // namespace
}  // namespace omashu::broker
