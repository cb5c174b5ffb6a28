// Files of passwords and of tokens: whatever is in them, they are read or refused, with a line that repeats nothing.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "http/password_file.h"
#include "http/token_file.h"

using namespace omashu::http;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tokens = TokenFile::parse(text);
  if (tokens) {
    require(tokens->check(text) == nullptr, "a file that has its own hash in it");
  } else {
    require(!tokens.error().message.empty(), "a file is refused without a reason");
  }
  const auto passwords = PasswordFile::parse(text);
  if (passwords) {
    require(!passwords->hashes_to_compare("nobody").empty(), "a name that is not there is known by its time");
  } else {
    require(!passwords.error().message.empty(), "a file is refused without a reason");
  }
  static_cast<void>(Grants::parse(text));
  return 0;
}
