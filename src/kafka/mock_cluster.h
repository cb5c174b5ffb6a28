// librdkafka's own mock of a Kafka cluster, in this process and for tests only. It answers Metadata, Produce, Fetch,
// ListOffsets and the group calls, and fails on request. It has no controller, so no administrative calls.

#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <initializer_list>
#include <string>

#include "kafka/types.h"

namespace omashu::kafka {

class MockCluster {
 public:
  explicit MockCluster(int brokers = 1) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    char words[256];
    client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
    cluster_ = rd_kafka_mock_cluster_new(client_, brokers);
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_, 0);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(client_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  std::string bootstrap_servers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }

  ClientConfig config() const {
    ClientConfig config;
    config.set("bootstrap.servers", bootstrap_servers());
    return config;
  }

  void create_topic(const std::string& name, int partitions) {
    rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1);
  }

  // The next requests of this kind (Kafka's API key) fail so, one after the other.
  void fail_next(int api_key, std::initializer_list<rd_kafka_resp_err_t> codes) {
    rd_kafka_mock_push_request_errors_array(cluster_, static_cast<int16_t>(api_key), codes.size(), codes.begin());
  }

  void set_down(int broker_id) { rd_kafka_mock_broker_set_down(cluster_, broker_id); }
  void set_up(int broker_id) { rd_kafka_mock_broker_set_up(cluster_, broker_id); }

 private:
  rd_kafka_t* client_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace omashu::kafka
