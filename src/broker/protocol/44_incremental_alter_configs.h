// IncrementalAlterConfigs: changes some settings of a resource and leaves the others.
//
//   1  flexible

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/config_types.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct IncrementalAlterConfigsResponse;

struct IncrementalAlterConfigsRequest {
  static constexpr Api kApi{ApiKey::kIncrementalAlterConfigs, "IncrementalAlterConfigs", {0, 1}, 1};
  using Response = IncrementalAlterConfigsResponse;

  struct Config {
    std::string_view name = {};
    AlterConfigOp config_operation = AlterConfigOp::kSet;
    std::optional<std::string_view> value = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.config_operation);
      visit(self.value);
    }
  };

  struct Resource {
    ConfigResourceType resource_type = ConfigResourceType::kUnknown;
    std::string_view resource_name = {};
    std::vector<Config> configs = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.resource_type);
      visit(self.resource_name);
      visit(self.configs);
    }
  };

  std::vector<Resource> resources = {};
  bool validate_only = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.resources);
    visit(self.validate_only);
  }
};

struct IncrementalAlterConfigsResponse {
  static constexpr Api kApi = IncrementalAlterConfigsRequest::kApi;

  struct Resource {
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    ConfigResourceType resource_type = ConfigResourceType::kUnknown;
    std::string resource_name = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.error_message);
      visit(self.resource_type);
      visit(self.resource_name);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Resource> responses = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.responses);
  }
};

}  // namespace omashu::broker
