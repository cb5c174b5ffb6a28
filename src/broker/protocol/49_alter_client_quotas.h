// AlterClientQuotas: sets and removes the limits of users, clients and addresses.
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

struct AlterClientQuotasResponse;

struct AlterClientQuotasRequest {
  static constexpr Api kApi{ApiKey::kAlterClientQuotas, "AlterClientQuotas", {0, 1}, 1};
  using Response = AlterClientQuotasResponse;

  struct Entity {
    std::string_view entity_type = {};
    std::optional<std::string_view> entity_name = {};  // null: the default

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity_type);
      visit(self.entity_name);
    }
  };

  struct Op {
    std::string_view key = {};
    double value = 0;
    bool remove = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.key);
      visit(self.value);
      visit(self.remove);
    }
  };

  struct Entry {
    std::vector<Entity> entity = {};
    std::vector<Op> ops = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity);
      visit(self.ops);
    }
  };

  std::vector<Entry> entries = {};
  bool validate_only = false;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.entries);
    visit(self.validate_only);
  }
};

struct AlterClientQuotasResponse {
  static constexpr Api kApi = AlterClientQuotasRequest::kApi;

  struct Entity {
    std::string entity_type = {};
    std::optional<std::string> entity_name = {};  // null: the default

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.entity_type);
      visit(self.entity_name);
    }
  };

  struct Entry {
    KafkaError error_code = KafkaError::kNone;
    std::optional<std::string> error_message = {};
    std::vector<Entity> entity = {};

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.error_code);
      visit(self.error_message);
      visit(self.entity);
    }
  };

  int32_t throttle_time_ms = 0;
  std::vector<Entry> entries = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.entries);
  }
};

}  // namespace omashu::broker
