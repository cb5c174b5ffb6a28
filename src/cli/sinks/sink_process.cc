#include "cli/sinks/sink_process.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/mutex.h"
#include "base/thread_signals.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/output/progress.h"
#include "cli/server/http_options.h"
#include "cli/server/readiness.h"
#include "cli/sinks/sink_metrics.h"
#include "cli/sinks/sink_topics.h"
#include "cli/stop_signal.h"
#include "http/server.h"
#include "sink/engine.h"

namespace omashu::cli {

namespace {

using sink::EngineStats;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{200};

// One sink with its thread.
struct RunningSink {
  std::string name;
  std::unique_ptr<sink::Engine> engine;
  std::stop_source stop;
  Result<void> result;       // once it has ended
  bool was_failing = false;  // as it was last told
  std::thread thread;
};

class SinkProcess {
 public:
  explicit SinkProcess(Context& context, const SinkProcessOptions& options)
      : context_(context), options_(options), readiness_(options.ready_file) {}
  ~SinkProcess();
  SinkProcess(const SinkProcess&) = delete;
  SinkProcess& operator=(const SinkProcess&) = delete;

  Result<void> add(Cluster& cluster, SinkJob& job);
  Result<void> listen();
  Result<ExitCode> run();

 private:
  NamedStats stats() const;
  void start();
  void tell(const NamedStats& all);
  void show_progress(const NamedStats& all, Clock::time_point now);
  void request_stop();
  bool have_ended() const;
  void wait_for_an_end();  // for kLook at most
  Result<ExitCode> finish();

  Context& context_;
  const SinkProcessOptions& options_;
  Readiness readiness_;
  std::vector<std::unique_ptr<RunningSink>> sinks_;
  std::unique_ptr<http::Server> server_;
  uint64_t records_before_ = 0;
  std::optional<Clock::time_point> shown_at_;
  mutable Mutex mutex_;
  ConditionVariable ended_;
  size_t running_ GUARDED_BY(mutex_) = 0;  // sinks that have not ended
};

SinkProcess::~SinkProcess() {
  if (server_) server_->stop();
  request_stop();
  for (auto& one : sinks_) {
    if (one->thread.joinable()) one->thread.join();
  }
}

Result<void> SinkProcess::add(Cluster& cluster, SinkJob& job) {
  sink::EngineOptions options = job.options.engine_options(job.name, std::string(job.kind->description().name));
  options.warn = [this, name = job.name](const std::string& message) {
    context_.messages.warning(fmt::format("{}: {}", name, message));
  };
  if (auto prepared = prepare_topics(context_, cluster, options); !prepared) return prepared;
  const std::string group = job.options.group(job.name);
  auto opened = job.kind->open(
      {.context = context_, .cluster = cluster, .name = job.name, .group = group, .topics = options.topics});
  if (!opened) return fail(std::move(opened.error()).within(job.name));
  auto properties = sink::consumer_defaults();
  properties.emplace_back("group.id", group);
  auto consumer = cluster.consumer(properties);
  if (!consumer) return fail(std::move(consumer.error()));
  std::unique_ptr<kafka::Producer> producer;
  if (options.dead_letters) {
    auto made = cluster.producer();
    if (!made) return fail(std::move(made.error()));
    producer = *std::move(made);
  }
  const auto registry = cluster.registry();
  if (!registry) return fail(registry.error());
  auto one = std::make_unique<RunningSink>();
  one->name = job.name;
  one->engine = std::make_unique<sink::Engine>(std::move(options), *std::move(opened), *std::move(consumer),
                                               std::move(producer), **registry);
  sinks_.push_back(std::move(one));
  return {};
}

NamedStats SinkProcess::stats() const {
  NamedStats all;
  for (const auto& one : sinks_) all.emplace_back(one->name, one->engine->stats());
  return all;
}

Result<void> SinkProcess::listen() {
  if (!options_.http_address) return {};
  http::ServerOptions options;
  options.address = *options_.http_address;
  options.threads = 1;
  options.max_connections = 100;
  options.name = "the sinks' HTTP server";
  auto server = http::Server::bind(std::move(options));
  if (!server) return fail(naming_option(std::move(server.error()), "--http"));
  server_ = *std::move(server);
  http::Router router;
  const auto answer = [](const http::ExchangePtr& exchange, bool is_good, std::string body) {
    exchange->answer({.status = is_good ? 200 : 503, .content_type = "application/json", .body = std::move(body)});
  };
  router.add(http::Method::kGet, "/metrics", http::Access::kPublic, [this](const http::ExchangePtr& exchange) {
    exchange->answer({.content_type = "text/plain; version=0.0.4", .body = sink_metrics(stats())});
  });
  router.add(http::Method::kGet, "/healthz", http::Access::kPublic, [=, this](const http::ExchangePtr& exchange) {
    const NamedStats all = stats();
    answer(exchange, is_healthy(all), sink_health(all));
  });
  router.add(http::Method::kGet, "/readyz", http::Access::kPublic, [=, this](const http::ExchangePtr& exchange) {
    const NamedStats all = stats();
    answer(exchange, is_ready(all), sink_health(all));
  });
  server_->serve(std::move(router));
  return {};
}

void SinkProcess::start() {
  {
    const MutexLock lock(mutex_);
    running_ = sinks_.size();
  }
  for (auto& one : sinks_) {
    one->thread = std::thread([this, sink = one.get()] {
      block_signals();
      sink->result = sink->engine->run(sink->stop.get_token());
      const MutexLock lock(mutex_);
      --running_;
      ended_.notify_all();
    });
  }
}

void SinkProcess::request_stop() {
  for (auto& one : sinks_) one->stop.request_stop();
}

bool SinkProcess::have_ended() const {
  const MutexLock lock(mutex_);
  return running_ == 0;
}

void SinkProcess::wait_for_an_end() {
  MutexLock lock(mutex_);
  if (running_ > 0) ended_.wait_until(lock, Clock::now() + kLook);
}

Result<ExitCode> SinkProcess::run() {
  start();
  std::vector<std::pair<std::string, std::string>> places;
  if (server_) places.emplace_back("OMASHU_SINK_URL", server_->url());
  if (auto told = readiness_.tell(places); !told) return fail(std::move(told.error()));
  bool is_stopping = false;
  while (!have_ended()) {
    // Once a stop is requested, waiting for one would return at once.
    if (is_stopping) {
      wait_for_an_end();
    } else if (context_.stop.wait_for(kLook)) {
      is_stopping = true;
      request_stop();
    }
    const NamedStats all = stats();
    tell(all);
    show_progress(all, Clock::now());
    for (size_t i = 0; options_.exits_at_end && i < all.size(); ++i) {
      const EngineStats& stats = all[i].second;
      const bool is_at_end = stats.state == EngineStats::State::kRunning && stats.lag() == 0 && stats.held_bytes == 0;
      if (is_at_end) sinks_[i]->stop.request_stop();
    }
  }
  return finish();
}

// That a sink does not get on, and that it does again: each once.
void SinkProcess::tell(const NamedStats& all) {
  for (size_t i = 0; i < all.size(); ++i) {
    const EngineStats& stats = all[i].second;
    if (stats.state == EngineStats::State::kFailed || stats.state == EngineStats::State::kStopped) continue;
    const bool is_failing = !stats.last_failure.empty();
    if (is_failing == sinks_[i]->was_failing) continue;
    sinks_[i]->was_failing = is_failing;
    if (is_failing) {
      context_.messages.warning(fmt::format("{}: trying again: {}", all[i].first, stats.last_failure));
    } else {
      context_.messages.note(fmt::format("{}: goes on", all[i].first));
    }
  }
}

// "archive: 12,345 records, 1,200/s, lag 40, 2 set aside"
void SinkProcess::show_progress(const NamedStats& all, Clock::time_point now) {
  if (!context_.messages.is_terminal()) return;
  constexpr std::chrono::seconds kPace{1};
  if (shown_at_ && now - *shown_at_ < kPace) return;
  uint64_t records = 0, set_aside = 0;
  std::optional<int64_t> lag = 0;
  for (const auto& [name, stats] : all) {
    records += stats.records;
    set_aside += stats.dead_letters;
    const auto of_sink = stats.lag();
    lag = lag && of_sink ? std::optional(*lag + *of_sink) : std::nullopt;
  }
  if (shown_at_) {
    const double seconds = std::chrono::duration<double>(now - *shown_at_).count();
    const auto rate = static_cast<int64_t>(static_cast<double>(records - records_before_) / seconds);
    context_.messages.progress(fmt::format("{}: {} records, {}/s, lag {}, {} set aside",
                                           all.size() == 1 ? all.front().first : fmt::format("{} sinks", all.size()),
                                           grouped(static_cast<int64_t>(records)), grouped(rate),
                                           lag ? grouped(*lag) : "not known yet", set_aside));
  }
  records_before_ = records;
  shown_at_ = now;
}

Result<ExitCode> SinkProcess::finish() {
  context_.messages.clear_progress();
  const NamedStats all = stats();
  ExitCode code = ExitCode::kDone;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& [name, stats] = all[i];
    context_.messages.note(fmt::format(
        "{}: {} records written{}", name, grouped(static_cast<int64_t>(stats.records)),
        stats.dead_letters == 0 ? "" : fmt::format(", {} of them to the dead letters", stats.dead_letters)));
    if (sinks_[i]->result) continue;
    context_.messages.error(Error(sinks_[i]->result.error()).within(name));
    code = ExitCode::kFailed;
  }
  return code;
}

}  // namespace

Result<ExitCode> run_sinks(Context& context, std::vector<SinkJob>& jobs, const ConnectionOptions& connection,
                           const SinkProcessOptions& options) {
  auto cluster = Cluster::open(context, connection);
  if (!cluster) return fail(std::move(cluster.error()));
  SinkProcess process(context, options);
  for (SinkJob& job : jobs) {
    if (auto added = process.add(*cluster, job); !added) return fail(std::move(added.error()));
  }
  if (auto listening = process.listen(); !listening) return fail(std::move(listening.error()));
  return process.run();
}

}  // namespace omashu::cli
