// The file partition.metadata in a partition's folder says to which topic it belongs, as Kafka's does, and whether the
// folder has a log.checkpoint:
//
//   version: 0
//   topic_id: 3UYZdTKzQlCrmhPlqZQ1Rw
//   log_checkpoint: none                none, as long as it was never written; then written
//   crc: 1c291ca3                       text_checksum.h
//
// so that a folder left from a deleted topic is never taken for that of a new one of the same name, and a
// log.checkpoint that is lost is missed. Kafka's file has neither of the last two lines, and Kafka does not mind them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/log/topic_id.h"

namespace omashu::broker {

inline constexpr std::string_view kPartitionMetadataFile = "partition.metadata";

struct PartitionMetadata {
  enum class Checkpoint : uint8_t {
    kUnknown,  // the file does not say
    kNone,
    kWritten,
  };
  TopicId topic_id = {};
  Checkpoint checkpoint = Checkpoint::kUnknown;

  bool operator==(const PartitionMetadata&) const = default;
};

std::string partition_metadata_text(const PartitionMetadata& metadata);

// Nothing where it is not the whole text of such a file, with or without its checksum.
std::optional<PartitionMetadata> parse_partition_metadata(std::string_view text);

}  // namespace omashu::broker
