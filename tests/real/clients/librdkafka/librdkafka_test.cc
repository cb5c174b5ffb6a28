// librdkafka's own API, where what it makes of the broker's answers matters.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "real/clients/client.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Handle = std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)>;
using Error = std::unique_ptr<rd_kafka_error_t, decltype(&rd_kafka_error_destroy)>;

using Properties = std::vector<std::pair<std::string, std::string>>;

Handle make_producer(Properties properties,
                     void (*on_delivery)(rd_kafka_t*, const rd_kafka_message_t*, void*) = nullptr) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> problem{};
  properties.emplace_back("bootstrap.servers", shared_kafka().bootstrap_server());
  for (const auto& [name, value] : properties) {
    EXPECT_EQ(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), problem.data(), problem.size()), RD_KAFKA_CONF_OK)
        << problem.data();
  }
  if (on_delivery != nullptr) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  Handle producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem.data(), problem.size()), rd_kafka_destroy);
  EXPECT_NE(producer, nullptr) << problem.data();
  return producer;
}

// It would ask again until the timeout, were the error not one that is fatal to it.
TEST(Librdkafka, ATransactionalProducerFailsAtOnceAndSaysWhy) {
  constexpr int kTimeoutMs = 60'000;
  const Handle producer = make_producer({{"transactional.id", "tx"}});
  const Error error(rd_kafka_init_transactions(producer.get(), kTimeoutMs), rd_kafka_error_destroy);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(rd_kafka_error_code(error.get()), RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  EXPECT_NE(rd_kafka_error_is_fatal(error.get()), 0);
  EXPECT_THAT(rd_kafka_error_string(error.get()), HasSubstr("This broker has no transactions"));
}

void keep_error(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  *static_cast<rd_kafka_resp_err_t*>(message->_private) = message->err;
}

// Of one batch, only those two are to blame.
TEST(Librdkafka, LearnsWhichRecordsOfABatchHaveNoKey) {
  const std::string topic = "librdkafka-record-errors";
  make_topics({topic}, 1, {{"cleanup.policy", "compact"}});
  const Handle producer = make_producer({{"linger.ms", "500"}, {"acks", "all"}}, keep_error);
  std::array<rd_kafka_resp_err_t, 4> errors{};
  for (size_t i = 0; i < errors.size(); ++i) {
    const bool has_key = i % 2 == 0;
    ASSERT_EQ(
        rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_KEY(has_key ? "k" : nullptr, has_key ? 1 : 0),
                          RD_KAFKA_V_VALUE(const_cast<char*>("v"), 1), RD_KAFKA_V_OPAQUE(&errors[i]), RD_KAFKA_V_END),
        RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  // A flush would not wait for the batch to be full.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (rd_kafka_outq_len(producer.get()) > 0 && std::chrono::steady_clock::now() < deadline) {
    rd_kafka_poll(producer.get(), 100);
  }
  EXPECT_THAT(errors, ElementsAre(RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD, RD_KAFKA_RESP_ERR_INVALID_RECORD,
                                  RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD, RD_KAFKA_RESP_ERR_INVALID_RECORD));
}

}  // namespace
}  // namespace omashu::real
