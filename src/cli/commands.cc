#include "cli/commands.h"

namespace omashu::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(make_init_kafka_command());
  commands.push_back(make_completion_command());
  return commands;
}

}  // namespace omashu::cli
