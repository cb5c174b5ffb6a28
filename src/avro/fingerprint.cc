// Fingerprints of the Parsing Canonical Form (specification, "Schema Fingerprints").

#include <array>

#include "avro/schema_text.h"
#include "base/digest.h"

namespace omashu::avro {

namespace {

constexpr uint64_t kEmpty = 0xc15d213aa4d7a795;  // the fingerprint of no bytes, and the polynomial

constexpr std::array<uint64_t, 256> kTable = [] {
  std::array<uint64_t, 256> table{};
  for (uint64_t i = 0; i < table.size(); ++i) {
    uint64_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (kEmpty & -(value & 1));
    table[i] = value;
  }
  return table;
}();

}  // namespace

uint64_t fingerprint64(const Schema& schema) {
  uint64_t value = kEmpty;
  for (const char c : to_canonical_form(schema)) {
    value = (value >> 8) ^ kTable[(value ^ static_cast<uint8_t>(c)) & 0xff];
  }
  return value;
}

std::array<uint8_t, 32> fingerprint_sha256(const Schema& schema) { return sha256(to_canonical_form(schema)); }

}  // namespace omashu::avro
