// A hash of a record's key that stands for the key itself: 128 bits of SipHash-2-4 (Aumasson and Bernstein, 2012),
// whose secret is drawn anew, so that nobody can write keys that meet.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace omashu::broker {

using KeyHash = std::array<uint64_t, 2>;

class KeyHasher {
 public:
  KeyHasher();  // with a random secret
  explicit KeyHasher(std::array<uint64_t, 2> secret) : secret_(secret) {}

  KeyHash operator()(std::string_view key) const;

 private:
  std::array<uint64_t, 2> secret_;
};

}  // namespace omashu::broker
