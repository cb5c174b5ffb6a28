// A registry whose topic is damaged on the disk of an `omashu up`: it starts, says so, serves what can be read, and
// writes again once the topic is repaired or restored.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "real/support/http.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_up.h"
#include "real/support/run_command.h"

namespace omashu::real {
namespace {

using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kSchemas = 20;

std::string schema(int number) {
  return R"({"type":"record","name":"Marked)" + std::to_string(number) + R"(","fields":[]})";
}

std::string body_of(const std::string& schema) {
  json::Value body = json::Value::object();
  body.add("schema", schema);
  return json::to_text(body);
}

// Of the answer to a registration; 0 of an error.
int64_t id_of(const std::string& answer) {
  const auto parsed = json::parse(answer);
  const json::Value* id = parsed ? parsed->find("id") : nullptr;
  EXPECT_NE(id, nullptr) << answer;
  return id == nullptr ? 0 : id->as_int64().value_or(0);
}

class RegistryDamage : public ::testing::Test {
 protected:
  void SetUp() override {
    auto up = OmashuUp::start();
    ASSERT_TRUE(up) << up.error().message;
    up_ = *std::move(up);
    ASSERT_EQ(http_send("PUT", url() + "/config", R"({"compatibility":"NONE"})").status, 200);
    for (int i = 1; i <= kSchemas; ++i) {
      ASSERT_EQ(put("s" + std::to_string(i), schema(i)), R"({"id":)" + std::to_string(i) + "}");
    }
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(up_->registry_port()); }
  std::string put(const std::string& subject, const std::string& text) const {
    return http_send("POST", url() + "/subjects/" + subject + "/versions", body_of(text)).body;
  }

  std::filesystem::path segment() const {
    std::vector<std::filesystem::path> segments;
    for (const auto& file : std::filesystem::directory_iterator(up_->data_folder() + "/_schemas-0")) {
      if (file.path().extension() == ".log") segments.push_back(file.path());
    }
    std::ranges::sort(segments);
    return segments.at(0);
  }

  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Changes the name in the record of one schema: JSON that can still be read, of a schema that nobody registered.
  void damage(int number) const {
    const std::filesystem::path file = segment();
    std::string bytes = read(file);
    const size_t place = bytes.find("Marked" + std::to_string(number) + "\\");
    ASSERT_NE(place, std::string::npos);
    bytes[place] ^= 0x20;
    std::ofstream(file, std::ios::binary) << bytes;
  }

  CommandResult repair() const {
    return run_command({omashu_program(), "registry", "repair", "--bootstrap-server", up_->bootstrap_server(),
                        "--aside", up_->data_folder() + "/../aside.jsonl"});
  }

  // Once the registry, which goes on meanwhile, has read that its topic was repaired.
  std::string put_after_repair(const std::string& subject, const std::string& schema) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      std::string answer = put(subject, schema);
      if (!answer.contains("42205") || std::chrono::steady_clock::now() > deadline) return answer;
    }
  }

  void expect_read_only() const {
    EXPECT_EQ(http_get(url() + "/schemas/ids/3").body, body_of(schema(3)));
    EXPECT_THAT(http_get(url() + "/schemas/ids/7").body, Not(HasSubstr("arked7")));
    const auto refused = http_send("POST", url() + "/subjects/new/versions", body_of(schema(100)));
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("42205"));
    EXPECT_THAT(refused.body, HasSubstr("omashu registry repair"));
  }

  std::unique_ptr<OmashuUp> up_;
};

TEST_F(RegistryDamage, OneBitIsNeverTakenForASchema) {
  up_->stop();
  const std::string whole = read(segment());
  damage(7);
  ASSERT_TRUE(up_->start_again());
  expect_read_only();

  up_->stop();
  std::ofstream(segment(), std::ios::binary) << whole;
  ASSERT_TRUE(up_->start_again());
  EXPECT_EQ(http_get(url() + "/schemas/ids/7").body, body_of(schema(7))) << "a restored copy is enough";
  EXPECT_EQ(put("new", schema(100)), R"({"id":21})");
}

TEST_F(RegistryDamage, ARepairedTopicIsWrittenAgainAndNoIdComesTwice) {
  up_->stop();
  damage(7);
  damage(kSchemas);
  ASSERT_TRUE(up_->start_again());
  expect_read_only();
  const CommandResult repaired = repair();
  EXPECT_EQ(repaired.exit_code, 0) << repaired.err;
  EXPECT_THAT(repaired.out, HasSubstr("id 7"));
  const CommandResult records =
      run_command({"kcat", "-b", up_->bootstrap_server(), "-C", "-t", "_schemas", "-e", "-q", "-f", "%h\n"});
  EXPECT_THAT(records.out, ContainsRegex("omashu.term=[0-9]+-repair,omashu.given-ids=[1-9]"));

  const std::string answer = put_after_repair("new", schema(100));
  EXPECT_GT(id_of(answer), kSchemas) << "the last one had an id, too";
  for (const bool is_killed : {true, false}) {
    is_killed ? up_->kill9() : up_->stop();
    ASSERT_TRUE(up_->start_again());
    EXPECT_EQ(put("new", schema(100)), answer);
    EXPECT_THAT(put("s3", schema(is_killed ? 101 : 102)), HasSubstr("\"id\":"));
    EXPECT_EQ(http_get(url() + "/schemas/ids/7").status, 404);
  }
  EXPECT_THAT(repair().out, HasSubstr("is not damaged"));
}

TEST_F(RegistryDamage, AShortenedTopicIsSaidAtOnceAndServed) {
  up_->stop();
  const std::filesystem::path file = segment();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  ASSERT_TRUE(up_->start_again());
  EXPECT_EQ(http_get(url() + "/schemas/ids/3").body, body_of(schema(3)));
  EXPECT_EQ(http_send("POST", url() + "/subjects/new/versions", body_of(schema(100))).status, 422);
  EXPECT_EQ(repair().exit_code, 0);
  EXPECT_GT(id_of(put_after_repair("new", schema(100))), kSchemas);
}

}  // namespace
}  // namespace omashu::real
