#include "kafka/reassignment_messages.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "kafka/error_codes.h"

namespace omashu::kafka {

namespace {

// The primitive types of Kafka's flexible messages (protocol guide, "Protocol Primitive Types").
class Writer {
 public:
  void i32(int32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes_ += static_cast<char>(static_cast<uint32_t>(value) >> shift);
  }
  void unsigned_varint(uint32_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void count(size_t items) { unsigned_varint(static_cast<uint32_t>(items) + 1); }
  void null() { unsigned_varint(0); }
  void text(std::string_view value) {
    count(value.size());
    bytes_ += value;
  }
  void no_tags() { unsigned_varint(0); }

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Its errors stick: after one, everything reads as 0 or empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class Number>
  Number number() {
    uint64_t value = 0;
    for (const char byte : take(sizeof(Number))) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<Number>(value);
  }

  uint32_t unsigned_varint() {
    uint32_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const std::string_view byte = take(1);
      if (byte.empty()) return 0;
      value |= static_cast<uint32_t>(static_cast<unsigned char>(byte[0]) & 0x7f) << shift;
      if ((byte[0] & 0x80) == 0) return value;
    }
    fail_here();
    return 0;
  }

  // Of an array whose items take so many bytes at least; a null array has none.
  size_t count(size_t min_item_bytes) {
    const uint32_t told = unsigned_varint();
    const size_t items = told == 0 ? 0 : told - 1;
    if (items > rest_.size() / min_item_bytes) {
      fail_here();
      return 0;
    }
    return items;
  }

  std::string text() {
    const uint32_t told = unsigned_varint();
    return std::string(told == 0 ? std::string_view() : take(told - 1));
  }

  std::vector<int32_t> i32_array() {
    std::vector<int32_t> items(count(sizeof(int32_t)));
    for (int32_t& item : items) item = number<int32_t>();
    return items;
  }

  void skip_tags() {
    for (uint32_t tags = unsigned_varint(); tags > 0 && !failed_; --tags) {
      unsigned_varint();
      take(unsigned_varint());
    }
  }

  bool failed() const { return failed_; }

 private:
  std::string_view take(size_t size) {
    if (size > rest_.size()) {
      fail_here();
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  void fail_here() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

std::unexpected<Error> not_a_response() {
  return fail(ErrorCode::kInternal, "the controller's answer about moves of replicas cannot be read");
}

// What both responses begin with.
Result<void> read_head(Reader& reader) {
  reader.number<int32_t>();  // throttle_time_ms
  const auto code = reader.number<int16_t>();
  const std::string words = reader.text();
  if (reader.failed()) return not_a_response();
  if (code != 0) return fail(broker_error(code, words));
  return {};
}

// The smallest topic has an empty name, no partitions and no tags; the smallest partition an index and three more
// bytes.
constexpr size_t kMinTopicBytes = 3;
constexpr size_t kMinPartitionBytes = 8;

}  // namespace

std::string alter_reassignments_request(std::span<const ReplicaMove> moves, std::chrono::milliseconds timeout) {
  std::map<std::string_view, std::vector<const ReplicaMove*>> topics;
  for (const ReplicaMove& move : moves) topics[move.partition.topic].push_back(&move);
  Writer writer;
  writer.i32(static_cast<int32_t>(std::min<int64_t>(timeout.count(), std::numeric_limits<int32_t>::max())));
  writer.count(topics.size());
  for (const auto& [topic, partitions] : topics) {
    writer.text(topic);
    writer.count(partitions.size());
    for (const ReplicaMove* move : partitions) {
      writer.i32(static_cast<int32_t>(move->partition.partition));
      if (move->replicas.empty()) {
        writer.null();
      } else {
        writer.count(move->replicas.size());
        for (const int32_t broker : move->replicas) writer.i32(broker);
      }
      writer.no_tags();
    }
    writer.no_tags();
  }
  return writer.take();
}

Result<std::map<TopicPartition, Result<void>>> parse_alter_reassignments_response(std::string_view bytes) {
  Reader reader(bytes);
  if (auto head = read_head(reader); !head) return fail(std::move(head.error()));
  std::map<TopicPartition, Result<void>> answers;
  for (size_t topics = reader.count(kMinTopicBytes); topics > 0 && !reader.failed(); --topics) {
    const std::string topic = reader.text();
    for (size_t partitions = reader.count(kMinPartitionBytes); partitions > 0 && !reader.failed(); --partitions) {
      const TopicPartition partition{topic, PartitionId{reader.number<int32_t>()}};
      const auto code = reader.number<int16_t>();
      const std::string words = reader.text();
      reader.skip_tags();
      Result<void> answer;
      if (code != 0) answer = fail(broker_error(code, words));
      answers.insert_or_assign(partition, std::move(answer));
    }
    reader.skip_tags();
  }
  reader.skip_tags();
  if (reader.failed()) return not_a_response();
  return answers;
}

std::string list_reassignments_request(std::chrono::milliseconds timeout) {
  Writer writer;
  writer.i32(static_cast<int32_t>(std::min<int64_t>(timeout.count(), std::numeric_limits<int32_t>::max())));
  writer.null();  // of all topics
  return writer.take();
}

Result<OngoingMoves> parse_list_reassignments_response(std::string_view bytes) {
  Reader reader(bytes);
  if (auto head = read_head(reader); !head) return fail(std::move(head.error()));
  OngoingMoves moves;
  for (size_t topics = reader.count(kMinTopicBytes); topics > 0 && !reader.failed(); --topics) {
    const std::string topic = reader.text();
    for (size_t partitions = reader.count(kMinPartitionBytes); partitions > 0 && !reader.failed(); --partitions) {
      OngoingMove& move = moves[{topic, PartitionId{reader.number<int32_t>()}}];
      move.replicas = reader.i32_array();
      move.adding = reader.i32_array();
      move.removing = reader.i32_array();
      reader.skip_tags();
    }
    reader.skip_tags();
  }
  reader.skip_tags();
  if (reader.failed()) return not_a_response();
  return moves;
}

}  // namespace omashu::kafka
