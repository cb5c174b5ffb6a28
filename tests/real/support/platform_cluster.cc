#include "real/support/platform_cluster.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "real/support/omashu_command.h"
#include "real/support/process.h"

namespace omashu::real {
namespace {

constexpr std::chrono::minutes kDeadline{4};

// Of a line NAME=VALUE of the ready file.
std::string value_of(const std::string& text, const std::string& name) {
  const size_t at = text.find(name + "=");
  if (at == std::string::npos) throw std::runtime_error("the cluster's ready file has no " + name);
  const size_t start = at + name.size() + 1;
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace

PlatformCluster::PlatformCluster() {
  // PostgreSQL runs as a user of its own where we are root.
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::others_exec | std::filesystem::perms::group_exec,
                               std::filesystem::perm_options::add);
  run({"start", file("cluster"), std::to_string(::getpid())});
  const std::string ready = read_file(file("cluster/ready"));
  bootstrap_servers_ = value_of(ready, "KAFKA_BOOTSTRAP_SERVERS");
  registries_ = value_of(ready, "SCHEMA_REGISTRY_URL");
  dsn_ = value_of(ready, "POSTGRES_DSN");
  std::erase(dsn_, '\'');
}

PlatformCluster::~PlatformCluster() { run({"stop", file("cluster")}); }

void PlatformCluster::kill9(const std::string& part) {
  run({"kill", file("cluster"), part});
  // One that has ended by itself was not killed, and says why.
  if (testing::Test::HasFailure()) ADD_FAILURE() << part << ": " << read_file(file("cluster/" + part + "/log"));
}

void PlatformCluster::restart(const std::string& part) { run({"restart", file("cluster"), part}); }

std::string PlatformCluster::address(const std::string& part) const {
  std::string text = read_file(file("cluster/" + part + "/address"));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void PlatformCluster::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), OMASHU_SOURCE_DIR "/scripts/cluster");
  const CommandResult result =
      run_command(arguments, {.environment = {{"OMASHU_PROGRAM", omashu_program()}}, .timeout = kDeadline});
  EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(arguments) << testing::PrintToString(result);
}

std::string PlatformCluster::query(const std::string& sql) const {
  const CommandResult result = run_command({"psql", "-X", "-q", "-A", "-t", "-d", dsn_, "-c", sql});
  EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(result);
  return result.out;
}

CommandResult PlatformCluster::omashu(const std::vector<std::string>& arguments, const std::string& input) const {
  std::vector<std::string> command = {omashu_program()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_command(
      command, {.input = input,
                .environment = {{"KAFKA_BOOTSTRAP_SERVERS", bootstrap_servers_}, {"SCHEMA_REGISTRY_URL", registries_}},
                .timeout = kDeadline});
}

CommandResult PlatformCluster::init_kafka(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "init-kafka");
  return omashu(arguments);
}

}  // namespace omashu::real
