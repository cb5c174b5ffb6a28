#include "schema_registry/server/group_election.h"

#include "base/pause.h"
#include "base/thread_signals.h"

namespace omashu::schema_registry::server {

namespace {

constexpr std::chrono::milliseconds kPoll{60'000};  // wake() ends it; far below max.poll.interval.ms
constexpr std::chrono::milliseconds kErrorPause{1'000};

}  // namespace

Result<std::unique_ptr<GroupElection>> GroupElection::start(const KafkaTopic& topic, const std::string& group,
                                                            Listener listener) {
  kafka::ClientConfig config = topic.kafka;
  config.set("group.id", group);
  config.set("session.timeout.ms", "6000");  // the least that brokers grant by default: so long nobody leads
  config.set("heartbeat.interval.ms", "1000");
  config.set("partition.assignment.strategy", "cooperative-sticky");  // who leads goes on when another one comes
  config.set("auto.offset.reset", "latest");                          // what the topic holds is read elsewhere
  auto consumer = kafka::Consumer::open(config);
  if (!consumer) return fail(std::move(consumer.error()));
  std::unique_ptr<GroupElection> election(new GroupElection(*std::move(consumer), std::move(listener)));
  const kafka::RebalanceListener rebalances = {.on_assigned =
                                                   [self = election.get()](auto partitions) {
                                                     if (!partitions.empty()) self->listener_.on_change(true);
                                                   },
                                               .on_revoked =
                                                   [self = election.get()](auto partitions, bool) {
                                                     if (!partitions.empty()) self->listener_.on_change(false);
                                                   }};
  const std::string topics[] = {topic.name};
  if (auto joined = election->consumer_->subscribe(topics, rebalances); !joined) return fail(std::move(joined.error()));
  election->thread_ = std::jthread([self = election.get()](const std::stop_token& stop) { self->run(stop); });
  return election;
}

// Records that come are of no interest here.
void GroupElection::run(const std::stop_token& stop) {
  block_signals();
  while (!stop.stop_requested()) {
    const auto event = consumer_->poll(kPoll);
    if (event) continue;
    listener_.on_error(event.error().message);
    pause(stop, kErrorPause);
  }
  static_cast<void>(consumer_->close());
}

GroupElection::~GroupElection() {
  thread_.request_stop();
  consumer_->wake();
}

}  // namespace omashu::schema_registry::server
