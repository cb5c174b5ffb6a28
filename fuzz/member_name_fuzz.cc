// The client.id of a group's member, which anybody may choose: an address that is believed is one of a host and a port,
// and nothing that could change a request to it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/group/member_name.h"

using namespace omashu;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto url = service::member_url(text);
  if (!url) return 0;
  check(url->size() <= service::kMaxMemberName);
  check(service::member_client_id(*url) == text);
  check(url->starts_with("http://") || url->starts_with("https://"));
  const std::string_view place = std::string_view(*url).substr(url->find("://") + 3);
  check(std::ranges::all_of(place, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']';
  }));
  return 0;
}
