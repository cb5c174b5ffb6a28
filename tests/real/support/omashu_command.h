// The omashu program of this build, run as a user runs it.

#pragma once

#include <string>
#include <vector>

#include "real/support/run_command.h"

namespace omashu::real {

// The path of the program; `init-kafka` is beside it.
std::string omashu_program();

// Arguments behind `omashu`, against the shared Kafka and registry.
CommandResult run_omashu(const std::vector<std::string>& arguments, const std::string& input = "");
CommandResult run_init_kafka(const std::vector<std::string>& arguments);

// The environment by which a command finds the shared servers.
std::vector<std::pair<std::string, std::string>> shared_server_environment();

}  // namespace omashu::real
