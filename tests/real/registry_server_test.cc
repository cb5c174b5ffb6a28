// omashu registry over a real Kafka: what it keeps, several of them over one topic, and what becomes of writes when the
// one that leads dies or stands still.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include "base/json.h"
#include "base/mutex.h"
#include "real/support/apache_kafka.h"
#include "real/support/http.h"
#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/registry_instance.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"
#include "schema_registry/client/client.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using schema_registry::Client;
using schema_registry::SchemaId;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Clock = std::chrono::steady_clock;

std::unique_ptr<RegistryInstance> start_registry(std::vector<std::string> options) {
  auto instance = RegistryInstance::start(shared_kafka().bootstrap_server(), std::move(options));
  if (!instance) throw std::runtime_error(instance.error().message);
  return *std::move(instance);
}

// Instances over one topic, which elect who leads.
std::vector<std::string> options_over(const std::string& topic) {
  return {"--kafkastore-topic", topic, "--group", topic};
}

std::unique_ptr<Client> client_of(const std::string& url, std::chrono::milliseconds timeout) {
  schema_registry::ClientOptions options;
  options.urls = {url};
  options.timeout = options.attempt_timeout = timeout;
  return Client::open(options).value();
}

std::string numbered_schema(int number) {
  return R"({"type":"record","name":"R)" + std::to_string(number) + R"(","fields":[]})";
}

std::string body_of(const std::string& schema) {
  json::Value body = json::Value::object();
  body.add("schema", schema);
  return json::to_text(body);
}

// Asks until the answer is as it is wanted; the last one.
std::string wait_for(const std::string& url, const std::string& wanted) {
  const auto deadline = Clock::now() + 20s;
  std::string body;
  do {
    body = http_get(url).body;
  } while (body != wanted && Clock::now() < deadline);
  return body;
}

TEST(RegistryServer, KeepsItsStateInTheTopic) {
  const auto registry = start_registry({"--kafkastore-topic", unique_name("_schemas"), "--alone"});
  const std::string url = registry->url();
  EXPECT_EQ(http_send("POST", url + "/subjects/a/versions", body_of("\"int\"")).body, R"({"id":1})");
  EXPECT_EQ(http_send("POST", url + "/subjects/a/versions", body_of("\"long\"")).body, R"({"id":2})");
  EXPECT_EQ(http_send("PUT", url + "/config/a", R"({"compatibility":"FULL"})").status, 200);
  EXPECT_EQ(http_send("DELETE", url + "/subjects/a/versions/1", "").body, "1");
  for (const bool is_killed : {true, false}) {
    is_killed ? registry->kill9() : registry->stop();
    ASSERT_TRUE(registry->start_again());
    EXPECT_EQ(http_get(url + "/subjects/a/versions").body, "[2]");
    EXPECT_EQ(http_get(url + "/subjects/a/versions?deleted=true").body, "[1,2]");
    EXPECT_EQ(http_get(url + "/schemas/ids/1").body, R"({"schema":"\"int\""})");
    EXPECT_EQ(http_get(url + "/config/a").body, R"({"compatibilityLevel":"FULL"})");
  }
  EXPECT_EQ(http_send("POST", url + "/subjects/b/versions", body_of("\"string\"")).body, R"({"id":3})");
}

TEST(RegistryServer, ServesConfluentsPythonClient) {
  const auto python = installed_part("OMASHU_REAL_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  const auto registry = start_registry({"--kafkastore-topic", unique_name("_schemas")});
  const CommandResult result =
      run_command({*python, "-B", OMASHU_SOURCE_DIR "/tests/real/python/confluent_test.py"},
                  {.environment = {{"KAFKA_BOOTSTRAP_SERVERS", shared_kafka().bootstrap_server()},
                                   {"SCHEMA_REGISTRY_URL", registry->url()}},
                   .timeout = 5min});
  EXPECT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
}

// As Confluent's registries, and Karapace's of old, have left their topics.
TEST(RegistryServer, TakesOverWhatOthersWrote) {
  const std::string topic = make_topic({.name = unique_name("_schemas")});
  const std::string records =
      R"({"keytype":"CONFIG","subject":null,"magic":0}	{"compatibilityLevel":"NONE"})"
      "\n"
      R"({"keytype":"NOOP","magic":0}	)"
      "\n"
      R"({"subject":"a","version":1,"magic":1,"keytype":"SCHEMA"}	{"subject":"a","version":1,"id":7,"schema":"{\"type\": \"int\"}","deleted":false})"
      "\n"
      R"({"keytype":"SCHEMA","subject":"a","version":2,"magic":1}	{"subject":"a","version":2,"id":9,"md5":"x","schema":"\"long\"","deleted":false,"ts":1})"
      "\n"
      R"({"keytype":"DELETE_SUBJECT","subject":"b","magic":0}	{"subject":"b","version":1})"
      "\n";
  const CommandResult written =
      run_command({"kcat", "-b", shared_kafka().bootstrap_server(), "-t", topic, "-P", "-K", "\t", "-Z", "-p", "0"},
                  {.input = records});
  ASSERT_EQ(written.exit_code, 0) << ::testing::PrintToString(written);
  const auto registry = start_registry({"--kafkastore-topic", topic, "--alone"});
  const std::string url = registry->url();
  EXPECT_EQ(http_get(url + "/subjects/a/versions").body, "[1,2]");
  EXPECT_EQ(http_get(url + "/config").body, R"({"compatibilityLevel":"NONE"})");
  EXPECT_EQ(http_send("POST", url + "/subjects/a/versions", body_of("\"int\"")).body, R"({"id":7})")
      << "the same schema in another spelling";
  EXPECT_EQ(http_send("POST", url + "/subjects/b/versions", body_of("\"string\"")).body, R"({"id":10})");
  EXPECT_EQ(http_send("DELETE", url + "/config", "").status, 200);
  registry->kill9();
  ASSERT_TRUE(registry->start_again());
  EXPECT_EQ(http_get(url + "/config").body, R"({"compatibilityLevel":"BACKWARD"})") << "the odd spelling is gone, too";
}

TEST(RegistryServer, RefusesATopicThatWouldLoseSchemas) {
  const std::string topic = make_topic({.name = unique_name("_schemas"), .is_compacted = false});
  const auto refused = RegistryInstance::start(shared_kafka().bootstrap_server(), {"--kafkastore-topic", topic});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("set it to compact"));
  const std::string wide = make_topic({.name = unique_name("_schemas"), .partitions = 2});
  const auto also_refused = RegistryInstance::start(shared_kafka().bootstrap_server(), {"--kafkastore-topic", wide});
  ASSERT_FALSE(also_refused.has_value());
  EXPECT_THAT(also_refused.error().message, HasSubstr("one partition"));
}

std::string told(const HttpAnswer& answer) {
  if (answer.status == 200) return answer.body;
  const auto error = json::parse(answer.body);
  const json::Value* code = error ? error->find("error_code") : nullptr;
  return std::to_string(answer.status) + " " + (code == nullptr ? "?" : code->text());
}

TEST(RegistryServer, KeepsConfigurationsMemberByMember) {
  const auto registry = start_registry({"--kafkastore-topic", unique_name("_schemas"), "--alone"});
  const std::string url = registry->url();
  const auto put = [&](const char* path, const char* body) { return told(http_send("PUT", url + path, body)); };
  EXPECT_EQ(put("/config/a", R"({"compatibility":"FULL","compatibilityGroup":"major"})"),
            R"({"compatibility":"FULL","compatibilityGroup":"major"})");
  EXPECT_EQ(put("/config/a", R"({"compatibilityGroup":null,"normalize":true})"),
            R"({"normalize":true,"compatibility":"FULL"})");
  EXPECT_EQ(put("/config/b", R"({"alias":"a"})"), R"({"alias":"a"})");
  EXPECT_EQ(told(http_send("POST", url + "/subjects/b/versions", body_of("\"int\""))), R"({"id":1})");
  EXPECT_EQ(put("/mode/a", R"({"mode":"READONLY"})"), R"({"mode":"READONLY"})");
  registry->kill9();
  ASSERT_TRUE(registry->start_again());
  EXPECT_EQ(http_get(url + "/subjects").body, R"(["a"])");
  EXPECT_EQ(put("/config/a", R"({"compatibility":"NONE"})"), "422 42205");
  EXPECT_EQ(told(http_send("POST", url + "/subjects/b/versions", body_of("\"long\""))), "422 42205");
  EXPECT_EQ(put("/mode/a", R"({"mode":null})"), R"({"mode":null})");
  EXPECT_EQ(http_get(url + "/config/a").body, R"({"normalize":true,"compatibilityLevel":"FULL"})");
}

TEST(RegistryServer, AnswersWithConfluentsCodes) {
  const auto registry = start_registry({"--kafkastore-topic", unique_name("_schemas"), "--alone"});
  const std::string url = registry->url();
  const auto post = [&](const char* path, const std::string& body) {
    return told(http_send("POST", url + path, body));
  };
  EXPECT_EQ(post("/subjects/a/versions", body_of(R"({"type":"int","b":1,"a":2})")), R"({"id":1})");
  EXPECT_EQ(post("/subjects/a/versions", body_of(R"({"type":"int","a":2,"b":1})")), R"({"id":1})");
  EXPECT_EQ(post("/subjects/a/versions",
                 body_of(R"({"type":"record","name":"R","fields":[{"name":"x","type":"int","default":""}]})")),
            "422 42201");
  EXPECT_EQ(post("/subjects/:.__GLOBAL:a/versions", body_of("\"int\"")), "422 42208");
  EXPECT_EQ(post("/subjects/a", ""), "404 40403");
  EXPECT_EQ(post("/subjects/a/versions", "no JSON"), "400 400");
  EXPECT_EQ(post("/subjects/a/versions", body_of(std::string(20'000'000, 'x'))), "422 42209");
  EXPECT_EQ(post("/subjects/a/versions", R"({"schema":"\"int\"","ruleSet":{"domainRules":[{"name":"r"}]}})"),
            "422 42210");
  EXPECT_THAT(http_get(url + "/subjects?subjectPrefix=:.:").body, R"(["a"])");
}

// Apache Kafka hands damaged records out as they are.
TEST(RegistryServer, ChecksTheCrcOfWhatItReads) {
  auto kafka = ApacheKafka::start({});
  ASSERT_TRUE(kafka) << kafka.error().message;
  auto started = RegistryInstance::start((*kafka)->bootstrap_server(), {"--alone"});
  ASSERT_TRUE(started) << started.error().message;
  const auto registry = *std::move(started);
  const std::string url = registry->url();
  for (int i = 1; i <= 10; ++i) {
    EXPECT_EQ(
        told(http_send("POST", url + "/subjects/s" + std::to_string(i) + "/versions", body_of(numbered_schema(i)))),
        R"({"id":)" + std::to_string(i) + "}");
  }
  registry->stop();
  (*kafka)->stop();
  const std::string file = (*kafka)->data_folder() + "/_schemas-0/00000000000000000000.log";
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const size_t place = bytes.find("R7\\");
  ASSERT_NE(place, std::string::npos);
  bytes[place] = 'X';
  std::ofstream(file, std::ios::binary) << bytes;
  ASSERT_TRUE((*kafka)->start_again());
  ASSERT_TRUE(registry->start_again());
  EXPECT_EQ(http_get(url + "/schemas/ids/7").status, 404);
  EXPECT_EQ(http_get(url + "/schemas/ids/8").body, body_of(numbered_schema(8)));
  EXPECT_EQ(told(http_send("POST", url + "/subjects/a/versions", body_of("\"int\""))), "422 42205");

  const CommandResult consumed =
      run_command({omashu_program(), "consume", "_schemas", "--bootstrap-server", (*kafka)->bootstrap_server(),
                   "--key-format", "string", "--value-format", "string", "--from-beginning"},
                  {.timeout = 30s});
  EXPECT_EQ(consumed.exit_code, 1) << ::testing::PrintToString(consumed);
  EXPECT_THAT(consumed.err, HasSubstr("CRC"));

  const ScratchFolder folder;
  const std::string aside = folder.path() / "aside.jsonl";
  const CommandResult repaired = run_command(
      {omashu_program(), "registry", "repair", "--bootstrap-server", (*kafka)->bootstrap_server(), "--aside", aside});
  EXPECT_EQ(repaired.exit_code, 0) << ::testing::PrintToString(repaired);
  EXPECT_THAT(repaired.out, HasSubstr("id 7"));
  std::ifstream copy(aside);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(copy), {}), HasSubstr("X7"));
  EXPECT_EQ(told(http_send("POST", url + "/subjects/a/versions", body_of("\"int\""))), R"({"id":11})");
}

// ---- Several

TEST(RegistryServer, AFollowerSendsWritesOn) {
  const std::string topic = unique_name("_schemas");
  const auto one = start_registry(options_over(topic));
  auto never = options_over(topic);
  never.emplace_back("--follower");
  const auto two = start_registry(never);
  EXPECT_EQ(http_send("POST", two->url() + "/subjects/a/versions", body_of("\"int\"")).body, R"({"id":1})");
  EXPECT_EQ(http_get(one->url() + "/subjects").body, R"(["a"])") << "the leader knows what it answered";
  EXPECT_EQ(wait_for(two->url() + "/subjects", R"(["a"])"), R"(["a"])");
  EXPECT_EQ(http_send("POST", two->url() + "/subjects/a/versions", body_of("\"string\"")).status, 409);
  EXPECT_EQ(http_send("PUT", two->url() + "/config/a", R"({"compatibility":"NONE"})").body,
            R"({"compatibility":"NONE"})");
  EXPECT_EQ(http_send("POST", two->url() + "/subjects/a/versions", body_of("\"string\"")).body, R"({"id":2})");
  EXPECT_EQ(http_send("DELETE", two->url() + "/subjects/a", "").body, "[1,2]");
}

// Registers schemas through some registries at once, and keeps what it was answered. It rests when it is far ahead of
// what the test waits for.
class Load {
 public:
  explicit Load(const std::vector<std::string>& urls) {
    for (size_t i = 0; i < urls.size(); ++i) {
      threads_.emplace_back([this, url = urls[i], i] { run(url, static_cast<int>(i)); });
    }
  }
  ~Load() { stop(); }

  void stop() {
    {
      const MutexLock lock(mutex_);
      is_stopping_ = true;
      changed_.notify_all();
    }
    threads_.clear();
  }

  // Returns when a hundred more were answered; many follow.
  void go_on() {
    const auto deadline = Clock::now() + 60s;
    MutexLock lock(mutex_);
    const size_t wanted = answered_.size() + 100;
    allowed_ = answered_.size() + 2'000;
    changed_.notify_all();
    bool is_in_time = true;
    while (answered_.size() < wanted && is_in_time) is_in_time = changed_.wait_until(lock, deadline);
    EXPECT_GE(answered_.size(), wanted) << "registrations do not go on";
  }

  std::map<std::string, SchemaId> answered() const {
    const MutexLock lock(mutex_);
    return answered_;
  }

 private:
  void run(const std::string& url, int thread) {
    const auto client = client_of(url, 2s);
    for (int i = 0;; ++i) {
      {
        MutexLock lock(mutex_);
        while (!is_stopping_ && answered_.size() >= allowed_) changed_.wait(lock);
        if (is_stopping_) return;
      }
      const std::string schema = numbered_schema(i * 10 + thread);
      const auto id = client->register_schema("s" + std::to_string(i % 7), {.schema = schema}, false);
      if (!id) continue;
      const MutexLock lock(mutex_);
      answered_.emplace(schema, *id);
      changed_.notify_all();
    }
  }

  mutable Mutex mutex_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  size_t allowed_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, SchemaId> answered_ GUARDED_BY(mutex_);
  ConditionVariable changed_;
  std::vector<std::jthread> threads_;
};

// Every answer holds, and no id stands for two schemas.
void expect_all_kept(const std::string& url, const std::map<std::string, SchemaId>& answered) {
  std::map<int64_t, std::string> by_id;
  for (int offset = 0;; offset += 1000) {
    const auto page = json::parse(http_get(url + "/schemas?limit=1000&offset=" + std::to_string(offset)).body);
    ASSERT_TRUE(page.has_value());
    for (const json::Value& item : page->items()) {
      const auto [known, is_new] = by_id.emplace(*item.find("id")->as_int64(), item.find("schema")->text());
      EXPECT_EQ(known->second, item.find("schema")->text()) << "id " << known->first << " stands for two schemas";
    }
    if (page->items().size() < 1000) break;
  }
  for (const auto& [schema, id] : answered) EXPECT_EQ(by_id[static_cast<int>(id)], schema);
}

class ManyRegistries : public ::testing::Test {
 protected:
  void SetUp() override {
    topic_ = unique_name("_schemas");
    for (int i = 0; i < 2; ++i) registries_.push_back(start_registry(options_over(topic_)));
    ASSERT_EQ(http_send("PUT", registries_[0]->url() + "/config", R"({"compatibility":"NONE"})").status, 200);
  }

  std::vector<std::string> urls() const { return {registries_[0]->url(), registries_[1]->url()}; }

  // The registry whose URL the topic names last.
  size_t leader() const {
    const CommandResult read =
        run_command({"kcat", "-b", shared_kafka().bootstrap_server(), "-t", topic_, "-C", "-e", "-q", "-f", "%k %s\n"});
    const size_t last = read.out.rfind(R"("leader":")");
    if (last == std::string::npos) throw std::runtime_error("nobody leads: " + ::testing::PrintToString(read));
    return read.out.compare(last + 10, registries_[1]->url().size(), registries_[1]->url()) == 0 ? 1 : 0;
  }

  std::string topic_;
  std::vector<std::unique_ptr<RegistryInstance>> registries_;
};

TEST_F(ManyRegistries, AKilledLeaderIsReplacedAndNoIdIsGivenTwice) {
  Load load(urls());
  for (int round = 0; round < 3; ++round) {
    load.go_on();
    const size_t killed = leader();
    registries_[killed]->kill9();
    load.go_on();
    EXPECT_NE(leader(), killed);
    const auto started = registries_[killed]->start_again();
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }
  load.go_on();
  load.stop();
  for (const std::string& url : urls()) expect_all_kept(url, load.answered());
}

// It stands still for longer than the group has patience, and then goes on where it was: with writes in its hands, and
// sure that it leads.
TEST_F(ManyRegistries, ALeaderThatStoodStillDoesNoHarm) {
  Load load(urls());
  for (int round = 0; round < 2; ++round) {
    load.go_on();
    const size_t frozen = leader();
    registries_[frozen]->freeze();
    load.go_on();
    EXPECT_NE(leader(), frozen);
    registries_[frozen]->thaw();
  }
  load.go_on();
  load.stop();
  for (const std::string& url : urls()) expect_all_kept(url, load.answered());
}

// ---- Who may come in

constexpr const char* kMakeFiles = R"sh(
  set -e
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=127.0.0.1" \
    -addext "subjectAltName=IP:127.0.0.1" -keyout key.pem -out cert.pem
  echo "alice:$(openssl passwd -6 alice-secret)" > users
  echo "bob:$(openssl passwd -6 bob-secret):read-only" >> users
)sh";

TEST(RegistryServer, LetsInWhoIsInTheFileOverTls) {
  const ScratchFolder folder;
  const std::string path = folder.path();
  const CommandResult made = run_command({"bash", "-c", "cd " + path + kMakeFiles});
  ASSERT_EQ(made.exit_code, 0) << ::testing::PrintToString(made);
  const std::string topic = unique_name("_schemas");
  std::vector<std::string> options = {"--kafkastore-topic",
                                      topic,
                                      "--group",
                                      topic,
                                      "--tls-cert",
                                      path + "/cert.pem",
                                      "--tls-key",
                                      path + "/key.pem",
                                      "--basic-auth-file",
                                      path + "/users",
                                      "--forward-ca",
                                      path + "/cert.pem"};
  const auto leader = start_registry(options);
  options.emplace_back("--follower");
  const auto follower = start_registry(options);

  const auto open = [&](const RegistryInstance& registry, const std::string& user) {
    schema_registry::ClientOptions client;
    client.urls = {registry.url()};
    client.basic_auth_user_info = user;
    client.ca_file = path + "/cert.pem";
    return Client::open(client).value();
  };
  const auto put = [&](const RegistryInstance& registry, const std::string& user, const char* schema) {
    return open(registry, user)->register_schema("a", {.schema = schema}, false);
  };
  EXPECT_EQ(put(*leader, "", "\"int\"").error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(put(*leader, "alice:wrong", "\"int\"").error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(put(*leader, "bob:bob-secret", "\"int\"").error().code, ErrorCode::kUnauthorized);
  EXPECT_EQ(put(*leader, "alice:alice-secret", "\"int\"").value(), SchemaId{1});
  EXPECT_EQ(put(*follower, "alice:alice-secret", "\"long\"").value(), SchemaId{2}) << "sent on with her own name";
  EXPECT_EQ(put(*follower, "bob:bob-secret", "\"float\"").error().code, ErrorCode::kUnauthorized);
  EXPECT_THAT(open(*leader, "bob:bob-secret")->versions("a").value(), ElementsAre(1, 2));
}

}  // namespace
}  // namespace omashu::real
