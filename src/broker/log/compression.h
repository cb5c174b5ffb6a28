// The codecs of record batches. The log compresses and decompresses only where it must see records: checking keys and
// timestamps, storing them as compression.type says, looking for a time, compacting.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "broker/log/record_batch.h"
#include "omashu/result.h"

namespace omashu::broker {

// More than any client packs into a batch; what a batch unpacks to in memory is never larger.
inline constexpr size_t kMaxRecordsBytes = 64 << 20;

// kCorrupt where the bytes are not what the codec writes, or where they would become more than `max_bytes`.
Result<std::string> decompress(Compression compression, std::string_view bytes, size_t max_bytes);

// `level`: as Kafka numbers it (compression.gzip.level and its like); the codec's default without it.
Result<std::string> compress(Compression compression, std::string_view bytes, std::optional<int> level = {});

// The records of a batch, as RecordReader takes them. `buffer` holds them where they had to be decompressed.
Result<std::string_view> read_records(const RecordBatchView& batch, std::string& buffer);

}  // namespace omashu::broker
