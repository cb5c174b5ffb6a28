// DescribeConfigs: the settings of topics and brokers, and where each comes from.
//
//   3  types and documentation
//   4  flexible

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

struct DescribeConfigsResponse;

struct DescribeConfigsRequest {
  static constexpr Api kApi{ApiKey::kDescribeConfigs, "DescribeConfigs", {1, 4}, 4};
  using Response = DescribeConfigsResponse;

  struct Resource {
    ConfigResourceType resource_type = ConfigResourceType::kUnknown;
    std::string_view resource_name = {};
    std::optional<std::vector<std::string_view>> configuration_keys = {};  // null: all

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.resource_type);
      visit(self.resource_name);
      visit(self.configuration_keys);
    }
  };

  std::vector<Resource> resources = {};
  bool include_synonyms = false;
  bool include_documentation = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.resources);
    visit(self.include_synonyms);
    visit(self.include_documentation, since(3));
  }
};

struct DescribeConfigsResponse {
  static constexpr Api kApi = DescribeConfigsRequest::kApi;

  struct Synonym {
    std::string name = {};
    std::optional<std::string> value = {};
    ConfigSource source = ConfigSource::kUnknown;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.value);
      visit(self.source);
    }
  };

  struct Config {
    std::string name = {};
    std::optional<std::string> value = {};
    bool read_only = false;
    ConfigSource config_source = ConfigSource::kUnknown;
    bool is_sensitive = false;
    std::vector<Synonym> synonyms = {};
    ConfigType config_type = ConfigType::kUnknown;
    std::optional<std::string> documentation = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.name);
      visit(self.value);
      visit(self.read_only);
      visit(self.config_source);
      visit(self.is_sensitive);
      visit(self.synonyms);
      visit(self.config_type, since(3));
      visit(self.documentation, since(3));
    }
  };

  struct Result {
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    ConfigResourceType resource_type = ConfigResourceType::kUnknown;
    std::string resource_name = {};
    std::vector<Config> configs = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.error_message);
      visit(self.resource_type);
      visit(self.resource_name);
      visit(self.configs);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Result> results = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.results);
  }
};

}  // namespace omashu::broker
