// CRC-32C (Castagnoli), the checksum of record batches and producer snapshots.

#pragma once

#include <cstdint>
#include <string_view>

namespace omashu::broker {

// With the processor's instruction where it has one.
uint32_t crc32c(std::string_view bytes);

// The same by tables, on any processor.
uint32_t crc32c_by_tables(std::string_view bytes);

}  // namespace omashu::broker
