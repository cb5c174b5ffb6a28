#include "broker/log/partition_metadata.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kBeforeId = "version: 0\ntopic_id: ";

}  // namespace

std::string partition_metadata_text(const TopicId& topic_id) {
  return std::string(kBeforeId) + id_text(topic_id) + "\n";
}

std::optional<TopicId> parse_partition_metadata(std::string_view text) {
  if (!text.starts_with(kBeforeId) || text.size() != kBeforeId.size() + kIdTextLength + 1) return std::nullopt;
  return parse_id(text.substr(kBeforeId.size(), kIdTextLength));
}

}  // namespace omashu::broker
