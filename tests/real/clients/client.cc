#include "real/clients/client.h"

#include <algorithm>
#include <stdexcept>

#include "kafka/admin.h"
#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

const std::string kFolder = OMASHU_SOURCE_DIR "/tests/real/clients";

std::string part(const std::string& variable) {
  auto place = installed_part(variable);
  if (!place) throw std::runtime_error(place.error().message);
  return *place;
}

}  // namespace

CommandResult run_client(const std::string& client, const std::vector<std::string>& arguments,
                         const std::string& input) {
  auto environment = shared_server_environment();
  environment.emplace_back("CLIENT_SCHEMAS", kFolder);
  std::vector<std::string> command;
  if (client == "go") {
    command = {part("OMASHU_REAL_GO_CLIENT")};
  } else if (client == "javascript") {
    const std::string home = part("OMASHU_REAL_JAVASCRIPT");
    command = {home + "/bin/node", "--no-warnings", kFolder + "/javascript/main.js"};
    environment.emplace_back("NODE_PATH", home + "/node_modules");
  } else if (client == "python") {
    command = {part("OMASHU_REAL_PYTHON"), "-B", kFolder + "/python/main.py"};
  } else {
    throw std::invalid_argument("no client " + client);
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_command(command, {.input = input, .environment = environment, .timeout = std::chrono::seconds(90)});
}

void make_topics(const std::vector<std::string>& names, int partitions,
                 const std::map<std::string, std::string>& configs) {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", shared_kafka().bootstrap_server());
  auto admin = kafka::Admin::open(config, std::chrono::seconds(60));
  if (!admin) throw std::runtime_error(admin.error().message);
  std::vector<kafka::NewTopic> topics;
  for (const std::string& name : names) topics.push_back({.name = name, .partitions = partitions, .configs = configs});
  for (const auto& made : (*admin)->create_topics(topics, false)) {
    if (!made) throw std::runtime_error(made.error().message);
  }
  if (auto ready = (*admin)->wait_until_ready(names, std::chrono::seconds(60)); !ready) {
    throw std::runtime_error(ready.error().message);
  }
}

std::vector<std::string> sorted_lines_of(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace omashu::real
