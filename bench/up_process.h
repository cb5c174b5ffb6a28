// What the benches of a running `omashu up` share: the process, and a client that speaks Kafka's protocol over a bare
// socket, so that neither the start of a client library nor its back-off is measured.

#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/partition_id.h"
#include "broker/log/record_batch_builder.h"
#include "broker/protocol/00_produce.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/frame.h"

namespace omashu::bench {

using namespace omashu::broker;
using Clock = std::chrono::steady_clock;

inline constexpr std::chrono::seconds kPatience(120);
inline constexpr std::chrono::microseconds kPollEvery(100);

[[noreturn]] inline void die(const std::string& what) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, what);
  std::exit(1);
}

inline double ms_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

template <class Condition>
void poll_until(const std::string& what, Condition condition) {
  for (const auto begun = Clock::now(); !condition(); std::this_thread::sleep_for(kPollEvery)) {
    if (Clock::now() - begun > kPatience) die(what + ": not within two minutes");
  }
}

inline sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline uint16_t free_port() {
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

// Of a client, over TCP. An answer that takes longer than kPatience ends the bench.
class Connection {
 public:
  explicit Connection(uint16_t port) {
    poll_until("connecting", [&] { return connects(port); });
    const timeval patience{.tv_sec = std::chrono::seconds(kPatience).count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view bytes) {
    if (!try_send(bytes)) die("the broker has closed the connection");
  }

  // Whether the other side has not closed the connection.
  bool try_send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  void receive(std::span<char> space) {
    if (::recv(socket_, space.data(), space.size(), MSG_WAITALL) != static_cast<ssize_t>(space.size())) {
      die("the broker has closed the connection, or does not answer");
    }
  }

  // Whether there is something to receive, or the other side has closed the connection.
  bool has_input() const {
    pollfd input{.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&input, 1, 0) > 0;
  }

  std::string receive_some() {
    std::string bytes(64 << 10, '\0');
    const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) die("the server has closed the connection, or does not answer");
    bytes.resize(static_cast<size_t>(count));
    return bytes;
  }

 private:
  bool connects(uint16_t port) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    ::close(socket_);
    return false;
  }

  int socket_ = -1;
};

// A connection to a broker, and one request at a time on it.
class Client {
 public:
  explicit Client(uint16_t port) : connection_(port) {}

  template <class Request>
  typename Request::Response ask(const Request& request) {
    send(request);
    return receive<Request>();
  }

  template <class Request>
  void send(const Request& request) {
    connection_.send(encode_request(request, Request::kApi.versions.max, 1));
  }

  bool is_answered() const { return connection_.has_input(); }

  // The answer to a request that was sent; it may view bytes that are good until the next one.
  template <class Request>
  typename Request::Response receive() {
    const int16_t version = Request::kApi.versions.max;
    std::string size(4, '\0');
    connection_.receive(size);
    uint32_t size_bytes = 0;
    for (const char byte : size) size_bytes = size_bytes << 8 | static_cast<unsigned char>(byte);
    frame_.resize(size_bytes);
    connection_.receive(frame_);
    const auto response = parse_response(frame_, Request::kApi, version);
    if (!response) die(response.error().message);
    auto answer = decode<typename Request::Response>(response->body, version);
    if (!answer) die(answer.error().message);
    return *std::move(answer);
  }

 private:
  Connection connection_;
  std::string frame_;
};

inline std::string make_batch(size_t size_bytes) {
  // Old records would be deleted by retention.ms while they are measured.
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::string value(1000, 'v');
  RecordBatchBuilder builder(now_ms);
  do builder.add(std::nullopt, value, now_ms);
  while (builder.size_bytes() + value.size() < size_bytes);
  return builder.build();
}

inline void create_topics(Client& client, const std::vector<std::string>& names, int32_t partitions) {
  CreateTopicsRequest request;
  for (const std::string& name : names) {
    request.topics.push_back({.name = name, .num_partitions = partitions, .replication_factor = 1});
  }
  for (const auto& topic : client.ask(request).topics) {
    if (topic.error_code != KafkaError::kNone)
      die(fmt::format("creating {}: {}", topic.name, error_name(topic.error_code)));
  }
}

inline void produce(Client& client, const std::string& topic, int32_t first_partition, int32_t partitions, int16_t acks,
                    const std::string& batch) {
  ProduceRequest request{.acks = acks, .timeout_ms = 60'000, .topics = {{.name = topic}}};
  for (int32_t i = 0; i < partitions; ++i) {
    request.topics.front().partitions.push_back(
        {.index = PartitionId{first_partition + i}, .records = BytesView{batch}});
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
  // `options` are further options of the command line, each with its value; `max_open_files` is its `ulimit -n`, soft
  // and hard, where it is not 0.
  Up(const std::string& program, const std::string& data, const std::vector<std::string>& options = {},
     rlim_t max_open_files = 0)
      : port_(free_port()), ready_file_(data + ".ready"), begun_(Clock::now()), pid_(::fork()) {
    if (pid_ < 0) die("fork failed");
    if (pid_ == 0) {
      const std::string kafka = fmt::format("127.0.0.1:{}", port_);
      const int null = ::open("/dev/null", O_RDWR);
      for (const int fd : {0, 1, 2}) ::dup2(null, fd);
      const rlimit limit{max_open_files, max_open_files};
      if (max_open_files != 0) ::setrlimit(RLIMIT_NOFILE, &limit);
      std::vector<std::string> words = {program,        "up",        "--data",     data,
                                        "--kafka",      kafka,       "--registry", "127.0.0.1:0",
                                        "--ready-file", ready_file_, "--http",     "127.0.0.1:0"};
      words.insert(words.end(), options.begin(), options.end());
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execv(program.c_str(), arguments.data());
      ::_exit(127);
    }
  }
  ~Up() {
    if (is_killed_) return;
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

  // With SIGKILL, at once.
  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove(ready_file_);
    is_killed_ = true;
  }

  // With the registry.
  void wait_until_ready() const {
    poll_until("getting ready", [this] { return ::access(ready_file_.c_str(), F_OK) == 0; });
  }

  uint16_t registry_port() const {
    std::ifstream ready(ready_file_);
    for (std::string line; std::getline(ready, line);) {
      if (line.starts_with("SCHEMA_REGISTRY_URL="))
        return static_cast<uint16_t>(std::stoul(line.substr(line.rfind(':') + 1)));
    }
    die("the ready file names no registry");
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
  bool is_killed_ = false;
};

}  // namespace omashu::bench
