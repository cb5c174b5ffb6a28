// The place of a record in its partition, counted from 0 on.

#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <utility>

namespace omashu {

enum class Offset : int64_t {};

// Kafka's protocol puts it where no offset is known.
inline constexpr Offset kNoOffset{-1};

inline constexpr Offset kMaxOffset{std::numeric_limits<int64_t>::max()};

constexpr Offset operator+(Offset offset, int64_t count) { return Offset{std::to_underlying(offset) + count}; }
constexpr Offset operator-(Offset offset, int64_t count) { return Offset{std::to_underlying(offset) - count}; }
constexpr Offset& operator+=(Offset& offset, int64_t count) { return offset = offset + count; }
constexpr Offset& operator++(Offset& offset) { return offset += 1; }
constexpr Offset operator++(Offset& offset, int) { return std::exchange(offset, offset + 1); }

// How many offsets lie from `begin` up to `end`.
constexpr int64_t operator-(Offset end, Offset begin) { return std::to_underlying(end) - std::to_underlying(begin); }

constexpr int64_t format_as(Offset offset) { return std::to_underlying(offset); }  // for fmt
std::ostream& operator<<(std::ostream& out, Offset offset);                        // for GoogleTest

}  // namespace omashu
