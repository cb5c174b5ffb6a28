#include "broker/handler/broker.h"

#include <string>
#include <utility>

#include "broker/handler/broker_options.h"

namespace omashu::broker {
namespace {

constexpr size_t kExecutorThreads = 4;  // they wait for the disk and for each other, mostly
constexpr size_t kFetchThreads = 1;     // which never waits for the disk's writes
constexpr size_t kOpeningThreads = 4;   // so many logs are recovered at once
constexpr size_t kMaxReports = 10'000;  // that are remembered; what is new after that is not reported

}  // namespace

Broker::Broker(BrokerOptions options, FolderLock lock, FileSystem& file_system, Clock& clock)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      clock_(clock),
      files_(file_system, options_.max_open_files),
      producer_ids_(file_system, options_.data_folder, options_.report),
      groups_(*this, group_config_of(options_.configs)),
      flush_timers_(clock, timers_, flusher_),
      executor_(kExecutorThreads),
      fetch_executor_(kFetchThreads),
      opening_executor_(kOpeningThreads),
      timers_(clock) {}

Result<std::unique_ptr<Broker>> Broker::open(BrokerOptions options, FileSystem& file_system, Clock& clock) {
  if (auto made = file_system.create_folder(options.data_folder); !made) return fail(std::move(made).error());
  auto lock = FolderLock::take(options.data_folder);
  if (!lock) return fail(std::move(lock).error());
  std::unique_ptr<Broker> broker(new Broker(std::move(options), *std::move(lock), file_system, clock));
  auto configs = BrokerConfigs::open(file_system, broker->options_.data_folder);
  if (!configs) return fail(std::move(configs).error());
  broker->configs_ = *std::move(configs);
  broker->describe_options();
  auto topics = TopicStore::open(broker->files_, broker->options_.data_folder, broker->configs_->topic_defaults(),
                                 broker->options_.report);
  if (!topics) return fail(std::move(topics).error());
  broker->topics_ = *std::move(topics);
  if (auto found = broker->check_config_file(); !found) return fail(std::move(found).error());
  broker->groups_.restore();
  broker->housekeeper_ = std::make_unique<Housekeeper>(
      *broker->topics_, [&clock] { return clock.wall_ms(); }, broker->options_.housekeeping_interval,
      broker->options_.report);
  broker->apply_configs();
  return broker;
}

Result<void> Broker::check_config_file() {
  if (configs_->has_file()) return topics_->note_broker_configs();
  return topics_->has_broker_configs() ? fail(configs_->missing_file()) : Result<void>();
}

void Broker::describe_options() {
  for (const auto& [name, value] : options_.configs) configs_->set_option(name, value);
  const std::string node_id = std::to_string(options_.node_id);
  configs_->set_option("auto.create.topics.enable", options_.auto_create_topics ? "true" : "false");
  configs_->set_option("broker.id", node_id);
  configs_->set_option("log.cleaner.backoff.ms", std::to_string(options_.housekeeping_interval.count()));
  configs_->set_option("log.dir", options_.data_folder);
  configs_->set_option("log.dirs", options_.data_folder);
  configs_->set_option("node.id", node_id);
  configs_->set_option("num.partitions", std::to_string(options_.default_partitions));
}

Result<void> Broker::change_configs(BrokerConfigs::Level level, const BrokerConfigs::Change& change) {
  if (auto done = configs_->change(level, change); !done) return done;
  if (configs_->has_file()) {
    if (auto noted = topics_->note_broker_configs(); !noted) return noted;
  }
  apply_configs();
  return {};
}

void Broker::apply_configs() {
  const MutexLock lock(apply_mutex_);
  topics_->set_broker_defaults(configs_->topic_defaults());
  const std::string interval_ms = configs_->value_of("log.cleaner.backoff.ms");
  housekeeper_->set_interval(std::chrono::milliseconds(std::stoll(interval_ms)));
  configs_->set_option("log.retention.check.interval.ms", interval_ms);
}

Broker::~Broker() { stop_threads(); }

// What a request waits for on the disk is finished; requests that have not begun are never answered.
void Broker::stop_threads() {
  groups_.cancel_restoring();
  timers_.stop();
  opening_executor_.stop();
  fetch_executor_.stop();
  executor_.stop();
  groups_.stop();
}

Result<void> Broker::close() {
  stop_threads();
  housekeeper_.reset();
  return topics_->close();
}

void Broker::report(const std::string& problem) const {
  if (options_.report) options_.report(problem);
}

void Broker::report_once(const std::string& problem) {
  {
    const MutexLock lock(report_mutex_);
    if (reported_.size() == kMaxReports || !reported_.insert(problem).second) return;
  }
  report(problem);
}

Result<size_t> Broker::remove_topics(std::span<const std::string_view> names) {
  auto removed = topics_->remove(names);
  if (!removed || *removed > 0) housekeeper_->topics_deleted();
  return removed;
}

void Broker::when_durable(const std::shared_ptr<PartitionLog>& log, Flusher::Done done) {
  if (options_.durability == Durability::kPageCache) {
    done({});
  } else {
    flusher_.when_durable(log, std::move(done));
  }
}

}  // namespace omashu::broker
