#include "service/write/testing/log_producer.h"

#include "kafka/partitioner.h"

namespace omashu::service::testing {

void WrittenLog::hold(std::string key_bytes) {
  const MutexLock lock(mutex_);
  held_key_ = std::move(key_bytes);
}

void WrittenLog::release() {
  const MutexLock lock(mutex_);
  held_key_.reset();
  for (Sent& sent : held_) append(std::move(sent));
  held_.clear();
}

void WrittenLog::wait_until_held(size_t records) {
  MutexLock lock(mutex_);
  while (held_.size() < records) changed_.wait(lock);
}

size_t WrittenLog::appended() const {
  const MutexLock lock(mutex_);
  return appended_;
}

Result<void> WrittenLog::send(kafka::Record record, kafka::Producer::DeliveryCallback on_delivery) {
  const MutexLock lock(mutex_);
  if (send_error) return fail(*send_error);
  if (held_key_ && record.key == held_key_) {
    held_.push_back({std::move(record), std::move(on_delivery)});
    changed_.notify_all();
  } else {
    append({std::move(record), std::move(on_delivery)});
  }
  return {};
}

void WrittenLog::append(Sent sent) {
  kafka::Record& record = sent.record;
  Result<kafka::RecordMetadata> result = kafka::RecordMetadata{.topic = record.topic};
  if (delivery_error) {
    result = fail(*delivery_error);
  } else {
    const auto hook = before_append;  // which may put another one in its place
    hook(record);
    const kafka::PartitionId partition = kafka::partition_of(*record.key, partitions_);
    const table::Position position =
        table_.add(partition, std::move(record.key), std::move(record.value), record.timestamp_ms);
    result->partition = position.partition;
    result->offset = position.offset;
    ++appended_;
  }
  deliveries_.emplace_back(std::move(sent.on_delivery), std::move(result));
  changed_.notify_all();
}

void WrittenLog::poll(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  MutexLock lock(mutex_);
  while (deliveries_.empty()) {
    if (!changed_.wait_until(lock, deadline)) return;
  }
  auto [on_delivery, result] = std::move(deliveries_.front());
  deliveries_.pop_front();
  lock.unlock();
  on_delivery(result);
}

}  // namespace omashu::service::testing
