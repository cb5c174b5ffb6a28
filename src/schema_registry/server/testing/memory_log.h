// The topic _schemas in memory as several registries share it, for tests: what one appends, all read. Thread-safe.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "schema_registry/server/schemas_log.h"
#include "schema_registry/server/shared_store.h"

namespace omashu::schema_registry::server::testing {

class MemoryLog : public SchemasLog {
 public:
  struct Entry {
    TopicRecord record;
    std::string term;
  };

  // The store gets what the log holds, and what is appended from here on; on_progress is called after each.
  void add_reader(SharedStore& store, std::function<void()> on_progress) EXCLUDES(mutex_);

  // What an append does first: an error makes it fail, and nothing is appended. And what it does last: then the records
  // are in the log, and the writer does not hear of it. Null for nothing.
  using Intercept = std::function<Result<void>(std::span<const TopicRecord>)>;
  void before_append(Intercept intercept) EXCLUDES(mutex_);
  void after_append(Intercept intercept) EXCLUDES(mutex_);

  Result<std::vector<int64_t>> append(std::span<const TopicRecord> records, const Term& term,
                                      int64_t given_ids) override;

  // What another process appends.
  int64_t append_as(TopicRecord record, const std::string& term) EXCLUDES(mutex_);

  // While they are held, readers see nothing new.
  void hold_readers() EXCLUDES(mutex_);
  void release_readers() EXCLUDES(mutex_);

  std::vector<Entry> entries() const EXCLUDES(mutex_);

 private:
  struct Reader {
    SharedStore* store;
    std::function<void()> on_progress;
    size_t next = 0;
  };

  struct Intercepts {
    Intercept before_append;
    Intercept after_append;
  };

  void deliver() EXCLUDES(mutex_);
  Intercepts intercepts() const EXCLUDES(mutex_);

  mutable Mutex mutex_;
  std::vector<Entry> entries_ GUARDED_BY(mutex_);
  std::vector<Reader> readers_ GUARDED_BY(mutex_);
  bool is_held_ GUARDED_BY(mutex_) = false;
  Intercepts intercepts_ GUARDED_BY(mutex_);
};

}  // namespace omashu::schema_registry::server::testing
