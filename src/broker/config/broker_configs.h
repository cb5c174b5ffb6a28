// The values of the broker's settings, in Kafka's layers: set at run time for this broker, set at run time for all
// brokers, given at the start, and the defaults. A topic takes what it does not set itself from them.
//
// What is set at run time is kept in a file, which is on the disk before a change is answered. Thread-safe.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "broker/config/broker_settings.h"
#include "broker/config/config_file.h"
#include "broker/log/file_system.h"
#include "broker/protocol/config_types.h"
#include "omashu/result.h"

namespace omashu::broker {

class BrokerConfigs {
 public:
  enum class Level : uint8_t { kBroker, kCluster };

  // Reads the file where there is one. Who knows that there was one asks has_file(), and gives this error.
  static Result<std::unique_ptr<BrokerConfigs>> open(FileSystem& file_system, const std::string& folder);

  bool has_file() const EXCLUDES(mutex_);
  Error missing_file() const;

  // What the broker was started with.
  void set_option(std::string_view name, std::string value) EXCLUDES(mutex_);

  struct Value {
    std::string name;  // of the broker's setting
    std::string value;
    ConfigSource source = ConfigSource::kDefaultConfig;
  };
  // The first is in force; each of the others would be, were those before it not there. None where nobody, Kafka
  // included, gives it a value.
  std::vector<Value> values_of(const BrokerSetting& setting) const EXCLUDES(mutex_);
  std::vector<Value> values_of(const TopicSetting& setting) const EXCLUDES(mutex_);
  std::string value_of(std::string_view name) const EXCLUDES(mutex_);  // of a setting that has one

  // The topic settings whose default is another one than was declared.
  ConfigValues topic_defaults() const EXCLUDES(mutex_);

  ConfigValues at(Level level) const EXCLUDES(mutex_);

  // What is to be set at this level, from what is; nothing to leave it so. The values must be valid.
  using Change = std::function<std::optional<ConfigValues>(const ConfigValues& present)>;
  Result<void> change(Level level, const Change& change) EXCLUDES(mutex_);

  // The defaults of topics as they would be with these values at a level.
  ConfigValues topic_defaults_with(Level level, const ConfigValues& values) const EXCLUDES(mutex_);

 private:
  struct Layers {
    ConfigFile dynamic;
    ConfigValues options;

    ConfigValues& at(Level level) { return level == Level::kBroker ? dynamic.broker : dynamic.cluster; }
    std::vector<Value> values(std::span<const BrokerSynonym> names) const;
    ConfigValues topic_defaults() const;
  };

  BrokerConfigs(FileSystem& file_system, std::string path) : file_system_(file_system), path_(std::move(path)) {}

  FileSystem& file_system_;
  const std::string path_;

  Mutex change_mutex_;  // held while a change is made and written; taken first
  mutable Mutex mutex_;
  Layers layers_ GUARDED_BY(mutex_);
  bool has_file_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::broker
