#include "real/support/apache_kafka.h"
#include "real/support/process.h"
#include "real/support/run_command.h"

#include <fmt/core.h>
#include <signal.h>

#include <fstream>

#include "real/support/free_port.h"
#include "real/support/installed_parts.h"
#include "real/support/readiness.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Metadata with a controller, asked with kcat: a node accepts connections long before it has one.
bool answers(int port) {
  if (!accepts_connections(port)) return false;
  CommandResult result = run_command({"kcat", "-b", fmt::format("127.0.0.1:{}", port), "-L", "-m", "5"});
  return result.exit_code == 0 && result.out.find("(controller)") != std::string::npos;
}

}  // namespace

Result<std::unique_ptr<ApacheKafka>> ApacheKafka::start(const ApacheKafkaOptions& options) {
  std::unique_ptr<ApacheKafka> broker(new ApacheKafka);
  if (auto prepared = broker->prepare(options); !prepared) return fail(std::move(prepared.error()));
  if (auto started = broker->start_again(); !started) return fail(std::move(started.error()));
  return broker;
}

Result<void> ApacheKafka::prepare(const ApacheKafkaOptions& options) {
  auto home = installed_part("OMASHU_REAL_KAFKA");
  if (!home) return fail(std::move(home.error()));
  java_args_ = "@" + *home + "/java.args";
  port_ = free_port();
  controller_port_ = free_port();
  std::vector<std::string> command = {OMASHU_SOURCE_DIR "/tests/real/kafka/prepare-node", folder_.path(),
                                      std::to_string(port_), std::to_string(controller_port_)};
  if (options.secured) {
    for (int* port : {&sasl_plaintext_port_, &ssl_port_, &sasl_ssl_port_}) {
      *port = free_port();
      command.push_back(std::to_string(*port));
    }
  }
  CommandResult result = run_command(command);
  if (result.exit_code != 0) return fail(ErrorCode::kIo, "prepare-node failed: " + result.err);
  std::ofstream properties(folder_.path() / "server.properties", std::ios::app);
  for (const auto& [name, value] : options.properties) properties << name << "=" << value << "\n";
  return {};
}

Result<void> ApacheKafka::start_again() {
  auto process = Process::start({.command = {"java", java_args_, "kafka.Kafka", folder_.path() / "server.properties"},
                                 .stdout_file = folder_.path() / "kafka.log"});
  if (!process) return fail(std::move(process.error()));
  process_ = std::move(*process);
  return wait_until_ready_or_dead("Kafka", *process_, [this] { return answers(port_); });
}

void ApacheKafka::kill9() {
  process_->signal(SIGKILL);
  process_->wait(milliseconds(-1));
}

void ApacheKafka::stop() {
  process_->signal(SIGTERM);
  if (!process_->wait(seconds(30))) kill9();
}

std::string ApacheKafka::address(int port) { return fmt::format("127.0.0.1:{}", port); }

}  // namespace omashu::real
