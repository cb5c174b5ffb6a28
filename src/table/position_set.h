// The one cursor of omashu: a record's place, or the places up to which partitions of a topic have been seen, as text
// that command line, HTTP (ETag, after, Last-Event-ID) and programs hand on.
//
//   status-download-2-17          topic, partition, offset
//   status-download-0-12,2-17     the same of several partitions, in their order
//
// A topic's name may have hyphens in it, so the text is read from its end.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::table {

struct PositionSet {
  std::string topic;
  std::map<kafka::PartitionId, kafka::Offset> offsets;  // of the last record seen of each

  bool operator==(const PositionSet&) const = default;
};

// Errors say what a position looks like. No more than 100,000 partitions, none twice, no negative number.
Result<PositionSet> parse_position_set(std::string_view text);
std::string position_set_text(const PositionSet& positions);

}  // namespace omashu::table
