// Every command, in the order in which the help lists them. A new command is a file of its own and a line here.

#pragma once

#include <memory>
#include <vector>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_completion_command();
std::unique_ptr<Command> make_console_consumer_command();
std::unique_ptr<Command> make_console_producer_command();
std::unique_ptr<Command> make_consume_command();
std::unique_ptr<Command> make_context_command();
std::unique_ptr<Command> make_count_command();
std::unique_ptr<Command> make_delete_command();
std::unique_ptr<Command> make_flink_sql_command();
std::unique_ptr<Command> make_get_command();
std::unique_ptr<Command> make_groups_command();
std::unique_ptr<Command> make_init_kafka_command();
std::unique_ptr<Command> make_list_command();
std::unique_ptr<Command> make_produce_command();
std::unique_ptr<Command> make_put_command();
std::unique_ptr<Command> make_registry_command();
std::unique_ptr<Command> make_replay_command();
std::unique_ptr<Command> make_schemas_command();
std::unique_ptr<Command> make_serve_command();
std::unique_ptr<Command> make_sink_command();
std::unique_ptr<Command> make_topics_command();
std::unique_ptr<Command> make_up_command();
std::unique_ptr<Command> make_watch_command();

std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace omashu::cli
