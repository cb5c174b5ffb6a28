// Why a request, or a part of it, is refused: the code for the client's program, the words for its people.

#pragma once

#include <string>

#include "broker/protocol/kafka_error.h"

namespace omashu::broker {

struct Refusal {
  KafkaError error = KafkaError::kNone;
  std::string message;
};

}  // namespace omashu::broker
