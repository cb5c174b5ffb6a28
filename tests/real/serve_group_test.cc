// Three `omashu serve` processes of one group, over three real brokers or `omashu up`: what any of them answers, and
// histories of clients that write the same keys under conditions while processes join, leave and are killed.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "base/json.h"
#include "http/testing/socket_client.h"
#include "kafka/admin.h"
#include "real/support/eventually.h"
#include "real/support/kafka_broker.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_serve.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"
#include "real/support/three_brokers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using http::testing::body_of;
using http::testing::SocketClient;
using http::testing::status_of;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::PrintToString;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},{"name":"token","type":"string"},)"
    R"({"name":"number","type":"int"}]})";
constexpr int kPartitions = 6;

// One cluster for all tests of the program.
class Cluster {
 public:
  static Cluster& shared() {
    static Cluster cluster;
    return cluster;
  }

  std::string bootstrap_server() const {
    return brokers_ == nullptr ? shared_kafka().bootstrap_server() : brokers_->bootstrap_server();
  }

  // A compacted topic of six partitions with its schemas.
  std::string make_table(const std::string& stem) const {
    const std::string topic = unique_name(stem);
    kafka::ClientConfig config;
    config.set("bootstrap.servers", bootstrap_server());
    const auto admin = kafka::Admin::open(config, seconds(60)).value();
    const kafka::NewTopic topics[] = {{.name = topic,
                                       .partitions = kPartitions,
                                       .replication_factor = brokers_ == nullptr ? 1 : 3,
                                       .configs = {{"cleanup.policy", "compact"}}}};
    for (const auto& made : admin->create_topics(topics, false)) {
      if (!made) throw std::runtime_error(made.error().message);
    }
    const std::string names[] = {topic};
    if (auto ready = admin->wait_until_ready(names, seconds(60)); !ready) {
      throw std::runtime_error(ready.error().message);
    }
    register_schema(topic + "-key", kKey);
    register_schema(topic + "-value", kValue);
    return topic;
  }

  // Arguments of a member.
  std::vector<std::string> member(const std::string& topic) const {
    return {"--tables",        topic,     "--index",
            "number",          "--group", "serve-" + topic,
            "--replicas",      "1",       "--bootstrap-server",
            bootstrap_server()};
  }

 private:
  Cluster() {
    if (is_on_omashu()) return;
    auto brokers = ThreeBrokers::start();
    if (!brokers) throw std::runtime_error(brokers.error().message);
    brokers_ = *std::move(brokers);
  }

  std::unique_ptr<ThreeBrokers> brokers_;  // null on omashu
};

std::string address_of(const OmashuServe& server) { return server.url().substr(std::string_view("http://").size()); }

struct Response {
  bool was_sent = false;  // the request, or a part of it
  int status = 0;         // 0: none
  std::string text;
};

// One request over a connection of its own; nothing is thrown where nobody is there.
Response ask(const std::string& address, const std::string& method, const std::string& target,
             const std::string& body = "", const std::string& fields = "") {
  Response response;
  try {
    SocketClient client(address);
    std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}", method, target, address, fields);
    if (!body.empty()) {
      request += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    }
    response.was_sent = true;
    response.text = client.ask(request + "\r\n" + body);
    response.status = status_of(response.text);
    if (response.text.find("Transfer-Encoding: chunked") != std::string::npos) response.text += client.read_to_end();
  } catch (const std::runtime_error&) {
  }
  return response;
}

json::Value json_of(const Response& response) { return json::parse(body_of(response.text)).value_or(json::Value()); }

std::string value_json(const std::string& id, const std::string& token, int number) {
  return fmt::format(R"({{"id":"{}","token":"{}","number":{}}})", id, token, number);
}

// ---- what any of them answers

class ServeGroup : public ::testing::Test {
 protected:
  void start(int members) {
    for (int i = 0; i < members; ++i) {
      servers_.push_back(std::make_unique<OmashuServe>(Cluster::shared().member(topic_)));
    }
    // Each knows of all, and has what the last rebalance gave it.
    for (const auto& server : servers_) {
      ASSERT_TRUE(eventually([&] { return owned_by_all(*server) == kPartitions && is_ready(*server); }));
    }
  }
  static bool is_ready(const OmashuServe& server) { return ask(address_of(server), "GET", "/readyz").status == 200; }
  size_t owned_by_all(const OmashuServe& server) {
    const json::Value group = json_of(ask(address_of(server), "GET", "/v1/group"));
    const json::Value* members = group.find("members");
    if (members == nullptr || members->items().size() != servers_.size()) return 0;
    size_t owned = 0;
    for (const json::Value& member : members->items()) {
      const json::Value* partitions = member.find("owned")->find(topic_);
      if (partitions != nullptr) owned += partitions->items().size();
    }
    return owned;
  }
  std::string rows() const { return "/v1/tables/" + topic_ + "/rows"; }
  const std::string& address(size_t number) {
    addresses_.resize(servers_.size());
    if (addresses_[number].empty()) addresses_[number] = address_of(*servers_[number]);
    return addresses_[number];
  }
  void write(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string id = fmt::format("k{:02}", i);
      const Response put =
          ask(address(static_cast<size_t>(i) % servers_.size()), "PUT", rows() + "/" + id, value_json(id, "first", i));
      ASSERT_EQ(put.status, 201) << put.text;
    }
  }

  const std::string topic_ = Cluster::shared().make_table("group");
  std::vector<std::unique_ptr<OmashuServe>> servers_;
  std::vector<std::string> addresses_;
};

TEST_F(ServeGroup, EachMemberAnswersForAllKeys) {
  start(3);
  write(30);
  for (size_t server = 0; server < 3; ++server) {
    for (int i = 0; i < 30; ++i) {
      const std::string id = fmt::format("k{:02}", i);
      const Response row = ask(address(server), "GET", rows() + "/" + id);
      ASSERT_EQ(row.status, 200) << row.text;
      EXPECT_EQ(json_of(row).find("number")->as_int64(), i);
    }
    EXPECT_EQ(ask(address(server), "GET", rows() + "/nobody").status, 404);
  }
  const Response row = ask(address(0), "GET", rows() + "/k07");
  const size_t tag = row.text.find("ETag: ");
  ASSERT_NE(tag, std::string::npos);
  const std::string condition =
      fmt::format("If-Match: {}\r\n", row.text.substr(tag + 6, row.text.find('\r', tag) - tag - 6));
  EXPECT_EQ(ask(address(1), "PUT", rows() + "/k07", value_json("k07", "second", 7), condition).status, 200);
  EXPECT_EQ(ask(address(2), "PUT", rows() + "/k07", value_json("k07", "third", 7), condition).status, 412);
  EXPECT_EQ(ask(address(2), "DELETE", rows() + "/k07").status, 204);
  EXPECT_EQ(ask(address(0), "GET", rows() + "/k07").status, 410);
}

TEST_F(ServeGroup, ListsAndCountsAreOfAllPartitionsInOneOrder) {
  start(3);
  write(30);
  for (size_t server = 0; server < 3; ++server) {
    const std::string counted = body_of(ask(address(server), "GET", "/v1/tables/" + topic_ + "/count").text);
    EXPECT_THAT(counted, HasSubstr(R"({"count":30,"position":)"));
    std::vector<int64_t> numbers;
    std::string cursor;
    do {
      const Response page = ask(address(server), "GET", rows() + "?sort=-number&limit=7" + cursor);
      ASSERT_EQ(page.status, 200) << page.text;
      const json::Value body = json_of(page);
      for (const json::Value& row : body.find("rows")->items()) {
        numbers.push_back(row.find("value")->find("number")->as_int64().value());
      }
      cursor = body.find("cursor") == nullptr ? "" : "&cursor=" + body.find("cursor")->text();
    } while (!cursor.empty());
    ASSERT_EQ(numbers.size(), 30u);
    EXPECT_TRUE(std::ranges::is_sorted(numbers, std::greater())) << PrintToString(numbers);
    const Response found =
        ask(address(server), "GET", rows() + "?where=number%3C3", "", "Accept: application/x-ndjson\r\n");
    EXPECT_THAT(found.text, HasSubstr("k00"));
    const Response batch = ask(address(server), "POST", rows() + ":batch-get", R"({"keys":["k09","k01","zz","k20"]})");
    ASSERT_EQ(batch.status, 200) << batch.text;
    std::vector<std::string> keys;
    const json::Value body = json_of(batch);
    for (const json::Value& row : body.find("rows")->items()) keys.push_back(row.find("key")->find("id")->text());
    EXPECT_THAT(keys, ::testing::ElementsAre("k09", "k01", "k20"));
    EXPECT_EQ(body.find("missing")->items().size(), 1u);
  }
}

// The keys of events and the last id, up to and with the event of a key; of one event where none is named.
struct WatchedEvents {
  std::string last_id;
  std::vector<std::string> keys;
};
WatchedEvents read_events(SocketClient& client, const std::string& up_to_key) {
  WatchedEvents seen;
  for (;;) {
    const std::string event = client.read_until("\n\n");
    if (event.empty()) return seen;
    const size_t id = event.find("\nid: ");
    if (id != std::string::npos) seen.last_id = event.substr(id + 5, event.find('\n', id + 1) - id - 5);
    const size_t key = event.find(R"({"key":{"id":")");
    if (key == std::string::npos) continue;
    seen.keys.push_back(event.substr(key + 14, event.find('"', key + 14) - key - 14));
    if (up_to_key.empty() || seen.keys.back() == up_to_key) return seen;
  }
}

TEST_F(ServeGroup, AWatcherIsToldTheChangesOfAllPartitionsAndComesBackToAnyMember) {
  start(3);
  write(12);
  const std::string target = "/v1/tables/" + topic_ + "/watch";
  WatchedEvents first;
  {
    SocketClient watcher(address(0));
    watcher.send(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", target, address(0)));
    EXPECT_THAT(watcher.read_until("event: ready"), HasSubstr("k11"));
    for (int i = 0; i < 12; ++i) {
      const std::string id = fmt::format("n{:02}", i);
      ASSERT_EQ(ask(address(1), "PUT", rows() + "/" + id, value_json(id, "new", i)).status, 201);
    }
    ASSERT_EQ(ask(address(2), "PUT", rows() + "/end", value_json("end", "new", 0)).status, 201);
    first = read_events(watcher, "end");
    // Members tell of theirs side by side; who is told of the last has not been told of all the others' yet.
    EXPECT_GE(first.keys.size(), 1u);
  }
  for (int i = 0; i < 12; ++i) {
    const std::string id = fmt::format("m{:02}", i);
    ASSERT_EQ(ask(address(0), "PUT", rows() + "/" + id, value_json(id, "new", i)).status, 201);
  }
  SocketClient watcher(address(2));
  watcher.send(
      fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nLast-Event-ID: {}\r\n\r\n", target, address(2), first.last_id));
  std::set<std::string> keys(first.keys.begin(), first.keys.end());
  while (keys.size() < 25) {
    const WatchedEvents more = read_events(watcher, "");
    ASSERT_FALSE(more.keys.empty()) << PrintToString(keys);
    for (const std::string& key : more.keys) EXPECT_TRUE(keys.insert(key).second) << key << " came twice";
  }
}

TEST_F(ServeGroup, WhenAMemberIsKilledItsCopiesAnswerAndThenItsSuccessors) {
  start(3);
  write(30);
  servers_[1]->process().signal(SIGKILL);
  // Reads of what it owned are answered by copies, or wait; none is answered wrongly.
  const auto killed = steady_clock::now();
  std::set<int> unread, unwritten;
  for (int i = 0; i < 30; ++i) unread.insert(i), unwritten.insert(i);
  ASSERT_TRUE(eventually([&] {
    for (const size_t server : {size_t{0}, size_t{2}}) {
      for (int i = 0; i < 30; ++i) {
        const std::string id = fmt::format("k{:02}", i);
        const Response row = ask(address(server), "GET", rows() + "/" + id);
        EXPECT_TRUE(row.status == 200 || row.status == 503) << row.text;
        if (row.status != 200) continue;
        EXPECT_EQ(json_of(row).find("number")->as_int64(), i);
        unread.erase(i);
      }
    }
    return unread.empty();
  }));
  const auto read = steady_clock::now();
  ASSERT_TRUE(eventually([&] {
    for (int i = 0; i < 30; ++i) {
      if (!unwritten.contains(i)) continue;
      const std::string id = fmt::format("k{:02}", i);
      const Response put = ask(address(0), "PUT", rows() + "/" + id, value_json(id, "second", i));
      EXPECT_TRUE(put.status == 200 || put.status == 503 || put.status == 504) << put.text;
      if (put.status == 200) unwritten.erase(i);
    }
    return unwritten.empty();
  }));
  fmt::print("after SIGKILL: every key was read within {} ms, and written within {} ms (session time-out 6000 ms)\n",
             std::chrono::duration_cast<milliseconds>(read - killed).count(),
             std::chrono::duration_cast<milliseconds>(steady_clock::now() - killed).count());
  for (const size_t server : {size_t{0}, size_t{2}}) {
    for (int i = 0; i < 30; ++i) {
      const std::string id = fmt::format("k{:02}", i);
      EXPECT_EQ(json_of(ask(address(server), "GET", rows() + "/" + id)).find("token")->text(), "second");
    }
  }
}

// ---- histories

constexpr int kKeys = 12;

// What became of one value that a client wanted to be written.
enum class Outcome : uint8_t { kWritten, kRefused, kNotWritten, kUnknown };

struct Wanted {
  Outcome outcome = Outcome::kUnknown;
  std::string base;  // the token that the client had seen; "" where there was no row
};

class GroupHistory {
 public:
  explicit GroupHistory(uint64_t seed) : seed_(seed) {
    for (std::string& address : addresses_) address = "";
  }

  // Members come, are killed and leave while clients write.
  void run() {
    start(0);
    start(1);
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) clients.emplace_back([this, i] { run_client(i); });
    wait_for_writes(100);
    start(2);
    wait_for_writes(200);
    kill(1);
    wait_for_writes(200);
    start(1);
    wait_for_writes(100);
    stop(0);
    wait_for_writes(100);
    is_over_ = true;
    for (std::thread& client : clients) client.join();
    check();
  }

 private:
  void start(size_t number) {
    auto server = std::make_unique<OmashuServe>(Cluster::shared().member(topic_));
    const std::scoped_lock lock(mutex_);
    addresses_[number] = address_of(*server);
    servers_[number] = std::move(server);
  }
  void forget_address(size_t number) {
    const std::scoped_lock lock(mutex_);
    addresses_[number].clear();
  }
  void kill(size_t number) {
    servers_[number]->process().signal(SIGKILL);
    servers_[number]->process().wait(milliseconds(-1));
    forget_address(number);
    servers_[number].reset();
  }
  void stop(size_t number) {
    EXPECT_EQ(servers_[number]->stop(), 0);
    forget_address(number);
    servers_[number].reset();
  }

  // Further ones that succeed.
  void wait_for_writes(int count) {
    const int until = written_ + count;
    ASSERT_TRUE(eventually([&] { return written_ >= until || ::testing::Test::HasFailure(); }));
  }

  std::string some_address(std::mt19937_64& random) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> known;
    for (const std::string& address : addresses_) {
      if (!address.empty()) known.push_back(address);
    }
    return known[random() % known.size()];
  }

  void run_client(int number) {
    std::mt19937_64 random(seed_ * 100 + static_cast<uint64_t>(number));
    std::vector<int64_t> seen(kKeys, -1);  // offsets
    for (int i = 0; !is_over_ && !::testing::Test::HasFailure(); ++i) {
      const size_t key = random() % kKeys;
      const std::string id = fmt::format("k{}", key), target = "/v1/tables/" + topic_ + "/rows/" + id;
      const Response row = ask(some_address(random), "GET", target);
      if (row.status != 200 && row.status != 404) {
        EXPECT_TRUE(row.status == 0 || row.status == 503) << row.text;
        continue;
      }
      const int64_t at = row.status == 200 ? offset_of(row) : -1;
      EXPECT_GE(at, seen[key]) << "a read goes back behind what the client has seen\n" << row.text;
      seen[key] = std::max(seen[key], at);
      const std::string token = fmt::format("c{}-{}", number, i);
      Wanted wanted{.base = row.status == 200 ? json_of(row).find("token")->text() : ""};
      const std::string condition =
          row.status == 200 ? fmt::format("If-Match: {}\r\n", tag_of(row)) : "If-None-Match: *\r\n";
      const Response put = ask(some_address(random), "PUT", target, value_json(id, token, i), condition);
      switch (put.status) {
        case 200:
        case 201: wanted.outcome = Outcome::kWritten; break;
        case 412: wanted.outcome = Outcome::kRefused; break;
        case 503: wanted.outcome = Outcome::kNotWritten; break;
        case 504: wanted.outcome = Outcome::kUnknown; break;
        default:
          EXPECT_EQ(put.status, 0) << put.text;
          wanted.outcome = put.was_sent ? Outcome::kUnknown : Outcome::kNotWritten;
      }
      if (wanted.outcome == Outcome::kWritten) {
        seen[key] = std::max(seen[key], offset_of(put));
        ++written_;
      }
      const std::scoped_lock lock(mutex_);
      wanted_.emplace(token, std::move(wanted));
    }
  }

  static std::string tag_of(const Response& response) {
    const size_t start = response.text.find("ETag: ");
    return start == std::string::npos ? ""
                                      : response.text.substr(start + 6, response.text.find('\r', start) - start - 6);
  }
  static int64_t offset_of(const Response& response) {
    const std::string tag = tag_of(response);
    return std::atoll(tag.substr(tag.rfind('-') + 1).c_str());
  }

  // Each write that was answered with success must lie on the value that its client had seen. What a write came to
  // whose client got no answer is not known: it may count or not. A refused value may have stood for a moment, and then
  // the one before it was written again.
  void check() {
    kafka::ClientConfig config;
    const CommandResult consumed =
        run_omashu({"consume", topic_, "--bootstrap-server", Cluster::shared().bootstrap_server(), "--from-beginning",
                    "--exit-at-end", "--output", "json"});
    ASSERT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
    std::map<std::string, std::map<int64_t, std::string>> logs;
    for (const std::string& line : lines_of(consumed.out)) {
      const json::Value record = json::parse(line).value();
      logs[record.find("key")->find("id")->text()][record.find("offset")->as_int64().value()] =
          record.find("value")->find("token")->text();
    }
    std::set<std::string> found;
    for (const auto& [key, log] : logs) {
      SCOPED_TRACE(key);
      std::set<std::string> possible = {""};
      for (const auto& [offset, token] : log) {
        SCOPED_TRACE(fmt::format("{} at offset {}", token, offset));
        if (!found.insert(token).second) {
          EXPECT_TRUE(possible.contains(token)) << "a value came back that had been replaced";
          continue;
        }
        const Wanted& wanted = wanted_.at(token);
        EXPECT_NE(wanted.outcome, Outcome::kNotWritten) << "its client was told that nothing was written";
        if (wanted.outcome == Outcome::kWritten) {
          EXPECT_TRUE(possible.contains(wanted.base)) << "an update was lost: it was made on " << wanted.base;
          possible = {token};
        } else if (wanted.outcome == Outcome::kUnknown) {
          possible.insert(token);
        }
      }
      EXPECT_TRUE(possible.contains(log.rbegin()->second)) << "the last record was refused";
    }
    for (const auto& [token, wanted] : wanted_) {
      if (wanted.outcome == Outcome::kWritten) EXPECT_TRUE(found.contains(token)) << token << " is gone";
    }
    std::map<Outcome, int> counts;
    for (const auto& [token, wanted] : wanted_) ++counts[wanted.outcome];
    fmt::print("{} written, {} refused, {} not written, {} without an answer\n", counts[Outcome::kWritten],
               counts[Outcome::kRefused], counts[Outcome::kNotWritten], counts[Outcome::kUnknown]);
  }

  const std::string topic_ = Cluster::shared().make_table("group-history");
  const uint64_t seed_;
  std::mutex mutex_;
  std::unique_ptr<OmashuServe> servers_[3];
  std::string addresses_[3];  // "": it is not asked
  std::map<std::string, Wanted> wanted_;
  std::atomic<int> written_ = 0;
  std::atomic<bool> is_over_ = false;
};

TEST(ServeGroupHistory, NoConditionalWriteIsLostWhileMembersComeAndGo) {
  const char* rounds = std::getenv("OMASHU_HISTORY_ROUNDS");
  const int count = rounds == nullptr ? 1 : std::atoi(rounds);
  for (int round = 0; round < count && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    GroupHistory(static_cast<uint64_t>(round)).run();
  }
}

}  // namespace
}  // namespace omashu::real
