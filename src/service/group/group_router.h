// Sends requests to the member of the group that owns what they ask for.
//
// A request for one key is answered here where this process owns the key's partition, and by its owner where another
// one does. Where nobody is known to own it, since the group is being rebalanced or its owner is gone, it waits for a
// bounded time, and then is 503: never a 404 that might be wrong. Reads need not wait for an owner that is gone where
// this process has a copy that is known to be up to date.
//
// The key's partition is that of its bytes under the latest version of the key's schema, by Java's partitioner.
//
// Thread-safe.

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/executor.h"
#include "base/mutex.h"
#include "http/router.h"
#include "service/group/peer_client.h"
#include "service/group/table_group.h"
#include "service/parts.h"
#include "service/write/ownership.h"

namespace omashu::service {

class GroupRouter {
 public:
  // All of them outlive it. It listens to the group.
  GroupRouter(const Parts& parts, TableGroup& group, PeerClient& peers);
  ~GroupRouter() { stop(); }

  // Requests that wait are answered with 503.
  void stop() EXCLUDES(mutex_);

  // In place of an operation on one key: the handler is called where this process is to answer.
  http::Handler for_one_key(http::Handler here, bool is_read);

  PermitWrite permit_write();

  // Called on the group's thread, often; it does not wait.
  void set_listener(std::function<void()> on_change) EXCLUDES(mutex_);

  // ---- for requests that ask several members

  TableGroup& group() { return group_; }
  PeerClient& peers() { return peers_; }
  const Parts& parts() const { return parts_; }
  Executor& executor() { return executor_; }  // for what waits for other members

  // Who is to be asked for each partition, by URL, this process's own included. Waits, at most kPatience, until all
  // have an owner: on a thread that may wait.
  Answer<std::map<std::string, HeldPartitions>> owners_of(const HeldPartitions& partitions) EXCLUDES(mutex_);
  // The member did not answer: it is not asked again before something has changed.
  void note_failed(const std::string& url) EXCLUDES(mutex_);
  // Until something has changed, or a moment has passed.
  void wait_for_change(std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_);
  // Calls `here` once this process owns all of them; else the exchange is answered.
  void when_owned(HeldPartitions partitions, const http::ExchangePtr& exchange, std::function<void()> here)
      EXCLUDES(mutex_);

  static constexpr std::chrono::milliseconds kPatience{3'000};

  // For /metrics.
  uint64_t forwarded() const { return forwarded_; }
  uint64_t failed() const { return failed_; }

  static bool is_forwarded(const http::Request& request) { return !request.field(kForwardedHeader).empty(); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Waiting {
    http::ExchangePtr exchange;
    http::Handler here;
    HeldPartitions partitions;  // of one key: the one
    bool is_read = false;
    bool needs_lease = true;  // a row of an owner whose lease is over may be behind a new owner's writes
    Clock::time_point deadline;
  };
  using WaitingPtr = std::shared_ptr<Waiting>;

  void route(const WaitingPtr& request) EXCLUDES(mutex_);
  void forward(const WaitingPtr& request, const std::string& url);
  void on_answer(const WaitingPtr& request, const std::string& url, PeerAnswer answer);
  void wait(const WaitingPtr& request) EXCLUDES(mutex_);
  void retry() EXCLUDES(mutex_);
  // Of requests whose owners are gone: answers those of which there is an up-to-date copy here.
  void answer_from_copies(std::list<WaitingPtr> requests);
  bool is_to_answer(const HeldPartitions& partitions, bool needs_lease) const;
  bool is_owned(const HeldPartitions& partitions) const;
  std::optional<std::string> reachable_owner(const kafka::TopicPartition& partition) EXCLUDES(mutex_);
  Problem nobody(const HeldPartitions& partitions) const;

  const Parts& parts_;
  TableGroup& group_;
  PeerClient& peers_;
  std::atomic<uint64_t> forwarded_ = 0, failed_ = 0;

  Mutex mutex_;
  ConditionVariable changed_;
  uint64_t changes_ GUARDED_BY(mutex_) = 0;
  std::function<void()> on_change_ GUARDED_BY(mutex_) = [] {};
  std::list<WaitingPtr> waiting_ GUARDED_BY(mutex_);
  std::map<std::string, Clock::time_point> failed_urls_ GUARDED_BY(mutex_);  // until when they are not asked
  bool is_retrying_ GUARDED_BY(mutex_) = false;
  bool is_stopped_ GUARDED_BY(mutex_) = false;

  Executor executor_{8};
};

// The partition in which the latest version of the key's schema puts a key as people write it; nothing where the text
// is no key of the table.
std::optional<kafka::TopicPartition> partition_of_key(const TableGroup& group, const table::LiveTable& table,
                                                      std::string_view key_text);

}  // namespace omashu::service
