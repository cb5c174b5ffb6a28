#include "broker/config/broker_configs.h"

#include <fmt/core.h>

#include <utility>

namespace omashu::broker {

namespace {

constexpr std::string_view kConfigFile = "broker-configs.json";
constexpr uint64_t kMaxFileBytes = 4 << 20;
constexpr std::string_view kWhatToDo =
    R"(: restore it from a copy, or write {"version":1} into it to start without what was set at run time)";

}  // namespace

Result<std::unique_ptr<BrokerConfigs>> BrokerConfigs::open(FileSystem& file_system, const std::string& folder) {
  std::unique_ptr<BrokerConfigs> configs(new BrokerConfigs(file_system, fmt::format("{}/{}", folder, kConfigFile)));
  const auto text = file_system.read_file(configs->path_, kMaxFileBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return configs;
  if (!text) return fail(text.error());
  auto file = parse_config_file(*text);
  if (!file) {
    Error error = std::move(file).error().within(fmt::format("{} is damaged", configs->path_));
    error.message += kWhatToDo;
    return fail(std::move(error));
  }
  const MutexLock lock(configs->mutex_);
  configs->has_file_ = true;
  configs->layers_.dynamic = *std::move(file);
  return configs;
}

bool BrokerConfigs::has_file() const {
  const MutexLock lock(mutex_);
  return has_file_;
}

Error BrokerConfigs::missing_file() const {
  return {ErrorCode::kCorrupt, fmt::format("{} is missing{}", path_, kWhatToDo), std::nullopt};
}

void BrokerConfigs::set_option(std::string_view name, std::string value) {
  const MutexLock lock(mutex_);
  layers_.options.insert_or_assign(std::string(name), std::move(value));
}

// Level by level: a value at run time counts before one at the start, whichever of the synonyms has it.
std::vector<BrokerConfigs::Value> BrokerConfigs::Layers::values(std::span<const BrokerSynonym> names) const {
  std::vector<Value> values;
  const auto add = [&](const ConfigValues& layer, ConfigSource source) {
    for (const BrokerSynonym& synonym : names) {
      if (const auto set = layer.find(synonym.name); set != layer.end()) {
        values.push_back({set->first, set->second, source});
      }
    }
  };
  add(dynamic.broker, ConfigSource::kDynamicBrokerConfig);
  add(dynamic.cluster, ConfigSource::kDynamicDefaultBrokerConfig);
  add(options, ConfigSource::kStaticBrokerConfig);
  for (const BrokerSynonym& synonym : names) {
    const BrokerSetting* setting = find_broker_setting(synonym.name);
    if (setting->default_value) {
      values.push_back({std::string(synonym.name), *setting->default_value, ConfigSource::kDefaultConfig});
    }
  }
  return values;
}

ConfigValues BrokerConfigs::Layers::topic_defaults() const {
  ConfigValues defaults;
  for (const TopicSetting& setting : topic_settings()) {
    const std::vector<Value> values = this->values(setting.synonyms());
    if (values.empty() || values.front().source == ConfigSource::kDefaultConfig) continue;
    const Value& value = values.front();
    defaults.emplace(setting.name, topic_value(*find_broker_setting(value.name), value.value));
  }
  return defaults;
}

std::vector<BrokerConfigs::Value> BrokerConfigs::values_of(const BrokerSetting& setting) const {
  const BrokerSynonym name{setting.name()};
  const MutexLock lock(mutex_);
  return layers_.values({&name, 1});
}

std::vector<BrokerConfigs::Value> BrokerConfigs::values_of(const TopicSetting& setting) const {
  const MutexLock lock(mutex_);
  return layers_.values(setting.synonyms());
}

std::string BrokerConfigs::value_of(std::string_view name) const {
  return values_of(*find_broker_setting(name)).at(0).value;
}

ConfigValues BrokerConfigs::topic_defaults() const {
  const MutexLock lock(mutex_);
  return layers_.topic_defaults();
}

ConfigValues BrokerConfigs::topic_defaults_with(Level level, const ConfigValues& values) const {
  Layers layers;
  {
    const MutexLock lock(mutex_);
    layers = layers_;
  }
  layers.at(level) = values;
  return layers.topic_defaults();
}

ConfigValues BrokerConfigs::at(Level level) const {
  const MutexLock lock(mutex_);
  return level == Level::kBroker ? layers_.dynamic.broker : layers_.dynamic.cluster;
}

Result<void> BrokerConfigs::change(Level level, const Change& change) {
  const MutexLock change_lock(change_mutex_);
  Layers layers;
  {
    const MutexLock lock(mutex_);
    layers = layers_;
  }
  auto values = change(layers.at(level));
  if (!values || *values == layers.at(level)) return {};
  layers.at(level) = *std::move(values);
  if (auto written = file_system_.replace_file(path_, config_file_text(layers.dynamic)); !written) return written;
  const MutexLock lock(mutex_);
  has_file_ = true;
  layers_.dynamic = std::move(layers.dynamic);
  return {};
}

}  // namespace omashu::broker
