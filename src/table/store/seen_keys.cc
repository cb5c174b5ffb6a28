#include "table/store/seen_keys.h"

#include <algorithm>
#include <functional>

namespace omashu::table {

namespace {

constexpr size_t kBlockBytes = 64, kBlockBits = 512;
constexpr size_t kBitsPerKey = 14;
constexpr size_t kFirstBlocks = 16'384;  // 1 MB, 600,000 keys
constexpr int kProbes = 6;

uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>()(key) * 0x9e3779b97f4a7c15u; }

// The upper half of the hash chooses the block, the lower one the bits in it.
size_t block_of(uint64_t hash, size_t blocks) { return static_cast<size_t>((hash >> 32) * blocks >> 32); }

template <class Visit>
void for_each_bit(uint64_t hash, const Visit& visit) {
  const auto low = static_cast<uint32_t>(hash);
  const uint32_t step = (low >> 17 | low << 15) | 1;
  uint32_t bit = low;
  for (int i = 0; i < kProbes; ++i, bit += step) visit((bit >> 23) / 64, uint64_t{1} << ((bit >> 23) % 64));
}

}  // namespace

bool SeenKeys::contains(const Filter& filter, uint64_t hash) {
  const Block& block = filter.blocks[block_of(hash, filter.blocks.size())];
  bool is_there = true;
  for_each_bit(hash, [&](size_t word, uint64_t mask) { is_there = is_there && (block[word] & mask) != 0; });
  return is_there;
}

void SeenKeys::grow() {
  const size_t free_blocks = (max_bytes_ - bytes_) / kBlockBytes;
  const size_t blocks = std::min(filters_.empty() ? kFirstBlocks : 4 * filters_.back().blocks.size(), free_blocks);
  if (blocks < kFirstBlocks) {
    is_full_ = true;
    filters_.clear();
    return;
  }
  bytes_ += blocks * kBlockBytes;
  filters_.push_back({.blocks = std::vector<Block>(blocks), .free = blocks * kBlockBits / kBitsPerKey});
}

bool SeenKeys::insert(Filter& filter, uint64_t hash) {
  Block& block = filter.blocks[block_of(hash, filter.blocks.size())];
  bool is_new = false;
  for_each_bit(hash, [&](size_t word, uint64_t mask) {
    is_new = is_new || (block[word] & mask) == 0;
    block[word] |= mask;
  });
  return is_new;
}

void SeenKeys::add(std::string_view key) {
  if (is_full_) return;
  const uint64_t hash = hash_of(key);
  // The last filter has most of the keys that are met again, and is looked into while the key is put into it.
  for (size_t i = 0; i + 1 < filters_.size(); ++i) {
    if (contains(filters_[i], hash)) return;
  }
  if (!filters_.empty() && filters_.back().free == 0) {
    if (contains(filters_.back(), hash)) return;
    grow();
  } else if (filters_.empty()) {
    grow();
  }
  if (is_full_) return;
  Filter& filter = filters_.back();
  if (insert(filter, hash)) --filter.free;
}

bool SeenKeys::may_contain(std::string_view key) const {
  const uint64_t hash = hash_of(key);
  return is_full_ || std::ranges::any_of(filters_, [&](const Filter& filter) { return contains(filter, hash); });
}

}  // namespace omashu::table
