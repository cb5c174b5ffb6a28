#include "service/group/gathered_watch.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "http_client/http_loop.h"
#include "service/group/watch_merge.h"
#include "service/watch/watch_sink.h"

namespace omashu::service {

namespace {

constexpr int kMaxStreams = 30'000;
constexpr size_t kMaxErrorBytes = size_t{1} << 20;  // of an answer that is no stream
constexpr std::chrono::seconds kConnectTimeout{2};
constexpr size_t kMaxBehindBytes = size_t{8} << 20;  // of events that the client has not taken
constexpr int kMaxRestarts = 3;                      // without `ready` in between

constexpr const char* kMoved = "partitions have other owners now: come back with your last id";
constexpr const char* kTooSlow = "you take less than comes: come back with your last id";

}  // namespace

// One client's. Its members' streams call it on the loop's thread, its connection on another.
class GatheredWatch : public std::enable_shared_from_this<GatheredWatch> {
 public:
  using Owners = std::map<std::string, HeldPartitions>;

  GatheredWatch(GroupRouter& router, http_client::HttpLoop& loop, http::ExchangePtr exchange, std::string topic,
                std::optional<table::PositionSet> last_seen)
      : router_(router),
        loop_(loop),
        topic_(std::move(topic)),
        kind_(exchange->asks_for_web_socket() ? WatchKind::kWebSocket : WatchKind::kServerSentEvents),
        last_seen_(std::move(last_seen)),
        request_(exchange->request()),
        exchange_(std::move(exchange)) {}

  // Once more with each restart.
  void start(Owners owners) EXCLUDES(mutex_);

  void on_head(uint64_t round) EXCLUDES(mutex_);
  // False: the stream is not wanted any more.
  bool on_event(uint64_t round, size_t member, const StreamEvent& event) EXCLUDES(mutex_);
  // The stream has ended; an answer that was none is the client's.
  void on_end(uint64_t round, std::optional<http::Response> answer) EXCLUDES(mutex_);

  void end(const std::string& reason, bool is_stopping) EXCLUDES(mutex_);
  bool has_other_owners(const GroupView& view) EXCLUDES(mutex_);
  bool is_over() const { return is_over_; }

 private:
  void open_sink() REQUIRES(mutex_);
  void write(std::string events) REQUIRES(mutex_);
  void drain() EXCLUDES(mutex_);
  void finish(const std::string& reason, bool is_stopping) REQUIRES(mutex_);

  GroupRouter& router_;
  http_client::HttpLoop& loop_;
  const std::string topic_;
  const WatchKind kind_;
  const std::optional<table::PositionSet> last_seen_;
  const http::Request request_;  // the client's
  std::atomic<bool> is_over_ = false;

  Mutex mutex_;
  http::ExchangePtr exchange_ GUARDED_BY(mutex_);  // until the answer begins
  std::unique_ptr<WatchSink> sink_ GUARDED_BY(mutex_);
  Owners owners_ GUARDED_BY(mutex_);
  std::optional<WatchMerge> merge_ GUARDED_BY(mutex_);
  uint64_t round_ GUARDED_BY(mutex_) = 0;
  size_t missing_heads_ GUARDED_BY(mutex_) = 0;
  int restarts_ GUARDED_BY(mutex_) = 0;
  std::string behind_ GUARDED_BY(mutex_);  // what waits for the client
};

namespace {

class WatchStream : public http_client::HttpJob {
 public:
  WatchStream(std::shared_ptr<GatheredWatch> watch, uint64_t round, size_t member, PeerRequest request)
      : watch_(std::move(watch)), round_(round), member_(member), request_(std::move(request)) {}

  http_client::HttpExchange begin(std::chrono::steady_clock::time_point) override {
    http_client::HttpExchange sent;
    sent.method = "GET";
    sent.url = request_.url + request_.request.target;
    for (const http::Field& field : request_.request.fields) {
      sent.headers.push_back(fmt::format("{}: {}", field.name, field.value));
    }
    sent.is_direct = true;
    return sent;
  }
  bool on_head(const http_client::HttpHead& head) override {
    if (head.status == 200) watch_->on_head(round_);
    return head.status == 200;
  }
  bool on_body(std::string_view bytes) override {
    return reader_.read(bytes, [this](const StreamEvent& event) { return watch_->on_event(round_, member_, event); });
  }
  std::optional<std::chrono::milliseconds> end(http_client::HttpOutcome outcome,
                                               std::chrono::steady_clock::time_point) override {
    std::optional<http::Response> answer;
    if (outcome.kind == http_client::AttemptOutcome::Kind::kAnswered && outcome.status != 200) {
      answer = http::Response{.status = outcome.status,
                              .content_type = std::move(outcome.content_type),
                              .body = std::move(outcome.body),
                              .fields = {}};
      if (outcome.status == 503) answer->fields.push_back({"Retry-After", "1"});
    }
    watch_->on_end(round_, std::move(answer));
    watch_.reset();
    return std::nullopt;
  }

 private:
  std::shared_ptr<GatheredWatch> watch_;
  const uint64_t round_;
  const size_t member_;
  const PeerRequest request_;
  EventStreamReader reader_;
};

}  // namespace

void GatheredWatch::start(Owners owners) {
  std::vector<std::shared_ptr<WatchStream>> streams;
  {
    const MutexLock lock(mutex_);
    if (is_over_) return;
    const bool is_first = ++round_ == 1;
    owners_ = std::move(owners);
    std::vector<HeldPartitions> members;
    for (const auto& [url, partitions] : owners_) members.push_back(partitions);
    merge_.emplace(topic_, kind_, std::move(members), is_first ? last_seen_ : std::nullopt);
    missing_heads_ = owners_.size();
    for (const auto& [url, partitions] : owners_) {
      PeerRequest request{.url = url, .request = PeerClient::forwarded(request_)};
      request.request.target = target_for(request_, partitions, {"last-event-id"});
      std::erase_if(request.request.fields,
                    [](const http::Field& field) { return field.name == "accept" || field.name == "last-event-id"; });
      if (is_first && last_seen_) {
        request.request.fields.push_back({"last-event-id", WatchMerge::id_for(*last_seen_, partitions)});
      }
      streams.push_back(std::make_shared<WatchStream>(shared_from_this(), round_, streams.size(), std::move(request)));
    }
  }
  for (auto& stream : streams) loop_.submit(std::move(stream));
}

void GatheredWatch::open_sink() {
  const std::weak_ptr<GatheredWatch> weak = weak_from_this();
  const http::ExchangePtr exchange = std::exchange(exchange_, nullptr);
  sink_ = WatchSink::open(*exchange, kind_,
                          {.on_drained =
                               [weak] {
                                 if (const auto self = weak.lock())
                                   self->router_.executor().post([self] { self->drain(); });
                               },
                           .on_closing =
                               [weak] {
                                 if (const auto self = weak.lock()) self->end("the server stops", true);
                               },
                           .on_closed =
                               [weak] {
                                 if (const auto self = weak.lock()) self->is_over_ = true;
                               }});
  if (sink_ == nullptr) is_over_ = true;
}

void GatheredWatch::on_head(uint64_t round) {
  const MutexLock lock(mutex_);
  if (round != round_ || is_over_ || --missing_heads_ > 0) return;
  if (sink_ == nullptr) open_sink();
  if (!is_over_) write({});
}

bool GatheredWatch::on_event(uint64_t round, size_t member, const StreamEvent& event) {
  MutexLock lock(mutex_);
  if (round != round_ || is_over_) return false;
  std::string events;
  const WatchMerge::Next next = merge_->take(member, event, events);
  if (event.event == "ready") restarts_ = 0;
  write(std::move(events));
  if (is_over_ || next == WatchMerge::Next::kGoOn) return !is_over_;
  if (next == WatchMerge::Next::kEnd || ++restarts_ > kMaxRestarts) {
    finish(kMoved, false);
    return false;
  }
  std::string reset;
  append_reason_event(reset, kind_, "reset", "a server does not know the changes behind your last event any more");
  write(std::move(reset));
  Owners owners = owners_;
  lock.unlock();
  start(std::move(owners));
  return false;
}

void GatheredWatch::on_end(uint64_t round, std::optional<http::Response> answered) {
  const MutexLock lock(mutex_);
  if (round != round_ || is_over_) return;
  if (exchange_ == nullptr) return finish(kMoved, false);
  is_over_ = true;
  const http::ExchangePtr exchange = std::exchange(exchange_, nullptr);
  if (answered) return exchange->answer(*std::move(answered));
  Problem problem{.type = ProblemType::kUnavailable, .detail = "a member of the group does not answer: ask again"};
  problem.fields.push_back({"Retry-After", "1"});
  answer(exchange, problem);
}

// What the client does not take waits here; the order is kept.
void GatheredWatch::write(std::string events) {
  behind_ += events;
  if (sink_ == nullptr || behind_.empty()) return;
  if (!sink_->is_open()) {
    is_over_ = true;
  } else if (sink_->has_room()) {
    sink_->write(std::make_shared<const std::string>(std::exchange(behind_, {})));
  } else if (behind_.size() > kMaxBehindBytes) {
    finish(kTooSlow, false);
  }
}

void GatheredWatch::drain() {
  const MutexLock lock(mutex_);
  if (!is_over_) write({});
}

void GatheredWatch::finish(const std::string& reason, bool is_stopping) {
  is_over_ = true;
  if (sink_ == nullptr) return;
  std::string bye;
  append_reason_event(bye, kind_, "bye", reason);
  sink_->write(std::make_shared<const std::string>(std::move(bye)));
  sink_->end(reason, is_stopping);
}

void GatheredWatch::end(const std::string& reason, bool is_stopping) {
  const MutexLock lock(mutex_);
  if (!is_over_) finish(reason, is_stopping);
}

bool GatheredWatch::has_other_owners(const GroupView& view) {
  const MutexLock lock(mutex_);
  return std::ranges::any_of(owners_, [&](const auto& member) {
    return std::ranges::any_of(member.second, [&](const kafka::TopicPartition& partition) {
      const auto owner = view.owner_of(partition);
      return owner && *owner != member.first;
    });
  });
}

// ---- all of them

Result<std::shared_ptr<GatheredWatches>> GatheredWatches::open(GroupRouter& router, const PeerOptions& options) {
  http_client::HttpLoopOptions loop_options;
  loop_options.max_in_flight = kMaxStreams;
  loop_options.max_response_bytes = kMaxErrorBytes;
  loop_options.connect_timeout = kConnectTimeout;
  loop_options.ca_file = options.ca_file;
  auto loop = http_client::HttpLoop::start(std::move(loop_options));
  if (!loop) return fail(std::move(loop.error()));
  return std::shared_ptr<GatheredWatches>(new GatheredWatches(router, *std::move(loop)));
}

GatheredWatches::GatheredWatches(GroupRouter& router, std::unique_ptr<http_client::HttpLoop> loop)
    : router_(router), loop_(std::move(loop)) {}
GatheredWatches::~GatheredWatches() = default;

void GatheredWatches::begin(const http::ExchangePtr& exchange, const http::Handler& here) {
  const http::Request& request = exchange->request();
  const std::string& topic = exchange->parameter("table");
  std::string id(request.field("last-event-id"));
  if (id.empty()) id = request.query_value("last-event-id").value_or("");
  const auto last_seen = table::parse_position_set(id);
  if (router_.parts().tables.find(topic) == nullptr || (!id.empty() && !last_seen)) return here(exchange);
  const auto partitions = asked_partitions(router_, request, topic);
  if (!partitions) return answer(exchange, partitions.error());
  auto owners = router_.owners_of(*partitions);
  if (!owners) return answer(exchange, owners.error());
  const bool comes_back = last_seen && last_seen->topic == topic;
  const auto watch = std::make_shared<GatheredWatch>(router_, *loop_, exchange, topic,
                                                     comes_back ? std::optional(*last_seen) : std::nullopt);
  {
    const MutexLock lock(mutex_);
    std::erase_if(watches_, [](const auto& known) { return known.expired(); });
    watches_.push_back(watch);
  }
  watch->start(*std::move(owners));
}

std::vector<std::shared_ptr<GatheredWatch>> GatheredWatches::open_ones() {
  std::vector<std::shared_ptr<GatheredWatch>> open;
  const MutexLock lock(mutex_);
  for (const auto& known : watches_) {
    if (auto watch = known.lock(); watch != nullptr && !watch->is_over()) open.push_back(std::move(watch));
  }
  return open;
}

void GatheredWatches::check_owners() {
  const auto view = router_.group().view();
  {
    const MutexLock lock(mutex_);
    if (view->state != "Stable" || checked_ == view) return;
    checked_ = view;
  }
  for (const auto& watch : open_ones()) {
    if (watch->has_other_owners(*view)) watch->end(kMoved, false);
  }
}

void GatheredWatches::stop() {
  for (const auto& watch : open_ones()) watch->end("the server stops", true);
  loop_.reset();
}

uint64_t GatheredWatches::count() { return open_ones().size(); }

}  // namespace omashu::service
