#include "table/live/kept_value.h"

#include <algorithm>

#include "avro/varint.h"

namespace omashu::table {

namespace {

void append_number(std::string& out, uint64_t number) {
  char bytes[avro::kMaxVarintBytes];
  out.append(bytes, static_cast<size_t>(avro::write_varint(bytes, number) - bytes));
}

std::optional<uint64_t> take_number(std::string_view& bytes) {
  const avro::Varint read = avro::decode_varint(bytes.data(), bytes.data() + bytes.size());
  if (read.size == 0) return std::nullopt;
  bytes.remove_prefix(read.size);
  return read.bits;
}

std::unexpected<Error> corrupt() { return fail(ErrorCode::kCorrupt, "the bytes of a row's value make no sense"); }

}  // namespace

void append_kept_value_start(std::optional<int64_t> expires_ms, std::span<const std::string> index_values,
                             std::string& out) {
  append_number(out, expires_ms ? 1 : 0);
  if (expires_ms) append_number(out, static_cast<uint64_t>(std::max<int64_t>(*expires_ms, 0)));
  append_number(out, index_values.size());
  for (const std::string& value : index_values) {
    append_number(out, value.size());
    out += value;
  }
}

std::string hidden_value(int64_t expired_ms) {
  std::string out;
  append_kept_value_start(expired_ms, {}, out);
  return out;
}

Result<KeptValue> read_kept_value(std::string_view bytes) {
  KeptValue kept;
  const auto has_expiry = take_number(bytes);
  if (!has_expiry || *has_expiry > 1) return corrupt();
  if (*has_expiry == 1) {
    const auto expires = take_number(bytes);
    if (!expires || *expires > INT64_MAX) return corrupt();
    kept.expires_ms = static_cast<int64_t>(*expires);
  }
  const auto count = take_number(bytes);
  if (!count || *count > bytes.size()) return corrupt();
  kept.index_values.reserve(*count);
  for (uint64_t i = 0; i < *count; ++i) {
    const auto size = take_number(bytes);
    if (!size || *size > bytes.size()) return corrupt();
    kept.index_values.push_back(bytes.substr(0, *size));
    bytes.remove_prefix(*size);
  }
  if (bytes.empty() && !kept.expires_ms) return corrupt();  // a StoredValue has a byte at least
  kept.stored_value = bytes;
  return kept;
}

}  // namespace omashu::table
