// Writes through `omashu serve`, on real servers: what curl and Python's httpx are answered, and histories of clients
// that write the same keys at the same time, with another producer among them.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "base/json.h"
#include "http/testing/socket_client.h"
#include "kafka/producer.h"
#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_serve.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"
#include "schema_registry/client/client.h"
#include "table/typed_topic.h"

namespace omashu::real {
namespace {

using http::testing::body_of;
using http::testing::SocketClient;
using http::testing::status_of;
using ::testing::HasSubstr;
using ::testing::PrintToString;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},{"name":"token","type":"string"},)"
    R"({"name":"patched","type":["null","string"],"default":null}]})";
constexpr const char* kStatus =
    R"({"type":"record","name":"S","fields":[{"name":"id","type":"string"},{"name":"status","type":{"type":"enum",)"
    R"("name":"Status","symbols":["QUEUED","RUNNING","DONE"],"transitions":{"QUEUED":["RUNNING"],"RUNNING":["DONE"]},)"
    R"("initial":["QUEUED"]}}]})";

std::string make_table(const std::string& stem, const char* value) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = 3});
  register_schema(topic + "-key", kKey);
  register_schema(topic + "-value", value);
  return topic;
}

// ---- clients that others wrote

TEST(ServeWrites, CurlPutsPatchesAndDeletes) {
  const std::string topic = make_table("curl", kStatus);
  const OmashuServe server({"--tables", topic});
  const std::string rows = server.url() + "/v1/tables/" + topic + "/rows/";
  const auto curl = [&](std::vector<std::string> arguments) {
    std::vector<std::string> command = {"curl", "-s", "-w", " %{http_code}", rows + "om-1"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command).out;
  };
  const std::string json = "Content-Type: application/json";
  EXPECT_THAT(curl({"-X", "PUT", "-H", json, "-d", R"({"id":"om-1","status":"DONE"})"}), HasSubstr("409"));
  EXPECT_THAT(curl({"-X", "PUT", "-H", json, "-d", R"({"id":"om-1","status":"QUEUED"})"}), HasSubstr("} 201"));
  EXPECT_EQ(curl({}), R"({"id":"om-1","status":"QUEUED"} 200)");
  EXPECT_THAT(curl({"-X", "PATCH", "-H", json, "-d", R"({"status":"DONE"})"}),
              HasSubstr(R"("from":"QUEUED","to":"DONE","possible":["RUNNING"])"));
  EXPECT_THAT(curl({"-X", "PATCH", "-H", json, "-d", R"({"status":"RUNNING"})"}), HasSubstr("} 200"));
  EXPECT_THAT(curl({"-X", "PUT", "-H", json, "-H", "If-None-Match: *", "-d", R"({"id":"om-1","status":"QUEUED"})"}),
              HasSubstr("412"));
  EXPECT_EQ(curl({"-X", "DELETE", "-H", "If-Match: *"}), " 204");
  EXPECT_THAT(curl({}), HasSubstr(" 410"));
  EXPECT_THAT(curl({"-X", "PUT", "-d", "x=1"}), HasSubstr(" 415"));
  const std::string large(2'000'000, 'x');
  const CommandResult too_large =
      run_command({"curl", "-s", "-w", " %{http_code}", "-X", "PUT", "-H", json, "--data-binary", "@-", rows + "om-2"},
                  {.input = R"({"id":")" + large + R"(","status":"QUEUED"})"});
  EXPECT_THAT(too_large.out, ::testing::AnyOf(HasSubstr(" 413"), HasSubstr(" 422")));
}

TEST(ServeWrites, PythonsHttpxCountsByCompareAndSet) {
  const auto python = installed_part("OMASHU_REAL_HTTP_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  const std::string topic = make_table("httpx", kValue);
  const OmashuServe server({"--tables", topic});
  const CommandResult result =
      run_command({*python, "-B", OMASHU_SOURCE_DIR "/tests/real/http/httpx_writes_test.py", server.url(), topic});
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
}

// ---- histories

struct Value {
  std::string token;
  std::string patched;  // "" is null

  bool operator==(const Value&) const = default;
};

std::string to_json(const std::string& id, const Value& value) {
  return fmt::format(R"({{"id":"{}","token":"{}","patched":{}}})", id, value.token,
                     value.patched.empty() ? "null" : '"' + value.patched + '"');
}

std::optional<Value> value_of(const json::Value& object) {
  if (object.is_null()) return std::nullopt;
  const json::Value* patched = object.find("patched");
  return Value{object.find("token")->text(), patched->is_null() ? "" : patched->text()};
}

using Offset = kafka::Offset;  // a key stays in its partition

// A write that was answered with success.
struct Success {
  enum class Kind { kPut, kPutIfMatch, kCreate, kPatch, kDeleteIfMatch } kind;
  Offset base = -1;     // that If-Match named
  std::string patched;  // of kPatch
};

// What all clients know of one key.
struct KeyHistory {
  std::mutex mutex;
  Offset acknowledged = -1;  // the greatest of those that were answered
  std::map<Offset, Success> successes;
  std::map<Offset, bool> foreign;
};

constexpr int kKeys = 4;

class History {
 public:
  explicit History(uint64_t seed)
      : topic_(make_table("history", kValue)),
        server_({"--tables", topic_}),
        other_server_({"--tables", topic_}),
        seed_(seed) {}

  void run(int clients, int operations) {
    std::vector<std::thread> threads;
    std::thread foreign([&] { write_foreign(operations); });
    for (int i = 0; i < clients; ++i) threads.emplace_back([this, i, operations] { run_client(i, operations); });
    for (std::thread& thread : threads) thread.join();
    foreign.join();
    check();
  }

 private:
  struct Answer {
    int status = 0;
    Offset offset = -1;  // of ETag, or of the place that a problem names
    std::optional<Value> value;
    std::string text;
  };

  // A client that counts on what it has seen.
  class Client {
   public:
    // Of the server that takes the writes, or of one that only reads the same topic.
    Client(History& history, int number, bool is_elsewhere = false)
        : history_(history),
          address_(address_of(is_elsewhere ? history.other_server_ : history.server_)),
          connection_(address_),
          number_(number),
          is_elsewhere_(is_elsewhere) {}

    Answer ask(const std::string& method, int key, const std::string& body = "", const std::string& fields = "",
               const std::string& query = "") {
      KeyHistory& known = history_.keys_[key];
      Offset acknowledged = -1;
      {
        const std::scoped_lock lock(known.mutex);
        if (!is_elsewhere_) acknowledged = known.acknowledged;
      }
      std::string request =
          fmt::format("{} {}k{}{} HTTP/1.1\r\nHost: {}\r\n{}", method, history_.rows(), key, query, address_, fields);
      if (!body.empty()) {
        request += fmt::format("Content-Type: application/{}json\r\nContent-Length: {}\r\n",
                               method == "PATCH" ? "merge-patch+" : "", body.size());
      }
      Answer answer;
      answer.text = connection_.ask(request + "\r\n" + body);
      answer.status = status_of(answer.text);
      answer.offset = offset_in(answer.text);
      const bool is_read = method == "GET";
      if (is_read && answer.status == 200) answer.value = value_of(json::parse(body_of(answer.text)).value());
      if (is_read) {
        const Offset seen = seen_[key];
        EXPECT_GE(answer.offset, seen) << "client " << number_ << " reads behind what it has seen\n" << answer.text;
        EXPECT_GE(answer.offset, acknowledged) << "a read behind an acknowledged write\n" << answer.text;
        EXPECT_TRUE(answer.status != 404 || seen == -1) << answer.text;
      }
      if (answer.status < 300 || is_read) seen_[key] = std::max(seen_[key], answer.offset);
      return answer;
    }

   private:
    static Offset offset_in(const std::string& text) {
      for (const char* before : {"ETag: \"", "Omashu-Record: ", "\"position\":\""}) {
        const size_t start = text.find(before);
        if (start == std::string::npos) continue;
        const std::string place = text.substr(start + std::string_view(before).size(), 80);
        const std::string whole = place.substr(0, place.find_first_of("\"\r"));
        return std::atoll(whole.substr(whole.rfind('-') + 1).c_str());
      }
      return -1;
    }

    static std::string address_of(const OmashuServe& server) {
      return server.url().substr(std::string_view("http://").size());
    }

    History& history_;
    const std::string address_;
    SocketClient connection_;
    const int number_;
    const bool is_elsewhere_;
    Offset seen_[kKeys] = {-1, -1, -1, -1};
  };

  std::string rows() const { return "/v1/tables/" + topic_ + "/rows/"; }

  void succeed(int key, const Answer& answer, Success success) {
    KeyHistory& known = keys_[key];
    const std::scoped_lock lock(known.mutex);
    known.acknowledged = std::max(known.acknowledged, answer.offset);
    EXPECT_TRUE(known.successes.emplace(answer.offset, std::move(success)).second) << answer.text;
  }

  void run_client(int number, int operations) {
    std::mt19937_64 random(seed_ * 100 + static_cast<uint64_t>(number));
    Client client(*this, number), elsewhere(*this, number, true);
    for (int i = 0; i < operations; ++i) {
      const int key = static_cast<int>(random() % kKeys);
      const std::string token = fmt::format("c{}-{}", number, i);
      const std::string body = to_json(fmt::format("k{}", key), {token, ""});
      const Answer row = client.ask("GET", key);
      const std::string match = fmt::format("If-Match: {}\r\n", tag_of(row));
      switch (random() % 6) {
        case 0: {
          const Answer answer = client.ask("PUT", key, body);
          ASSERT_LT(answer.status, 300) << answer.text;
          succeed(key, answer, {Success::Kind::kPut, -1, ""});
          const Answer after = client.ask("GET", key, "", "", fmt::format("?after={}", place_of(answer)));
          EXPECT_GE(after.offset, answer.offset) << after.text;
          const Answer there = elsewhere.ask("GET", key, "", "", fmt::format("?after={}", place_of(answer)));
          EXPECT_GE(there.offset, answer.offset) << there.text;
          break;
        }
        case 1: {
          const Answer answer = client.ask("PUT", key, body, "If-None-Match: *\r\n");
          ASSERT_TRUE(answer.status == 201 || answer.status == 412) << answer.text;
          if (answer.status == 201) succeed(key, answer, {Success::Kind::kCreate, -1, ""});
          break;
        }
        case 2: {
          const Answer answer = client.ask("PATCH", key, fmt::format(R"({{"patched":"{}"}})", token));
          ASSERT_TRUE(answer.status == 200 || answer.status == 404 || answer.status == 410) << answer.text;
          if (answer.status == 200) succeed(key, answer, {Success::Kind::kPatch, -1, token});
          break;
        }
        case 3: {
          if (row.status != 200) break;
          const Answer answer = client.ask("DELETE", key, "", match);
          ASSERT_TRUE(answer.status == 204 || answer.status == 412) << answer.text;
          if (answer.status == 204) succeed(key, answer, {Success::Kind::kDeleteIfMatch, row.offset, ""});
          break;
        }
        default: {
          if (row.status != 200) break;
          const Answer answer = client.ask("PUT", key, body, match);
          ASSERT_TRUE(answer.status == 200 || answer.status == 412) << answer.text;
          if (answer.status == 200) succeed(key, answer, {Success::Kind::kPutIfMatch, row.offset, ""});
        }
      }
    }
  }

  static std::string tag_of(const Answer& row) {
    const size_t start = row.text.find("ETag: ");
    return start == std::string::npos ? "" : row.text.substr(start + 6, row.text.find('\r', start) - start - 6);
  }
  static std::string place_of(const Answer& written) {
    const std::string tag = tag_of(written);
    return tag.substr(1, tag.size() - 2);
  }

  // Another producer, which looks at nothing before it writes.
  void write_foreign(int records) {
    schema_registry::ClientOptions options;
    options.urls = {shared_registry().url()};
    const auto registry = schema_registry::Client::open(std::move(options)).value();
    auto typed = table::TypedTopic::open(*registry, topic_).value();
    kafka::ClientConfig config;
    config.set("bootstrap.servers", shared_kafka().bootstrap_server());
    config.set("linger.ms", "0");
    const auto producer = kafka::Producer::open(config).value();
    std::mt19937_64 random(seed_);
    for (int i = 0; i < records; ++i) {
      const int key = static_cast<int>(random() % kKeys);
      const std::string id = fmt::format("k{}", key);
      kafka::Record record{.topic = topic_,
                           .key = typed.write_key(typed.key_from_text(id).value()).value(),
                           .value = typed.write_value(to_json(id, {fmt::format("f{}", i), ""})).value()};
      const auto sent = producer->send(std::move(record), [this, key](const Result<kafka::RecordMetadata>& landed) {
        ASSERT_TRUE(landed) << landed.error().message;
        const std::scoped_lock lock(keys_[key].mutex);
        keys_[key].foreign[landed->offset] = true;
      });
      ASSERT_TRUE(sent) << sent.error().message;
      // Most of the time one after the other, so that they lie among the clients' writes.
      const bool goes_on = random() % 4 == 0;
      ASSERT_TRUE(goes_on || producer->flush(std::chrono::seconds(30)));
    }
    ASSERT_TRUE(producer->flush(std::chrono::seconds(30)));
  }

  // Follows the log of each key: what was accepted, whoever wrote it, must lie on what it counted on.
  void check() {
    std::map<std::string, std::map<Offset, std::optional<Value>>> logs;
    const CommandResult consumed =
        run_omashu({"consume", topic_, "--from-beginning", "--exit-at-end", "--output", "json"});
    ASSERT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
    for (const std::string& line : lines_of(consumed.out)) {
      const json::Value record = json::parse(line).value();
      logs[record.find("key")->find("id")->text()][record.find("offset")->as_int64().value()] =
          value_of(*record.find("value"));
    }
    Client reader(*this, -1);
    for (int key = 0; key < kKeys; ++key) {
      SCOPED_TRACE(fmt::format("key k{}", key));
      const KeyHistory& known = keys_[key];
      const auto& log = logs[fmt::format("k{}", key)];
      std::optional<Value> value;
      for (const auto& [offset, written] : log) {
        SCOPED_TRACE(fmt::format("offset {}", offset));
        const auto success = known.successes.find(offset);
        if (success == known.successes.end() && !known.foreign.contains(offset)) continue;
        if (success != known.successes.end()) check_success(log, success->second, value, written);
        value = written;
      }
      EXPECT_EQ(log.empty() ? std::nullopt : log.rbegin()->second, value) << "the last record was refused";
      EXPECT_EQ(reader.ask("GET", key).value, value);
    }
  }

  static void check_success(const std::map<Offset, std::optional<Value>>& log, const Success& success,
                            const std::optional<Value>& before, const std::optional<Value>& written) {
    switch (success.kind) {
      case Success::Kind::kPut: return;
      case Success::Kind::kCreate: EXPECT_EQ(before, std::nullopt); return;
      case Success::Kind::kPutIfMatch:
      case Success::Kind::kDeleteIfMatch: EXPECT_EQ(before, log.at(success.base)) << "an update was lost"; return;
      case Success::Kind::kPatch:
        ASSERT_TRUE(before.has_value());
        EXPECT_EQ(written, (Value{before->token, success.patched})) << "an update was lost";
    }
  }

  const std::string topic_;
  const OmashuServe server_, other_server_;
  const uint64_t seed_;
  KeyHistory keys_[kKeys];
};

TEST(ServeWrites, NoHistoryLosesAnUpdateOrGoesBack) {
  const char* rounds = std::getenv("OMASHU_HISTORY_ROUNDS");
  const int count = rounds == nullptr ? 2 : std::atoi(rounds);
  for (int round = 0; round < count && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    History(static_cast<uint64_t>(round)).run(4, 150);
  }
}

}  // namespace
}  // namespace omashu::real
