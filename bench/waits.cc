// Who waits for whom in `omashu up`: what a client's requests take alone, and what they take while others make it work.
//
//   waits_bench OMASHU FOLDER [GIGABYTES]      OMASHU: the program; FOLDER: an empty one; GIGABYTES of log to recover
//   (1)
//
// A client sends a request, waits for its answer, and sends the next one a millisecond later, so that it takes little
// of the processor from those that it is measured beside.

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/partition_id.h"
#include "bench/latency.h"
#include "bench/up_process.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/02_list_offsets.h"
#include "broker/protocol/18_api_versions.h"

using namespace omashu::bench;
using std::chrono::seconds;

namespace {

constexpr seconds kMeasured(5);
constexpr int kCreators = 4;
constexpr int32_t kFetchedPartitions = 2000;
constexpr size_t kBatchBytes = 100;

// ApiVersions and Produce with acks=1, each from a client of its own, at the same time.
void measure_both(uint16_t port, const std::string& when, const std::function<bool()>& is_over) {
  Samples api_versions;
  std::thread other([&] {
    Client client(port);
    api_versions = measure([&] { client.ask(ApiVersionsRequest{}); }, is_over);
  });
  Client client(port);
  const std::string batch = make_batch(kBatchBytes);
  const Samples produced = measure([&] { produce(client, "measured", 0, 1, 1, batch); }, is_over);
  other.join();
  say("ApiVersions, " + when, std::move(api_versions));
  say("Produce acks=1, " + when, produced);
}

void make_measured_topic(uint16_t port) {
  Client client(port);
  create_topics(client, {"measured"}, 1);
  produce(client, "measured", 0, 1, 1, make_batch(kBatchBytes));
}

void measure_beside_creators(const std::string& program, const std::string& folder) {
  const Up up(program, folder + "/creating");
  up.wait_until_ready();
  make_measured_topic(up.port());
  measure_both(up.port(), "alone", after(kMeasured));
  std::atomic<bool> is_over = false;
  std::atomic<int> created = 0;
  std::vector<std::thread> creators;
  for (int i = 0; i < kCreators; ++i) {
    creators.emplace_back([&, i] {
      Client client(up.port());
      for (int n = 0; !is_over; ++n, ++created) create_topics(client, {fmt::format("made-{}-{}", i, n)}, 1);
    });
  }
  measure_both(up.port(), fmt::format("while {} clients create topics", kCreators), after(kMeasured));
  is_over = true;
  for (std::thread& creator : creators) creator.join();
  fmt::print("  {} topics were created meanwhile\n", created.load());
}

void measure_beside_recovery(const std::string& program, const std::string& folder, double gigabytes) {
  const std::string data = folder + "/recovering";
  {
    Up up(program, data, {"--housekeeping-interval", "1h"});  // which would write recovery points
    up.wait_until_ready();
    make_measured_topic(up.port());
    Client client(up.port());
    create_topics(client, {"large"}, 1);
    const std::string batch = make_batch(900 << 10);
    for (double written = 0; written < gigabytes * 1e9; written += static_cast<double>(batch.size())) {
      produce(client, "large", 0, 1, 1, batch);
    }
    up.kill();
  }
  const Up up(program, data);
  up.wait_until_ready();
  produce(*std::make_unique<Client>(up.port()), "measured", 0, 1, 1, make_batch(kBatchBytes));
  std::atomic<bool> is_over = false;
  double recovered_ms = 0;
  std::thread opener([&] {
    Client client(up.port());
    const auto begun = Clock::now();
    produce(client, "large", 0, 1, 1, make_batch(kBatchBytes));
    recovered_ms = ms_since(begun);
    is_over = true;
  });
  measure_both(up.port(), fmt::format("while a log of {} GB recovers", gigabytes), [&] { return is_over.load(); });
  opener.join();
  fmt::print("  its first produce took {:.0f} ms\n", recovered_ms);
}

// A fetch of all partitions for more than there will be, which waits. Each has a record for it already, so that looking
// at them again means to read 2,000 files.
FetchRequest waiting_fetch() {
  FetchRequest fetch{.max_wait_ms = 300'000, .min_bytes = 100 << 20, .topics = {{.topic = "fetched"}}};
  for (int32_t i = 0; i < kFetchedPartitions; ++i) {
    fetch.topics[0].partitions.push_back({.partition = omashu::PartitionId{i}, .partition_max_bytes = 1 << 20});
  }
  return fetch;
}

void measure_beside_fetches(const std::string& program, const std::string& folder) {
  const Up up(program, folder + "/fetching");
  up.wait_until_ready();
  Client client(up.port());
  create_topics(client, {"fetched"}, kFetchedPartitions);
  const std::string batch = make_batch(kBatchBytes);
  produce(client, "fetched", 0, kFetchedPartitions, 1, batch);
  std::vector<std::unique_ptr<Client>> consumers;
  for (const size_t waiting : {0, 1, 5, 50}) {
    while (consumers.size() < waiting) {
      consumers.push_back(std::make_unique<Client>(up.port()));
      consumers.back()->send(waiting_fetch());
    }
    std::this_thread::sleep_for(seconds(2));  // until they wait
    say(fmt::format("Produce acks=1, {} fetches of {} partitions wait", waiting, kFetchedPartitions),
        measure([&] { produce(client, "fetched", 7, 1, 1, batch); }, after(kMeasured)));
    for (const auto& consumer : consumers) {
      if (consumer->is_answered()) die("a fetch that was to wait has been answered");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("see the first lines of bench/waits.cc");
  const std::string program = argv[1], folder = argv[2];
  measure_beside_creators(program, folder);
  measure_beside_recovery(program, folder, argc > 3 ? std::atof(argv[3]) : 1);
  measure_beside_fetches(program, folder);
  return 0;
}
