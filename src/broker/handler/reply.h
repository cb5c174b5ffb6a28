// The way back to the client: every request is answered once, by its handler or later, from whatever thread.

#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "broker/log/partition_log.h"
#include "broker/protocol/frame.h"

namespace omashu::broker {

// An answer as it goes out. The slices belong into the frame's gaps, one each.
struct Answer {
  EncodedFrame frame;
  std::vector<FileSlice> slices;
  // In place of an answer: the connection is closed once the answers before this one have gone out. It is the only way
  // to tell a client of an error that has asked for no answer.
  bool closes_connection = false;
};

// Nothing where the request has no answer, as a Produce with acks=0.
using SendAnswer = std::move_only_function<void(std::optional<Answer>)>;

// A handler that answers a request twice is a bug: it would shift every later answer of the connection by one. Ends the
// process with the name of the API, in every build.
[[noreturn]] void fail_second_answer(const Api& api);

// Answers once. Whoever was moved from has no answer to give any more.
template <class Response>
class Reply {
 public:
  Reply(SendAnswer send, int16_t version, int32_t correlation_id)
      : send_(std::move(send)), version_(version), correlation_id_(correlation_id) {}

  void operator()(const Response& response, std::vector<FileSlice> slices = {}) {
    take()(Answer{.frame = encode_response(response, version_, correlation_id_), .slices = std::move(slices)});
  }
  void without_answer() { take()(std::nullopt); }
  void close_connection() { take()(Answer{.frame = {}, .slices = {}, .closes_connection = true}); }

 private:
  SendAnswer take() {
    if (!send_) fail_second_answer(Response::kApi);
    return std::exchange(send_, nullptr);
  }

  SendAnswer send_;
  int16_t version_;
  int32_t correlation_id_;
};

}  // namespace omashu::broker
