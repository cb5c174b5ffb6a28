// How a message of Kafka's protocol is declared, and read and written by its declaration alone.
//
//   struct HeartbeatRequest {
//     static constexpr Api kApi{ApiKey::kHeartbeat, "Heartbeat", {0, 4}, 4};
//     using Response = HeartbeatResponse;
//
//     std::string_view group_id = {};
//     std::optional<std::string_view> group_instance_id = {};
//
//     template <class Self, class Visitor>
//     static void fields(Self& self, Visitor& visit) {
//       visit(self.group_id);
//       visit(self.group_instance_id, since(3));
//     }
//   };
//
// `fields` names them in the order of the wire, each with the versions in which it is there; a field that is not there
// keeps its default. A field's type is its type on the wire: integers, enums and double of their size, std::string and
// std::string_view, Bytes and BytesView, Records, Uuid, std::vector of any of these or of a struct with `fields` of its
// own, and std::optional of a string, of bytes, of an array or of a struct where null is allowed.
//
// A request views its frame, which must outlive it. A response owns what it says, so that it may wait (for a flush, for
// records, for the members of a group) while the request and the state that it came from go their way.
//
// No tagged field is declared: of the versions that are spoken here, none says anything that a broker without replicas
// has to say or to know. Those that arrive are skipped.

#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "broker/protocol/api.h"
#include "omashu/result.h"

namespace omashu::broker {

struct EncodedFrame;

// The versions in which a field is there, and those in which it may be null, if it is a std::optional. In the others,
// null is refused from outside, and written as the empty string or array.
struct FieldVersions {
  int16_t first = 0;
  int16_t last = std::numeric_limits<int16_t>::max();
  int16_t first_nullable = 0;

  constexpr bool contain(int16_t version) const { return first <= version && version <= last; }
  constexpr FieldVersions nullable_since(int16_t version) const { return {first, last, version}; }
};

constexpr FieldVersions since(int16_t first) { return {.first = first}; }
constexpr FieldVersions until(int16_t last) { return {.last = last}; }
constexpr FieldVersions between(int16_t first, int16_t last) { return {.first = first, .last = last}; }
constexpr FieldVersions nullable_since(int16_t version) { return {.first_nullable = version}; }

struct Uuid {
  std::array<uint8_t, 16> bytes = {};

  auto operator<=>(const Uuid&) const = default;
};

// In place of the authorized operations of a topic, a group or a cluster, where the request did not include them.
inline constexpr int32_t kOperationsNotRequested = std::numeric_limits<int32_t>::min();

struct BytesView {
  std::string_view data = {};
};

struct Bytes {
  std::string data = {};
};

// Record batches in an answer. The writer writes their size and leaves their place open (EncodedFrame::gaps), so that
// they can go from the file to the socket; the reader sees them.
struct Records {
  uint64_t size_bytes = 0;
  std::string_view data = {};  // as read; ignored by the writer
};

// Bytes after the message. Brokers ignore them in what clients send, as Kafka does: librdkafka 2.8 asks for the
// metadata of all topics with three bytes too many.
enum class LeftOver { kRefused, kIgnored };

// The code is instantiated in request_codecs.cc and response_codecs.cc alone, so that including a message is cheap.
template <class Message>
struct MessageCodec {
  // A length that goes beyond the bytes that are there is an error, as are more than a million elements in all arrays:
  // what is decoded takes some hundred megabytes at most. The version is one of kApi.versions.
  static Result<Message> decode(std::string_view body, int16_t version, LeftOver left_over);

  // Strings of more than 32767 bytes are cut there, since clients refuse them.
  static void append(const Message& message, int16_t version, EncodedFrame& out);
};

template <class Message>
Result<Message> decode(std::string_view body, int16_t version, LeftOver left_over = LeftOver::kRefused) {
  return MessageCodec<Message>::decode(body, version, left_over);
}

}  // namespace omashu::broker
