// Sends records, many in flight, and tells on stdout where each landed, in the order in which they were given.
//
// One thread. Callbacks come from within send(), poll() and finish().

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/connection/cluster.h"
#include "cli/problem_report.h"
#include "kafka/producer.h"

namespace omashu::cli {

class RecordWriter {
 public:
  enum class Form : uint8_t {
    kText,   // topic-partition-offset
    kJson,   // {"topic":…,"partition":…,"offset":…}
    kQuiet,  // nothing
  };

  // The cluster must outlive the writer: it is asked whether a topic is compacted when a record has no key.
  RecordWriter(Context& context, Cluster& cluster, std::unique_ptr<kafka::Producer> producer, Form form);

  RecordWriter(const RecordWriter&) = delete;  // callbacks hold its address
  RecordWriter& operator=(const RecordWriter&) = delete;

  // `place` is where the record came from ("status.jsonl:12"), for the error that it may end in.
  void send(kafka::Record record, std::string place);

  // A record that was given but cannot be sent.
  void refuse(const std::string& place, const Error& error);

  // Serves what is under way, and lets the reader of stdout have what is there.
  void poll(std::chrono::milliseconds timeout);

  // Waits until every record is written or has failed. Whether all were written; if not, says how many were.
  Result<ExitCode> finish(std::chrono::milliseconds timeout);

  int64_t written() const { return written_; }
  bool is_idle() const { return pending_.empty(); }  // nothing is under way

 private:
  struct Pending {
    std::string place;
    bool is_done = false;
    std::string line;  // what to print; nothing where it failed
  };

  Result<void> check_key(const kafka::Record& record);
  void on_delivery(Pending& pending, const Result<kafka::RecordMetadata>& delivered);
  void print_done();

  Context& context_;
  Cluster& cluster_;
  Form form_;
  std::map<std::string, bool> compacted_topics_;  // whether they are, of those that records without a key were for
  ProblemReport problems_;
  // In the order of sending; references to its elements stay valid while it grows and shrinks at its ends.
  std::deque<Pending> pending_;
  int64_t written_ = 0;
  std::unique_ptr<kafka::Producer> producer_;  // the last: its end calls back for what was not delivered
};

}  // namespace omashu::cli
