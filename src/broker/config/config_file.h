// The file broker-configs.json in the data folder: what was set of the broker at run time. It is small, and replaced as
// a whole. Like topics.json it ends with a checksum, which may be left out of a text that was changed on purpose.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::broker {

using ConfigValues = std::map<std::string, std::string, std::less<>>;  // by name

struct ConfigFile {
  ConfigValues cluster;  // for all brokers
  ConfigValues broker;   // for this one

  bool operator==(const ConfigFile&) const = default;
};

std::string config_file_text(const ConfigFile& file);

// kCorrupt, with the place, where a value cannot be.
Result<ConfigFile> parse_config_file(std::string_view text);

}  // namespace omashu::broker
