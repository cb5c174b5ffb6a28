// The topic _schemas in memory as several registries share it, for tests: what one appends, all read. Thread-safe.

#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

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
  void add_reader(SharedStore& store, std::function<void()> on_progress);

  // What an append does first: an error makes it fail, and nothing is appended. And what it does last: then the records
  // are in the log, and the writer does not hear of it. Null for nothing.
  using Intercept = std::function<Result<void>(std::span<const TopicRecord>)>;
  void before_append(Intercept intercept);
  void after_append(Intercept intercept);

  Result<std::vector<int64_t>> append(std::span<const TopicRecord> records, const Term& term) override;

  // What another process appends.
  int64_t append_as(TopicRecord record, const std::string& term);

  // While they are held, readers see nothing new.
  void hold_readers();
  void release_readers();

  std::vector<Entry> entries() const;

 private:
  struct Reader {
    SharedStore* store;
    std::function<void()> on_progress;
    size_t next = 0;
  };

  void deliver();
  Result<void> run(const Intercept& intercept, std::span<const TopicRecord> records) const;

  mutable std::mutex mutex_;  // guards what follows
  std::vector<Entry> entries_;
  std::vector<Reader> readers_;
  bool is_held_ = false;
  Intercept before_append_;
  Intercept after_append_;
};

}  // namespace omashu::schema_registry::server::testing
