// ApiVersions: what is spoken here. The first thing that a client asks.
//
// A request that is too new for the broker comes through parse_request with an empty body; it is answered with
// unsupported_api_versions() in version 0, and the client asks again. No features are told: a client that sees
// transaction.version takes the broker for one that knows transactions of version 2.
//   3  flexible, but for the header of the answer; the client's name and version

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"

namespace omashu::broker {

struct ApiVersionsResponse;

struct ApiVersionsRequest {
  static constexpr Api kApi{ApiKey::kApiVersions, "ApiVersions", {0, 3}, 3};
  using Response = ApiVersionsResponse;

  std::string_view client_software_name = {};
  std::string_view client_software_version = {};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.client_software_name, since(3));
    visit(self.client_software_version, since(3));
  }
};

struct ApiVersionsResponse {
  static constexpr Api kApi = ApiVersionsRequest::kApi;

  struct ApiVersion {
    ApiKey api_key = {};
    int16_t min_version = 0;
    int16_t max_version = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
      visit(self.api_key);
      visit(self.min_version);
      visit(self.max_version);
    }
  };

  KafkaError error_code = KafkaError::kNone;
  std::vector<ApiVersion> api_keys = {};
  int32_t throttle_time_ms = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.error_code);
    visit(self.api_keys);
    visit(self.throttle_time_ms, since(1));
  }
};

// The answer of a broker that speaks these.
ApiVersionsResponse api_versions(std::span<const Api> apis);

ApiVersionsResponse unsupported_api_versions();

}  // namespace omashu::broker
