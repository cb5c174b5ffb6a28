#include "schema_registry/server/topic_repair.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <optional>
#include <vector>

#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"
#include "kafka/consumer.h"
#include "schema_registry/server/kafka_log.h"
#include "schema_registry/server/kafka_reader.h"

namespace omashu::schema_registry::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kBatch = 1'000;
constexpr milliseconds kRangeTimeout{5'000};

// {"key":"…"}, or {"keyBase64":"…"} where the bytes are no text.
void add_bytes(json::Value& object, std::string name, const std::optional<std::string>& bytes) {
  if (!bytes) {
    object.add(std::move(name), json::Value());
  } else if (is_valid_utf8(*bytes)) {
    object.add(std::move(name), *bytes);
  } else {
    object.add(name + "Base64", to_base64(*bytes));
  }
}

std::string line_of(const kafka::Message& message) {
  json::Value line = json::Value::object();
  line.add("offset", message.offset);
  add_bytes(line, "key", message.key);
  add_bytes(line, "value", message.value);
  return json::to_text(line) + "\n";
}

// What there is in a range when no CRC is checked, a line for each record. Damaged bytes may be no batch at all, and
// then nothing comes.
void read_range(kafka::Consumer& consumer, const UnreadableOffsets& range,
                std::map<kafka::Offset, std::string>& lines) {
  const auto deadline = steady_clock::now() + kRangeTimeout;
  while (steady_clock::now() < deadline) {
    const auto events = consumer.poll_batch(kBatch, std::chrono::ceil<milliseconds>(deadline - steady_clock::now()));
    if (!events) return;
    for (const kafka::ConsumerEvent& event : *events) {
      if (std::holds_alternative<kafka::PartitionEnd>(event)) return;
      const auto* message = std::get_if<kafka::Message>(&event);
      if (message == nullptr) continue;
      if (message->offset >= range.end) return;
      if (message->offset >= range.first) lines.insert_or_assign(message->offset, line_of(*message));
    }
  }
}

Result<std::map<kafka::Offset, std::string>> read_damaged(const KafkaTopic& topic,
                                                          const std::vector<UnreadableOffsets>& ranges) {
  kafka::ClientConfig config = topic.kafka;
  config.set("isolation.level", "read_uncommitted");
  config.set("check.crcs", "false");
  auto consumer = kafka::Consumer::open(config);
  if (!consumer) return fail(std::move(consumer.error()));
  std::map<kafka::Offset, std::string> lines;
  for (const UnreadableOffsets& range : ranges) {
    const std::map<kafka::TopicPartition, kafka::Offset> start = {{{topic.name, 0}, range.first}};
    if (auto assigned = (*consumer)->assign(start); !assigned) return fail(std::move(assigned.error()));
    read_range(**consumer, range, lines);
  }
  return lines;
}

Result<void> write_file(const std::string& path, const std::map<kafka::Offset, std::string>& lines) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
  std::string text;
  for (const auto& [offset, line] : lines) text += line;
  std::string_view left = text;
  bool is_done = true;
  while (is_done && !left.empty()) {
    const ssize_t written = ::write(file, left.data(), left.size());
    is_done = written >= 0 || errno == EINTR;
    if (written > 0) left.remove_prefix(static_cast<size_t>(written));
  }
  is_done = is_done && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!is_done) return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(error)));
  return {};
}

}  // namespace

Result<TopicRepair> repair_topic(const KafkaTopic& topic, const std::string& aside, milliseconds timeout) {
  if (auto prepared = prepare_topic(topic, timeout); !prepared) return fail(std::move(prepared.error()));
  SharedStore shared;
  auto reader = KafkaReader::start(topic, shared, timeout);
  if (!reader) return fail(std::move(reader.error()));
  if ((*reader)->unread_reason()) return fail(*(*reader)->unread_reason());
  TopicRepair repair;
  std::vector<UnreadableOffsets> unreadable;
  shared.read([&](const Store& store) {
    repair.damage = store.is_damaged() ? store.describe_damage() : std::string();
    unreadable = store.unreadable();
  });
  if (repair.damage.empty()) return repair;

  const auto lines = read_damaged(topic, unreadable);
  if (!lines) return fail(lines.error());
  if (!lines->empty()) {
    if (auto written = write_file(aside, *lines); !written) return fail(std::move(written.error()));
    repair.damaged_records = static_cast<int>(lines->size());
  }

  const int64_t log_end = (*reader)->restored_offset();
  int64_t given_ids = 0;
  const LeaderValue value = shared.read([&](const Store& store) {
    given_ids = store.given_ids();
    return store.repaired_value({store.leader().term.number + 1, "repair"}, log_end);
  });
  auto log = KafkaLog::open(topic, timeout);
  if (!log) return fail(std::move(log.error()));
  const TopicRecord record = leader_record(value);
  const auto written = (*log)->append(std::span(&record, 1), value.term, given_ids);
  if (!written) return fail(written.error());
  return repair;
}

}  // namespace omashu::schema_registry::server
