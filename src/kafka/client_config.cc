#include "kafka/client_config.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "kafka/java_properties.h"
#include "kafka/librdkafka_conf.h"

namespace omashu::kafka {
namespace {

Error at_line_of(const Property& property, Error error) {
  if (property.line != 0) error.position = TextPosition{property.line, 1};
  return error;
}

bool is_known(std::string_view name) { return std::ranges::binary_search(property_names(), name); }

// Java's names count among those that may have been meant.
Error unknown(std::string_view name) {
  std::vector<std::string> candidates(property_names().begin(), property_names().end());
  candidates.insert(candidates.end(), java_property_names().begin(), java_property_names().end());
  return {ErrorCode::kInvalidArgument,
          fmt::format("unknown client property {}{}", name, did_you_mean(name, candidates)), std::nullopt};
}

}  // namespace

bool is_secret(std::string_view name) {
  return name.ends_with("password") || name.ends_with("secret") || name.ends_with("token") || name.ends_with(".key") ||
         name.ends_with("key.pem") || name == "sasl.jaas.config" || name == "sasl.oauthbearer.config" ||
         name.ends_with("basic.auth.user.info");
}

Result<void> check_property_name(std::string_view name) {
  if (is_known(name) || std::ranges::find(java_property_names(), name) != java_property_names().end()) return {};
  return fail(unknown(name));
}

Result<ClientConfig> make_client_config(std::span<const Property> properties) {
  ClientConfig config;
  const ConfPtr trial = make_conf();
  for (const Property& property : properties) {
    Result<std::vector<Property>> translated = translate_java_property(property, properties);
    if (!translated) return fail(at_line_of(property, std::move(translated.error())));
    for (Property& own : *translated) {
      if (!is_known(own.name)) return fail(at_line_of(property, unknown(own.name)));
      // This one loads the library that it names: not for a trial.
      if (own.name != "plugin.library.paths") {
        if (auto set = set_property(*trial, own.name, own.value); !set) {
          return fail(at_line_of(property, std::move(set.error())));
        }
      }
      config.set(std::move(own.name), std::move(own.value));
    }
  }
  return config;
}

}  // namespace omashu::kafka
