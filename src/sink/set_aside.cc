#include "sink/set_aside.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/duration.h"

namespace omashu::sink {

namespace {

constexpr std::chrono::seconds kDeliveryTimeout{30};

// Whether the brokers will refuse the record however often it is sent.
bool is_final(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kUnauthorized: return true;
    default: return false;
  }
}

WriteFailure failure_of(Error error) {
  return is_final(error) ? WriteFailure::stop(std::move(error)) : WriteFailure::try_again(std::move(error));
}

kafka::Record make_retry(const kafka::Message& message, std::string topic, const RecordOrigin& origin, int64_t at_ms) {
  kafka::Record record{.topic = std::move(topic), .key = message.key, .value = message.value};
  if (message.timestamp_ms >= 0) record.timestamp_ms = message.timestamp_ms;
  for (const kafka::Header& header : message.headers) {
    if (header.name != kRetryOriginHeader && header.name != kRetryAtHeader) record.headers.push_back(header);
  }
  record.headers.push_back({std::string(kRetryOriginHeader), origin_text(origin)});
  record.headers.push_back({std::string(kRetryAtHeader), fmt::format("{}", at_ms)});
  return record;
}

}  // namespace

std::string retry_topic_name(const std::string& topic, std::chrono::milliseconds delay) {
  return fmt::format("{}.retry.{}", topic, duration_text(delay));
}

SetAside::SetAside(SetAsideOptions options, std::unique_ptr<kafka::Producer> producer)
    : options_(std::move(options)), producer_(std::move(producer)) {
  for (const std::string& topic : options_.topics) {
    for (size_t step = 0; step < options_.delays.size(); ++step) {
      retry_topics_[retry_topic_name(topic, options_.delays[step])] = {topic, step};
    }
  }
}

std::vector<std::string> SetAside::retry_topics() const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : retry_topics_) names.push_back(name);
  return names;
}

// A record that does not decode will not decode later: it waits for nobody.
std::optional<std::string> SetAside::next_retry(const Item& item, std::chrono::milliseconds& delay) const {
  if (item.stage != FailedStage::kTaskPut) return std::nullopt;
  const auto found = retry_topics_.find(item.message->topic);
  const size_t step = found == retry_topics_.end() ? 0 : found->second.step + 1;
  if (step >= options_.delays.size()) return std::nullopt;
  delay = options_.delays[step];
  return retry_topic_name(found == retry_topics_.end() ? item.message->topic : found->second.of, delay);
}

WriteResult SetAside::send(std::span<const Item> items) {
  std::vector<kafka::Record> records;
  std::vector<const Item*> sent;
  uint64_t dead = 0;
  for (const Item& item : items) {
    const kafka::Message& message = *item.message;
    const auto before = sent_.find({message.topic, message.partition});
    if (before != sent_.end() && before->second.contains(message.offset)) continue;
    std::chrono::milliseconds delay{0};
    if (auto topic = next_retry(item, delay)) {
      records.push_back(make_retry(message, *std::move(topic), item.origin, options_.now_ms() + delay.count()));
    } else if (options_.dead_letters) {
      const Failure failure{.partition = {std::string(item.origin.topic), item.origin.partition},
                            .offset = item.origin.offset,
                            .sink = options_.sink,
                            .kind = options_.kind,
                            .stage = item.stage,
                            .reason = *item.reason};
      records.push_back(make_dead_letter(message, *options_.dead_letters, failure));
      ++dead;
    } else {
      Error error = *item.reason;
      error.message = fmt::format("{} cannot be written: {}; with --dead-letters TOPIC such records are set aside",
                                  origin_text(item.origin), error.message);
      return std::unexpected(WriteFailure::stop(std::move(error)));
    }
    sent.push_back(&item);
  }
  if (records.empty()) return {};
  const uint64_t retries = records.size() - dead;
  if (auto delivered = deliver(std::move(records)); !delivered) return delivered;
  for (const Item* item : sent) {
    sent_[{item->message->topic, item->message->partition}].insert(item->message->offset);
  }
  dead_letters_sent_ += dead;
  retries_sent_ += retries;
  return {};
}

WriteResult SetAside::deliver(std::vector<kafka::Record> records) {
  // Callbacks may come after this has given up.
  const auto failure = std::make_shared<std::optional<Error>>();
  for (kafka::Record& record : records) {
    std::string topic = record.topic;
    auto sent = producer_->send(std::move(record), [failure](const Result<kafka::RecordMetadata>& delivery) {
      if (!delivery && (!*failure || is_final(delivery.error()))) *failure = delivery.error();
    });
    if (!sent) return std::unexpected(failure_of(std::move(sent.error()).within("setting a record aside in " + topic)));
  }
  if (auto flushed = producer_->flush(kDeliveryTimeout); !flushed) {
    return std::unexpected(failure_of(std::move(flushed.error()).within("setting records aside")));
  }
  if (*failure) return std::unexpected(failure_of(Error(**failure).within("setting records aside")));
  return {};
}

void SetAside::forget_before(const Positions& positions) {
  for (const auto& [place, position] : positions) {
    const auto found = sent_.find(place);
    if (found == sent_.end()) continue;
    found->second.erase(found->second.begin(), found->second.lower_bound(position));
    if (found->second.empty()) sent_.erase(found);
  }
}

}  // namespace omashu::sink
