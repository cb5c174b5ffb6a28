#include "real/support/three_brokers.h"

#include <fmt/core.h>
#include <signal.h>

#include <chrono>

#include "real/support/free_port.h"
#include "real/support/installed_parts.h"
#include "real/support/readiness.h"
#include "real/support/run_command.h"

namespace omashu::real {

Result<std::unique_ptr<ThreeBrokers>> ThreeBrokers::start() {
  const auto home = installed_part("OMASHU_REAL_KAFKA");
  if (!home) return fail(home.error());
  std::unique_ptr<ThreeBrokers> brokers(new ThreeBrokers);
  std::string voters;
  for (int i = 0; i < kCount; ++i) {
    Node& node = brokers->nodes_[static_cast<size_t>(i)];
    node.port = free_port();
    node.controller_port = free_port();
    voters += fmt::format("{}{}@127.0.0.1:{}", i > 0 ? "," : "", i + 1, node.controller_port);
  }
  for (int i = 0; i < kCount; ++i) {
    if (auto prepared = brokers->prepare(i, "omashu-test-brokers-01", voters); !prepared) return fail(prepared.error());
  }
  for (Node& node : brokers->nodes_) {
    auto process = Process::start(
        {.command = {"java", "@" + *home + "/java.args", "kafka.Kafka", node.folder.path() / "server.properties"},
         .stdout_file = node.folder.path() / "kafka.log"});
    if (!process) return fail(std::move(process.error()));
    node.process = *std::move(process);
  }
  for (Node& node : brokers->nodes_) {
    auto ready = wait_until_ready_or_dead("Kafka", *node.process, [&] { return brokers->answers(node); });
    if (!ready) return fail(std::move(ready.error()));
  }
  return brokers;
}

Result<void> ThreeBrokers::prepare(int number, const std::string& cluster_id, const std::string& voters) {
  const Node& node = nodes_[static_cast<size_t>(number)];
  const CommandResult result =
      run_command({"env", fmt::format("NODE_ID={}", number + 1), "CLUSTER_ID=" + cluster_id, "VOTERS=" + voters,
                   OMASHU_SOURCE_DIR "/tests/real/kafka/prepare-node", node.folder.path(), std::to_string(node.port),
                   std::to_string(node.controller_port)});
  if (result.exit_code != 0) return fail(ErrorCode::kIo, "prepare-node failed: " + result.err);
  return {};
}

bool ThreeBrokers::answers(const Node& node) const {
  if (!accepts_connections(node.port)) return false;
  const CommandResult result = run_command({"kcat", "-b", fmt::format("127.0.0.1:{}", node.port), "-L", "-m", "5"});
  return result.exit_code == 0 && result.out.find("3 brokers:") != std::string::npos &&
         result.out.find("(controller)") != std::string::npos;
}

std::string ThreeBrokers::bootstrap_server() const {
  std::string servers;
  for (const Node& node : nodes_) servers += fmt::format("{}127.0.0.1:{}", servers.empty() ? "" : ",", node.port);
  return servers;
}

void ThreeBrokers::kill9(int number) {
  Node& node = nodes_[static_cast<size_t>(number)];
  node.process->signal(SIGKILL);
  node.process->wait(std::chrono::milliseconds(-1));
}

}  // namespace omashu::real
