#include "broker/log/record.h"

#include <algorithm>

namespace omashu::broker {

namespace {

constexpr std::string_view kNoHeaders("\0", 1);

// Headers, which must be all that is left.
bool are_headers(VarintReader& reader) {
  const int32_t count = reader.varint();
  if (count < 0) return false;
  for (int32_t i = 0; i < count && reader.ok(); ++i) {
    if (!reader.bytes()) return false;
    (void)reader.bytes();
  }
  return reader.ok() && reader.rest().empty();
}

void append_bytes(std::string& out, const std::optional<std::string_view>& bytes) {
  append_varint(out, bytes ? static_cast<int64_t>(bytes->size()) : -1);
  if (bytes) out += *bytes;
}

}  // namespace

const RecordView* RecordReader::next() {
  if (is_corrupt_ || left_ <= 0) {
    is_corrupt_ |= !reader_.rest().empty();
    return nullptr;
  }
  --left_;
  VarintReader body(reader_.take(static_cast<size_t>(std::max(reader_.varint(), 0))));
  (void)body.take(1);  // attributes
  record_.timestamp_delta = body.varlong();
  record_.offset_delta = body.varint();
  record_.key = body.bytes();
  record_.value = body.bytes();
  record_.headers = body.rest();
  is_corrupt_ = record_.offset_delta < 0 || !are_headers(body);
  return is_corrupt_ ? nullptr : &record_;
}

void append_record(std::string& out, const RecordView& record) {
  std::string body(1, '\0');  // attributes
  append_varint(body, record.timestamp_delta);
  append_varint(body, record.offset_delta);
  append_bytes(body, record.key);
  append_bytes(body, record.value);
  body += record.headers.empty() ? kNoHeaders : record.headers;
  append_varint(out, static_cast<int64_t>(body.size()));
  out += body;
}

}  // namespace omashu::broker
