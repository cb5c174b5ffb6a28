// Which keys a restore may have met before, in a bounded number of bits: most keys are new, and then the database need
// not be asked for them. Of keys that are new, about one in a hundred is said to be known.
//
// Not thread-safe.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace omashu::table {

class SeenKeys {
 public:
  // With more keys than these bytes can tell apart, everything may have been seen.
  explicit SeenKeys(size_t max_bytes) : max_bytes_(max_bytes) {}

  void add(std::string_view key);
  bool may_contain(std::string_view key) const;

 private:
  // Bloom filters of which each has its own cache line for a key (a blocked Bloom filter); a full one is followed by
  // one of four times its size, as far as there is memory: each one more is a cache line more for a key that is new.
  using Block = std::array<uint64_t, 8>;
  struct Filter {
    std::vector<Block> blocks;
    size_t free = 0;  // keys that it still takes
  };
  static bool contains(const Filter& filter, uint64_t hash);
  // Whether it was not there.
  static bool insert(Filter& filter, uint64_t hash);
  void grow();

  const size_t max_bytes_;
  size_t bytes_ = 0;
  bool is_full_ = false;
  std::vector<Filter> filters_;
};

}  // namespace omashu::table
