#include "broker/log/testing/damage.h"

#include <algorithm>

namespace omashu::broker {
namespace {

// The bytes of the file after the damage, which is none of those that take the file away.
std::string damaged(std::string bytes, Damage how, std::mt19937& random) {
  const auto uniform = [&](size_t bound) { return static_cast<size_t>(random() % bound); };
  const size_t size = bytes.size();
  const size_t block = std::min(size, 1 + uniform(300));
  const auto place = [&] { return uniform(size - block + 1); };
  switch (how) {
    case Damage::kZeroBlock: bytes.replace(place(), block, block, '\0'); break;
    case Damage::kFlipBit:
      if (size > 0) bytes[uniform(size)] ^= static_cast<char>(1 << uniform(8));
      break;
    case Damage::kTruncate: bytes.resize(uniform(size + 1)); break;
    case Damage::kEmpty: bytes.clear(); break;
    case Damage::kAppendGarbage:
      for (size_t i = 1 + uniform(300); i > 0; --i) bytes += static_cast<char>(uniform(256));
      break;
    case Damage::kDuplicateBlock: {
      const size_t at = place();
      bytes.insert(at, bytes.substr(at, block));
      break;
    }
    case Damage::kSwapBlocks: {
      const size_t one = place();
      const size_t other = place();
      const std::string kept = bytes.substr(one, block);
      bytes.replace(one, block, bytes.substr(other, block));
      bytes.replace(other, block, kept);
      break;
    }
    case Damage::kFillWithOnes: bytes.assign(size, '\xFF'); break;
    case Damage::kRemove:
    case Damage::kRenameAway: break;
  }
  return bytes;
}

}  // namespace

Result<void> damage_file(FileSystem& file_system, const std::string& path, Damage how, std::mt19937& random) {
  if (how == Damage::kRemove) return file_system.remove_file(path);
  if (how == Damage::kRenameAway) return file_system.rename(path, path + ".away");
  auto file = file_system.open(path, FileSystem::OpenMode::kExisting);
  if (!file) return fail(std::move(file).error());
  const auto size_bytes = (*file)->size_bytes();
  if (!size_bytes) return fail(size_bytes.error());
  std::string bytes(*size_bytes, '\0');
  if (auto read = (*file)->read_all(0, bytes); !read) return read;
  if (auto emptied = (*file)->truncate(0); !emptied) return emptied;
  return (*file)->write_all(0, damaged(std::move(bytes), how, random));
}

}  // namespace omashu::broker
