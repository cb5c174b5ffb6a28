// DescribeCluster: the brokers without the topics. All versions are flexible.
//
//   1  brokers or controllers

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DescribeClusterResponse;

struct DescribeClusterRequest {
  static constexpr Api kApi{ApiKey::kDescribeCluster, "DescribeCluster", {0, 1}, 0};
  using Response = DescribeClusterResponse;

  bool include_cluster_authorized_operations = false;
  int8_t endpoint_type = 1;  // 1: brokers; 2: controllers

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.include_cluster_authorized_operations);
    visit(self.endpoint_type, since(1));
  }
};

struct DescribeClusterResponse {
  static constexpr Api kApi = DescribeClusterRequest::kApi;

  struct Broker {
    int32_t broker_id = 0;
    std::string host = {};
    int32_t port = 0;
    std::optional<std::string> rack = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.broker_id);
      visit(self.host);
      visit(self.port);
      visit(self.rack);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  int8_t endpoint_type = 1;  // 1: brokers; 2: controllers
  std::string cluster_id = {};
  int32_t controller_id = -1;
  std::vector<Broker> brokers = {};
  int32_t cluster_authorized_operations = kOperationsNotRequested;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code);
    visit(self.error_message);
    visit(self.endpoint_type, since(1));
    visit(self.cluster_id);
    visit(self.controller_id);
    visit(self.brokers);
    visit(self.cluster_authorized_operations);
  }
};

}  // namespace omashu::broker
