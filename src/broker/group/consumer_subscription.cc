#include "broker/group/consumer_subscription.h"

#include "broker/protocol/wire_reader.h"

namespace omashu::broker {

std::optional<std::vector<std::string_view>> subscribed_topics(std::string_view metadata) {
  WireReader in(metadata);
  const auto version = in.integer<int16_t>();
  std::vector<std::string_view> topics;
  for (size_t left = in.array_length(false).value_or(0); left > 0 && in.ok(); --left) {
    topics.push_back(in.take(in.string_length(false).value_or(0)));
  }
  if (!in.ok() || version < 0) return std::nullopt;
  return topics;
}

}  // namespace omashu::broker
