// examples/download-service on real servers, downloading from a server that misbehaves, killed again and again.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "base/digest.h"
#include "base/json.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"
#include "real/support/unreliable_file_server.h"

namespace omashu::real {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::PrintToString;
using ::testing::StartsWith;

int number_of(const char* variable, int otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::atoi(value);
}

class DownloadServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const CommandResult made = run_init_kafka({OMASHU_SOURCE_DIR "/examples/downloads/topics_and_schemas.txt"});
    ASSERT_EQ(made.exit_code, 0) << PrintToString(made);
    make_topic({.name = "download-request.dead", .partitions = 1, .is_compacted = false});
  }

  std::string url_of(int number) const {
    switch (number % 25) {
      case 7: return files_.missing_url(number);
      case 13: return files_.broken_url(number);
      case 21: return files_.stalling_url(number);
      default: return files_.url(number);
    }
  }

  std::string request(int number) const {
    return fmt::format(R"({{"key":"d-{0}","value":{{"omashuId":"d-{0}","source":{{"url":"{1}","sha256":"{2}"}},)"
                       R"("fileName":"file-{0}","requestedAt":"2026-11-30T08:00:00Z"}}}})"
                       "\n",
                       number, url_of(number), to_hex(sha256(UnreliableFileServer::content(number))));
  }

  std::unique_ptr<Process> start_service() {
    auto environment = shared_server_environment();
    environment.insert(environment.end(),
                       {{"DOWNLOAD_STALL_SECONDS", "1"}, {"DOWNLOAD_BACKOFF_MS", "50"}, {"DOWNLOAD_MEMBER", "one"}});
    auto started = Process::start({.command = {OMASHU_DOWNLOAD_SERVICE, folder_.path() / "files"},
                                   .environment = std::move(environment),
                                   .stdout_file = folder_.path() / "log"});
    if (!started) throw std::runtime_error(started.error().message);
    return *std::move(started);
  }

  static std::vector<std::string> consumed(const std::string& topic, const std::vector<std::string>& options = {}) {
    std::vector<std::string> words = {"consume", topic, "--from-beginning", "--exit-at-end", "--output", "json"};
    words.insert(words.end(), options.begin(), options.end());
    const CommandResult read = run_omashu(words);
    EXPECT_EQ(read.exit_code, 0) << PrintToString(read);
    return lines_of(read.out);
  }

  // The statuses that the topic has of each id, in their order.
  static std::map<std::string, std::vector<std::pair<std::string, std::string>>> histories() {
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> all;
    for (const std::string& line : consumed("status-download")) {
      const json::Value record = json::parse(line).value();
      const json::Value& value = *record.find("value");
      all[value.find("omashuId")->text()].emplace_back(value.find("status")->text(), value.find("reason")->text());
    }
    return all;
  }

  static bool is_final(const std::string& status) { return status != "QUEUED" && status != "RUNNING"; }

  static size_t count_ended() {
    size_t ended = 0;
    for (const auto& [id, history] : histories()) ended += is_final(history.back().first) ? 1 : 0;
    return ended;
  }

  const UnreliableFileServer files_;
  const ScratchFolder folder_;
};

TEST_F(DownloadServiceTest, EveryRequestComesToOneEndHoweverOftenItIsKilled) {
  const int count = number_of("OMASHU_DOWNLOADS", 75);
  const int kills = number_of("OMASHU_DOWNLOAD_KILLS", 4);
  std::string requests;
  for (int number = 0; number < count; ++number) requests += request(number);
  const CommandResult sent = run_omashu({"produce", "download-request"}, requests);
  ASSERT_EQ(sent.exit_code, 0) << PrintToString(sent);
  // What cannot be understood: a schema id that nobody registered.
  const CommandResult broken = run_omashu({"produce", "download-request", "--value-format", "bytes"},
                                          R"({"key":"bad","value":{"base64":"AAAAAGMC"}})"
                                          "\n");
  ASSERT_EQ(broken.exit_code, 0) << PrintToString(broken);

  std::minstd_rand random(5);
  for (int kill = 0; kill < kills; ++kill) {
    const auto service = start_service();
    (void)service->wait(std::chrono::milliseconds(std::uniform_int_distribution<int>(300, 2000)(random)));
    service->signal(9);
    (void)service->wait(std::chrono::seconds(30));
  }
  std::string tombstones;
  for (int number = 21; number < count; number += 25)
    tombstones += fmt::format(R"({{"key":"d-{}","value":null}})", number) + "\n";
  const CommandResult taken_back = run_omashu({"produce", "download-request"}, tombstones);
  ASSERT_EQ(taken_back.exit_code, 0) << PrintToString(taken_back);
  const auto service = start_service();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(300);
  while (count_ended() < static_cast<size_t>(count) && std::chrono::steady_clock::now() < deadline) {
    ASSERT_TRUE(service->is_running()) << service->stdout_text();
  }
  service->signal(15);
  EXPECT_EQ(service->wait(std::chrono::seconds(30)), 0) << service->stdout_text();

  const std::map<std::string, std::set<std::string>> next = {
      {"", {"QUEUED", "RUNNING", "FAILED", "CANCELLED"}},
      {"QUEUED", {"QUEUED", "RUNNING", "FAILED", "CANCELLED"}},
      {"RUNNING", {"QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"}}};
  const auto all = histories();
  ASSERT_EQ(all.size(), static_cast<size_t>(count));
  for (int number = 0; number < count; ++number) {
    const std::string id = fmt::format("d-{}", number);
    std::string status;
    for (const auto& [then, reason] : all.at(id)) {
      ASSERT_TRUE(next.contains(status)) << id << " goes on behind " << status;
      EXPECT_TRUE(next.at(status).contains(then)) << id << ": from " << status << " to " << then;
      status = then;
    }
    const std::string& reason = all.at(id).back().second;
    const std::string file = read_file(folder_.path() / "files" / id / fmt::format("file-{}", number));
    if (number % 25 == 7) {
      EXPECT_EQ(status, "FAILED") << id;
      EXPECT_THAT(reason, StartsWith("never: ")) << id;
    } else if (number % 25 == 13) {
      EXPECT_EQ(status, "FAILED") << id;
      EXPECT_THAT(reason, StartsWith("try again: ")) << id;
    } else if (number % 25 == 21) {
      EXPECT_TRUE(status == "CANCELLED" || status == "FAILED") << id << ' ' << status;
    } else {
      EXPECT_EQ(status, "COMPLETED") << id << ' ' << reason;
      EXPECT_TRUE(file == UnreliableFileServer::content(number)) << id;
    }
  }
  // At least once: each life of the service that reads it before it is committed sets it aside.
  EXPECT_THAT(consumed("download-request.dead", {"--value-format", "bytes"}), Not(IsEmpty()));
}

}  // namespace
}  // namespace omashu::real
