// Java's way to write credentials: `org.apache…PlainLoginModule required username="alice" password="…";`

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::kafka {

struct JaasConfig {
  std::string login_module;  // without its package: "PlainLoginModule"
  std::map<std::string, std::string, std::less<>> options;
};

// One entry, as sasl.jaas.config holds it. Errors never quote the text: it holds a password.
Result<JaasConfig> parse_jaas_config(std::string_view text);

}  // namespace omashu::kafka
