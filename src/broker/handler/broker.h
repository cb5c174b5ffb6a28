// The broker without its sockets: topics, groups, producer ids, and the threads that serve them. The handlers of the
// requests work on it. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/executor.h"
#include "base/folder_lock.h"
#include "base/mutex.h"
#include "broker/config/broker_configs.h"
#include "broker/handler/group_service.h"
#include "broker/handler/producer_ids.h"
#include "broker/log/open_files.h"
#include "broker/runtime/clock.h"
#include "broker/runtime/flush_timers.h"
#include "broker/runtime/flusher.h"
#include "broker/runtime/log_opener.h"
#include "broker/runtime/timers.h"
#include "broker/topic/housekeeper.h"
#include "broker/topic/topic_store.h"
#include "omashu/result.h"

namespace omashu::broker {

// What an answer to acks=all promises.
enum class Durability {
  kDisk,       // the records are on the disk
  kPageCache,  // they are written: they outlive this process, not the machine
};

struct BrokerOptions {
  std::string data_folder;  // made where it is not there
  int32_t node_id = 1;
  Durability durability = Durability::kDisk;
  bool auto_create_topics = true;
  int32_t default_partitions = 1;
  bool accept_any_replication_factor = false;  // or 1 alone: there is one node
  size_t max_open_files = 512;
  std::chrono::milliseconds housekeeping_interval{5000};
  ConfigValues configs = {};   // other settings of config/broker_settings.h, which must be valid (broker_options.h)
  Housekeeper::Report report;  // of what goes wrong without a client to tell it to; from any thread
};

class Broker {
 public:
  static Result<std::unique_ptr<Broker>> open(BrokerOptions options, FileSystem& file_system, Clock& clock);
  ~Broker();  // as after SIGKILL, unless close() came before
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // To be called when no request is under way any more: leaves everything on the disk, so that nothing is recovered at
  // the next start.
  Result<void> close();

  const BrokerOptions& options() const { return options_; }
  Clock& clock() { return clock_; }
  Timers& timers() { return timers_; }
  TopicStore& topics() { return *topics_; }
  BrokerConfigs& configs() { return *configs_; }
  ProducerIds& producer_ids() { return producer_ids_; }
  GroupService& groups() { return groups_; }
  Executor& executor() { return executor_; }              // of requests that wait for the disk
  Executor& fetch_executor() { return fetch_executor_; }  // of fetches of many partitions
  LogOpener& log_opener() { return log_opener_; }

  // The number of those that were there. Their files are removed in the background.
  Result<size_t> remove_topics(std::span<const std::string_view> names);

  // To the operator, in one line; report_once() says nothing that it has said before. From any thread.
  void report(const std::string& problem) const;
  void report_once(const std::string& problem) EXCLUDES(report_mutex_);

  // Changes settings at run time. All that they mean is in force when this returns.
  Result<void> change_configs(BrokerConfigs::Level level, const BrokerConfigs::Change& change);

  // Once what was appended to the log by now is as durable as an answer promises.
  void when_durable(const std::shared_ptr<PartitionLog>& log, Flusher::Done done);

  // Brings what was appended to the log by now to the disk, whatever an answer promises; with a time, by then at the
  // latest.
  void flush(const std::shared_ptr<PartitionLog>& log, Flusher::Done done) {
    flusher_.when_durable(log, std::move(done));
  }
  void flush_within(const std::shared_ptr<PartitionLog>& log, int64_t ms) { flush_timers_.flush_within(log, ms); }

  // The leader epoch of every partition: there is no other node that could become the leader.
  static constexpr int32_t kLeaderEpoch = 0;

 private:
  Broker(BrokerOptions options, FolderLock lock, FileSystem& file_system, Clock& clock);
  void stop_threads();

  void describe_options();
  Result<void> check_config_file();
  void apply_configs() EXCLUDES(apply_mutex_);

  const BrokerOptions options_;
  const FolderLock lock_;
  Mutex report_mutex_;
  std::set<std::string> reported_ GUARDED_BY(report_mutex_);
  Clock& clock_;
  OpenFiles files_;
  ProducerIds producer_ids_;
  std::unique_ptr<BrokerConfigs> configs_;
  Mutex apply_mutex_;  // held while the configs reach those who act by them, so that the latest do so last
  std::unique_ptr<TopicStore> topics_;
  GroupService groups_;
  std::unique_ptr<Housekeeper> housekeeper_;
  Flusher flusher_;
  FlushTimers flush_timers_;
  // The last: what they call may use all of the above.
  Executor executor_;
  Executor fetch_executor_;
  Executor opening_executor_;
  LogOpener log_opener_{opening_executor_};
  Timers timers_;
};

}  // namespace omashu::broker
