// The ten ways in which the tests at random damage a file.

#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "broker/log/file_system.h"
#include "omashu/result.h"

namespace omashu::broker {

enum class Damage : uint8_t {
  kZeroBlock,
  kFlipBit,
  kTruncate,
  kEmpty,
  kRemove,
  kAppendGarbage,
  kDuplicateBlock,
  kSwapBlocks,
  kFillWithOnes,
  kRenameAway,
};

inline constexpr auto kAllDamages = std::to_array<Damage>(
    {Damage::kZeroBlock, Damage::kFlipBit, Damage::kTruncate, Damage::kEmpty, Damage::kRemove, Damage::kAppendGarbage,
     Damage::kDuplicateBlock, Damage::kSwapBlocks, Damage::kFillWithOnes, Damage::kRenameAway});

// Where in the file, and with what, is `random`'s choice.
Result<void> damage_file(FileSystem& file_system, const std::string& path, Damage how, std::mt19937& random);

}  // namespace omashu::broker
