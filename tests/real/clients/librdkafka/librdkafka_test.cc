// librdkafka's own API, where what it makes of the broker's answers matters.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <memory>

#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using ::testing::HasSubstr;

using Handle = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;
using Error = std::unique_ptr<rd_kafka_error_t, decltype(&rd_kafka_error_destroy)>;

Handle transactional_producer() {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> problem{};
  const std::string servers = shared_kafka().bootstrap_server();
  for (const auto& [name, value] : {std::pair("bootstrap.servers", servers.c_str()), {"transactional.id", "tx"}}) {
    EXPECT_EQ(rd_kafka_conf_set(conf, name, value, problem.data(), problem.size()), RD_KAFKA_CONF_OK) << problem.data();
  }
  Handle producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem.data(), problem.size()), rd_kafka_destroy);
  EXPECT_NE(producer, nullptr) << problem.data();
  return producer;
}

// It would ask again until the timeout, were the error not one that is fatal to it.
TEST(Librdkafka, ATransactionalProducerFailsAtOnceAndSaysWhy) {
  constexpr int kTimeoutMs = 60'000;
  const Handle producer = transactional_producer();
  const Error error(rd_kafka_init_transactions(producer.get(), kTimeoutMs), rd_kafka_error_destroy);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(rd_kafka_error_code(error.get()), RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  EXPECT_NE(rd_kafka_error_is_fatal(error.get()), 0);
  EXPECT_THAT(rd_kafka_error_string(error.get()), HasSubstr("This broker has no transactions"));
}

}  // namespace
}  // namespace omashu::real
