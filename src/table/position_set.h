// The one cursor of omashu: a record's place, or the places up to which partitions of a topic have been seen, as text
// that command line, HTTP (ETag, after, Last-Event-ID) and programs hand on.
//
//   status-download-2-17          topic, partition, offset
//   status-download-0-12,2-17     the same of several partitions, in their order
//   status-download-              of a topic of which nothing was seen
//
// A topic's name may have hyphens and digits in it, so the text is read from its end; a name has no comma.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "kafka/types.h"
#include "omashu/result.h"
#include "table/row.h"

namespace omashu::table {

inline constexpr size_t kMaxPositions = 100'000;  // partitions of a set in a text

struct PositionSet {
  std::string topic;
  std::map<kafka::PartitionId, kafka::Offset> offsets;  // of the last record seen of each

  bool operator==(const PositionSet&) const = default;

  // Whether the record at that place is one of those that were seen.
  bool contains(const Position& position) const;
  // Whether everything that `other` has seen was seen; never of another topic.
  bool contains(const PositionSet& other) const;
  // What either has seen. `other` is of the same topic.
  void merge(const PositionSet& other);
};

// Errors say what a position looks like. No more than kMaxPositions partitions, none twice, no negative number.
Result<PositionSet> parse_position_set(std::string_view text);
std::string position_set_text(const PositionSet& positions);

// "status-download-2-17"
std::string position_text(std::string_view topic, const Position& position);

}  // namespace omashu::table
