// What a new client of `omashu up` waits for beside a thousand others that do nothing, or that are slow; and what a
// request of 99 MB takes.
//
//   connections_bench OMASHU FOLDER      OMASHU: the program; FOLDER: an empty one
//
// `omashu up` may have 1,024 files and connections open, as many a system has it.

#include <fmt/core.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/latency.h"
#include "bench/up_process.h"

using namespace omashu::bench;
using std::chrono::seconds;

namespace {

constexpr seconds kMeasured(5);
constexpr rlim_t kOpenFiles = 1024;
constexpr int kIdleClients = 1010;
constexpr int kRegistryClients = 1000;
constexpr int32_t kLargePartitions = 110;  // of a request with 900 KiB for each
constexpr int kLargeRequests = 5;

constexpr std::string_view kGet = "GET /subjects HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

using Connections = std::vector<std::unique_ptr<Connection>>;

Connections connect(int count, uint16_t port) {
  Connections connections;
  for (int i = 0; i < count; ++i) connections.push_back(std::make_unique<Connection>(port));
  return connections;
}

void get_subjects(Connection& connection) {
  connection.send(kGet);
  if (!connection.receive_some().starts_with("HTTP/1.1 200")) die("the registry does not answer with 200");
}

void measure_new_clients(const Up& up, const std::string& when) {
  const std::string batch = make_batch(100);
  say("Connect and produce, " + when, measure(
                                          [&] {
                                            Client client(up.port());
                                            produce(client, "measured", 0, 1, 1, batch);
                                          },
                                          after(kMeasured)));
}

void measure_new_clients_of_registry(const Up& up, const std::string& when) {
  say("Connect and GET /subjects, " + when, measure(
                                                [&] {
                                                  Connection connection(up.registry_port());
                                                  get_subjects(connection);
                                                },
                                                after(kMeasured)));
}

void measure_beside_idle_clients(const Up& up) {
  measure_new_clients(up, "alone");
  const Connections idle = connect(kIdleClients, up.port());
  measure_new_clients(up, fmt::format("{} idle clients", kIdleClients));
}

void measure_registry(const Up& up) {
  measure_new_clients_of_registry(up, "alone");
  {
    const Connections idle = connect(kRegistryClients, up.registry_port());
    for (const auto& connection : idle) (void)connection->try_send(kGet);
    measure_new_clients_of_registry(up, fmt::format("{} idle clients", kRegistryClients));
  }
  const Connections slow = connect(kRegistryClients, up.registry_port());
  std::atomic<bool> is_over = false;
  std::thread sender([&] {
    for (size_t i = 0; !is_over; ++i) {
      for (const auto& connection : slow) (void)connection->try_send(kGet.substr(i % kGet.size(), 1));
      std::this_thread::sleep_for(seconds(1));
    }
  });
  measure_new_clients_of_registry(up, fmt::format("{} clients of a byte a second", kRegistryClients));
  is_over = true;
  sender.join();
}

void measure_large_requests(const Up& up) {
  Client client(up.port());
  create_topics(client, {"large"}, kLargePartitions);
  const std::string batch = make_batch(900 << 10);
  const double cpu_before_ms = up.cpu_ms();
  int requests = 0;
  say(fmt::format("Produce acks=1 of {} MB", kLargePartitions * batch.size() / 1'000'000),
      measure([&] { produce(client, "large", 0, kLargePartitions, 1, batch); },
              [&] { return ++requests == kLargeRequests; }));
  fmt::print("  omashu up took {:.0f} ms of processor time for each\n", (up.cpu_ms() - cpu_before_ms) / kLargeRequests);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("see the first lines of bench/connections.cc");
  const Up up(argv[1], std::string(argv[2]) + "/connections", {}, kOpenFiles);
  up.wait_until_ready();
  {
    Client client(up.port());
    create_topics(client, {"measured"}, 1);
  }
  measure_large_requests(up);
  measure_beside_idle_clients(up);
  measure_registry(up);
  return 0;
}
