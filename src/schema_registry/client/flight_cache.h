// A bounded cache in which each key is asked for once, however many threads want it at the same time.
//
// Values stay until newer ones push the least recently used out; failures are handed to those who waited and to those
// who ask within `failure_ttl`, then forgotten. Thread-safe; the source is called without the lock.

#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include "base/mutex.h"
#include "omashu/result.h"

namespace omashu::schema_registry {

struct FlightCacheOptions {
  size_t capacity = 0;
  std::chrono::milliseconds failure_ttl{0};
  std::function<std::chrono::steady_clock::time_point()> clock;
};

template <class Key, class T>
class FlightCache {
 public:
  using Future = std::shared_future<Result<T>>;
  using Done = std::function<void(Result<T>)>;

  explicit FlightCache(FlightCacheOptions options) : options_(std::move(options)) {}

  // What is known of the key, or is on its way. Where it is neither, `ask(done)` is called: it must bring about exactly
  // one call of `done`, now or later, from any thread, while the cache lives.
  template <class Ask>
  Future get(const Key& key, Ask&& ask) {
    MutexLock lock(mutex_);
    if (const auto it = entries_.find(key); it != entries_.end()) {
      Entry& entry = it->second;
      if (entry.state != State::kFailed || options_.clock() < entry.expires) {
        if (entry.state != State::kInFlight) recent_.splice(recent_.begin(), recent_, entry.recent);
        return entry.future;
      }
      erase(it);
    }
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    Future future = promise->get_future().share();
    entries_.emplace(key, Entry{future, promise.get(), State::kInFlight, {}, {}});
    lock.unlock();
    ask(Done([this, key, promise](Result<T> result) { finish(key, *promise, std::move(result)); }));
    return future;
  }

  void put(const Key& key, T value) {
    std::promise<Result<T>> promise;
    promise.set_value(std::move(value));
    const MutexLock lock(mutex_);
    if (const auto it = entries_.find(key); it != entries_.end()) erase(it);
    const auto it = entries_.emplace(key, Entry{promise.get_future().share(), nullptr, State::kInFlight, {}, {}}).first;
    settle(it, State::kValue);
  }

  // Requests under way still serve those who wait for them, and nobody else.
  template <class Predicate>
  void forget_if(Predicate&& matches) {
    const MutexLock lock(mutex_);
    for (auto it = entries_.begin(); it != entries_.end();) {
      const auto next = std::next(it);
      if (matches(it->first)) erase(it);
      it = next;
    }
  }

  void forget_failures() {
    const MutexLock lock(mutex_);
    for (auto it = entries_.begin(); it != entries_.end();) {
      const auto next = std::next(it);
      if (it->second.state == State::kFailed) erase(it);
      it = next;
    }
  }

 private:
  enum class State { kInFlight, kValue, kFailed };
  struct Entry {
    Future future;
    const void* flight;  // which request may settle it
    State state;
    std::chrono::steady_clock::time_point expires;  // kFailed
    std::list<Key>::iterator recent;                // of settled entries
  };
  using Entries = std::map<Key, Entry>;

  void finish(const Key& key, std::promise<Result<T>>& promise, Result<T> result) {
    const State state = result ? State::kValue : State::kFailed;
    {
      const MutexLock lock(mutex_);
      const auto it = entries_.find(key);
      if (it != entries_.end() && it->second.flight == &promise) settle(it, state);
    }
    promise.set_value(std::move(result));
  }

  void settle(Entries::iterator it, State state) REQUIRES(mutex_) {
    Entry& entry = it->second;
    entry.state = state;
    entry.flight = nullptr;
    if (state == State::kFailed) entry.expires = options_.clock() + options_.failure_ttl;
    entry.recent = recent_.insert(recent_.begin(), it->first);
    while (recent_.size() > options_.capacity) erase(entries_.find(recent_.back()));
  }

  void erase(Entries::iterator it) REQUIRES(mutex_) {
    if (it->second.state != State::kInFlight) recent_.erase(it->second.recent);
    entries_.erase(it);
  }

  const FlightCacheOptions options_;
  Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  std::list<Key> recent_ GUARDED_BY(mutex_);  // keys of settled entries, the last used first
};

}  // namespace omashu::schema_registry
