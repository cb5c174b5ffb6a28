// The examples of every --help, run as they stand: in a folder that has the files they name, against a fresh
// `omashu up` that has the topics, groups and subjects they name (prepare makes them).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "cli/commands.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using std::chrono::seconds;
using ::testing::PrintToString;

// Parts of examples that are not run, each with why.
const std::map<std::string, std::string> kNotRun = {
    {"omashu up", "it would take the usual ports"},
    {"omashu registry", "it would take the usual port, or reads another Kafka"},
    {"omashu serve", "it would take the usual port"},
    {"init-kafka move", "it follows the topic until it is stopped"},
    {"omashu sink file --path statuses.jsonl status-download", "it goes on until it is stopped; sink_test.cc does"},
    {"omashu sink --config", "it goes on until it is stopped; sink_test.cc does"},
    {"omashu sink dynamodb", "there is no DynamoDB; dynamodb_sink_test.cc has dynalite"},
    {"omashu sink postgres", "there is no PostgreSQL; sink_postgres_test.cc has one"},
    {"curl http://127.0.0.1:8080", "nobody listens there"},
    {"kafka:9092", "there is no such host"},
    {"topics list --context staging", "there is no such host"},
    {"openssl passwd", "it asks for a password"},
    {"console-consumer --topic t ", "it waits for what is written next"},
};

// Examples that go on until they are stopped; all of them print something first.
const std::set<std::string> kEndless = {
    "omashu watch status-download --where status=RUNNING",
    "omashu consume download-request --group downloaders --from-beginning",
    "omashu console-consumer --topic status-download --from-beginning --property print.key=true",
};

struct Example {
  std::string command;  // the first word behind `omashu`
  std::string line;
};

void collect(cli::Command& command, const std::string& name, std::vector<Example>& examples) {
  for (const cli::Example& example : command.description().examples) {
    examples.push_back({.command = name, .line = std::string(example.command)});
  }
  for (const auto& verb : command.verbs()) collect(*verb, name, examples);
}

std::vector<Example> all_examples() {
  std::vector<Example> examples;
  for (const auto& command : cli::all_commands()) {
    collect(*command, std::string(command->description().name), examples);
  }
  return examples;
}

class HelpExamplesTest : public ::testing::Test {
 protected:
  HelpExamplesTest() {
    const std::filesystem::path downloads = std::filesystem::path(OMASHU_SOURCE_DIR) / "examples" / "downloads";
    std::filesystem::copy(downloads, folder_.path(), std::filesystem::copy_options::recursive);
    std::filesystem::copy(downloads, folder_.path() / "avro", std::filesystem::copy_options::recursive);
    environment_ = shared_server_environment();
    const std::string programs = std::filesystem::path(omashu_program()).parent_path();
    environment_.emplace_back("PATH", programs + ":" + std::getenv("PATH"));
    environment_.emplace_back("HOME", folder_.path());
    environment_.emplace_back("XDG_CONFIG_HOME", folder_.path() / ".config");
  }

  std::vector<std::string> in_folder(const std::string& script) const {
    return {"bash", "-c", "cd '" + folder_.path().string() + "'\n" + script};
  }
  CommandResult run(const std::string& script) const {
    return run_command(in_folder(script), {.environment = environment_});
  }

  void run_endless(const std::string& line) const {
    std::filesystem::remove(folder_.path() / "out");  // of the one before
    auto started = Process::start({.command = in_folder("exec " + line),
                                   .environment = environment_,
                                   .stdout_file = folder_.path() / "out",
                                   .stderr_file = folder_.path() / "err"});
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_TRUE((*started)->wait_for_stdout("\n", seconds(60))) << line << ": " << (*started)->stderr_text();
    (*started)->signal(SIGTERM);
    EXPECT_EQ((*started)->wait(seconds(60)), 0) << line << ": " << (*started)->stderr_text();
  }

  ScratchFolder folder_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

TEST_F(HelpExamplesTest, EachOneThatCanBeRunHereDoesWhatItSays) {
  std::set<std::string> unused;
  for (const auto& [part, reason] : kNotRun) unused.insert(part);
  std::set<std::string> endless = kEndless;
  ASSERT_EQ(run("init-kafka topics_and_schemas.txt && omashu produce download-request < requests.jsonl").exit_code, 0);
  size_t count = 0;
  for (const Example& example : all_examples()) {
    const auto hindrance =
        std::ranges::find_if(kNotRun, [&](const auto& part) { return example.line.contains(part.first); });
    if (hindrance != kNotRun.end()) {
      unused.erase(hindrance->first);
      continue;
    }
    const CommandResult prepared =
        run(std::string(OMASHU_SOURCE_DIR) + "/tests/real/help_examples/prepare " + example.command);
    EXPECT_EQ(prepared.exit_code, 0) << "before " << example.line << ": " << PrintToString(prepared);
    ++count;
    if (endless.erase(example.line) > 0) {
      run_endless(example.line);
      continue;
    }
    const CommandResult result = run("set -o pipefail\n" + example.line);
    const bool asks_somebody = result.exit_code == 2 && result.err.contains("--yes");
    const bool was_cut_off = result.exit_code == 128 + SIGPIPE && example.line.contains("| head");
    EXPECT_TRUE(result.exit_code == 0 || asks_somebody || was_cut_off) << example.line << ": " << PrintToString(result);
  }
  EXPECT_GE(count, 80u);
  EXPECT_THAT(unused, ::testing::IsEmpty()) << "no example has these any more";
  EXPECT_THAT(endless, ::testing::IsEmpty()) << "these are no examples any more";
}

}  // namespace
}  // namespace omashu::real
