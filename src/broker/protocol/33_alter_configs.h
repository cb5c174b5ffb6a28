// AlterConfigs: replaces all settings of a resource by those given. What it does not name goes back to its default.
//
//   2  flexible

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

struct AlterConfigsResponse;

struct AlterConfigsRequest {
  static constexpr Api kApi{ApiKey::kAlterConfigs, "AlterConfigs", {0, 2}, 2};
  using Response = AlterConfigsResponse;

  struct Config {
    std::string_view name = {};
    std::optional<std::string_view> value = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
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

struct AlterConfigsResponse {
  static constexpr Api kApi = AlterConfigsRequest::kApi;

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
