// Every message by its name, for what is asked of all of them alike.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "broker/protocol/api.h"
#include "omashu/result.h"

namespace omashu::broker::testing {

struct AnyMessage {
  Api api;
  bool is_request;

  // Reads a body and writes it again.
  Result<std::string> (*recode)(std::string_view body, int16_t version);

  std::string name() const;  // "MetadataRequest"
};

std::span<const AnyMessage> all_messages();

}  // namespace omashu::broker::testing
