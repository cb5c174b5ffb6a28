// Settings of topics on a command line: --config NAME=VALUE.

#pragma once

#include <map>
#include <span>
#include <string>

#include "omashu/result.h"

namespace omashu::cli {

// Values as init-kafka's file takes them: `7d`, `64MiB`, or as Kafka has them. Of a name that is given twice the last
// one counts. An error names the setting and what would be right.
Result<std::map<std::string, std::string>> parse_topic_settings(std::span<const std::string> settings);

}  // namespace omashu::cli
