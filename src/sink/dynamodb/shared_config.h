// The files that AWS's tools share, ~/.aws/credentials and ~/.aws/config: sections of `name = value`. Pure.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::sink::dynamodb {

inline constexpr size_t kMaxSharedConfigBytes = size_t{1} << 20;

// By section ("default", "profile dev"), then by name. Comments begin with `#` or `;`; lines that begin with a blank
// belong to the value above them, which is a table of its own that nothing here needs, and are passed over. Errors name
// the line and never quote it: it may hold a secret.
using SharedConfig = std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;
Result<SharedConfig> parse_shared_config(std::string_view text);

// The value of a profile: in the file of credentials its section is "[dev]", in the other one "[profile dev]", and
// "[default]" in both. "" where there is none.
std::string profile_value(const SharedConfig& config, const std::string& profile, std::string_view name);

}  // namespace omashu::sink::dynamodb
