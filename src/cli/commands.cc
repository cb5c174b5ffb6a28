#include "cli/commands.h"

namespace omashu::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(make_up_command());
  commands.push_back(make_init_kafka_command());
  commands.push_back(make_put_command());
  commands.push_back(make_get_command());
  commands.push_back(make_list_command());
  commands.push_back(make_watch_command());
  commands.push_back(make_delete_command());
  commands.push_back(make_count_command());
  commands.push_back(make_produce_command());
  commands.push_back(make_consume_command());
  commands.push_back(make_sink_command());
  commands.push_back(make_replay_command());
  commands.push_back(make_console_producer_command());
  commands.push_back(make_console_consumer_command());
  commands.push_back(make_topics_command());
  commands.push_back(make_groups_command());
  commands.push_back(make_schemas_command());
  commands.push_back(make_flink_sql_command());
  commands.push_back(make_context_command());
  commands.push_back(make_registry_command());
  commands.push_back(make_serve_command());
  commands.push_back(make_completion_command());
  return commands;
}

}  // namespace omashu::cli
