// A kind of sink as the command line knows it: `omashu sink NAME TOPIC…`. A kind declares the options that are its own;
// topics, group, dead letters, batches, retries and the rest are declared and used by the frame (sink_command.cc),
// which also reads the same options from a file.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "omashu/result.h"
#include "sink/sink.h"

namespace omashu::cli {

class Cluster;
class OptionParser;

// What a sink is opened for.
struct SinkPlace {
  Context& context;
  Cluster& cluster;  // Kafka and the registry; used by the caller's thread alone, before the sink runs
  std::string name;  // of this sink in messages, metrics and dead letters: the kind, or the section of the file
  std::string group;
  std::vector<std::string> topics;  // one at least; they are there
};

class SinkKind {
 public:
  virtual ~SinkKind() = default;

  // The name is the word behind `omashu sink`; the usages are what follows it ("--dsn DSN TOPIC…").
  virtual Description description() const = 0;

  // Under headings of its own.
  virtual void declare(OptionParser& options) = 0;

  // What the options alone cannot say about each other; an error is a usage error.
  virtual Result<void> check() { return {}; }

  // Called once, after check(). Errors are the configuration's: a database that is away is none, since begin() comes
  // again for as long as it takes.
  virtual Result<std::unique_ptr<sink::Sink>> open(const SinkPlace& place) = 0;
};

// Each in a file of its own in this folder.
std::unique_ptr<SinkKind> make_file_sink_kind();
std::unique_ptr<SinkKind> make_postgres_sink_kind();
std::unique_ptr<SinkKind> make_dynamodb_sink_kind();

// Every kind, in the order in which the help lists them. A new one is a file of its own and a line in sink_kinds.cc.
std::vector<std::unique_ptr<SinkKind>> all_sink_kinds();

}  // namespace omashu::cli
