#include "kafka/librdkafka_conf.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/nearest.h"
#include "kafka/client_config.h"

namespace omashu::kafka {
namespace {

bool is_set_by_programs_only(std::string_view name) {
  return name.ends_with("_cb") || name.ends_with("opaque") || name.ends_with("_data") || name == "interceptors" ||
         name == "default_topic_conf" || name == "enabled_events" || name == "msg_order_cmp" ||
         name == "builtin.features" || name == "ssl_key" || name == "ssl_certificate" || name == "ssl_ca";
}

// librdkafka names its properties only in a table for people: the name is what stands before the first bar.
std::vector<std::string> read_property_names() {
  char* table = nullptr;
  size_t size = 0;
  FILE* stream = open_memstream(&table, &size);
  if (stream == nullptr) return {};
  rd_kafka_conf_properties_show(stream);
  std::fclose(stream);

  std::vector<std::string> names;
  std::istringstream lines(std::string(table, size));
  std::free(table);
  for (std::string line; std::getline(lines, line);) {
    const size_t end = line.find(' ');
    if (!line.contains(" | ") || end == 0 || line.starts_with("Property ")) continue;
    std::string name = line.substr(0, end);
    if (!is_set_by_programs_only(name)) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

}  // namespace

void ConfDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }

ConfPtr make_conf() { return ConfPtr(rd_kafka_conf_new()); }

Result<void> set_property(rd_kafka_conf_s& conf, const std::string& name, const std::string& value) {
  char words[512] = "";
  const rd_kafka_conf_res_t result = is_set_by_programs_only(name)
                                         ? RD_KAFKA_CONF_UNKNOWN
                                         : rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), words, sizeof(words));
  switch (result) {
    case RD_KAFKA_CONF_OK: return {};
    case RD_KAFKA_CONF_UNKNOWN:
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("unknown client property {}{}", name, did_you_mean(name, property_names())));
    default:
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("client property {}: {}", name, is_secret(name) ? "its value is refused" : words));
  }
}

std::span<const std::string> property_names() {
  static const std::vector<std::string> names = read_property_names();
  return names;
}

}  // namespace omashu::kafka
