#include "broker/log/partition_metadata.h"

#include "broker/log/text_checksum.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kBeforeId = "version: 0\ntopic_id: ";

}  // namespace

std::string partition_metadata_text(const TopicId& topic_id) {
  return with_checksum(std::string(kBeforeId) + id_text(topic_id) + "\n");
}

std::optional<TopicId> parse_partition_metadata(std::string_view text) {
  const auto content = without_checksum(text);
  if (!content || !content->starts_with(kBeforeId)) return std::nullopt;
  if (content->size() != kBeforeId.size() + kIdTextLength + 1 || !content->ends_with('\n')) return std::nullopt;
  return parse_id(content->substr(kBeforeId.size(), kIdTextLength));
}

}  // namespace omashu::broker
