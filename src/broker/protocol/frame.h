// Frames of Kafka's protocol: the headers before a message, and the size before both.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/protocol/api.h"
#include "broker/protocol/message.h"
#include "omashu/result.h"

namespace omashu::broker {

struct RequestHeader {
  ApiKey api_key = {};
  int16_t api_version = 0;
  int32_t correlation_id = 0;
  std::optional<std::string_view> client_id = {};
};

struct RequestFrame {
  RequestHeader header = {};
  std::string_view body = {};
};

// A request as it came, without the four bytes of its size, which the caller has bounded. It is an error, after which
// Kafka closes the connection, if the API or its version is not known here; only ApiVersions comes through in a
// version that is too new, with an empty body, because it has an answer (18_api_versions.h).
Result<RequestFrame> parse_request(std::string_view frame);

// An answer from its size on, but for the records of a Fetch: each gap is a place in `bytes` into which so many bytes
// belong. The gaps are in order, and the size at the front counts them. The handler keeps the whole below 2 GiB.
struct EncodedFrame {
  struct Gap {
    size_t position = 0;
    uint64_t size_bytes = 0;

    bool operator==(const Gap&) const = default;
  };

  std::string bytes = {};
  std::vector<Gap> gaps = {};

  uint64_t size_bytes() const;  // with what belongs into the gaps
};

void begin_request(EncodedFrame& out, const Api& api, const RequestHeader& header);
void begin_response(EncodedFrame& out, const Api& api, int16_t version, int32_t correlation_id);
void finish_frame(EncodedFrame& out);

template <class Response>
EncodedFrame encode_response(const Response& response, int16_t version, int32_t correlation_id) {
  EncodedFrame out;
  begin_response(out, Response::kApi, version, correlation_id);
  MessageCodec<Response>::append(response, version, out);
  finish_frame(out);
  return out;
}

// The client's side, for tests.

template <class Request>
std::string encode_request(const Request& request, int16_t version, int32_t correlation_id,
                           std::optional<std::string_view> client_id = {}) {
  EncodedFrame out;
  begin_request(out, Request::kApi, {Request::kApi.key, version, correlation_id, client_id});
  MessageCodec<Request>::append(request, version, out);
  finish_frame(out);
  return std::move(out.bytes);
}

struct ResponseFrame {
  int32_t correlation_id = 0;
  std::string_view body = {};
};

// A response without the four bytes of its size.
Result<ResponseFrame> parse_response(std::string_view frame, const Api& api, int16_t version);

}  // namespace omashu::broker
