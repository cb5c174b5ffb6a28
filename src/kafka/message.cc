#include "kafka/message.h"

#include <librdkafka/rdkafka.h>

namespace omashu::kafka {
namespace {

std::optional<std::string> copy_bytes(const void* bytes, size_t size) {
  // A null pointer is Kafka's null; no bytes are an empty text.
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

void copy_headers(const rd_kafka_message_t& message, std::vector<Header>& headers) {
  headers.clear();
  rd_kafka_headers_t* list = nullptr;
  if (rd_kafka_message_headers(&message, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers.push_back({name, copy_bytes(value, size)});
  }
}

}  // namespace

Message copy_message(const rd_kafka_message_t& message) {
  Message copy;
  copy_message(message, copy);
  return copy;
}

void copy_message(const rd_kafka_message_t& message, Message& copy) {
  const auto put = [](std::optional<std::string>& part, const void* bytes, size_t size) {
    if (bytes == nullptr) return part.reset();  // Kafka's null; no bytes are an empty text
    if (!part) part.emplace();
    part->assign(static_cast<const char*>(bytes), size);
  };
  copy.topic = rd_kafka_topic_name(message.rkt);
  copy.partition = message.partition;
  copy.offset = message.offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  copy.timestamp_ms = rd_kafka_message_timestamp(&message, &type);
  copy.is_log_append_time = type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME;
  put(copy.key, message.key, message.key_len);
  put(copy.value, message.payload, message.len);
  copy_headers(message, copy.headers);
}

}  // namespace omashu::kafka
