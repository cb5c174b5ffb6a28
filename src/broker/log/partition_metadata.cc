#include "broker/log/partition_metadata.h"

#include <algorithm>

#include "base/base64.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kBeforeId = "version: 0\ntopic_id: ";
constexpr size_t kIdLength = 22;  // base64 without padding, with - and _ for + and /

}  // namespace

std::string partition_metadata_text(const TopicId& topic_id) {
  std::string id = to_base64({reinterpret_cast<const char*>(topic_id.data()), topic_id.size()}).substr(0, kIdLength);
  std::ranges::replace(id, '+', '-');
  std::ranges::replace(id, '/', '_');
  return std::string(kBeforeId) + id + "\n";
}

std::optional<TopicId> parse_partition_metadata(std::string_view text) {
  if (!text.starts_with(kBeforeId) || text.size() != kBeforeId.size() + kIdLength + 1) return std::nullopt;
  std::string id(text.substr(kBeforeId.size(), kIdLength));
  std::ranges::replace(id, '-', '+');
  std::ranges::replace(id, '_', '/');
  const auto bytes = from_base64(id);
  TopicId topic_id;
  if (!bytes || bytes->size() != topic_id.size()) return std::nullopt;
  std::ranges::copy(*bytes, topic_id.begin());
  return topic_id;
}

}  // namespace omashu::broker
