// Properties as Kafka's and Confluent's console tools take them: a file of them, and `--property name=value`.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "omashu/result.h"

namespace omashu::cli {

using ConsoleProperties = std::map<std::string, std::string>;

// Those of the file, and over them those given as name=value; a name alone has the value "".
Result<ConsoleProperties> read_console_properties(const std::optional<std::string>& file,
                                                  const std::vector<std::string>& given);

// Moves the registry's properties into the connection, and warns of those that are neither its own nor among `known`:
// Java's tools pass over them in silence.
void route_console_properties(ConsoleProperties& properties, const std::vector<std::string>& known,
                              ConnectionOptions& connection, std::vector<std::string>& warnings);

}  // namespace omashu::cli
