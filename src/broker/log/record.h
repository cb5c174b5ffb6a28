// The records of a batch, after decompression:
//
//   varint   length            bytes after this field
//   int8     attributes        unused
//   varlong  timestamp_delta   from the batch's base_timestamp
//   varint   offset_delta      from its base_offset
//   varint   key_length        -1: no key;   then the key
//   varint   value_length      -1: no value; then the value
//   varint   headers_count     then the headers: key length, key, value length or -1, value

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broker/log/varint.h"

namespace omashu::broker {

struct RecordView {
  int64_t timestamp_delta = 0;
  int32_t offset_delta = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::string_view headers;  // with their count before them
};

// Reads records one after the other out of bytes that nobody vouches for; copies nothing.
class RecordReader {
 public:
  // As many as `count` says, and nothing after them.
  RecordReader(std::string_view records, int32_t count) : reader_(records), left_(count) {}

  // The next record, which lies in the reader; nullptr after the last one, and from the first one on that makes no
  // sense.
  const RecordView* next();

  // To be asked after next() gave nothing.
  bool is_corrupt() const { return is_corrupt_; }

 private:
  VarintReader reader_;
  RecordView record_;
  int32_t left_;
  bool is_corrupt_ = false;
};

void append_record(std::string& out, const RecordView& record);

}  // namespace omashu::broker
