// The file partition.metadata in a partition's folder says to which topic it belongs, as Kafka's does:
//
//   version: 0
//   topic_id: 3UYZdTKzQlCrmhPlqZQ1Rw
//   crc: 1c291ca3                       text_checksum.h; Kafka's has no such line, and does not mind it
//
// so that a folder left from a deleted topic is never taken for that of a new one of the same name.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/log/topic_id.h"

namespace omashu::broker {

inline constexpr std::string_view kPartitionMetadataFile = "partition.metadata";

std::string partition_metadata_text(const TopicId& topic_id);

// Nothing where it is not the whole text of such a file, with or without its checksum.
std::optional<TopicId> parse_partition_metadata(std::string_view text);

}  // namespace omashu::broker
