// The id that a broker gives to a producer, by which partitions know its batches again.

#pragma once

#include <cstdint>

namespace omashu::broker {

enum class ProducerId : int64_t {};

inline constexpr ProducerId kNoProducerId{-1};

}  // namespace omashu::broker
