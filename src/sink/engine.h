// The engine of one sink: a member of a consumer group that hands batches to the sink until it is told to stop.
//
// Two threads: that of run(), which polls Kafka, and the sink's own (sink_worker.h), which decodes, writes and sets
// aside. However long the sink takes, polling goes on, and with it the membership of the group. engine_state.h decides
// what is done; this does it.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "sink/batch_decoder.h"
#include "sink/engine_state.h"
#include "sink/engine_stats.h"
#include "sink/set_aside.h"
#include "sink/sink.h"
#include "sink/sink_worker.h"

namespace omashu::sink {

struct EngineOptions {
  std::string name;  // of the sink, in messages and dead letters
  std::string kind;  // "file", "postgres"
  std::vector<std::string> topics;
  bool from_beginning = true;  // where neither the sink nor the group has a position; else at the end
  PartFormats formats;
  std::optional<std::string> dead_letters;
  std::vector<std::chrono::milliseconds> retry_delays;
  EngineLimits limits;
  std::chrono::milliseconds grace{10'000};               // for the batch under way when it is to stop
  std::function<void(const std::string& message)> warn;  // from the thread of run()
};

// What a consumer's configuration needs for an engine, before what the user says.
std::vector<std::pair<std::string, std::string>> consumer_defaults();

class Engine {
 public:
  // `producer` may be null where nothing can be set aside. The registry must outlive the engine.
  Engine(EngineOptions options, std::unique_ptr<Sink> sink, std::unique_ptr<kafka::Consumer> consumer,
         std::unique_ptr<kafka::Producer> producer, schema_registry::Client& registry);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Until a stop is requested, or an error that no repetition mends. Called once.
  Result<void> run(const std::stop_token& stop);

  // From any thread.
  EngineStats stats() const EXCLUDES(stats_mutex_);

 private:
  class Loop;

  const EngineOptions options_;
  const std::unique_ptr<Sink> sink_;
  SetAside set_aside_;
  BatchDecoder decoder_;
  const std::unique_ptr<kafka::Consumer> consumer_;

  mutable Mutex stats_mutex_;
  EngineStats stats_ GUARDED_BY(stats_mutex_);
};

}  // namespace omashu::sink
