// InitProducerId: an id for an idempotent or a transactional producer.
//
//   2  flexible
//   3  a producer that has an id asks for its next epoch

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "broker/protocol/kafka_error.h"
#include "broker/protocol/message.h"
#include "broker/protocol/producer_id.h"

namespace omashu::broker {

struct InitProducerIdResponse;

struct InitProducerIdRequest {
  static constexpr Api kApi{ApiKey::kInitProducerId, "InitProducerId", {0, 4}, 2};
  using Response = InitProducerIdResponse;

  std::optional<std::string_view> transactional_id = {};
  int32_t transaction_timeout_ms = 0;
  ProducerId producer_id = kNoProducerId;
  int16_t producer_epoch = -1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.transactional_id);
    visit(self.transaction_timeout_ms);
    visit(self.producer_id, since(3));
    visit(self.producer_epoch, since(3));
  }
};

struct InitProducerIdResponse {
  static constexpr Api kApi = InitProducerIdRequest::kApi;

  int32_t throttle_time_ms = 0;
  KafkaError error_code = KafkaError::kNone;
  ProducerId producer_id = kNoProducerId;
  int16_t producer_epoch = -1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit(self.throttle_time_ms);
    visit(self.error_code);
    visit(self.producer_id);
    visit(self.producer_epoch);
  }
};

}  // namespace omashu::broker
