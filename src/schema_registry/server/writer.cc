#include "schema_registry/server/writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/thread_signals.h"

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

ApiError damaged(const std::string& what) {
  return {422, error_code::kOperationNotPermitted,
          "the registry is read-only, since its topic is damaged: " + what +
              ". Restore the topic from a copy, or run "
              "'omashu registry repair'"};
}

ApiError append_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return {422, error_code::kSchemaTooLarge, "the schema is larger than the topic takes: " + error.message};
    case ErrorCode::kIo:
      return {500, error_code::kStore,
              "nothing was written: the broker cannot store records (a full disk?): " + error.message};
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
    const MutexLock lock(mutex_);
    if (!is_stopping_) {
      waiting_.push_back({std::move(write), Clock::now() + options_.timeout});
      has_news_ = true;
      changed_.notify_one();
      return;
    }
  }
  write.done(no_leader());
}

void Writer::set_elected(bool is_elected) {
  const MutexLock lock(mutex_);
  is_elected_ = is_elected;
  next_try_ = {};
  has_news_ = true;
  changed_.notify_one();
}

void Writer::wake() {
  const MutexLock lock(mutex_);
  has_news_ = true;
  changed_.notify_one();
}

void Writer::stop() {
  {
    const MutexLock lock(mutex_);
    if (std::exchange(is_stopping_, true)) return;
    changed_.notify_one();
  }
  thread_.join();
  refuse_all(no_leader().error());
}

// ---- The thread

void Writer::run() {
  block_signals();
  for (;;) {
    {
      const MutexLock lock(mutex_);
      if (is_stopping_) return;
      has_news_ = false;
    }
    if (!step()) wait();
  }
}

// Does one thing; false where there is nothing to do now.
bool Writer::step() {
  bool may_begin = false;
  bool is_elected = false;
  {
    const MutexLock lock(mutex_);
    is_elected = is_elected_;
    may_begin = is_elected && Clock::now() >= next_try_;
  }
  const State now = state(is_elected);
  if (may_begin && !now.is_leading && !now.is_damaged && now.is_restored) {
    begin_term();
    return true;
  }
  if (now.is_leading && store_.read([](const Store& store) { return store.needs_repair(); })) {
    repair();
    return true;
  }
  std::optional<Waiting> waiting = next_to_answer(now);
  if (!waiting) return false;
  if (now.is_leading) {
    serve(*std::move(waiting));
  } else if (!now.other_leader.empty() && waiting->write.forward) {
    waiting->write.forward(now.other_leader);
  } else if (now.is_damaged) {
    const std::string what = store_.read([](const Store& store) { return store.describe_damage(); });
    waiting->write.done(std::unexpected(damaged(what)));
  } else {
    waiting->write.done(no_leader());
  }
  return true;
}

// A damaged registry that was elected keeps others from leading: whom the topic names last is not there any more.
Writer::State Writer::state(bool is_elected) const {
  const bool is_restored = store_.is_restored();
  return store_.read([&](const Store& store) {
    State now = {.is_leading = is_elected && store.leader().term == term_ && term_.number > 0,
                 .is_damaged = store.is_damaged(),
                 .is_restored = is_restored,
                 .other_leader = {}};
    if (now.is_damaged) now.is_leading = false;
    const bool is_other = store.leader().term != term_ && store.leader().url != options_.url;
    if (!now.is_leading && is_other && !(now.is_damaged && is_elected)) now.other_leader = store.leader().url;
    return now;
  });
}

// The write that can be answered now, be it with an error.
std::optional<Writer::Waiting> Writer::next_to_answer(const State& state) {
  const MutexLock lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  const Waiting& first = waiting_.front();
  const bool can_forward = !state.other_leader.empty() && first.write.forward;
  if (!state.is_leading && !state.is_damaged && !can_forward && Clock::now() < first.deadline) return std::nullopt;
  Waiting waiting = std::move(waiting_.front());
  waiting_.pop_front();
  return waiting;
}

void Writer::wait() {
  const bool may_begin =
      !leads() && store_.is_restored() && !store_.read([](const Store& store) { return store.is_damaged(); });
  MutexLock lock(mutex_);
  if (has_news_ || is_stopping_) return;
  Clock::time_point until = Clock::time_point::max();
  if (is_elected_ && may_begin) until = next_try_;
  if (!waiting_.empty()) until = std::min(until, waiting_.front().deadline);
  if (until == Clock::time_point::max()) {
    changed_.wait(lock);
  } else {
    changed_.wait_until(lock, until);
  }
}

void Writer::refuse_all(const ApiError& error) {
  std::deque<Waiting> refused;
  {
    const MutexLock lock(mutex_);
    refused.swap(waiting_);
  }
  for (Waiting& waiting : refused) waiting.write.done(std::unexpected(error));
}

bool Writer::leads() const {
  return term_.number > 0 && store_.read([&](const Store& store) { return store.leader().term == term_; });
}

void Writer::begin_term() {
  {
    const MutexLock lock(mutex_);
    next_try_ = Clock::now() + options_.deposed_pause;  // so two that are elected do not depose each other without end
  }
  const Result<void> begun = take_over();
  if (begun && leads()) return;
  {
    const MutexLock lock(mutex_);
    next_try_ = Clock::now() + options_.retry_pause;
  }
  // Nobody else could store more than this registry, so there is nothing to wait for.
  if (!begun && begun.error().code == ErrorCode::kIo) refuse_all(append_error(begun.error()));
}

Result<void> Writer::take_over() {
  int64_t given_ids = 0;
  const LeaderValue leader = store_.read([&](const Store& store) {
    given_ids = store.given_ids();
    LeaderValue value = store.leader_value({});
    value.term = {store.leader().term.number + 1, random_name()};
    value.url = options_.url;
    return value;
  });
  const TopicRecord record = leader_record(leader);
  const auto offsets = log_.append(std::span(&record, 1), leader.term, given_ids);
  if (!offsets) return fail(offsets.error());
  if (!store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) {
    return fail(ErrorCode::kTimeout, "the leader's record was not read back");
  }
  term_ = leader.term;
  return {};
}

void Writer::repair() {
  int64_t given_ids = 0;
  const std::vector<TopicRecord> records = store_.read([&](const Store& store) {
    given_ids = store.given_ids();
    return store.repairs();
  });
  const auto offsets = log_.append(records, term_, given_ids);
  if (!offsets || !store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) end_term();
}

// What is still under way counts no more once the next term has begun.
void Writer::end_term() {
  term_ = {};
  const MutexLock lock(mutex_);
  next_try_ = {};
}

void Writer::serve(Waiting waiting) {
  for (int i = 0; i < kMaxTries; ++i) {
    int64_t given_ids = 0;
    Answer<Decision> decision = store_.read([&](const Store& store) {
      given_ids = store.given_ids();
      return waiting.write.decide(store);
    });
    if (!decision) return waiting.write.done(std::unexpected(std::move(decision.error())));
    if (decision->records.empty()) return waiting.write.done(std::move(decision->answer));
    const auto offsets = log_.append(decision->records, term_, given_ids);
    if (!offsets) {
      const ErrorCode code = offsets.error().code;
      if (code != ErrorCode::kInvalidArgument && code != ErrorCode::kIo) end_term();
      return waiting.write.done(std::unexpected(append_error(offsets.error())));
    }
    if (!store_.wait_for(offsets->back(), Clock::now() + options_.timeout)) {
      end_term();
      return waiting.write.done(
          refuse(error_code::kStoreTimeout, "the write is in the topic, but was not read back yet"));
    }
    if (counted(*offsets)) return waiting.write.done(std::move(decision->answer));
    if (!leads()) {
      const MutexLock lock(mutex_);
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
