// Which of a topic's partitions, counted from 0 on.

#pragma once

#include <cstdint>
#include <iosfwd>
#include <utility>

namespace omashu {

enum class PartitionId : int32_t {};

constexpr PartitionId& operator++(PartitionId& partition) {
  return partition = PartitionId{std::to_underlying(partition) + 1};
}

constexpr int32_t format_as(PartitionId partition) { return std::to_underlying(partition); }  // for fmt
std::ostream& operator<<(std::ostream& out, PartitionId partition);                           // for GoogleTest

}  // namespace omashu
