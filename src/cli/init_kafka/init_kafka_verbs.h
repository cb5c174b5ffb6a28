// The verbs of init-kafka, a file each.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_init_kafka_validate();
std::unique_ptr<Command> make_init_kafka_lint();
std::unique_ptr<Command> make_init_kafka_check();
std::unique_ptr<Command> make_init_kafka_move();
std::unique_ptr<Command> make_init_kafka_plan();
std::unique_ptr<Command> make_init_kafka_apply();
std::unique_ptr<Command> make_init_kafka_export();

}  // namespace omashu::cli
