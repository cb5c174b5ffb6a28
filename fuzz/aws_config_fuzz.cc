// ~/.aws/credentials and ~/.aws/config, and what a container's endpoint answers: no text does more than fail, and no
// error repeats a line of it.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sink/dynamodb/credentials.h"
#include "sink/dynamodb/shared_config.h"

using namespace omashu::sink::dynamodb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto config = parse_shared_config(text)) {
    for (const auto& [section, values] : *config) {
      if (section.find('\n') != section.npos) __builtin_trap();
      for (const auto& [name, value] : values) {
        if (name.find('\n') != name.npos || value.find('\n') != value.npos) __builtin_trap();
      }
    }
  } else if (config.error().message.size() > 100) {
    __builtin_trap();
  }
  if (const auto credentials = parse_container_credentials(text)) {
    if (credentials->keys.access_key_id.find_first_of("\r\n") != std::string_view::npos) __builtin_trap();
  }
  return 0;
}
