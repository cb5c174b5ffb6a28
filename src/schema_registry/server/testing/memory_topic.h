// The topic _schemas in memory, for tests: a log, what it adds up to, and compaction.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema_registry/server/decision.h"
#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server::testing {

class MemoryTopic {
 public:
  struct Entry {
    int64_t offset;
    TopicRecord record;
    std::string term;
  };

  Store& store() { return store_; }
  const std::vector<Entry>& log() const { return log_; }

  Store::Outcome append(TopicRecord record, const std::string& term = "");
  void append_all(const std::vector<TopicRecord>& records, const std::string& term = "");

  // Begins a term: "1-name".
  void lead(const std::string& term, const std::string& url = "");

  // Appends what was decided; the answer, or the error's code as text: "42201".
  std::string write(const Answer<Decision>& decision, const std::string& term = "");

  // Keeps the last record of each key, and, as Kafka does in time, drops those without a value.
  void compact();

  // A store that reads the log from its start.
  Store read_again() const;

  // The same log, with such a store.
  MemoryTopic restarted() const;

 private:
  std::vector<Entry> log_;
  int64_t next_offset_ = 0;
  Store store_;
};

// All that a store knows, as lines to compare: schemas by id and by subject, settings, ids given.
std::string describe(const Store& store);

}  // namespace omashu::schema_registry::server::testing
