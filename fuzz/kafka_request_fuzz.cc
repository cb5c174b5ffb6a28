// A request of Kafka's protocol, header and body, without its size. What decodes must come back from its own encoding.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "broker/protocol/frame.h"
#include "broker/protocol/testing/any_message.h"

using namespace omashu::broker;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

const testing::AnyMessage& message_of(ApiKey key) {
  const auto all = testing::all_messages();
  const auto found = std::ranges::find_if(
      all, [key](const testing::AnyMessage& message) { return message.is_request && message.api.key == key; });
  check(found != all.end());
  return *found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto request = parse_request(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!request) return 0;
  const testing::AnyMessage& message = message_of(request->header.api_key);
  const int16_t version = request->header.api_version;
  if (!message.api.versions.contains(version)) {
    check(message.api.key == ApiKey::kApiVersions && request->body.empty());
    return 0;
  }
  // The first encoding leaves out tagged fields and makes lengths as short as they can be.
  const auto encoded = message.recode(request->body, version);
  if (!encoded) return 0;
  check(encoded->size() <= request->body.size());
  const auto again = message.recode(*encoded, version);
  check(again.has_value() && *again == *encoded);
  return 0;
}
