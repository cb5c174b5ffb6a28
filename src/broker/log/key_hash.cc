#include "broker/log/key_hash.h"

#include <bit>
#include <cstring>
#include <random>

namespace omashu::broker {

namespace {

struct State {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void compress(uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  uint64_t finish() {
    for (int i = 0; i < 4; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

uint64_t load_word(const char* from, size_t bytes) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, from, bytes);
  return word;
}

std::array<uint64_t, 2> random_secret() {
  std::random_device random;
  const auto word = [&random] { return (uint64_t{random()} << 32) | random(); };
  return {word(), word()};
}

}  // namespace

KeyHasher::KeyHasher() : secret_(random_secret()) {}

KeyHash KeyHasher::operator()(std::string_view key) const {
  State state{.v0 = secret_[0] ^ 0x736f6d6570736575,
              .v1 = secret_[1] ^ 0x646f72616e646f6d ^ 0xee,
              .v2 = secret_[0] ^ 0x6c7967656e657261,
              .v3 = secret_[1] ^ 0x7465646279746573};
  const uint64_t length = key.size();
  for (; key.size() >= sizeof(uint64_t); key.remove_prefix(sizeof(uint64_t))) {
    state.compress(load_word(key.data(), sizeof(uint64_t)));
  }
  state.compress(load_word(key.data(), key.size()) | length << 56);
  state.v2 ^= 0xee;
  const uint64_t first = state.finish();
  state.v1 ^= 0xdd;
  return {first, state.finish()};
}

}  // namespace omashu::broker
