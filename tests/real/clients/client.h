// Kafka clients that others wrote, as programs that all take the same commands (README.md).

#pragma once

#include <map>
#include <string>
#include <vector>

#include "real/support/run_command.h"

namespace omashu::real {

// franz-go, kafkajs or Confluent's Python client ("go", "javascript", "python"), on the shared servers.
CommandResult run_client(const std::string& client, const std::vector<std::string>& arguments,
                         const std::string& input = "");

// Topics of these names, in one call.
void make_topics(const std::vector<std::string>& names, int partitions = 1,
                 const std::map<std::string, std::string>& configs = {});

// The lines of a text in the order of the alphabet: clients read partitions and topics in an order of their own.
std::vector<std::string> sorted_lines_of(const std::string& text);

}  // namespace omashu::real
