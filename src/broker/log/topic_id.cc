#include "broker/log/topic_id.h"

#include <algorithm>
#include <random>

#include "base/base64.h"

namespace omashu::broker {

TopicId random_id() {
  std::random_device random;
  TopicId id;
  std::ranges::generate(id, [&] { return static_cast<uint8_t>(random()); });
  return id;
}

std::string id_text(const TopicId& id) {
  std::string text = to_base64({reinterpret_cast<const char*>(id.data()), id.size()}).substr(0, kIdTextLength);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::optional<TopicId> parse_id(std::string_view text) {
  if (text.size() != kIdTextLength) return std::nullopt;
  std::string base64(text);
  std::ranges::replace(base64, '-', '+');
  std::ranges::replace(base64, '_', '/');
  const auto bytes = from_base64(base64);
  TopicId id;
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.begin());
  return id;
}

}  // namespace omashu::broker
