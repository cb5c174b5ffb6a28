// One client's load on a broker, the same for whichever broker: produces records, or fetches them, and counts them. It
// uses librdkafka directly, so that as little as can be of what is measured is the client's.
//
//   broker_load BOOTSTRAP create TOPIC PARTITIONS
//   broker_load BOOTSTRAP produce TOPIC COUNT SIZE ACKS COMPRESSION PID
//                                              seconds, and processor seconds of process PID
//   broker_load BOOTSTRAP fetch TOPIC COUNT PID
//                                              the same
//   broker_load BOOTSTRAP latency TOPIC SECONDS RATE LINGER_MS
//                                              end to end: p50 and p99 in milliseconds
//   broker_load BOOTSTRAP delete TOPIC
//
// Fails where a record was not delivered, or not read.

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "kafka/admin.h"

using namespace omashu;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds kPatience(120'000);

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "broker_load: {}\n", what);
  std::exit(1);
}

void require(const Result<void>& result) {
  if (!result) die(result.error().message);
}

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

// The wall's time, and the processor's of another process.
class Stopwatch {
 public:
  explicit Stopwatch(pid_t pid) : pid_(pid), cpu_begun_(cpu_seconds()) {}

  void print() const { fmt::print("{:.4f} {:.4f}\n", seconds_since(begun_), cpu_seconds() - cpu_begun_); }

 private:
  double cpu_seconds() const {
    clockid_t clock = 0;
    timespec time{};
    if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) die("the broker has ended");
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  }

  const pid_t pid_;
  const Clock::time_point begun_ = Clock::now();
  const double cpu_begun_;
};

using Settings = std::map<std::string, std::string>;

// A producer or a consumer, and the one topic that it is for.
class Client {
 public:
  Client(rd_kafka_type_t type, const Settings& settings, const std::string& topic_name) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char error[512];
    for (const auto& [name, value] : settings) {
      if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) die(error);
    }
    rd_kafka_conf_set_opaque(conf, this);
    if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf, count_delivery);
    handle_ = rd_kafka_new(type, conf, error, sizeof error);
    if (handle_ == nullptr) die(error);
    topic_ = rd_kafka_topic_new(handle_, topic_name.c_str(), nullptr);
  }
  ~Client() {
    rd_kafka_topic_destroy(topic_);
    rd_kafka_destroy(handle_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* handle() const { return handle_; }
  rd_kafka_topic_t* topic() const { return topic_; }

  // `value` must stay as it is until it is delivered, unless it is to be copied.
  void send(std::string_view value, bool is_copied = false) {
    const int flags = is_copied ? RD_KAFKA_MSG_F_COPY : 0;
    while (rd_kafka_produce(topic_, RD_KAFKA_PARTITION_UA, flags, const_cast<char*>(value.data()), value.size(),
                            nullptr, 0, nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) die(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(handle_, 10);
    }
  }

  void flush(int64_t expected) {
    if (rd_kafka_flush(handle_, static_cast<int>(kPatience.count())) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        delivered_ != expected) {
      die(fmt::format("{} of {} were delivered", delivered_, expected));
    }
  }

  // Where what is fetched comes, once the connection stands and the partitions are known.
  rd_kafka_queue_t* start_fetching(int64_t offset) {
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto error = rd_kafka_metadata(handle_, 0, topic_, &metadata, static_cast<int>(kPatience.count()));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(error));
    rd_kafka_queue_t* queue = rd_kafka_queue_new(handle_);
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
      if (rd_kafka_consume_start_queue(topic_, i, offset, queue) != 0) die(rd_kafka_err2str(rd_kafka_last_error()));
    }
    rd_kafka_metadata_destroy(metadata);
    return queue;
  }

 private:
  static void count_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(message->err));
    ++static_cast<Client*>(opaque)->delivered_;
  }

  rd_kafka_t* handle_ = nullptr;
  rd_kafka_topic_t* topic_ = nullptr;
  int64_t delivered_ = 0;
};

enum class Reading { kAtOnce, kInBulk };

// Calls `see` for each record until there were so many. In bulk: every two milliseconds, so that the client's threads
// do not wake each other for each record.
template <class See>
void read(rd_kafka_queue_t* queue, int64_t count, Reading reading, See see) {
  struct Receiver {
    See& see;
    int64_t seen = 0;
  } receiver{see};
  const auto receive = [](rd_kafka_message_t* message, void* opaque) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    static_cast<Receiver*>(opaque)->see(std::string_view(static_cast<const char*>(message->payload), message->len));
    ++static_cast<Receiver*>(opaque)->seen;
  };
  const auto begun = Clock::now();
  while (receiver.seen < count) {
    if (Clock::now() - begun > kPatience) die(fmt::format("only {} of {} came", receiver.seen, count));
    if (reading == Reading::kInBulk) std::this_thread::sleep_for(milliseconds(2));
    rd_kafka_consume_callback_queue(queue, reading == Reading::kInBulk ? 0 : 1000, receive, &receiver);
  }
}

// The values of records, no two alike within a batch. Half of each repeats, as records do, so that compression has
// something to find.
class Values {
 public:
  explicit Values(size_t size) : size_(size), text_(4'000'000 + size, 'x') {
    uint32_t state = 12345;
    for (size_t i = 0; i < text_.size(); i += 2)
      text_[i] = static_cast<char>('a' + ((state = state * 1664525 + 1013904223) >> 16) % 26);
  }
  std::string_view of(int64_t record) const {
    const size_t place = static_cast<size_t>(record) * size_ % (text_.size() - size_);
    return std::string_view(text_).substr(place, size_);
  }

 private:
  const size_t size_;
  std::string text_;
};

void produce(Settings settings, const std::string& topic, int64_t count, size_t size, const std::string& acks,
             const std::string& compression, pid_t broker) {
  settings.merge(Settings{{"acks", acks},
                          {"compression.type", compression},
                          {"linger.ms", "5"},
                          {"batch.size", "65536"},
                          {"queue.buffering.max.messages", "500000"},
                          {"queue.buffering.max.kbytes", "262144"}});
  Client client(RD_KAFKA_PRODUCER, settings, topic);
  const Values values(size);
  const Stopwatch watch(broker);
  for (int64_t i = 0; i < count; ++i) {
    client.send(values.of(i));
    if (i % 1000 == 0) rd_kafka_poll(client.handle(), 0);
  }
  client.flush(count);
  watch.print();
}

void fetch(Settings settings, const std::string& topic, int64_t count, pid_t broker) {
  // Never waits because enough is there already, nor half a second because the partitions that it asks for are read.
  settings.merge(Settings{{"queued.min.messages", "10000000"},
                          {"queued.max.messages.kbytes", "262144"},
                          {"fetch.queue.backoff.ms", "1"},
                          {"fetch.wait.max.ms", "5"}});
  Client client(RD_KAFKA_CONSUMER, settings, topic);
  const Stopwatch watch(broker);
  rd_kafka_queue_t* queue = client.start_fetching(RD_KAFKA_OFFSET_BEGINNING);
  read(queue, count, Reading::kInBulk, [](std::string_view) {});
  watch.print();
  rd_kafka_queue_destroy(queue);
}

void latency(const Settings& settings, const std::string& topic, int seconds, int rate, const std::string& linger_ms) {
  Settings producing = settings, fetching = settings;
  producing.merge(Settings{{"acks", "all"}, {"linger.ms", linger_ms}});
  Client producer(RD_KAFKA_PRODUCER, producing, topic), consumer(RD_KAFKA_CONSUMER, fetching, topic);
  rd_kafka_queue_t* queue = consumer.start_fetching(RD_KAFKA_OFFSET_BEGINNING);
  producer.send("warms up", /*is_copied=*/true);
  producer.flush(1);
  read(queue, 1, Reading::kAtOnce, [](std::string_view) {});

  const int64_t count = int64_t{seconds} * rate;
  std::vector<double> waits_ms;
  std::thread reader([&] {
    read(queue, count, Reading::kAtOnce, [&](std::string_view value) {
      waits_ms.push_back(static_cast<double>(now_us() - std::stoll(std::string(value))) / 1000);
    });
  });
  const auto begun = Clock::now();
  for (int64_t i = 0; i < count; ++i) {
    std::this_thread::sleep_until(begun + std::chrono::microseconds(i * 1'000'000 / rate));
    producer.send(fmt::format("{:<100}", now_us()), /*is_copied=*/true);
    rd_kafka_poll(producer.handle(), 0);
  }
  producer.flush(count + 1);
  reader.join();
  rd_kafka_queue_destroy(queue);
  waits_ms.erase(waits_ms.begin(), waits_ms.begin() + static_cast<ptrdiff_t>(waits_ms.size() / 10));  // warming up
  std::ranges::sort(waits_ms);
  fmt::print("{:.2f} {:.2f}\n", waits_ms[waits_ms.size() / 2], waits_ms[waits_ms.size() * 99 / 100]);
}

std::unique_ptr<kafka::Admin> open_admin(const std::string& bootstrap) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", bootstrap);
  auto admin = kafka::Admin::open(config, kPatience);
  if (!admin) die(admin.error().message);
  return std::move(*admin);
}

void create_topic(const std::string& bootstrap, const std::string& topic, int partitions) {
  const auto admin = open_admin(bootstrap);
  const kafka::NewTopic wanted{topic, partitions, 1, {}};
  for (const auto& created : admin->create_topics(std::span(&wanted, 1), false)) require(created);
  require(admin->wait_until_ready(std::vector{topic}, kPatience));
}

void delete_topic(const std::string& bootstrap, const std::string& topic) {
  for (const auto& deleted : open_admin(bootstrap)->delete_topics(std::span(&topic, 1))) require(deleted);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 3) die("see the first lines of bench/broker_load.cc");
  const std::string &bootstrap = arguments[0], &what = arguments[1], &topic = arguments[2];
  const Settings settings = {{"bootstrap.servers", bootstrap}};
  const auto number = [&](size_t i) { return std::atoll(arguments.at(i).c_str()); };
  if (what == "produce" && arguments.size() == 8) {
    produce(settings, topic, number(3), static_cast<size_t>(number(4)), arguments[5], arguments[6],
            static_cast<pid_t>(number(7)));
  } else if (what == "fetch" && arguments.size() == 5) {
    fetch(settings, topic, number(3), static_cast<pid_t>(number(4)));
  } else if (what == "latency" && arguments.size() == 6) {
    latency(settings, topic, static_cast<int>(number(3)), static_cast<int>(number(4)), arguments[5]);
  } else if (what == "create" && arguments.size() == 4) {
    create_topic(bootstrap, topic, static_cast<int>(number(3)));
  } else if (what == "delete" && arguments.size() == 3) {
    delete_topic(bootstrap, topic);
  } else {
    die("not understood: " + what);
  }
  return 0;
}
