// A cursor of a list: what is read is the text of what was read.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "service/rows/cursor_store.h"

using namespace omashu;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto name = service::parse_cursor(input);
  if (name && service::cursor_text(*name) != input) std::abort();
  return 0;
}
