// The .snapshot file, in Kafka's format:
//
//   int16   version    1
//   uint32  crc        CRC-32C of what follows
//   int32   count of entries, each of:
//     int64 producer_id, int16 producer_epoch, int32 last_sequence, int64 last_offset, int32 offset_delta,
//     int64 timestamp, int32 coordinator_epoch (-1), int64 current_txn_first_offset (-1)
//
// Kafka writes one entry for each producer, of its last batch; here there is one for each batch that is remembered, the
// oldest first, so that a restart forgets nothing. Who reads it as Kafka does finds the last batch.

#include <utility>

#include "broker/log/big_endian.h"
#include "broker/log/crc32c.h"
#include "broker/log/producer_states.h"

namespace omashu::broker {

namespace {

constexpr int16_t kVersion = 1;
constexpr size_t kCrcPosition = 2;
constexpr size_t kCountPosition = 6;
constexpr size_t kEntriesPosition = 10;
constexpr size_t kEntryBytes = 46;

template <std::integral Int>
void append(std::string& out, Int value) {
  char bytes[sizeof(Int)];
  store_big_endian(bytes, value);
  out.append(bytes, sizeof(Int));
}

}  // namespace

std::string ProducerStates::encode() const {
  std::string bytes(kEntriesPosition, '\0');
  int32_t count = 0;
  for (const auto& [id, producer] : producers_) {
    for (const Batch& batch : producer.known()) {
      append(bytes, std::to_underlying(id));
      append(bytes, producer.epoch);
      append(bytes, batch.last_sequence);
      append(bytes, std::to_underlying(batch.last_offset));
      append(bytes, batch.offset_delta);
      append(bytes, batch.timestamp);
      append(bytes, int32_t{-1});
      append(bytes, int64_t{-1});
      ++count;
    }
  }
  store_big_endian(bytes.data(), kVersion);
  store_big_endian(bytes.data() + kCountPosition, count);
  store_big_endian(bytes.data() + kCrcPosition, crc32c(std::string_view(bytes).substr(kCountPosition)));
  return bytes;
}

Result<ProducerStates> ProducerStates::decode(std::string_view bytes) {
  const bool is_whole =
      bytes.size() >= kEntriesPosition && (bytes.size() - kEntriesPosition) % kEntryBytes == 0 &&
      load_big_endian<int16_t>(bytes.data()) == kVersion &&
      load_big_endian<uint32_t>(bytes.data() + kCrcPosition) == crc32c(bytes.substr(kCountPosition)) &&
      load_big_endian<uint32_t>(bytes.data() + kCountPosition) == (bytes.size() - kEntriesPosition) / kEntryBytes;
  if (!is_whole) return fail(ErrorCode::kCorrupt, "the snapshot of producers is not whole");
  ProducerStates states;
  for (const char* from = bytes.data() + kEntriesPosition; from < bytes.data() + bytes.size(); from += kEntryBytes) {
    const Offset last_offset{load_big_endian<int64_t>(from + 14)};
    const auto offset_delta = load_big_endian<int32_t>(from + 22);
    if (offset_delta < 0 || last_offset < Offset{offset_delta}) {
      return fail(ErrorCode::kCorrupt, "the snapshot of producers has offsets that cannot be");
    }
    Producer& producer = states.producers_[ProducerId{load_big_endian<int64_t>(from)}];
    producer.epoch = load_big_endian<int16_t>(from + 8);
    producer.add({.last_sequence = load_big_endian<int32_t>(from + 10),
                  .last_offset = last_offset,
                  .offset_delta = offset_delta,
                  .timestamp = load_big_endian<int64_t>(from + 26)});
  }
  return states;
}

}  // namespace omashu::broker
