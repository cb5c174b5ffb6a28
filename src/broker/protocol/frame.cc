#include "broker/protocol/frame.h"

#include <fmt/core.h>

#include <cassert>

#include "broker/protocol/apis.h"
#include "broker/protocol/wire_reader.h"
#include "broker/protocol/wire_writer.h"

namespace omashu::broker {
namespace {

constexpr size_t kSizeBytes = sizeof(int32_t);

// A client asks ApiVersions before it knows the broker, so the header of the answer is the same in all versions.
bool has_flexible_response_header(const Api& api, int16_t version) {
  return api.is_flexible(version) && api.key != ApiKey::kApiVersions;
}

// In all versions of the header, the client's id has the length of two bytes: one that does not know the API can read
// it.
std::optional<std::string_view> read_client_id(WireReader& in) {
  const std::optional<size_t> length = in.string_length(false);
  if (!length) return std::nullopt;
  return in.take(*length);
}

void append_size_left_open(EncodedFrame& out) { append_integer(out.bytes, int32_t{0}); }

}  // namespace

Result<RequestFrame> parse_request(std::string_view frame) {
  WireReader in(frame);
  RequestFrame request;
  RequestHeader& header = request.header;
  header.api_key = ApiKey{in.integer<int16_t>()};
  header.api_version = in.integer<int16_t>();
  header.correlation_id = in.integer<int32_t>();
  header.client_id = read_client_id(in);
  if (!in.ok()) return fail(ErrorCode::kCorrupt, fmt::format("a request header: {}", in.failure()));

  const Api* api = find_api(header.api_key);
  if (!api) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("a request of API {}, which is not known here", static_cast<int>(header.api_key)));
  }
  if (!api->versions.contains(header.api_version)) {
    if (api->key == ApiKey::kApiVersions) return request;
    return fail(ErrorCode::kInvalidArgument, fmt::format("a {} request of version {}: there are {} to {}", api->name,
                                                         header.api_version, api->versions.min, api->versions.max));
  }
  if (api->is_flexible(header.api_version)) in.skip_tagged_fields();
  if (!in.ok()) return fail(ErrorCode::kCorrupt, fmt::format("a request header of {}: {}", api->name, in.failure()));
  request.body = in.rest();
  return request;
}

uint64_t EncodedFrame::size_bytes() const {
  uint64_t size = bytes.size();
  for (const Gap& gap : gaps) size += gap.size_bytes;
  return size;
}

void begin_request(EncodedFrame& out, const Api& api, const RequestHeader& header) {
  append_size_left_open(out);
  append_integer(out.bytes, static_cast<int16_t>(header.api_key));
  append_integer(out.bytes, header.api_version);
  append_integer(out.bytes, header.correlation_id);
  if (header.client_id) {
    const std::string_view client_id = as_wire_string(*header.client_id);
    append_string_length(out.bytes, client_id.size(), false);
    out.bytes += client_id;
  } else {
    append_null_string(out.bytes, false);
  }
  if (api.is_flexible(header.api_version)) append_unsigned_varint(out.bytes, 0);  // tagged fields
}

void begin_response(EncodedFrame& out, const Api& api, int16_t version, int32_t correlation_id) {
  append_size_left_open(out);
  append_integer(out.bytes, correlation_id);
  if (has_flexible_response_header(api, version)) append_unsigned_varint(out.bytes, 0);  // tagged fields
}

void finish_frame(EncodedFrame& out) {
  const uint64_t size = out.size_bytes() - kSizeBytes;
  assert(size <= INT32_MAX);
  std::string encoded;
  append_integer(encoded, static_cast<int32_t>(size));
  out.bytes.replace(0, kSizeBytes, encoded);
}

Result<ResponseFrame> parse_response(std::string_view frame, const Api& api, int16_t version) {
  WireReader in(frame);
  ResponseFrame response;
  response.correlation_id = in.integer<int32_t>();
  if (has_flexible_response_header(api, version)) in.skip_tagged_fields();
  if (!in.ok()) return fail(ErrorCode::kCorrupt, fmt::format("a response header of {}: {}", api.name, in.failure()));
  response.body = in.rest();
  return response;
}

}  // namespace omashu::broker
