// What watchers of a table wait for: programs that write statuses to a topic with acks=all, and hear of them over
// server-sent events.
//
//   serve_load watch BOOTSTRAP REGISTRY URL TOPIC SECONDS         2,000 writes a second, one watcher
//   serve_load watchers BOOTSTRAP REGISTRY URL TOPIC SECONDS COUNT  20 writes a second, COUNT watchers of one filter
//
// Prints a line for each figure: its name, a blank, and a number. A time is from the acknowledgement of a write until
// the watcher, or the last of them, has its event; 0 where the event was faster.

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "kafka/producer.h"
#include "schema_registry/client/client.h"
#include "table/typed_topic.h"

using namespace omashu;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kWatchRate = 2'000;  // writes a second
constexpr int kWatchersRate = 20;
constexpr int kKeys = 20;  // each watcher begins with as many rows
constexpr std::chrono::seconds kPatience(60);

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "serve_load: {}\n", what);
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) die(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

void report(const std::string& name, double number) { fmt::print("{} {:.3f}\n", name, number); }

void report_percentiles(const std::string& name, std::vector<double> ms) {
  if (ms.empty()) die("nothing was heard");
  std::ranges::sort(ms);
  report(name + "_p50_ms", ms[ms.size() / 2]);
  report(name + "_p99_ms", ms[ms.size() * 99 / 100]);
  report(name + "_max_ms", ms.back());
}

// Where things happened, by the position's text "PARTITION-OFFSET".
class Times {
 public:
  void set(const std::string& position, Clock::time_point at) {
    const MutexLock lock(mutex_);
    times_[position] = at;
  }
  std::map<std::string, Clock::time_point> all() const {
    const MutexLock lock(mutex_);
    return times_;
  }

 private:
  mutable Mutex mutex_;
  std::map<std::string, Clock::time_point> times_ GUARDED_BY(mutex_);
};

class Writer {
 public:
  Writer(const std::string& bootstrap, const std::string& registry_url, std::string topic)
      : topic_(std::move(topic)),
        registry_(must(schema_registry::Client::open(at(registry_url)))),
        typed_(must(table::TypedTopic::open(*registry_, topic_))) {
    kafka::ClientConfig config;
    config.set("bootstrap.servers", bootstrap);
    config.set("linger.ms", "0");
    producer_ = must(kafka::Producer::open(config));
  }

  // Writes at a steady rate for the time; each acknowledgement is a time of `acknowledged`.
  void write(int per_second, int seconds, Times& acknowledged) {
    const auto begin = Clock::now();
    for (int i = 0; i < per_second * seconds; ++i) {
      const auto due = begin + std::chrono::microseconds(1'000'000LL * i / per_second);
      while (Clock::now() < due) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
        producer_->poll(std::max(left, std::chrono::milliseconds(0)));
      }
      send(i % kKeys, i, acknowledged);
    }
    must(producer_->flush(kPatience));
  }

  // The rows that are written to then. The watchers may still hear of these writes.
  void fill() {
    for (int i = 0; i < kKeys; ++i) send(i, 0, filled_);
    must(producer_->flush(kPatience));
    fill_ = filled_.all();
  }
  bool is_fill(const std::string& position) const { return fill_.contains(position); }

 private:
  static schema_registry::ClientOptions at(const std::string& url) {
    schema_registry::ClientOptions options;
    options.urls = {url};
    return options;
  }

  void send(int key, int bytes, Times& acknowledged) {
    const std::string value =
        fmt::format(R"({{"omashuId":"om-{}","status":"RUNNING","bytesSoFar":{},"requestedAt":"2026-11-30T08:00:00Z",)"
                    R"("updatedAt":"2026-11-30T08:00:05Z","source":{{"url":"https://downloads.example/atlas.zip"}}}})",
                    key, bytes);
    kafka::Record record;
    record.topic = topic_;
    record.value = must(typed_.write_value(value));
    record.key = must(typed_.write_key_of(*record.value));
    must(producer_->send(std::move(record), [&acknowledged](const Result<kafka::RecordMetadata>& landed) {
      const auto now = Clock::now();
      if (!landed) die(landed.error().message);
      acknowledged.set(fmt::format("{}-{}", landed->partition, landed->offset), now);
    }));
  }

  const std::string topic_;
  std::unique_ptr<schema_registry::Client> registry_;
  table::TypedTopic typed_;
  Times filled_;
  std::map<std::string, Clock::time_point> fill_;
  std::unique_ptr<kafka::Producer> producer_;
};

// One client of the event stream.
class Watcher {
 public:
  Watcher(const std::string& url, const std::string& topic) {
    constexpr std::string_view kScheme = "http://";
    const std::string host = url.substr(kScheme.size());
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(std::stoul(host.substr(host.rfind(':') + 1))));
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("cannot connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::string request = fmt::format(
        "GET /v1/tables/{}/watch?where=status%3DRUNNING HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n\r\n",
        topic, host);
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      die("cannot send");
    }
  }
  ~Watcher() { ::close(socket_); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  int socket() const { return socket_; }

  // What has come: each line of data of a change after the snapshot is told. Waits where nothing has.
  template <class OnChange>
  void read(const OnChange& on_change) {
    char buffer[64 << 10];
    const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) die("the server has closed a stream");
    unread_.append(buffer, static_cast<size_t>(size));
    size_t begin = 0;
    for (size_t end = 0; (end = unread_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string_view line = std::string_view(unread_).substr(begin, end - begin);
      if (line.starts_with("event: ready")) is_ready_ = true;
      if (line.starts_with("event: bye")) die("the server said bye");
      if (is_ready_ && line.starts_with("data: {\"key\"")) on_change(line);
    }
    unread_.erase(0, begin);
  }

  bool is_ready() const { return is_ready_; }

 private:
  int socket_ = -1;
  std::string unread_;
  bool is_ready_ = false;
};

// "2-17" of …"position":"status-download-2-17"…
std::string position_in(std::string_view line) {
  constexpr std::string_view kMember = "\"position\":\"";
  const size_t begin = line.find(kMember);
  if (begin == std::string_view::npos) die(fmt::format("no position in {}", line));
  std::string_view position = line.substr(begin + kMember.size());
  position = position.substr(0, position.find('"'));
  return std::string(position.substr(position.rfind('-', position.rfind('-') - 1) + 1));
}

double ms_between(Clock::time_point begin, Clock::time_point end) {
  return std::max(0.0, std::chrono::duration<double, std::milli>(end - begin).count());
}

void watch(Writer& writer, const std::string& url, const std::string& topic, int seconds) {
  Watcher watcher(url, topic);
  while (!watcher.is_ready()) watcher.read([](std::string_view) {});
  Times acknowledged;
  std::map<std::string, Clock::time_point> heard;
  std::jthread writing([&] { writer.write(kWatchRate, seconds, acknowledged); });
  while (heard.size() < static_cast<size_t>(kWatchRate * seconds)) {
    watcher.read([&](std::string_view line) {
      const std::string position = position_in(line);
      if (!writer.is_fill(position)) heard[position] = Clock::now();
    });
  }
  writing.join();
  std::vector<double> ms;
  for (const auto& [position, at] : acknowledged.all()) {
    const auto found = heard.find(position);
    if (found == heard.end()) die(position + " was not heard of");
    ms.push_back(ms_between(at, found->second));
  }
  report_percentiles("watch", std::move(ms));
}

void watch_with_many(Writer& writer, const std::string& url, const std::string& topic, int seconds, int count) {
  const rlimit files{static_cast<rlim_t>(count) + 100, static_cast<rlim_t>(count) + 100};
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0) die("too few open files: raise ulimit -n");
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < count; ++i) {
    watchers.push_back(std::make_unique<Watcher>(url, topic));
    while (!watchers.back()->is_ready()) watchers.back()->read([](std::string_view) {});
    epoll_event event{.events = EPOLLIN, .data = {.u32 = static_cast<uint32_t>(i)}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, watchers.back()->socket(), &event);
  }
  fmt::print("watchers {}\n", count);
  std::fflush(stdout);  // whoever measures the server's memory does it now
  Times acknowledged;
  std::map<std::string, Clock::time_point> last_heard;
  const size_t expected = static_cast<size_t>(kWatchersRate) * static_cast<size_t>(seconds) * watchers.size();
  size_t heard = 0;
  std::jthread writing([&] { writer.write(kWatchersRate, seconds, acknowledged); });
  std::vector<epoll_event> events(1'000);
  while (heard < expected) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      watchers[events[static_cast<size_t>(i)].data.u32]->read([&](std::string_view line) {
        const std::string position = position_in(line);
        if (writer.is_fill(position)) return;
        ++heard;
        last_heard[position] = Clock::now();
      });
    }
  }
  writing.join();
  ::close(poll);
  std::vector<double> ms;
  for (const auto& [position, at] : acknowledged.all()) ms.push_back(ms_between(at, last_heard.at(position)));
  report_percentiles("watchers", std::move(ms));
}

int number(const char* text) {
  int value = 0;
  const std::string_view view(text);
  if (std::from_chars(view.data(), view.data() + view.size(), value).ec != std::errc()) die("a number is wrong");
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (!(mode == "watch" && argc == 7) && !(mode == "watchers" && argc == 8)) {
    die("watch BOOTSTRAP REGISTRY URL TOPIC SECONDS, or watchers … SECONDS COUNT");
  }
  Writer writer(argv[2], argv[3], argv[5]);
  writer.fill();
  if (mode == "watch") {
    watch(writer, argv[4], argv[5], number(argv[6]));
  } else {
    watch_with_many(writer, argv[4], argv[5], number(argv[6]), number(argv[7]));
  }
}
