// The wire format: the first byte says how many of the following are the schema id header (0xFF: there is none), the
// rest is the payload.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "serde/wire_format.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

// What was understood must be written again as the same bytes.
void check_round_trip(const omashu::serde::Frame& frame, std::string_view payload,
                      std::optional<std::string_view> header) {
  using namespace omashu::serde;
  std::string framing;
  if (const SchemaId* id = std::get_if<SchemaId>(&frame.schema)) {
    append_id_frame(framing, *id);
  } else {
    const Guid guid = std::get<Guid>(frame.schema);
    check(parse_guid(to_text(guid)) == guid);
    framing = guid_header_value(guid);
  }
  if (header) {
    check(framing == *header && frame.data == payload);
  } else {
    check(framing + std::string(frame.data) == payload);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::optional<std::string_view> header;
  if (!rest.empty()) {
    const auto length = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    if (length != 0xFF) {
      header = rest.substr(0, length);
      rest.remove_prefix(header->size());
    }
  }
  if (const auto frame = omashu::serde::parse_frame(rest, header)) check_round_trip(*frame, rest, header);
  (void)omashu::serde::parse_guid(rest);
  return 0;
}
