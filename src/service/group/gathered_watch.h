// GET …/watch of a group: one stream from each member that owns partitions, merged for the client (watch_merge.h).
//
// Where a member ends, or partitions change their owners, the client is told `bye`, and comes back with its last id,
// which holds whoever owns them then. So does a client that takes less than comes: what waits for it is bounded.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "service/group/gather.h"

namespace omashu::http_client {
class HttpLoop;
}

namespace omashu::service {

class GatheredWatch;

// All that this process merges. Thread-safe; it outlives the exchanges' server as the router does.
class GatheredWatches {
 public:
  static Result<std::shared_ptr<GatheredWatches>> open(GroupRouter& router, const PeerOptions& options);
  ~GatheredWatches();

  // On a thread that may wait. `here` says what is wrong where the table is none.
  void begin(const http::ExchangePtr& exchange, const http::Handler& here) EXCLUDES(mutex_);

  // Ends those whose partitions have other owners by now.
  void check_owners() EXCLUDES(mutex_);
  void stop() EXCLUDES(mutex_);
  uint64_t count() EXCLUDES(mutex_);

 private:
  GatheredWatches(GroupRouter& router, std::unique_ptr<http_client::HttpLoop> loop);
  std::vector<std::shared_ptr<GatheredWatch>> open_ones() EXCLUDES(mutex_);

  GroupRouter& router_;
  std::unique_ptr<http_client::HttpLoop> loop_;
  Mutex mutex_;
  std::shared_ptr<const GroupView> checked_ GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<GatheredWatch>> watches_ GUARDED_BY(mutex_);
};

}  // namespace omashu::service
