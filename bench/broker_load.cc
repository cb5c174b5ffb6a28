// One client's load on a broker, the same for whichever broker: produces records, or fetches them, and counts them.
//
//   broker_load BOOTSTRAP produce TOPIC COUNT SIZE ACKS COMPRESSION
//   broker_load BOOTSTRAP fetch TOPIC COUNT
//   broker_load BOOTSTRAP latency TOPIC SECONDS RATE          end to end: p50 and p99 in milliseconds
//   broker_load BOOTSTRAP create TOPIC PARTITIONS
//
// Prints seconds (or the two percentiles). Fails where a record was not delivered, or not read.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"

using namespace omashu;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds kPatience(120'000);

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "broker_load: {}\n", what);
  std::exit(1);
}

template <class T>
T value_of(Result<T> result) {
  if (!result) die(result.error().message);
  return *std::move(result);
}
void require(const Result<void>& result) {
  if (!result) die(result.error().message);
}

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

// Half of it repeats, as records do, so that compression has something to find.
std::string payload(size_t size) {
  std::string text(size, 'x');
  uint32_t state = 12345;
  for (size_t i = 0; i < size; i += 2) text[i] = static_cast<char>('a' + (state = state * 1664525 + 1013904223) % 26);
  return text;
}

void produce(const kafka::ClientConfig& base, const std::string& topic, int64_t count, size_t size,
             const std::string& acks, const std::string& compression) {
  kafka::ClientConfig config = base;
  config.set("enable.idempotence", "false");
  config.set("acks", acks);
  config.set("compression.type", compression);
  config.set("linger.ms", "5");
  config.set("batch.size", "65536");
  config.set("queue.buffering.max.messages", "500000");
  config.set("queue.buffering.max.kbytes", "262144");
  const auto producer = value_of(kafka::Producer::open(config));
  const std::string value = payload(size);
  int64_t delivered = 0;
  const auto begun = Clock::now();
  for (int64_t i = 0; i < count; ++i) {
    require(producer->send({.topic = topic, .value = value}, [&](const Result<kafka::RecordMetadata>& result) {
      if (!result) die(result.error().message);
      ++delivered;
    }));
    if (i % 1000 == 0) producer->poll(milliseconds(0));
  }
  require(producer->flush(kPatience));
  if (delivered != count) die(fmt::format("{} of {} were delivered", delivered, count));
  fmt::print("{:.3f}\n", seconds_since(begun));
}

std::unique_ptr<kafka::Consumer> open_consumer(const kafka::ClientConfig& config, const std::string& topic,
                                               kafka::Offset start) {
  auto consumer = value_of(kafka::Consumer::open(config));
  std::map<kafka::TopicPartition, kafka::Offset> starts;
  for (const kafka::PartitionId partition : value_of(consumer->partitions_of(topic, kPatience))) {
    starts[{topic, partition}] = start;
  }
  require(consumer->assign(starts));
  return consumer;
}

void fetch(const kafka::ClientConfig& base, const std::string& topic, int64_t count) {
  kafka::ClientConfig config = base;
  config.set("fetch.message.max.bytes", "1048576");
  const auto begun = Clock::now();
  const auto consumer = open_consumer(config, topic, kafka::kOffsetBeginning);
  int64_t seen = 0;
  while (seen < count) {
    if (Clock::now() - begun > kPatience) die(fmt::format("only {} of {} came", seen, count));
    for (const auto& event : value_of(consumer->poll_batch(10'000, milliseconds(1000)))) {
      seen += std::holds_alternative<kafka::Message>(event) ? 1 : 0;
    }
  }
  fmt::print("{:.3f}\n", seconds_since(begun));
}

void latency(const kafka::ClientConfig& base, const std::string& topic, int seconds, int rate) {
  kafka::ClientConfig config = base;
  config.set("linger.ms", "0");
  const auto now_us = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
  };
  const auto producer = value_of(kafka::Producer::open(config));
  kafka::ClientConfig consumer_config = base;
  consumer_config.set("fetch.wait.max.ms", "100");
  const auto consumer = open_consumer(consumer_config, topic, kafka::kOffsetEnd);
  (void)value_of(consumer->poll_batch(1, milliseconds(1000)));  // it has found where it starts
  const int64_t count = int64_t{seconds} * rate;
  std::vector<double> waits;
  std::thread reader([&] {
    while (static_cast<int64_t>(waits.size()) < count) {
      for (const auto& event : value_of(consumer->poll_batch(1000, milliseconds(1000)))) {
        const auto* message = std::get_if<kafka::Message>(&event);
        if (message == nullptr) continue;
        waits.push_back(static_cast<double>(now_us() - std::stoll(message->value.value())) / 1000);
      }
    }
  });
  const auto begun = Clock::now();
  for (int64_t i = 0; i < count; ++i) {
    std::this_thread::sleep_until(begun + std::chrono::microseconds(i * 1'000'000 / rate));
    require(producer->send({.topic = topic, .value = fmt::format("{:<100}", now_us())},
                           [](const Result<kafka::RecordMetadata>& result) {
                             if (!result) die(result.error().message);
                           }));
    producer->poll(milliseconds(0));
  }
  require(producer->flush(kPatience));
  reader.join();
  waits.erase(waits.begin(), waits.begin() + static_cast<ptrdiff_t>(waits.size() / 10));  // while caches warm up
  std::ranges::sort(waits);
  fmt::print("{:.2f} {:.2f}\n", waits[waits.size() / 2], waits[waits.size() * 99 / 100]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 4) die("see the first lines of bench/broker_load.cc");
  kafka::ClientConfig config;
  config.set("bootstrap.servers", arguments[0]);
  const std::string &what = arguments[1], &topic = arguments[2];
  const auto number = [&](size_t i) { return std::atoll(arguments.at(i).c_str()); };
  if (what == "produce" && arguments.size() == 7) {
    produce(config, topic, number(3), static_cast<size_t>(number(4)), arguments[5], arguments[6]);
  } else if (what == "fetch") {
    fetch(config, topic, number(3));
  } else if (what == "latency" && arguments.size() == 5) {
    latency(config, topic, static_cast<int>(number(3)), static_cast<int>(number(4)));
  } else if (what == "create") {
    const auto admin = value_of(kafka::Admin::open(config, kPatience));
    const kafka::NewTopic wanted{topic, static_cast<int>(number(3)), 1, {}};
    for (const auto& created : admin->create_topics(std::span(&wanted, 1), false)) require(created);
    require(admin->wait_until_ready(std::vector{topic}, kPatience));
  } else {
    die("unknown: " + what);
  }
  return 0;
}
