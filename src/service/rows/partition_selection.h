// ?partitions=0,3: only rows whose record lies in these partitions of the topic.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/message.h"
#include "kafka/types.h"
#include "service/operation.h"

namespace omashu::service {

using PartitionSelection = std::optional<std::set<kafka::PartitionId>>;  // nothing: all

Parameter partitions_parameter();

Answer<PartitionSelection> parse_partitions(const http::Request& request);
std::string partitions_text(const std::set<kafka::PartitionId>& partitions);

inline bool selects(const PartitionSelection& selection, kafka::PartitionId partition) {
  return !selection || selection->contains(partition);
}

}  // namespace omashu::service
