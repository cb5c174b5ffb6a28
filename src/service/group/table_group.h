// A process's membership in a group of table servers that share the partitions of their tables.
//
// The members join an ordinary consumer group, which hands each partition to one of them: its owner. Nothing is fetched
// through the group; the tables read what is held by themselves. What the process holds is what it owns and, with one
// replica, what it would own if any other member were gone (range_assignment.h): those copies are warm by then.
//
// What the owner has read is committed every second. A commit that the coordinator takes proves that the process is a
// member, and starts its session anew: from when it was sent, nobody else is given its partitions for kSession. The
// lease under which it writes (partition_ownership.h) ends before that. So the group's committed offsets say how far
// its tables are; nobody reads on from them.
//
// Thread-safe.

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/group_admin.h"
#include "omashu/result.h"
#include "service/group/group_view.h"
#include "service/group/partition_ownership.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct TableGroupOptions {
  kafka::ClientConfig kafka;
  std::string group;
  std::string url;   // at which the others reach this process: is_member_url()
  int replicas = 0;  // 0 or 1
  std::vector<std::shared_ptr<table::LiveTable>> tables = {};
  // What the tables shall read, and nothing else. From the group's thread; must not wait.
  std::function<void(const HeldPartitions& partitions)> hold = [](const HeldPartitions&) {};
  std::function<void(const std::string& line)> report = [](const std::string&) {};
  std::chrono::milliseconds timeout{30'000};  // of each question to the brokers at the start
};

class TableGroup {
 public:
  // A member that says nothing for so long is taken for dead, and its partitions go to others.
  static constexpr std::chrono::milliseconds kSession{6'000};

  // Asks for the topics, and joins on a thread of its own. A process that comes to a group with members reads what will
  // be its own before it joins.
  static Result<std::unique_ptr<TableGroup>> start(TableGroupOptions options);
  ~TableGroup();

  // Hands its partitions over and leaves the group: waits until writes that are under way are done.
  void leave() EXCLUDES(mutex_);

  const std::string& name() const { return options_.group; }
  const std::string& url() const { return options_.url; }
  int replicas() const { return options_.replicas; }
  PartitionOwnership& ownership() { return ownership_; }
  std::shared_ptr<const GroupView> view() const EXCLUDES(mutex_);
  HeldPartitions held() const EXCLUDES(mutex_);
  int partitions_of(const std::string& topic) const EXCLUDES(mutex_);  // 0: none of the group's topics
  bool has_read(const kafka::TopicPartition& partition) const;
  // It has joined, owns what it was given, and knows who owns the rest.
  bool is_ready() const EXCLUDES(mutex_);

  // Somebody was not there, or did not own what was thought: the coordinator is asked again soon.
  void look_again();
  // Called on the group's thread when something has changed, and every kTick while it lives. Before start() is over.
  void set_listener(std::function<void()> on_change) EXCLUDES(mutex_);

  // Those of these partitions that this process holds and of which everything was read that stood in them when this was
  // called; nothing where the brokers do not say. On a thread that may wait.
  std::optional<HeldPartitions> up_to_date(const HeldPartitions& partitions) const;

 private:
  using Clock = std::chrono::steady_clock;

  TableGroup(TableGroupOptions options, std::unique_ptr<kafka::Consumer> consumer,
             std::unique_ptr<kafka::Consumer> looker, std::unique_ptr<kafka::Admin> admin,
             std::unique_ptr<kafka::GroupAdmin> group_admin);

  void run(const std::stop_token& stop);
  void look(const std::stop_token& stop);
  Result<void> ask_topics();
  Result<void> ask_group();
  void read_before_joining(const std::stop_token& stop);
  Result<void> join();
  void take_over();
  void renew_lease();
  void hold_what_is_mine() EXCLUDES(mutex_);
  bool holds_all_of(const HeldPartitions& partitions) const;
  std::optional<kafka::Offset> next_offset(const kafka::TopicPartition& partition) const;
  const table::LiveTable* table_of(const std::string& topic) const;
  void tell() EXCLUDES(mutex_);

  const TableGroupOptions options_;
  const std::unique_ptr<kafka::Consumer> consumer_;  // the membership; of the group's thread
  const std::unique_ptr<kafka::Consumer> looker_;    // for ends of partitions
  const std::unique_ptr<kafka::Admin> admin_;
  const std::unique_ptr<kafka::GroupAdmin> group_admin_;
  PartitionOwnership ownership_;

  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::shared_ptr<const GroupView> view_ GUARDED_BY(mutex_) = std::make_shared<GroupView>();
  PartitionCounts topics_ GUARDED_BY(mutex_);
  HeldPartitions held_ GUARDED_BY(mutex_);
  bool has_joined_ GUARDED_BY(mutex_) = false;  // an assignment has come, be it an empty one
  bool must_look_ GUARDED_BY(mutex_) = false;
  bool is_leaving_ GUARDED_BY(mutex_) = false;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::function<void()> on_change_ GUARDED_BY(mutex_) = [] {};
  mutable Mutex looker_mutex_;  // one question at a time; held while it is asked

  // The group's thread's own.
  std::map<kafka::TopicPartition, kafka::Offset> ends_;  // of those that are taken over: what must have been read
  Clock::time_point next_renewal_ = {};
  std::string last_problem_;

  std::jthread member_;
  std::jthread looking_;  // for the group's view
};

}  // namespace omashu::service
