#include "real/support/omashu_command.h"
#include "real/support/run_command.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

// What valgrind ends with where it found a fault; no exit code of omashu.
constexpr int kFaultFound = 99;

// Where OMASHU_VALGRIND is set, the program is watched for reads of memory that is freed or was never written.
std::vector<std::string> watcher() {
  if (std::getenv("OMASHU_VALGRIND") == nullptr) return {};
  return {"valgrind", "--quiet", "--fair-sched=yes", "--error-exitcode=" + std::to_string(kFaultFound)};
}

CommandResult run(std::string program, const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<std::string> command = watcher();
  command.push_back(std::move(program));
  command.insert(command.end(), arguments.begin(), arguments.end());
  CommandResult result = run_command(command, {.input = input, .environment = shared_server_environment()});
  if (result.exit_code == kFaultFound) throw std::runtime_error("valgrind: " + result.err);
  return result;
}

}  // namespace

std::string omashu_program() {
  const char* program = std::getenv("OMASHU_PROGRAM");
  if (program == nullptr) throw std::runtime_error("OMASHU_PROGRAM is not set: run the test through ctest");
  return program;
}

CommandResult run_omashu(const std::vector<std::string>& arguments, const std::string& input) {
  return run(omashu_program(), arguments, input);
}

CommandResult run_init_kafka(const std::vector<std::string>& arguments) {
  return run(std::filesystem::path(omashu_program()).replace_filename("init-kafka"), arguments, "");
}

std::vector<std::pair<std::string, std::string>> shared_server_environment() {
  return {{"KAFKA_BOOTSTRAP_SERVERS", shared_kafka().bootstrap_server()},
          {"SCHEMA_REGISTRY_URL", shared_registry().url()}};
}

}  // namespace omashu::real
