#include "schema_registry/server/writer.h"

#include <fmt/core.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <utility>

namespace omashu::schema_registry::server {

namespace {

// Of one write that another registry's records get in the way of.
constexpr int kMaxTries = 3;

std::string random_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

std::unexpected<ApiError> no_leader() {
  return refuse(error_code::kUnknownLeader, "no registry leads at the moment, so nothing can be written: try again");
}

ApiError append_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return {422, error_code::kSchemaTooLarge, "the schema is larger than the topic takes: " + error.message};
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
      return {500, error_code::kStoreTimeout, "the write may or may not have been done: " + error.message};
    default: return {500, error_code::kStore, "the write may or may not have been done: " + error.message};
  }
}

}  // namespace

Writer::Writer(WriterOptions options, SharedStore& store, SchemasLog& log)
    : options_(std::move(options)), store_(store), log_(log), thread_([this] { run(); }) {}

void Writer::submit(Write write) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_stopping_) {
      waiting_.push_back({std::move(write), Clock::now() + options_.timeout});
      changed_.notify_one();
      return;
    }
  }
  write.done(no_leader());
}

void Writer::set_elected(bool is_elected) {
  const std::lock_guard lock(mutex_);
  is_elected_ = is_elected;
  next_try_ = {};
  changed_.notify_one();
}

void Writer::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_one();
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_stopping_, true)) return;
    changed_.notify_one();
  }
  thread_.join();
  for (Waiting& waiting : waiting_) waiting.write.done(no_leader());
  waiting_.clear();
}

// ---- The thread

void Writer::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the program's own threads
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (!step(lock)) wait(lock);
  }
}

// Does one thing; false where there is nothing to do now.
bool Writer::step(std::unique_lock<std::mutex>& lock) {
  const Clock::time_point now = Clock::now();
  const bool is_leading = is_elected_ && leads();
  if (is_elected_ && !is_leading && now >= next_try_) {
    next_try_ = now + options_.deposed_pause;  // so two that are elected do not depose each other without end
    lock.unlock();
    const bool has_begun = take_over();
    lock.lock();
    if (!has_begun) next_try_ = Clock::now() + options_.retry_pause;
    return true;
  }
  if (is_leading && store_.read([](const Store& store) { return store.needs_repair(); })) {
    lock.unlock();
    repair();
    lock.lock();
    return true;
  }
  if (waiting_.empty()) return false;
  const std::string url = is_leading ? "" : other_leader();
  const bool is_late = now >= waiting_.front().deadline;
  if (!is_leading && !is_late && (url.empty() || !waiting_.front().write.forward)) return false;

  Waiting waiting = std::move(waiting_.front());
  waiting_.pop_front();
  lock.unlock();
  if (is_leading) {
    serve(std::move(waiting));
  } else if (is_late) {
    waiting.write.done(no_leader());
  } else {
    waiting.write.forward(url);
  }
  lock.lock();
  return true;
}

void Writer::wait(std::unique_lock<std::mutex>& lock) {
  Clock::time_point until = Clock::time_point::max();
  if (is_elected_ && !leads()) until = next_try_;
  if (!waiting_.empty()) until = std::min(until, waiting_.front().deadline);
  if (until == Clock::time_point::max()) {
    changed_.wait(lock);
  } else {
    changed_.wait_until(lock, until);
  }
}

bool Writer::leads() const {
  return term_.number > 0 && store_.read([&](const Store& store) { return store.leader().term == term_; });
}

std::string Writer::other_leader() const {
  return store_.read([&](const Store& store) {
    return store.leader().term == term_ || store.leader().url == options_.url ? std::string() : store.leader().url;
  });
}

bool Writer::take_over() {
  const LeaderValue leader = store_.read([&](const Store& store) {
    return LeaderValue{{store.leader().term.number + 1, random_name()}, options_.url, store.max_ids()};
  });
  const TopicRecord record = leader_record(leader);
  const auto offsets = log_.append(std::span(&record, 1), leader.term);
  if (!offsets || !store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) return false;
  term_ = leader.term;
  return leads();
}

void Writer::repair() {
  const std::vector<TopicRecord> records = store_.read([](const Store& store) { return store.repairs(); });
  const auto offsets = log_.append(records, term_);
  if (!offsets || !store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) end_term();
}

// What is still under way counts no more once the next term has begun.
void Writer::end_term() {
  term_ = {};
  const std::lock_guard lock(mutex_);
  next_try_ = {};
}

void Writer::serve(Waiting waiting) {
  for (int i = 0; i < kMaxTries; ++i) {
    Answer<Decision> decision = store_.read(waiting.write.decide);
    if (!decision) return waiting.write.done(std::unexpected(std::move(decision.error())));
    if (decision->records.empty()) return waiting.write.done(std::move(decision->answer));
    const auto offsets = log_.append(decision->records, term_);
    if (!offsets) {
      if (offsets.error().code != ErrorCode::kInvalidArgument) end_term();
      return waiting.write.done(std::unexpected(append_error(offsets.error())));
    }
    if (!store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) {
      end_term();
      return waiting.write.done(
          refuse(error_code::kStoreTimeout, "the write is in the topic, but was not read back yet"));
    }
    if (counted(*offsets)) return waiting.write.done(std::move(decision->answer));
    if (!leads()) {
      const std::lock_guard lock(mutex_);
      waiting_.push_front(std::move(waiting));
      return;
    }
  }
  waiting.write.done(refuse(error_code::kStore,
                            "other registries' records got in the way: is another one writing to the "
                            "topic?"));
}

bool Writer::counted(const std::vector<int64_t>& offsets) const {
  return store_.read([&](const Store& store) {
    return std::ranges::none_of(offsets, [&](int64_t offset) { return store.was_refused(offset); });
  });
}

}  // namespace omashu::schema_registry::server
