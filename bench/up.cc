// What it takes to start `omashu up`, broker and registry in one process, and what it takes to do nothing.
//
//   up_bench OMASHU FOLDER [GIGABYTES]      OMASHU: the program; FOLDER: an empty one; GIGABYTES of old data (10)
//
// "To the first acknowledged produce" begins before fork() and ends when the answer to a Produce with acks=all has
// come. The client speaks Kafka's protocol over a bare socket, which it tries to connect every 0.1 ms, so that neither
// the start of a client library nor its back-off is measured.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "bench/up_process.h"
#include "broker/protocol/03_metadata.h"

using namespace omashu::bench;
using std::chrono::seconds;

namespace {

constexpr int kRounds = 10;
constexpr int kPartitions = 1000;
constexpr int kTopics = 5000;
constexpr size_t kBatchBytes = 16 << 10;

void say(const std::string& what, std::vector<double> values, const std::string& unit) {
  std::ranges::sort(values);
  fmt::print("{:<66} {:8.1f} {:<3}", what, values[values.size() / 2], unit);
  if (values.size() > 1) fmt::print(" (median of {}; {:.1f} to {:.1f})", values.size(), values.front(), values.back());
  fmt::print("\n");
  std::fflush(stdout);
}

struct Starts {
  std::vector<double> first_produce_ms, ready_ms;
};

void start_once(const std::string& program, const std::string& data, const std::string& topic, Starts& starts) {
  const std::string batch = make_batch(100);
  const Up up(program, data);
  Client client(up.port());
  client.ask(MetadataRequest{.topics = {{{.name = topic}}}});  // makes the topic
  produce(client, topic, 0, 1, -1, batch);
  starts.first_produce_ms.push_back(ms_since(up.begun()));
  up.wait_until_ready();
  starts.ready_ms.push_back(ms_since(up.begun()));
}

void measure_empty(const std::string& program, const std::string& folder) {
  Starts starts;
  for (int i = 0; i < kRounds; ++i) start_once(program, fmt::format("{}/empty{}", folder, i), "first", starts);
  say("empty folder: start to the first acknowledged produce (goal 20)", starts.first_produce_ms, "ms");
  say("  to the ready file, with the registry", starts.ready_ms, "ms");
}

void measure_idle(const std::string& program, const std::string& folder) {
  constexpr seconds kLong(10);
  const Up up(program, folder + "/idle");
  up.wait_until_ready();
  std::this_thread::sleep_for(seconds(1));
  const double before_ms = up.cpu_ms();
  std::this_thread::sleep_for(kLong);
  say("idle: resident (goal 20)", {up.resident_mb()}, "MB");
  say("  processor time in 10 s", {up.cpu_ms() - before_ms}, "ms");
}

void measure_topics(const std::string& program, const std::string& folder) {
  const Up up(program, folder + "/topics");
  up.wait_until_ready();
  Client client(up.port());
  std::vector<std::string> names;
  for (int i = 0; i < kTopics; ++i) names.push_back(fmt::format("topic-{}", i));
  const auto begun = Clock::now();
  create_topics(client, names, 1);
  say("5,000 topics in one CreateTopics (goal 2000)", {ms_since(begun)}, "ms");
  produce(client, names.back(), 0, 1, -1, make_batch(100));
  say("  resident after that", {up.resident_mb()}, "MB");
}

void measure_full(const std::string& program, const std::string& folder, double gigabytes) {
  const std::string data = folder + "/full", topic = "old";
  const std::string batch = make_batch(kBatchBytes);
  const auto rounds = static_cast<int>(gigabytes * 1e9 / static_cast<double>(batch.size() * kPartitions));
  auto stopping = Clock::now();
  {
    const Up up(program, data);
    up.wait_until_ready();
    Client client(up.port());
    create_topics(client, {topic}, kPartitions);
    const auto begun = Clock::now();
    for (int i = 0; i < rounds; ++i) produce(client, topic, 0, kPartitions, 1, batch);
    say(fmt::format("{} partitions: filled with {} GB at", kPartitions, gigabytes), {gigabytes * 1e6 / ms_since(begun)},
        "MB/s");
    say("  resident after that", {up.resident_mb()}, "MB");
    stopping = Clock::now();
  }
  say("  to a clean stop, all of it on the disk", {ms_since(stopping)}, "ms");
  Starts starts;
  for (int i = 0; i < kRounds; ++i) start_once(program, data, topic, starts);
  say("  start to the first acknowledged produce (goal 100)", starts.first_produce_ms, "ms");
  say("  to the ready file, with the registry", starts.ready_ms, "ms");
  const Up up(program, data);
  Client client(up.port());
  produce(client, topic, 0, kPartitions, 1, batch);
  say("  to a batch in every partition, acks=1", {ms_since(up.begun())}, "ms");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("see the first lines of bench/up.cc");
  const std::string program = argv[1], folder = argv[2];
  measure_empty(program, folder);
  measure_idle(program, folder);
  measure_topics(program, folder);
  measure_full(program, folder, argc > 3 ? std::atof(argv[3]) : 10);
  return 0;
}
