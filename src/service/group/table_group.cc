#include "service/group/table_group.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/pause.h"
#include "base/thread_signals.h"
#include "service/group/member_name.h"

namespace omashu::service {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{50};           // while something is waited for, and the pause of a question
constexpr milliseconds kRenewEvery{1'000};  // the lease
constexpr milliseconds kLease{4'500};       // from when its commit was sent; below TableGroup::kSession
constexpr milliseconds kLookEvery{5'000};   // where nothing seems to have changed
constexpr milliseconds kAskTimeout{2'000};  // of a question to the brokers while it runs
constexpr milliseconds kDrain{4'000};       // for writes under way, before partitions go to others
constexpr milliseconds kErrorPause{500};

kafka::ClientConfig membership_config(const TableGroupOptions& options) {
  kafka::ClientConfig config = options.kafka;
  config.set("group.id", options.group);
  config.set("client.id", member_client_id(options.url));
  config.set("group.protocol", "classic");
  config.set("partition.assignment.strategy", "range");  // that of range_assignment.h
  config.set("session.timeout.ms", std::to_string(TableGroup::kSession.count()));
  config.set("heartbeat.interval.ms", "500");
  config.set("max.poll.interval.ms", "60000");  // beyond kDrain
  config.set("auto.offset.reset", "latest");
  config.set("queued.min.messages", "1");  // it fetches nothing that anybody reads
  return config;
}

}  // namespace

Result<std::unique_ptr<TableGroup>> TableGroup::start(TableGroupOptions options) {
  auto consumer = kafka::Consumer::open(membership_config(options));
  if (!consumer) return fail(std::move(consumer.error()));
  auto looker = kafka::Consumer::open(options.kafka);
  if (!looker) return fail(std::move(looker.error()));
  auto admin = kafka::Admin::open(options.kafka, options.timeout);
  if (!admin) return fail(std::move(admin.error()));
  auto group_admin = kafka::GroupAdmin::open(options.kafka, options.timeout);
  if (!group_admin) return fail(std::move(group_admin.error()));
  std::unique_ptr<TableGroup> group(new TableGroup(std::move(options), *std::move(consumer), *std::move(looker),
                                                   *std::move(admin), *std::move(group_admin)));
  if (auto asked = group->ask_topics(); !asked) return fail(std::move(asked.error()));
  group->member_ = std::jthread([self = group.get()](const std::stop_token& stop) { self->run(stop); });
  group->looking_ = std::jthread([self = group.get()](const std::stop_token& stop) { self->look(stop); });
  return group;
}

TableGroup::TableGroup(TableGroupOptions options, std::unique_ptr<kafka::Consumer> consumer,
                       std::unique_ptr<kafka::Consumer> looker, std::unique_ptr<kafka::Admin> admin,
                       std::unique_ptr<kafka::GroupAdmin> group_admin)
    : options_(std::move(options)),
      consumer_(std::move(consumer)),
      looker_(std::move(looker)),
      admin_(std::move(admin)),
      group_admin_(std::move(group_admin)) {}

TableGroup::~TableGroup() {
  leave();
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  looking_.request_stop();
  changed_.notify_all();
}

void TableGroup::leave() {
  {
    const MutexLock lock(mutex_);
    if (std::exchange(is_leaving_, true)) return;
  }
  member_.request_stop();
  consumer_->wake();
  if (member_.joinable()) member_.join();
}

// ---- what is known

std::shared_ptr<const GroupView> TableGroup::view() const {
  const MutexLock lock(mutex_);
  return view_;
}

HeldPartitions TableGroup::held() const {
  const MutexLock lock(mutex_);
  return held_;
}

int TableGroup::partitions_of(const std::string& topic) const {
  const MutexLock lock(mutex_);
  const auto found = topics_.find(topic);
  return found == topics_.end() ? 0 : found->second;
}

const table::LiveTable* TableGroup::table_of(const std::string& topic) const {
  const auto found = std::ranges::find_if(options_.tables, [&](const auto& table) { return table->topic() == topic; });
  return found == options_.tables.end() ? nullptr : found->get();
}

bool TableGroup::has_read(const kafka::TopicPartition& partition) const {
  const table::LiveTable* table = table_of(partition.topic);
  return table != nullptr && table->has_read(partition.partition);
}

std::optional<kafka::Offset> TableGroup::next_offset(const kafka::TopicPartition& partition) const {
  const table::LiveTable* table = table_of(partition.topic);
  if (table == nullptr || !table->has_read(partition.partition)) return std::nullopt;
  const auto offsets = table->positions().offsets;
  const auto found = offsets.find(partition.partition);
  return found == offsets.end() ? 0 : found->second + 1;
}

bool TableGroup::is_ready() const {
  const MutexLock lock(mutex_);
  if (!has_joined_ || view_->state != "Stable") return false;
  return ownership_.taking_over().empty();
}

std::optional<HeldPartitions> TableGroup::up_to_date(const HeldPartitions& partitions) const {
  HeldPartitions current;
  std::vector<kafka::TopicPartition> asked;
  for (const kafka::TopicPartition& partition : partitions) {
    if (has_read(partition)) asked.push_back(partition);
  }
  if (asked.empty()) return current;
  const MutexLock lock(looker_mutex_);
  const auto marks = looker_->all_watermarks(asked, kAskTimeout);
  if (!marks) return std::nullopt;
  for (const auto& [partition, of_partition] : *marks) {
    const auto next = next_offset(partition);
    if (next && *next >= of_partition.high) current.insert(partition);
  }
  return current;
}

void TableGroup::set_listener(std::function<void()> on_change) {
  const MutexLock lock(mutex_);
  on_change_ = std::move(on_change);
}

void TableGroup::tell() {
  std::function<void()> on_change;
  {
    const MutexLock lock(mutex_);
    on_change = on_change_;
  }
  on_change();
}

// ---- looking at the group

void TableGroup::look_again() {
  {
    const MutexLock lock(mutex_);
    must_look_ = true;
  }
  changed_.notify_all();
}

Result<void> TableGroup::ask_topics() {
  std::vector<std::string> names;
  for (const auto& table : options_.tables) names.push_back(table->topic());
  PartitionCounts counts;
  for (const Result<kafka::TopicDescription>& topic : admin_->describe_topics(names)) {
    if (!topic) return fail(topic.error());
    counts[topic->name] = topic->partitions;
  }
  const MutexLock lock(mutex_);
  topics_ = std::move(counts);
  return {};
}

Result<void> TableGroup::ask_group() {
  const std::string names[] = {options_.group};
  auto described = std::move(group_admin_->describe_groups(names).front());
  if (!described && described.error().code != ErrorCode::kNotFound) return fail(std::move(described.error()));
  const kafka::GroupDescription group = described ? *std::move(described) : kafka::GroupDescription{.state = "Dead"};
  const MutexLock lock(mutex_);
  const bool is_between = group.state == "PreparingRebalance" || group.state == "CompletingRebalance";
  // Who owned what before is asked meanwhile, and says itself that it does so no more.
  if (is_between && view_->state == "Stable") {
    must_look_ = true;
    return {};
  }
  view_ = std::make_shared<const GroupView>(make_group_view(group, topics_));
  if (is_between) must_look_ = true;
  return {};
}

void TableGroup::look(const std::stop_token& stop) {
  block_signals();
  while (!stop.stop_requested()) {
    if (auto asked = ask_topics(); !asked && asked.error().code != ErrorCode::kUnavailable) {
      options_.report(asked.error().message);
    }
    const auto asked = ask_group();
    tell();
    const auto next = Clock::now() + (asked ? kLookEvery : kErrorPause);
    const auto earliest = Clock::now() + kTick;
    {
      MutexLock lock(mutex_);
      while (!is_stopping_ && !must_look_ && changed_.wait_until(lock, next)) {
      }
      if (is_stopping_) return;
      must_look_ = false;
    }
    pause(stop, std::chrono::ceil<milliseconds>(std::max(earliest - Clock::now(), Clock::duration(0))));
  }
}

// ---- the membership

void TableGroup::run(const std::stop_token& stop) {
  block_signals();
  read_before_joining(stop);
  while (!stop.stop_requested()) {
    auto joined = join();
    if (joined) break;
    options_.report(joined.error().message);
    pause(stop, kErrorPause);
  }
  while (!stop.stop_requested()) {
    const auto event = consumer_->poll(kTick);
    if (!event) {
      if (std::exchange(last_problem_, event.error().message) != last_problem_) {
        options_.report(fmt::format("group {}: {}", options_.group, last_problem_));
      }
      pause(stop, kErrorPause);
    }
    take_over();
    renew_lease();
    hold_what_is_mine();
    tell();
  }
  static_cast<void>(consumer_->close());
  tell();
}

// A group without members waits for nobody. In one with members this process is given what the range assignor gives it;
// its member id begins with its client.id.
void TableGroup::read_before_joining(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto asked = ask_group()) break;
    pause(stop, kErrorPause);
  }
  std::set<std::string> members;
  PartitionCounts topics;
  {
    const MutexLock lock(mutex_);
    members = view_->member_ids();
    topics = topics_;
  }
  if (members.empty()) return;
  const std::string self = member_client_id(options_.url) + "-";
  members.insert(self);
  HeldPartitions own = range_assignment(members, topics)[self];
  HeldPartitions wanted = own;
  if (options_.replicas > 0) wanted.merge(standby_partitions(members, self, topics));
  {
    const MutexLock lock(mutex_);
    held_ = wanted;
  }
  options_.hold(wanted);
  while (!stop.stop_requested() && !holds_all_of(own)) {
    tell();
    pause(stop, kTick);
  }
}

bool TableGroup::holds_all_of(const HeldPartitions& partitions) const {
  return std::ranges::all_of(partitions, [&](const kafka::TopicPartition& partition) { return has_read(partition); });
}

Result<void> TableGroup::join() {
  std::vector<std::string> topics;
  for (const auto& table : options_.tables) topics.push_back(table->topic());
  return consumer_->subscribe(topics, {.is_member_alone = true,
                                       .on_assigned =
                                           [this](std::span<const kafka::TopicPartition> partitions) {
                                             ends_.clear();
                                             ownership_.assign(partitions);
                                             next_renewal_ = {};
                                             {
                                               const MutexLock lock(mutex_);
                                               has_joined_ = true;
                                             }
                                             look_again();
                                           },
                                       .on_revoked =
                                           [this](std::span<const kafka::TopicPartition> partitions, bool is_lost) {
                                             if (is_lost) {
                                               ownership_.lose(partitions);
                                             } else {
                                               ownership_.revoke(partitions, Clock::now() + kDrain);
                                             }
                                             look_again();
                                           }});
}

// What stood in a partition after it was assigned is what its owner before can have acknowledged.
void TableGroup::take_over() {
  const auto partitions = ownership_.taking_over();
  std::vector<kafka::TopicPartition> unknown;
  for (const kafka::TopicPartition& partition : partitions) {
    if (!ends_.contains(partition)) unknown.push_back(partition);
  }
  if (!unknown.empty()) {
    const MutexLock lock(looker_mutex_);
    if (const auto marks = looker_->all_watermarks(unknown, kAskTimeout)) {
      for (const auto& [partition, of_partition] : *marks) ends_[partition] = of_partition.high;
    }
  }
  for (const kafka::TopicPartition& partition : partitions) {
    const auto end = ends_.find(partition);
    const auto next = next_offset(partition);
    if (end == ends_.end() || !next || *next < end->second) continue;
    ownership_.admit(partition);
    next_renewal_ = {};  // without a lease nothing is written
  }
}

void TableGroup::renew_lease() {
  const auto now = Clock::now();
  if (now < next_renewal_) return;
  next_renewal_ = now + kRenewEvery;
  std::map<kafka::TopicPartition, kafka::Offset> offsets;
  for (const kafka::TopicPartition& partition : ownership_.assigned()) {
    if (const auto next = next_offset(partition)) offsets[partition] = *next;
  }
  if (offsets.empty()) return;
  if (consumer_->commit(offsets)) ownership_.extend_lease(now + kLease);
}

// Nothing is let go of before the group is stable and known: it may be its own again.
void TableGroup::hold_what_is_mine() {
  HeldPartitions wanted = ownership_.assigned();
  {
    const MutexLock lock(mutex_);
    bool is_settled = false;
    for (const GroupView::Member& member : view_->members) {
      is_settled = is_settled || (member.url == options_.url && member.owned == wanted && has_joined_);
    }
    if (is_settled && options_.replicas > 0) {
      const auto self = std::ranges::find_if(view_->members, [&](const GroupView::Member& member) {
        return member.url == options_.url && member.owned == wanted;
      });
      wanted.merge(standby_partitions(view_->member_ids(), self->id, topics_));
    }
    if (!is_settled) wanted.insert(held_.begin(), held_.end());
    if (wanted == held_) return;
    held_ = wanted;
  }
  options_.hold(wanted);
}

}  // namespace omashu::service
