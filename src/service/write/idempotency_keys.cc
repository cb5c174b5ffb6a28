#include "service/write/idempotency_keys.h"

#include <utility>

namespace omashu::service {

namespace {

size_t bytes_of(const std::string& key, const http::Response& response) {
  size_t bytes = 2 * key.size() + sizeof(http::Response) + 256 + response.body.size();
  for (const http::Field& field : response.fields) bytes += sizeof field + field.name.size() + field.value.size();
  return bytes;
}

}  // namespace

IdempotencyKeys::Standing IdempotencyKeys::begin(const std::string& key, const Digest& request, OnAnswer on_answer) {
  http::Response known;
  {
    const MutexLock lock(mutex_);
    make_room();
    const auto [found, is_new] = entries_.try_emplace(key);
    Entry& entry = found->second;
    if (is_new) {
      entry.request = request;
      return Standing::kNew;
    }
    if (entry.request != request) return Standing::kOtherRequest;
    if (!entry.is_answered) {
      entry.waiting.push_back(std::move(on_answer));
      return Standing::kSame;
    }
    known = entry.response;
  }
  on_answer(known);
  return Standing::kSame;
}

void IdempotencyKeys::finish(const std::string& key, const http::Response& response, bool is_final) {
  std::vector<OnAnswer> waiting;
  {
    const MutexLock lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.is_answered) return;
    Entry& entry = found->second;
    waiting = std::move(entry.waiting);
    if (is_final) {
      entry.is_answered = true;
      entry.response = response;
      entry.answered = options_.now();
      entry.bytes = bytes_of(key, response);
      by_age_.push_back(key);
      bytes_ += entry.bytes;
      make_room();
    } else {
      entries_.erase(found);
    }
  }
  for (const OnAnswer& on_answer : waiting) on_answer(response);
}

void IdempotencyKeys::make_room() {
  const auto oldest_kept = options_.now() - options_.keep_for;
  while (!by_age_.empty()) {
    const auto oldest = entries_.find(by_age_.front());
    const bool is_over = oldest->second.answered < oldest_kept;
    if (!is_over && entries_.size() <= options_.max_keys && bytes_ <= options_.max_bytes) return;
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
    by_age_.pop_front();
  }
}

size_t IdempotencyKeys::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

}  // namespace omashu::service
