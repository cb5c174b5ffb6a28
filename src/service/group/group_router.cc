#include "service/group/group_router.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "kafka/partitioner.h"

namespace omashu::service {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAvoidFailed{1'000};  // so long, at most, a member that did not answer is not asked

http::Response not_owner(const Problem& problem) {
  http::Response response = problem_response(problem);
  response.fields.push_back({kNotOwnerHeader, "1"});
  return response;
}

}  // namespace

std::optional<kafka::TopicPartition> partition_of_key(const TableGroup& group, const table::LiveTable& table,
                                                      std::string_view key_text) {
  const int partitions = group.partitions_of(table.topic());
  if (partitions < 1) return std::nullopt;
  const auto typed = table.typed();
  const auto key = typed->key_from_text(key_text);
  if (!key) return std::nullopt;
  const auto bytes = typed->write_key(*key);
  if (!bytes) return std::nullopt;
  return kafka::TopicPartition{.topic = table.topic(), .partition = kafka::partition_of(*bytes, partitions)};
}

GroupRouter::GroupRouter(const Parts& parts, TableGroup& group, PeerClient& peers)
    : parts_(parts), group_(group), peers_(peers) {
  group_.set_listener([this] { retry(); });
}

void GroupRouter::set_listener(std::function<void()> on_change) {
  const MutexLock lock(mutex_);
  on_change_ = std::move(on_change);
}

void GroupRouter::stop() {
  group_.set_listener([] {});
  std::list<WaitingPtr> waiting;
  {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
    on_change_ = [] {};
    waiting.swap(waiting_);
    ++changes_;
  }
  changed_.notify_all();
  for (const WaitingPtr& request : waiting) answer(request->exchange, nobody(request->partitions));
  executor_.stop();
}

http::Handler GroupRouter::for_one_key(http::Handler here, bool is_read) {
  return [this, here = std::move(here), is_read](const http::ExchangePtr& exchange) {
    const table::LiveTable* table = parts_.tables.find(exchange->parameter("table"));
    const auto partition =
        table == nullptr ? std::nullopt : partition_of_key(group_, *table, exchange->parameter("key"));
    if (!partition) return here(exchange);  // which says what is wrong
    if (is_to_answer({*partition}, true)) return here(exchange);
    route(std::make_shared<Waiting>(Waiting{.exchange = exchange,
                                            .here = here,
                                            .partitions = {*partition},
                                            .is_read = is_read,
                                            .deadline = Clock::now() + kPatience}));
  };
}

PermitWrite GroupRouter::permit_write() {
  return [this](std::string_view topic, std::string_view key_bytes) -> Answer<std::shared_ptr<const WritePermit>> {
    const kafka::TopicPartition partition{
        .topic = std::string(topic),
        .partition = kafka::partition_of(key_bytes, std::max(1, group_.partitions_of(std::string(topic))))};
    if (auto permit = group_.ownership().permit(partition)) return permit;
    return refuse(nobody({partition}));
  };
}

bool GroupRouter::is_to_answer(const HeldPartitions& partitions, bool needs_lease) const {
  return is_owned(partitions) && (!needs_lease || group_.ownership().has_lease());
}

bool GroupRouter::is_owned(const HeldPartitions& partitions) const {
  return std::ranges::all_of(partitions, [&](const kafka::TopicPartition& partition) {
    return group_.ownership().state_of(partition) == PartitionOwnership::State::kOwned;
  });
}

std::optional<std::string> GroupRouter::reachable_owner(const kafka::TopicPartition& partition) {
  auto url = group_.view()->owner_of(partition);
  if (!url || *url == group_.url()) return std::nullopt;
  const MutexLock lock(mutex_);
  const auto failed = failed_urls_.find(*url);
  if (failed == failed_urls_.end()) return url;
  if (Clock::now() < failed->second) return std::nullopt;
  failed_urls_.erase(failed);
  return url;
}

void GroupRouter::note_failed(const std::string& url) {
  ++failed_;
  {
    const MutexLock lock(mutex_);
    failed_urls_[url] = Clock::now() + kAvoidFailed;
  }
  group_.look_again();
}

void GroupRouter::route(const WaitingPtr& request) {
  if (is_to_answer(request->partitions, request->needs_lease)) return request->here(request->exchange);
  if (is_forwarded(request->exchange->request())) {
    // Whoever sent it takes this process for the owner. It may be about to be.
    const auto assigned = group_.ownership().assigned();
    if (!std::ranges::includes(assigned, request->partitions)) {
      return request->exchange->answer(not_owner(nobody(request->partitions)));
    }
    return wait(request);
  }
  if (const auto url = reachable_owner(*request->partitions.begin())) return forward(request, *url);
  wait(request);
}

void GroupRouter::forward(const WaitingPtr& request, const std::string& url) {
  ++forwarded_;
  peers_.ask({.url = url, .request = PeerClient::forwarded(request->exchange->request())},
             [this, request, url](PeerAnswer answer) { on_answer(request, url, std::move(answer)); });
}

void GroupRouter::on_answer(const WaitingPtr& request, const std::string& url, PeerAnswer answered) {
  if (answered.kind == PeerAnswer::Kind::kAnswered) return request->exchange->answer(std::move(answered.response));
  if (answered.kind == PeerAnswer::Kind::kNotOwner) {
    group_.look_again();
    return wait(request);
  }
  note_failed(url);
  if (request->is_read) return wait(request);
  answer(request->exchange,
         {.type = ProblemType::kNotAcknowledged,
          .detail = fmt::format("the owner of the key's partition may have written it or not: read the row; {}",
                                answered.detail)});
}

void GroupRouter::wait(const WaitingPtr& request) {
  {
    const MutexLock lock(mutex_);
    if (!is_stopped_ && Clock::now() < request->deadline) {
      waiting_.push_back(request);
      return;
    }
  }
  const Problem problem = nobody(request->partitions);
  if (is_forwarded(request->exchange->request())) return request->exchange->answer(not_owner(problem));
  answer(request->exchange, problem);
}

// On the group's thread. Requests are gone on with by the executor, one round at a time.
void GroupRouter::retry() {
  std::list<WaitingPtr> waiting;
  std::function<void()> on_change;
  {
    const MutexLock lock(mutex_);
    ++changes_;
    on_change = on_change_;
    if (!is_retrying_ && !is_stopped_) waiting.swap(waiting_);
    if (!waiting.empty()) is_retrying_ = true;
  }
  changed_.notify_all();
  on_change();
  if (waiting.empty()) return;
  executor_.post([this, waiting = std::move(waiting)]() mutable {
    std::list<WaitingPtr> ownerless;
    for (WaitingPtr& request : waiting) {
      const kafka::TopicPartition& first = *request->partitions.begin();
      const bool is_mine = is_owned(request->partitions);
      const bool may_copy = request->is_read && group_.has_read(first) && !is_to_answer(request->partitions, true) &&
                            (is_mine || (!is_forwarded(request->exchange->request()) && !reachable_owner(first)));
      may_copy ? ownerless.push_back(request) : route(request);
    }
    if (!ownerless.empty()) answer_from_copies(std::move(ownerless));
    const MutexLock lock(mutex_);
    is_retrying_ = false;
  });
}

void GroupRouter::answer_from_copies(std::list<WaitingPtr> requests) {
  HeldPartitions partitions;
  for (const WaitingPtr& request : requests) partitions.insert(*request->partitions.begin());
  // While the brokers are away nobody can take a partition over, and what was read last is the best that there is.
  const HeldPartitions current = group_.up_to_date(partitions).value_or(partitions);
  for (const WaitingPtr& request : requests) {
    current.contains(*request->partitions.begin()) ? request->here(request->exchange) : wait(request);
  }
}

Problem GroupRouter::nobody(const HeldPartitions& partitions) const {
  const kafka::TopicPartition& first = *partitions.begin();
  const bool is_mine = group_.ownership().state_of(first) == PartitionOwnership::State::kTakingOver;
  Problem problem{.type = ProblemType::kUnavailable,
                  .detail = fmt::format("nobody in the group {} is known to hold {}-{} now: ask again", group_.name(),
                                        first.topic, first.partition)};
  if (is_mine) {
    problem.type = ProblemType::kRestoring;
    problem.detail = fmt::format("{}-{} is still being read: ask again", first.topic, first.partition);
  }
  problem.fields.push_back({"Retry-After", "1"});
  return problem;
}

// ---- several members

void GroupRouter::wait_for_change(Clock::time_point deadline) {
  constexpr milliseconds kMoment{100};
  const auto until = std::min(deadline, Clock::now() + kMoment);
  MutexLock lock(mutex_);
  const uint64_t seen = changes_;
  while (changes_ == seen && !is_stopped_ && changed_.wait_until(lock, until)) {
  }
}

Answer<std::map<std::string, HeldPartitions>> GroupRouter::owners_of(const HeldPartitions& partitions) {
  const auto deadline = Clock::now() + kPatience;
  for (;;) {
    std::map<std::string, HeldPartitions> owners;
    HeldPartitions missing;
    for (const kafka::TopicPartition& partition : partitions) {
      const bool is_mine = group_.ownership().state_of(partition) != PartitionOwnership::State::kNone;
      const auto url = is_mine ? std::optional(group_.url()) : reachable_owner(partition);
      url ? owners[*url].insert(partition) : missing.insert(partition);
    }
    if (missing.empty()) return owners;
    if (Clock::now() >= deadline) return refuse(nobody(missing));
    group_.look_again();
    wait_for_change(deadline);
  }
}

void GroupRouter::when_owned(HeldPartitions partitions, const http::ExchangePtr& exchange, std::function<void()> here) {
  if (partitions.empty()) return here();
  route(std::make_shared<Waiting>(Waiting{.exchange = exchange,
                                          .here = [here = std::move(here)](const http::ExchangePtr&) { here(); },
                                          .partitions = std::move(partitions),
                                          .needs_lease = false,
                                          .deadline = Clock::now() + kPatience}));
}

}  // namespace omashu::service
