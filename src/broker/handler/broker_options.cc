#include "broker/handler/broker_options.h"

#include <fmt/core.h>

#include <charconv>

#include "broker/topic/log_configs.h"

namespace omashu::broker {

namespace {

// Of a value that has been checked.
int64_t number_of(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t+"), text.size()));
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

}  // namespace

Result<void> set_broker_option(BrokerOptions& options, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return refuse(fmt::format("{} is not of the form NAME=VALUE", assignment));
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  const BrokerSetting* setting = find_broker_setting(name);
  if (setting == nullptr) return refuse(fmt::format("there is no setting {}: docs/settings.md lists all", name));
  if (!setting->is_option) return refuse(fmt::format("{} cannot be set. {}", name, setting->description));
  if (auto problem = broker_setting_problem(*setting, value)) return refuse(*std::move(problem));
  if (name == "auto.create.topics.enable") {
    options.auto_create_topics = same_config_value("preallocate", value, "true");
  } else if (name == "num.partitions") {
    options.default_partitions = static_cast<int32_t>(number_of(value));
  } else if (name == "log.cleaner.backoff.ms") {
    options.housekeeping_interval = std::chrono::milliseconds(number_of(value));
  } else {
    options.configs.insert_or_assign(std::string(name), std::string(value));
  }
  return {};
}

Result<void> check_broker_options(const BrokerOptions& options) {
  const GroupConfig groups = group_config_of(options.configs);
  if (groups.group_min_session_timeout_ms > groups.group_max_session_timeout_ms) {
    return refuse(fmt::format("group.min.session.timeout.ms ({}) is larger than group.max.session.timeout.ms ({})",
                              groups.group_min_session_timeout_ms, groups.group_max_session_timeout_ms));
  }
  return {};
}

GroupConfig group_config_of(const ConfigValues& configs) {
  GroupConfig group;
  const auto read = [&](std::string_view name, auto& into, int64_t unit = 1) {
    if (const auto set = configs.find(name); set != configs.end()) {
      into = static_cast<std::remove_reference_t<decltype(into)>>(number_of(set->second) * unit);
    }
  };
  read("group.initial.rebalance.delay.ms", group.group_initial_rebalance_delay_ms);
  read("group.min.session.timeout.ms", group.group_min_session_timeout_ms);
  read("group.max.session.timeout.ms", group.group_max_session_timeout_ms);
  read("group.max.size", group.group_max_size);
  read("offset.metadata.max.bytes", group.offset_metadata_max_characters);
  read("offsets.retention.minutes", group.offsets_retention_ms, 60'000);
  read("offsets.retention.check.interval.ms", group.offsets_retention_check_interval_ms);
  return group;
}

}  // namespace omashu::broker
