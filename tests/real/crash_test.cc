// `omashu up` killed with SIGKILL at random moments, again and again, while producers and a consumer group go on. What
// was acknowledged must be there, and nothing of it twice where the producer is idempotent.
//
// OMASHU_CRASH_ROUNDS says how often (30), OMASHU_CRASH_SEED when.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "real/support/omashu_up.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kPartitions = 3;
constexpr int kKeys = 40;
constexpr milliseconds kLongest(60'000);

int number_from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);
}

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}
void expect_ok(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

kafka::ClientConfig client_config(const OmashuUp& up) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", up.bootstrap_server());
  config.set("reconnect.backoff.max.ms", "200");
  config.set("log_level", "0");
  return config;
}

// Sends numbers, as values, until it is stopped; knows which were acknowledged, and where.
class Load {
 public:
  struct Options {
    std::string topic;
    bool is_idempotent = true;
    bool is_keyed = false;
  };

  Load(const OmashuUp& up, Options options) : options_(std::move(options)) {
    kafka::ClientConfig config = client_config(up);
    config.set("enable.idempotence", options_.is_idempotent ? "true" : "false");
    config.set("message.timeout.ms", "60000");
    config.set("linger.ms", "2");
    config.set("batch.size", "4096");  // well below the smallest segment
    producer_ = value_of(kafka::Producer::open(config));
    thread_ = std::thread([this] { run(); });
  }
  ~Load() { stop(); }

  void stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  const std::string& topic() const { return options_.topic; }
  bool is_idempotent() const { return options_.is_idempotent; }

  // After stop().
  const std::set<int64_t>& acknowledged() const { return acknowledged_; }
  int64_t last_acknowledged_of(int64_t key) const {
    int64_t last = -1;
    for (const int64_t number : acknowledged_) {
      if (number % kKeys == key) last = number;
    }
    return last;
  }
  int64_t sent() const { return next_; }
  const std::vector<std::string>& errors() const { return errors_; }

 private:
  void run() {
    while (!is_stopping_) {
      for (int i = 0; i < 20; ++i) send_one();
      producer_->poll(milliseconds(1));
    }
    if (auto flushed = producer_->flush(kLongest); !flushed) errors_.push_back(flushed.error().message);
  }

  void send_one() {
    const int64_t number = next_++;
    kafka::Record record{.topic = options_.topic, .value = std::to_string(number)};
    if (options_.is_keyed) record.key = fmt::format("key-{}", number % kKeys);
    if (!options_.is_keyed) record.partition = static_cast<int32_t>(number % kPartitions);
    const auto sent = producer_->send(std::move(record), [this, number](const Result<kafka::RecordMetadata>& result) {
      if (result) {
        acknowledged_.insert(number);
      } else {
        errors_.push_back(result.error().message);
      }
    });
    if (!sent) errors_.push_back(sent.error().message);
  }

  const Options options_;
  std::unique_ptr<kafka::Producer> producer_;
  std::atomic<bool> is_stopping_ = false;
  int64_t next_ = 0;
  std::set<int64_t> acknowledged_;
  std::vector<std::string> errors_;
  std::thread thread_;
};

// A member of a group that commits what it has read, and never reads past a gap: what a group resumes from may be
// behind what was read, but not ahead.
class Reader {
 public:
  Reader(const OmashuUp& up, const std::string& topic) {
    kafka::ClientConfig config = client_config(up);
    config.set("group.id", "readers");
    config.set("session.timeout.ms", "6000");
    config.set("heartbeat.interval.ms", "500");
    consumer_ = value_of(kafka::Consumer::open(config));
    expect_ok(consumer_->subscribe(std::vector{topic}));
    thread_ = std::thread([this] { run(); });
  }
  ~Reader() { stop(); }

  void stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  int64_t commits() const { return commits_; }
  const std::vector<std::string>& gaps() const { return gaps_; }
  const std::map<kafka::TopicPartition, kafka::Offset>& committed() const { return committed_; }

 private:
  void run() {
    while (!is_stopping_) {
      const auto events = consumer_->poll_batch(500, milliseconds(100));
      if (!events) continue;  // the broker is away
      std::map<kafka::TopicPartition, kafka::Offset> next;
      for (const kafka::ConsumerEvent& event : *events) {
        const auto* message = std::get_if<kafka::Message>(&event);
        if (message == nullptr) continue;
        const kafka::TopicPartition place{message->topic, message->partition};
        auto& seen = seen_[place];
        if (message->offset > seen) gaps_.push_back(fmt::format("{} after {}", message->offset, seen));
        seen = std::max(seen, message->offset + 1);
        next[place] = message->offset + 1;
      }
      if (next.empty() || !consumer_->commit(next)) continue;
      ++commits_;
      for (const auto& [place, offset] : next) committed_[place] = offset;
    }
    (void)consumer_->close();
  }

  std::unique_ptr<kafka::Consumer> consumer_;
  std::atomic<bool> is_stopping_ = false;
  std::map<kafka::TopicPartition, kafka::Offset> seen_;
  std::map<kafka::TopicPartition, kafka::Offset> committed_;
  std::vector<std::string> gaps_;
  int64_t commits_ = 0;
  std::thread thread_;
};

void create_topics(const OmashuUp& up) {
  const auto admin = value_of(kafka::Admin::open(client_config(up), kLongest));
  const std::vector<kafka::NewTopic> topics = {{"plain", kPartitions, 1, {{"segment.bytes", "100000"}}},
                                               {"idempotent", kPartitions, 1, {{"segment.bytes", "100000"}}},
                                               {"latest",
                                                kPartitions,
                                                1,
                                                {{"cleanup.policy", "compact"},
                                                 {"segment.bytes", "20000"},
                                                 {"segment.ms", "300"},
                                                 {"min.cleanable.dirty.ratio", "0.01"}}}};
  for (const auto& created : admin->create_topics(topics, false)) expect_ok(created);
}

// All that is there, partition by partition.
std::map<int32_t, std::vector<kafka::Message>> read_all(const OmashuUp& up, const std::string& topic) {
  const auto consumer = value_of(kafka::Consumer::open(client_config(up)));
  std::map<int32_t, std::vector<kafka::Message>> messages;
  std::vector<kafka::TopicPartition> places;
  for (int32_t p = 0; p < kPartitions; ++p) places.push_back({topic, p});
  const auto marks = value_of(consumer->all_watermarks(places, kLongest));
  std::map<kafka::TopicPartition, kafka::Offset> starts;
  size_t open = 0;
  for (const auto& [place, mark] : marks) {
    starts[place] = mark.low;
    open += mark.high > mark.low ? 1 : 0;
  }
  expect_ok(consumer->assign(starts));
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (open > 0) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(topic + " could not be read to its end");
    for (const kafka::ConsumerEvent& event : value_of(consumer->poll_batch(10'000, milliseconds(500)))) {
      const auto* message = std::get_if<kafka::Message>(&event);
      if (message == nullptr) continue;
      messages[message->partition].push_back(*message);
      if (message->offset + 1 == marks.at({topic, message->partition}).high) --open;
    }
  }
  return messages;
}

void check_log(const OmashuUp& up, const Load& load) {
  std::map<int64_t, int> times;
  for (const auto& [partition, messages] : read_all(up, load.topic())) {
    for (size_t i = 0; i < messages.size(); ++i) {
      ASSERT_EQ(messages[i].offset, static_cast<int64_t>(i)) << load.topic() << "-" << partition << " is not dense";
      ++times[std::stoll(messages[i].value.value())];
    }
  }
  int lost = 0, doubled = 0;
  for (const int64_t number : load.acknowledged()) lost += times.contains(number) ? 0 : 1;
  for (const auto& [number, count] : times) doubled += count > 1 ? 1 : 0;
  EXPECT_EQ(lost, 0) << load.topic() << ": of " << load.acknowledged().size();
  if (load.is_idempotent()) {
    EXPECT_EQ(doubled, 0) << load.topic();
  }
}

void check_latest(const OmashuUp& up, const Load& load) {
  std::map<std::string, int64_t> latest;
  size_t records = 0;
  for (const auto& [partition, messages] : read_all(up, load.topic())) {
    kafka::Offset last = -1;
    for (const kafka::Message& message : messages) {
      EXPECT_GT(message.offset, last);
      last = message.offset;
      latest[message.key.value()] = std::stoll(message.value.value());
      ++records;
    }
  }
  for (int64_t key = 0; key < kKeys; ++key) {
    EXPECT_GE(latest[fmt::format("key-{}", key)], load.last_acknowledged_of(key)) << "key-" << key;
  }
  EXPECT_LT(records, load.acknowledged().size()) << "nothing was compacted";
}

TEST(Crash, WhatWasAcknowledgedOutlivesSigkill) {
  const int rounds = number_from_environment("OMASHU_CRASH_ROUNDS", 30);
  const int seed = number_from_environment("OMASHU_CRASH_SEED", 1);
  std::mt19937 random(static_cast<uint32_t>(seed));
  const auto up = value_of(OmashuUp::start({"--housekeeping-interval", "200ms"}));
  create_topics(*up);
  Load plain(*up, {.topic = "plain", .is_idempotent = false});
  Load idempotent(*up, {.topic = "idempotent"});
  Load latest(*up, {.topic = "latest", .is_keyed = true});
  Reader reader(*up, "idempotent");
  for (int round = 0; round < rounds; ++round) {
    const auto life = milliseconds(50 + random() % 700);
    std::this_thread::sleep_for(life);  // how long it lives is what is random here, and no test's patience
    up->kill9();
    const auto again = up->start_again();
    ASSERT_TRUE(again) << "round " << round << ": " << again.error().message;
  }
  for (Load* load : {&plain, &idempotent, &latest}) load->stop();
  for (const Load* load : {&plain, &idempotent, &latest}) {
    EXPECT_THAT(load->errors(), testing::IsEmpty()) << load->topic();
    EXPECT_GT(load->acknowledged().size(), 1000u) << load->topic();
  }
  reader.stop();
  EXPECT_THAT(reader.gaps(), testing::IsEmpty());
  EXPECT_GT(reader.commits(), 0);

  check_log(*up, plain);
  check_log(*up, idempotent);
  check_latest(*up, latest);
  fmt::print("{} rounds, seed {}: {} + {} + {} acknowledged of {} + {} + {} sent; {} commits\n", rounds, seed,
             plain.acknowledged().size(), idempotent.acknowledged().size(), latest.acknowledged().size(), plain.sent(),
             idempotent.sent(), latest.sent(), reader.commits());

  // The same again after a clean stop, which leaves nothing to recover.
  up->stop();
  expect_ok(up->start_again());
  check_log(*up, idempotent);
  check_latest(*up, latest);
}

}  // namespace
}  // namespace omashu::real
