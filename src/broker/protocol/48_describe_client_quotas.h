// DescribeClientQuotas: the limits of users, clients and addresses.
//
//   1  flexible

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct DescribeClientQuotasResponse;

struct DescribeClientQuotasRequest {
  static constexpr Api kApi{ApiKey::kDescribeClientQuotas, "DescribeClientQuotas", {0, 1}, 1};
  using Response = DescribeClientQuotasResponse;

  struct Component {
    std::string_view entity_type = {};
    int8_t match_type = 0;  // 0: this name; 1: the default; 2: any name
    std::optional<std::string_view> match = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity_type);
      visit(self.match_type);
      visit(self.match);
    }
  };

  std::vector<Component> components = {};
  bool strict = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.components);
    visit(self.strict);
  }
};

struct DescribeClientQuotasResponse {
  static constexpr Api kApi = DescribeClientQuotasRequest::kApi;

  struct Entity {
    std::string entity_type = {};
    std::optional<std::string> entity_name = {};  // null: the default

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity_type);
      visit(self.entity_name);
    }
  };

  struct Value {
    std::string key = {};
    double value = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.key);
      visit(self.value);
    }
  };

  struct Entry {
    std::vector<Entity> entity = {};
    std::vector<Value> values = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity);
      visit(self.values);
    }
  };

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  std::optional<std::string> error_message = {};
  std::optional<std::vector<Entry>> entries = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code);
    visit(self.error_message);
    visit(self.entries);
  }
};

}  // namespace omashu::broker
