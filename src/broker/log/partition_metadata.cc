#include "broker/log/partition_metadata.h"

#include "broker/log/text_checksum.h"

namespace omashu::broker {

namespace {

using Checkpoint = PartitionMetadata::Checkpoint;

constexpr std::string_view kBeforeId = "version: 0\ntopic_id: ";

std::string_view checkpoint_line(Checkpoint checkpoint) {
  switch (checkpoint) {
    case Checkpoint::kUnknown: break;
    case Checkpoint::kNone: return "log_checkpoint: none\n";
    case Checkpoint::kWritten: return "log_checkpoint: written\n";
  }
  return "";
}

}  // namespace

std::string partition_metadata_text(const PartitionMetadata& metadata) {
  std::string text(kBeforeId);
  text += id_text(metadata.topic_id);
  text += '\n';
  text += checkpoint_line(metadata.checkpoint);
  return with_checksum(std::move(text));
}

std::optional<PartitionMetadata> parse_partition_metadata(std::string_view text) {
  const auto content = without_checksum(text);
  if (!content || !content->starts_with(kBeforeId)) return std::nullopt;
  if (content->size() < kBeforeId.size() + kIdTextLength + 1) return std::nullopt;
  const auto topic_id = parse_id(content->substr(kBeforeId.size(), kIdTextLength));
  if (!topic_id || (*content)[kBeforeId.size() + kIdTextLength] != '\n') return std::nullopt;
  const std::string_view rest = content->substr(kBeforeId.size() + kIdTextLength + 1);
  for (const Checkpoint checkpoint : {Checkpoint::kUnknown, Checkpoint::kNone, Checkpoint::kWritten}) {
    if (rest == checkpoint_line(checkpoint)) return PartitionMetadata{*topic_id, checkpoint};
  }
  return std::nullopt;
}

}  // namespace omashu::broker
