// Rows of a store: bytes that are no row are an error, and a row stays one when a record is put into it.

#include <cstdlib>

#include "table/store/row_format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace omashu::table;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto versions = read_versions(bytes);
  const auto latest = read_latest(bytes);
  if (versions && !latest) std::abort();
  (void)is_forgettable(bytes, 0);

  // The first two bytes say which record comes.
  std::string row(bytes);
  const Record record{.key_bytes = bytes.substr(0, data[0] % 4),
                      .key = "k",
                      .value = data[0] < 128 ? std::optional(bytes.substr(bytes.size() / 2)) : std::nullopt,
                      .position = {data[1] % 4, data[1]},
                      .timestamp_ms = data[0]};
  const auto update = apply_record(row, record);
  if (update.has_value() != (versions.has_value() || bytes.empty())) std::abort();
  if (!update) return 0;
  if (!read_versions(row)) std::abort();
  if (!update->is_stored && row != bytes) std::abort();
  const std::string before = row;
  if (const auto again = apply_record(row, record); !again || again->is_stored || row != before) std::abort();
  return 0;
}
