// What it takes to start `omashu up`, broker and registry in one process, and what it takes to do nothing.
//
//   up_bench OMASHU FOLDER [GIGABYTES]      OMASHU: the program; FOLDER: an empty one; GIGABYTES of old data (10)
//
// "To the first acknowledged produce" begins before fork() and ends when the answer to a Produce with acks=all has
// come. The client speaks Kafka's protocol over a bare socket, which it tries to connect every 0.1 ms, so that neither
// the start of a client library nor its back-off is measured.

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "broker/log/record_batch_builder.h"
#include "broker/protocol/00_produce.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/frame.h"

using namespace omashu;
using namespace omashu::broker;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kPatience(120);
constexpr microseconds kPollEvery(100);
constexpr int kRounds = 10;
constexpr int kPartitions = 1000;
constexpr int kTopics = 5000;
constexpr size_t kBatchBytes = 16 << 10;

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "up_bench: {}\n", what);
  std::exit(1);
}

double ms_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

template <class Condition>
void poll_until(const std::string& what, Condition condition) {
  for (const auto begun = Clock::now(); !condition(); std::this_thread::sleep_for(kPollEvery)) {
    if (Clock::now() - begun > kPatience) die(what + ": not within two minutes");
  }
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    die("there is no free port");
  }
  ::close(socket);
  return ntohs(address.sin_port);
}

// A connection to a broker, and one request at a time on it.
class Client {
 public:
  explicit Client(uint16_t port) {
    poll_until("connecting", [&] { return connects(port); });
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  template <class Request>
  typename Request::Response ask(const Request& request) {
    const int16_t version = Request::kApi.versions.max;
    send(encode_request(request, version, 1));
    std::string size(4, '\0');
    receive(size);
    uint32_t size_bytes = 0;
    for (const char byte : size) size_bytes = size_bytes << 8 | static_cast<unsigned char>(byte);
    frame_.resize(size_bytes);
    receive(frame_);
    const auto response = parse_response(frame_, Request::kApi, version);
    if (!response) die(response.error().message);
    auto answer = decode<typename Request::Response>(response->body, version);
    if (!answer) die(answer.error().message);
    return *std::move(answer);
  }

 private:
  bool connects(uint16_t port) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    ::close(socket_);
    return false;
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) die("the broker has closed the connection");
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }

  void receive(std::span<char> space) {
    if (::recv(socket_, space.data(), space.size(), MSG_WAITALL) != static_cast<ssize_t>(space.size())) {
      die("the broker has closed the connection");
    }
  }

  int socket_ = -1;
  std::string frame_;
};

std::string make_batch(size_t size_bytes) {
  constexpr int64_t kNow_ms = 1'790'000'000'000;
  const std::string value(1000, 'v');
  RecordBatchBuilder builder(kNow_ms);
  do builder.add(std::nullopt, value, kNow_ms);
  while (builder.size_bytes() + value.size() < size_bytes);
  return builder.build();
}

void create_topics(Client& client, const std::vector<std::string>& names, int32_t partitions) {
  CreateTopicsRequest request;
  for (const std::string& name : names) {
    request.topics.push_back({.name = name, .num_partitions = partitions, .replication_factor = 1});
  }
  for (const auto& topic : client.ask(request).topics) {
    if (topic.error_code != KafkaError::kNone)
      die(fmt::format("creating {}: {}", topic.name, error_name(topic.error_code)));
  }
}

void produce(Client& client, const std::string& topic, int32_t first_partition, int32_t partitions, int16_t acks,
             const std::string& batch) {
  ProduceRequest request{.acks = acks, .timeout_ms = 60'000, .topics = {{.name = topic}}};
  for (int32_t i = 0; i < partitions; ++i) {
    request.topics.front().partitions.push_back({.index = first_partition + i, .records = BytesView{batch}});
  }
  const ProduceResponse answer = client.ask(request);
  for (const auto& partition : answer.topics.at(0).partitions) {
    if (partition.error_code != KafkaError::kNone) {
      die(fmt::format("producing to {}-{}: {}", topic, partition.index, error_name(partition.error_code)));
    }
  }
}

// A running `omashu up`; stopped with SIGTERM, cleanly.
class Up {
 public:
  Up(const std::string& program, const std::string& data)
      : port_(free_port()), ready_file_(data + ".ready"), begun_(Clock::now()), pid_(::fork()) {
    if (pid_ < 0) die("fork failed");
    if (pid_ == 0) {
      const std::string kafka = fmt::format("127.0.0.1:{}", port_);
      const int null = ::open("/dev/null", O_RDWR);
      for (const int fd : {0, 1, 2}) ::dup2(null, fd);
      ::execl(program.c_str(), program.c_str(), "up", "--data", data.c_str(), "--kafka", kafka.c_str(), "--registry",
              "127.0.0.1:0", "--ready-file", ready_file_.c_str(), nullptr);
      ::_exit(127);
    }
  }
  ~Up() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    std::filesystem::remove(ready_file_);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) die("omashu up did not end well");
  }
  Up(const Up&) = delete;
  Up& operator=(const Up&) = delete;

  uint16_t port() const { return port_; }
  Clock::time_point begun() const { return begun_; }

  // With the registry.
  void wait_until_ready() const {
    poll_until("getting ready", [this] { return ::access(ready_file_.c_str(), F_OK) == 0; });
  }

  double resident_mb() const {
    std::ifstream status(fmt::format("/proc/{}/status", pid_));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    }
    die("omashu up has ended");
  }

  // Processor time of all its threads.
  double cpu_ms() const {
    double ns = 0;
    for (const auto& thread : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
      double of_thread_ns = 0;
      std::ifstream(thread.path() / "schedstat") >> of_thread_ns;
      ns += of_thread_ns;
    }
    return ns / 1e6;
  }

 private:
  const uint16_t port_;
  const std::string ready_file_;
  const Clock::time_point begun_;
  const pid_t pid_;
};

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
