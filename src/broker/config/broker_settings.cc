#include "broker/config/broker_settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <vector>

namespace omashu::broker {

namespace {

using Kind = TopicConfigDefinition::Kind;

constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();
constexpr int64_t kMaxLong = std::numeric_limits<int64_t>::max();

enum class Given : uint8_t {
  kAlways,   // the default, for good
  kAtStart,  // the broker says so when it starts
  kOption,   // may be given with --config
  kDynamic,  // and may be changed at run time
};

struct Declaration {
  std::string_view name;
  Kind kind;
  Given given;
  std::string_view default_value;
  std::string_view description;
  int64_t min = 0;
  int64_t max = kMaxInt;
};

constexpr std::string_view kFromFlags = "As the broker was started.";
constexpr std::string_view kNoCluster = "There is one node.";

constexpr auto kDeclarations = std::to_array<Declaration>({
    {"advertised.listeners", Kind::kList, Given::kAtStart, "", "--advertised-listener, --advertised-host"},
    {"auto.create.topics.enable", Kind::kBoolean, Given::kOption, "true",
     "Whether a client that names a topic makes it. --no-auto-create-topics."},
    {"auto.leader.rebalance.enable", Kind::kBoolean, Given::kAlways, "false", kNoCluster},
    {"broker.id", Kind::kInt, Given::kAtStart, "1", kFromFlags},
    {"connections.max.idle.ms", Kind::kLong, Given::kAtStart, "600000",
     "A connection on which nothing has come for so long is closed."},
    {"default.replication.factor", Kind::kInt, Given::kAlways, "1", kNoCluster},
    {"delete.topic.enable", Kind::kBoolean, Given::kAlways, "true", "Topics can be deleted."},
    {"group.initial.rebalance.delay.ms", Kind::kInt, Given::kOption, "0",
     "How long the first rebalance of a group waits for more members. Kafka's default is 3000, which everybody who "
     "starts "
     "a consumer here would wait for."},
    {"group.max.session.timeout.ms", Kind::kInt, Given::kOption, "1800000",
     "The longest session.timeout.ms that a consumer may ask for.", 1},
    {"group.max.size", Kind::kInt, Given::kOption, "1000", "The most members that a group may have.", 1},
    {"group.min.session.timeout.ms", Kind::kInt, Given::kOption, "6000",
     "The shortest session.timeout.ms that a consumer may ask for.", 1},
    {"listeners", Kind::kList, Given::kAtStart, "", "--listener, --kafka"},
    {"log.cleaner.backoff.ms", Kind::kLong, Given::kDynamic, "5000",
     "How often logs are looked at: segments closed by time, deleted by retention, compacted. --housekeeping-interval.",
     1, 86'400'000},
    {"log.cleaner.enable", Kind::kBoolean, Given::kAlways, "true", "Compacted topics are compacted."},
    {"log.cleaner.threads", Kind::kInt, Given::kAlways, "1", "One log is compacted after the other."},
    {"log.dir", Kind::kList, Given::kAtStart, "", "--data"},
    {"log.dirs", Kind::kList, Given::kAtStart, "", "--data"},
    {"log.retention.check.interval.ms", Kind::kLong, Given::kAtStart, "",
     "It is log.cleaner.backoff.ms: one thread does both."},
    {"max.connections", Kind::kInt, Given::kAtStart, "2147483647",
     "The most connections; for each one more, the one that is idle longest is closed. It follows from the limit of "
     "open "
     "files."},
    {"node.id", Kind::kInt, Given::kAtStart, "1", kFromFlags},
    {"num.io.threads", Kind::kInt, Given::kAtStart, "2",
     "The threads that requests run on: they are those of num.network.threads."},
    {"num.network.threads", Kind::kInt, Given::kAtStart, "2", "The threads that connections are served by."},
    {"num.partitions", Kind::kInt, Given::kOption, "1",
     "The partitions of a topic that is made without a number. --default-partitions.", 1, 10'000},
    {"num.recovery.threads.per.data.dir", Kind::kInt, Given::kAlways, "1", "Logs are opened when they are first used."},
    {"offset.metadata.max.bytes", Kind::kInt, Given::kOption, "4096",
     "The most characters of metadata that a committed offset may have."},
    {"offsets.retention.check.interval.ms", Kind::kLong, Given::kOption, "600000",
     "How often committed offsets are looked at for those that are too old.", 1, kMaxLong},
    {"offsets.retention.minutes", Kind::kInt, Given::kOption, "10080",
     "How long the offsets of a group without members are kept.", 1},
    {"offsets.topic.num.partitions", Kind::kInt, Given::kAlways, "1", "__consumer_offsets has one partition."},
    {"offsets.topic.replication.factor", Kind::kInt, Given::kAlways, "1", kNoCluster},
    {"process.roles", Kind::kList, Given::kAlways, "broker,controller", "One process is both."},
    {"producer.id.expiration.ms", Kind::kInt, Given::kAlways, "86400000",
     "How long an idempotent producer that sends nothing is remembered."},
    {"socket.request.max.bytes", Kind::kInt, Given::kAtStart, "104857600", "The largest request that is read."},
});

// What is left of a topic's default in this unit; nothing of one that Kafka leaves unset in favour of the next unit.
std::optional<std::string> default_in(const TopicSetting& setting, const BrokerSynonym& synonym) {
  if (&synonym != &setting.synonyms().back()) return std::nullopt;
  if (synonym.unit == 1) return std::string(setting.default_value());
  int64_t number = 0;
  const std::string_view text = setting.default_value();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::to_string(number / synonym.unit);
}

BrokerSetting default_of_topics(const TopicSetting& setting, const BrokerSynonym& synonym) {
  TopicConfigDefinition definition = *find_topic_config(setting.name);
  definition.name = synonym.name;
  if (synonym.unit != 1) {
    definition.kind = Kind::kInt;
    definition.min = setting.name == "segment.ms" ? 1 : std::max<int64_t>(definition.min, -1);
    definition.max = kMaxInt;
  }
  const bool is_first = &synonym == &setting.synonyms().front();
  std::string unit;
  if (synonym.unit != 1) unit = synonym.name.ends_with("hours") ? ", in hours" : ", in minutes";
  return {.definition = definition,
          .update_mode = is_first ? UpdateMode::kClusterWide : UpdateMode::kReadOnly,
          .is_option = true,
          .default_value = default_in(setting, synonym),
          .description = fmt::format("The default of the topic setting {}{}.", setting.name, unit),
          .topic_setting = &setting,
          .unit = synonym.unit};
}

BrokerSetting declared(const Declaration& from) {
  const bool has_default = from.given != Given::kAtStart;
  return {.definition = {.name = from.name, .kind = from.kind, .min = from.min, .max = from.max},
          .update_mode = from.given == Given::kDynamic ? UpdateMode::kClusterWide : UpdateMode::kReadOnly,
          .is_option = from.given == Given::kOption || from.given == Given::kDynamic,
          .default_value = has_default ? std::optional(std::string(from.default_value)) : std::nullopt,
          .description = std::string(from.description)};
}

std::vector<BrokerSetting> all_settings() {
  std::vector<BrokerSetting> settings;
  for (const TopicSetting& setting : topic_settings()) {
    for (const BrokerSynonym& synonym : setting.synonyms()) settings.push_back(default_of_topics(setting, synonym));
  }
  for (const Declaration& declaration : kDeclarations) settings.push_back(declared(declaration));
  std::ranges::sort(settings, {}, &BrokerSetting::name);
  return settings;
}

}  // namespace

std::span<const BrokerSetting> broker_settings() {
  static const std::vector<BrokerSetting> settings = all_settings();
  return settings;
}

const BrokerSetting* find_broker_setting(std::string_view name) {
  const auto settings = broker_settings();
  const auto found = std::ranges::lower_bound(settings, name, {}, &BrokerSetting::name);
  return found == settings.end() || found->name() != name ? nullptr : &*found;
}

std::optional<std::string> broker_setting_problem(const BrokerSetting& setting, std::string_view value) {
  if (auto problem = config_value_problem(setting.definition, value)) return problem;
  const TopicSetting* topic = setting.topic_setting;
  if (topic == nullptr) return std::nullopt;
  if (topic->effect == SettingEffect::kHolds && !same_config_value(topic->name, value, topic->held_value)) {
    return fmt::format("{} is {}: this broker takes '{}' alone. {}", setting.name(), value, topic->held_value,
                       topic->description);
  }
  return std::nullopt;
}

std::string topic_value(const BrokerSetting& setting, std::string_view value) {
  if (setting.unit == 1) return std::string(value);
  value.remove_prefix(std::min(value.find_first_not_of(" \t+"), value.size()));
  int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number < 0 ? "-1" : std::to_string(number * setting.unit);
}

}  // namespace omashu::broker
