#include "broker/config/settings_page.h"

#include <fmt/core.h>

#include <limits>
#include <string_view>

#include "broker/config/broker_settings.h"

namespace omashu::broker {

namespace {

using Kind = TopicConfigDefinition::Kind;

constexpr int64_t kMinLong = std::numeric_limits<int64_t>::min();
constexpr int64_t kMaxLong = std::numeric_limits<int64_t>::max();
constexpr int64_t kMaxInt = std::numeric_limits<int32_t>::max();

constexpr std::string_view kHead = R"(# Settings of the broker and of its topics

For whoever sets something of `omashu up`, or wonders whether a setting of Kafka's does anything here. The names, values and meanings are those of Kafka 4. A setting acts as Kafka's documentation says; or one value describes what is so on a single node anyway, and any other is refused with INVALID_CONFIG and the reason. Nothing is accepted that would do nothing.

This page is written from the declarations in `src/broker/config`, by `settings_page` (see the end). `init-kafka` checks topic settings by what any Kafka accepts, not by this page: a specification may be meant for another broker.
)";

constexpr std::string_view kTopicHead = R"(
## Topic settings

They are set when a topic is created, or altered at any time: `init-kafka`, `kafka-configs --entity-type topics`, and every client's admin API. A topic that does not set one has the broker's value of the setting in the last column.

| setting | values | default | what it does | the broker's |
|---|---|---|---|---|
)";

constexpr std::string_view kBrokerHead = R"(
## Settings of the broker

`omashu up --config NAME=VALUE` sets those that say "at the start". Those that say "at run time" can be altered as well (`kafka-configs --entity-type brokers --entity-name 1`, or `--entity-default` for all brokers; the broker's own value counts first), and are kept in `broker-configs.json` in the data folder. The others are described for the tools that ask for them, and cannot be altered: a try is refused with INVALID_REQUEST.

| setting | set | default | what it is |
|---|---|---|---|
)";

constexpr std::string_view kTail = R"(
## This page

After a change of the declarations:

    cmake --build --preset dev --target settings_page
    build/dev/src/broker/config/settings_page > docs/settings.md

A test compares the page with the declarations.
)";

std::string code(std::string_view text) { return text.empty() ? "empty" : fmt::format("`{}`", text); }

std::string limit(int64_t number) {
  if (number == kMaxInt) return "2³¹−1";
  if (number == kMaxLong) return "2⁶³−1";
  return std::to_string(number);
}

std::string range_text(const TopicConfigDefinition& definition) {
  if (definition.min == kMinLong) return "any number";
  if (definition.max == kMaxLong || definition.max == kMaxInt) return fmt::format("from {}", definition.min);
  return fmt::format("{} to {}", definition.min, definition.max);
}

std::string values_text(const TopicConfigDefinition& definition) {
  switch (definition.kind) {
    case Kind::kInt:
    case Kind::kLong:
    case Kind::kDouble: return range_text(definition);
    case Kind::kBoolean: return "`true`, `false`";
    case Kind::kPolicies: return "`delete`, `compact`, both";
    case Kind::kList: return "a list";
    case Kind::kOneOf: break;
  }
  std::string text;
  for (const char c : definition.choices) text += c == ' ' ? std::string("`, `") : std::string(1, c);
  return fmt::format("`{}`", text);
}

std::string default_text(std::string_view value) {
  if (value == std::to_string(kMaxLong)) return limit(kMaxLong);
  if (value == std::to_string(kMaxInt)) return limit(kMaxInt);
  return code(value);
}

// With the same in days or MiB, which are easier to read.
std::string default_with_unit(std::string_view name, std::string_view value) {
  const std::string words = human_config_value(name, value);
  const std::string text = default_text(value);
  return words.empty() || words == "no limit" ? text : fmt::format("{} ({})", text, words);
}

void append_topic_settings(std::string& page) {
  std::string removed;
  for (const TopicSetting& setting : topic_settings()) {
    if (setting.effect == SettingEffect::kRemoved) {
      removed += fmt::format("- `{}`: {}\n", setting.name, setting.description);
      continue;
    }
    const bool acts = setting.effect == SettingEffect::kActs;
    std::string synonyms;
    for (const BrokerSynonym& synonym : setting.synonyms()) {
      synonyms += fmt::format("{}`{}`", synonyms.empty() ? "" : ", ", synonym.name);
    }
    page += fmt::format(
        "| `{}` | {} | {} | {} | {} |\n", setting.name,
        acts ? values_text(*find_topic_config(setting.name)) : fmt::format("{} alone", code(setting.held_value)),
        default_with_unit(setting.name, setting.default_value()), setting.description,
        synonyms.empty() ? "–" : synonyms);
  }
  page += fmt::format("\nUnknown, as to Kafka 4:\n\n{}", removed);
}

std::string_view when_set(const BrokerSetting& setting) {
  if (setting.topic_setting != nullptr && setting.topic_setting->effect == SettingEffect::kHolds) return "one value";
  if (setting.update_mode == UpdateMode::kClusterWide) return "at run time";
  return setting.is_option ? "at the start" : "–";
}

void append_broker_settings(std::string& page) {
  for (const BrokerSetting& setting : broker_settings()) {
    page += fmt::format("| `{}` | {} | {} | {} |\n", setting.name(), when_set(setting),
                        setting.default_value ? default_with_unit(setting.name(), *setting.default_value) : "–",
                        setting.description);
  }
}

}  // namespace

std::string settings_page() {
  std::string page(kHead);
  page += kTopicHead;
  append_topic_settings(page);
  page += kBrokerHead;
  append_broker_settings(page);
  page += kTail;
  return page;
}

}  // namespace omashu::broker
