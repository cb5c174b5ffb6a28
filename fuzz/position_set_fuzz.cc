// A position as clients send it: what is understood means the same when it is written again, and what is not is one
// printable line.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "table/position_set.h"

using namespace omashu;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto positions = table::parse_position_set({reinterpret_cast<const char*>(data), size});
  if (!positions) {
    check(std::ranges::none_of(positions.error().message,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    return 0;
  }
  check(positions->offsets.size() <= table::kMaxPositions);
  for (const auto& [partition, offset] : positions->offsets) check(partition >= 0 && offset >= 0);
  const std::string text = table::position_set_text(*positions);
  const auto again = table::parse_position_set(text);
  check(again && *again == *positions && positions->contains(*again));
  check(table::position_set_text(*again) == text);
  return 0;
}
