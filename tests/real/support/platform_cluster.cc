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
  run({"start", file("cluster"), std::to_string(::getpid())});
  const std::string ready = read_file(file("cluster/ready"));
  bootstrap_servers_ = value_of(ready, "KAFKA_BOOTSTRAP_SERVERS");
  registries_ = value_of(ready, "SCHEMA_REGISTRY_URL");
}

PlatformCluster::~PlatformCluster() { run({"stop", file("cluster")}); }

void PlatformCluster::kill9(const std::string& part) { run({"kill", file("cluster"), part}); }

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
