// How soon those who watch a table over HTTP hear of a change, and what each of them costs.
//
//   watchers_bench BOOTSTRAP HOST:PORT TOPIC WATCHERS CHANGES PER_SECOND PID
//
// `omashu serve --tables TOPIC` listens at HOST:PORT (PID: its process); the topic is compacted and has no schemas.
// Each watcher is a connection of its own. "acknowledged to event" begins when the producer's callback is called
// (acks=all).

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "kafka/producer.h"

using namespace omashu;
using Clock = std::chrono::steady_clock;

namespace {

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "watchers_bench: {}\n", what);
  std::exit(1);
}

void say(const std::string& what, std::vector<double> samples) {
  std::ranges::sort(samples);
  const auto at = [&](size_t per_mille) {
    return samples[std::min(samples.size() - 1, samples.size() * per_mille / 1000)];
  };
  fmt::print("{:<58} p50 {:7.3f}  p99 {:7.3f}  max {:8.3f} ms  ({})\n", what, at(500), at(990), samples.back(),
             samples.size());
}

size_t resident_kb(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  }
  die("there is no process " + pid);
}

int connect_to(const std::string& address, size_t number) {
  const size_t colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  // Each 127.0.0.x has ports of its own.
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(0x7f000002 + static_cast<uint32_t>(number / 20'000));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) die("no socket: raise the limit of open files");
  bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) die("cannot connect");
  return socket;
}

// Occurrences of `mark`, of which a piece of the stream may end within one.
size_t count_marks(std::string& tail, const char* bytes, size_t size, std::string_view mark) {
  tail.append(bytes, size);
  size_t count = 0;
  size_t at = 0;
  for (size_t found = 0; (found = tail.find(mark, at)) != std::string::npos; at = found + mark.size()) ++count;
  tail.erase(0, std::max(at, tail.size() - std::min(tail.size(), mark.size() - 1)));
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 8) die("usage: watchers_bench BOOTSTRAP HOST:PORT TOPIC WATCHERS CHANGES PER_SECOND PID");
  const std::string topic = argv[3];
  const size_t watchers = std::stoul(argv[4]);
  const size_t changes = std::stoul(argv[5]);
  const auto pace = std::chrono::microseconds(1'000'000 / std::stoul(argv[6]));
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  const size_t before_kb = resident_kb(argv[7]);
  struct Reader {
    int socket = -1;
    size_t events = 0;
    std::string tail;
  };
  std::vector<Reader> readers(watchers);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  const std::string request = "GET /v1/tables/" + topic + "/watch?where=key~om HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto opened = Clock::now();
  for (size_t i = 0; i < watchers; ++i) {
    readers[i].socket = connect_to(argv[2], i);
    if (send(readers[i].socket, request.data(), request.size(), 0) < 0) die("cannot send");
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    epoll_ctl(poll, EPOLL_CTL_ADD, readers[i].socket, &event);
  }
  // Each reads to "ready" before anything is written.
  std::vector<Clock::time_point> first(changes), last(changes), acknowledged(changes);
  std::vector<size_t> heard(changes, 0);
  const auto read_for = [&](std::string_view mark, auto&& on_event, auto&& is_over) {
    std::vector<epoll_event> events(1024);
    char buffer[64 << 10];
    while (!is_over()) {
      const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < ready; ++i) {
        Reader& reader = readers[events[static_cast<size_t>(i)].data.u64];
        const ssize_t size = recv(reader.socket, buffer, sizeof buffer, 0);
        if (size <= 0) die("a watcher was closed");
        const auto now = Clock::now();
        for (size_t count = count_marks(reader.tail, buffer, static_cast<size_t>(size), mark); count > 0; --count) {
          on_event(reader, now);
        }
      }
    }
  };
  size_t ready = 0;
  read_for("event: ready", [&](Reader&, Clock::time_point) { ++ready; }, [&] { return ready == watchers; });
  fmt::print("{} watchers are ready after {:.0f} ms\n", watchers,
             std::chrono::duration<double, std::milli>(Clock::now() - opened).count());
  std::this_thread::sleep_for(std::chrono::seconds(2));
  fmt::print("idle, a watcher costs {:.1f} KB of the server's memory\n",
             static_cast<double>(resident_kb(argv[7]) - before_kb) / static_cast<double>(watchers));

  std::thread producing([&] {
    kafka::ClientConfig kafka;
    kafka.set("bootstrap.servers", argv[1]);
    kafka.set("linger.ms", "0");
    auto producer = kafka::Producer::open(kafka);
    if (!producer) die(producer.error().message);
    const auto begun = Clock::now();
    for (size_t i = 0; i < changes; ++i) {
      const auto sent = (*producer)->send(
          {.topic = topic, .key = "om-" + std::to_string(i % 100), .value = "{\"number\":" + std::to_string(i) + "}"},
          [&, i](const Result<kafka::RecordMetadata>& delivered) {
            if (!delivered) die(delivered.error().message);
            acknowledged[i] = Clock::now();
          });
      if (!sent) die(sent.error().message);
      while (Clock::now() < begun + pace * static_cast<int64_t>(i + 1)) (*producer)->poll(std::chrono::milliseconds(1));
    }
    if (auto flushed = (*producer)->flush(std::chrono::minutes(1)); !flushed) die(flushed.error().message);
  });
  size_t complete = 0;
  read_for(
      "\"number\":",
      [&](Reader& reader, Clock::time_point now) {
        const size_t change = reader.events++;
        if (change >= changes) die("more events than changes");
        if (heard[change]++ == 0) first[change] = now;
        if (heard[change] == watchers) {
          last[change] = now;
          ++complete;
        }
      },
      [&] { return complete == changes; });
  producing.join();
  std::vector<double> to_first, to_last;
  for (size_t i = 0; i < changes; ++i) {
    to_first.push_back(std::chrono::duration<double, std::milli>(first[i] - acknowledged[i]).count());
    to_last.push_back(std::chrono::duration<double, std::milli>(last[i] - acknowledged[i]).count());
  }
  say("acknowledged to the first watcher's event", std::move(to_first));
  say("acknowledged to the last watcher's event", std::move(to_last));
  fmt::print("with the events, a watcher costs {:.1f} KB of the server's memory\n",
             static_cast<double>(resident_kb(argv[7]) - before_kb) / static_cast<double>(watchers));
  return 0;
}
