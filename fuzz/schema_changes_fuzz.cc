// Two schema texts, a zero byte between them: what changed is told in printable lines, and nothing where both are the
// same text.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "provision/schema_changes.h"

using namespace omashu;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), input.size());
  const auto before = json::parse(input.substr(0, zero));
  const auto after = json::parse(input.substr(std::min(zero + 1, input.size())));
  if (before)
    require(provision::schema_changes(*before, *before).empty(), "a change of nothing", json::to_text(*before));
  if (!before || !after) return 0;
  for (const std::string& change : provision::schema_changes(*before, *after)) {
    require(!change.empty(), "an empty line", json::to_text(*after));
  }
  return 0;
}
