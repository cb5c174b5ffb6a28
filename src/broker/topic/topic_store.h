// The topics of the broker, and their partitions. What they are is kept in one file (topic_file.h), which is on the
// disk before the success of a change is answered; their records are in a folder NAME-INDEX for each partition, as
// Kafka has it.
//
// Deleting goes by the topic's id, not by its name (deleted_folders.h): a topic is created only once no folder of a
// deleted topic has that name any more.
//
// A topic is an immutable value: a change makes another one of the same id. Thread-safe.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/topic_name.h"
#include "broker/topic/deleted_folders.h"
#include "broker/topic/partition.h"
#include "broker/topic/topic_file.h"

namespace omashu::broker {

struct Topic {
  std::string name;
  TopicId id = {};
  TopicConfigs configs;
  std::vector<std::shared_ptr<Partition>> partitions;

  // Kafka's own: clients may not produce to it, and see it marked in Metadata.
  bool is_internal() const { return name == kConsumerOffsets; }

  static constexpr std::string_view kConsumerOffsets = "__consumer_offsets";
};

using TopicPtr = std::shared_ptr<const Topic>;

class TopicStore {
 public:
  // Makes the file where it is not there, unless the folder holds partitions. `files` must outlive the store.
  // `broker_defaults`: what topics have that they do not set themselves, where it is not what was declared. `report` is
  // the logs' (partition_log.h).
  static Result<std::unique_ptr<TopicStore>> open(OpenFiles& files, std::string folder,
                                                  TopicConfigs broker_defaults = {}, LogReport report = {});

  const std::string& cluster_id() const { return cluster_id_; }

  // The file says whether the data folder has a broker-configs.json, so that its loss is noticed. Must be there before
  // it is noted, on the disk.
  bool has_broker_configs() const EXCLUDES(change_mutex_);
  Result<void> note_broker_configs() EXCLUDES(change_mutex_);

  TopicPtr find(std::string_view name) const;  // nullptr where there is none
  TopicPtr find(const TopicId& id) const;
  TopicPtr find_colliding(std::string_view name) const;  // the one that has this name in metrics
  std::vector<TopicPtr> all() const;                     // by name

  struct NewTopic {
    std::string name;
    int32_t partitions = 1;
    TopicConfigs configs;
  };

  // All with one write of the file. nullptr for one whose name is taken already; an error for one whose name a folder
  // of a deleted topic still has, which cannot be renamed. Names and configs must be valid. Waits where a topic of one
  // of the names is being deleted.
  Result<std::vector<Result<TopicPtr>>> create(std::vector<NewTopic> topics) EXCLUDES(change_mutex_);

  // The number of those that were there. Their records cannot be reached any more, but by those who read them already;
  // remove_deleted_folders() takes them off the disk. Ends a recovery of their logs that is under way, and waits for
  // what else is being done to them; other changes do not.
  Result<size_t> remove(std::span<const std::string_view> names) EXCLUDES(change_mutex_);

  // Takes the files of deleted topics off the disk, until `is_stopping` says so. The first error, after all were tried;
  // what has failed is tried again by the next call, and after the next start.
  Result<void> remove_deleted_folders(const std::function<bool()>& is_stopping);
  bool has_deleted_folders() const { return !deleted_folders_.is_empty(); }

  // What can change of a topic. Partitions only become more; configs must be valid.
  struct TopicShape {
    int32_t partitions = 1;
    TopicConfigs configs;
  };
  // What the topic of the i-th name is to be; nothing where it stays as it is, or where it is not there (nullptr).
  using Reshape = std::function<std::optional<TopicShape>(size_t i, const Topic* topic)>;

  // All with one write of the file. `reshape` is asked for each name in turn, while nothing else changes the topics.
  Result<void> change(std::span<const std::string_view> names, const Reshape& reshape);

  // All logs have it before this returns.
  void set_broker_defaults(TopicConfigs broker_defaults) EXCLUDES(change_mutex_);

  // Leaves all logs closed on the disk, so that nothing has to be recovered. The first error, after all were tried.
  Result<void> close();

 private:
  using Topics = std::map<std::string, TopicPtr, MetricNameLess>;

  TopicStore(OpenFiles& files, std::string folder, LogReport report)
      : files_(files),
        folder_(std::move(folder)),
        report_(std::move(report)),
        deleted_folders_(files.file_system(), folder_) {}

  Result<void> load() EXCLUDES(change_mutex_);
  Result<void> begin_without_file(std::span<const std::string> folders) REQUIRES(change_mutex_);
  bool is_any_retiring(const std::vector<NewTopic>& topics) const REQUIRES(change_mutex_);
  void add_partitions_up_to(Topic& topic, int32_t total) REQUIRES(change_mutex_);
  Result<void> publish(Topics topics) REQUIRES(change_mutex_);  // writes the file first
  // To be called after publish(): brings the file to the disk. Where that fails, what was published is in force all the
  // same, as it will be for the next process: only after a loss of power may it not have happened.
  Result<void> sync_file() REQUIRES(change_mutex_);
  Topics current() const EXCLUDES(mutex_);
  Result<void> move_deleted(std::string_view name) REQUIRES(change_mutex_);
  Result<void> move_folders_of(const TopicEntry& deleted) REQUIRES(change_mutex_);

  OpenFiles& files_;
  const std::string folder_;
  const LogReport report_;
  std::string cluster_id_;
  DeletedFolders deleted_folders_;

  mutable Mutex change_mutex_;                        // held while a change is made and written; taken first
  bool is_written_ GUARDED_BY(change_mutex_) = true;  // the file is there
  bool has_broker_configs_ GUARDED_BY(change_mutex_) = false;
  TopicConfigs broker_defaults_ GUARDED_BY(change_mutex_);
  // Deleted topics, some of whose folders may still have a name by which they can be taken for another topic's.
  std::vector<TopicEntry> removing_ GUARDED_BY(change_mutex_);
  // The names of those among them whose logs may still be in use: their folders cannot be renamed yet.
  std::set<std::string, std::less<>> retiring_ GUARDED_BY(change_mutex_);
  ConditionVariable retired_;

  mutable SharedMutex mutex_;
  Topics topics_ GUARDED_BY(mutex_);
};

}  // namespace omashu::broker
