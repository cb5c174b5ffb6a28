#include "broker/log/record.h"

#include "broker/log/varint.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kNoHeaders("\0", 1);

struct Bytes {
  std::optional<std::string_view> bytes;
};

// Bytes after their length, absent where that is -1; nothing where that cannot be.
std::optional<Bytes> take_bytes(std::string_view& from) {
  const auto length = take_varint(from);
  if (!length || *length < -1) return std::nullopt;
  if (*length == -1) return Bytes{};
  const auto size = static_cast<size_t>(*length);
  if (size > from.size()) return std::nullopt;
  const Bytes taken{from.substr(0, size)};
  from.remove_prefix(size);
  return taken;
}

// Headers, which must fill `from`.
bool are_headers(std::string_view from) {
  const auto count = take_varint(from);
  if (!count || *count < 0) return false;
  for (int32_t i = 0; i < *count; ++i) {
    const auto key = take_bytes(from);
    if (!key || !key->bytes || !take_bytes(from)) return false;
  }
  return from.empty();
}

std::optional<RecordView> parse_record(std::string_view body) {
  if (body.empty()) return std::nullopt;
  body.remove_prefix(1);  // attributes
  const auto timestamp_delta = take_varlong(body);
  const auto offset_delta = take_varint(body);
  if (!timestamp_delta || !offset_delta || *offset_delta < 0) return std::nullopt;
  const auto key = take_bytes(body);
  if (!key) return std::nullopt;
  const auto value = take_bytes(body);
  if (!value || !are_headers(body)) return std::nullopt;
  return RecordView{.timestamp_delta = *timestamp_delta,
                    .offset_delta = *offset_delta,
                    .key = key->bytes,
                    .value = value->bytes,
                    .headers = body};
}

void append_bytes(std::string& out, const std::optional<std::string_view>& bytes) {
  append_varint(out, bytes ? static_cast<int64_t>(bytes->size()) : -1);
  if (bytes) out += *bytes;
}

}  // namespace

std::optional<RecordView> RecordReader::next() {
  if (is_corrupt_) return std::nullopt;
  if (left_ <= 0) return end(!rest_.empty());
  const auto body = take_bytes(rest_);
  if (!body || !body->bytes) return end(true);
  auto record = parse_record(*body->bytes);
  if (!record) return end(true);
  --left_;
  return record;
}

std::optional<RecordView> RecordReader::end(bool is_corrupt) {
  is_corrupt_ = is_corrupt;
  return std::nullopt;
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
