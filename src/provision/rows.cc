#include "provision/rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "base/topic_configs.h"
#include "base/topic_name.h"

namespace omashu::provision {

namespace {

struct Difference {
  TextPosition position;
  std::string what;
};

Difference differs(TextPosition position, std::string_view column, std::string_view here, std::string_view there) {
  return {position, fmt::format("{} {} here and {} there", column, here, there)};
}

std::map<std::string, Placed<std::string>> configs_of(const SsvRow& row) {
  return {row.configs.begin(), row.configs.end()};
}

std::map<std::string, int> pins_of(const SsvRow& row) {
  std::map<std::string, int> pins;
  for (const auto& [subject, version] : row.pinned_references) pins[subject] = version.value;
  return pins;
}

std::string pins_text(const SsvRow& row) {
  std::string text;
  for (const auto& [subject, version] : row.pinned_references) {
    text += fmt::format("{}{}{}={}", text.empty() ? "" : " ", kReferencePrefix, subject, version.value);
  }
  return text.empty() ? "no references" : text;
}

std::vector<std::string> split_fields(std::string_view text) {
  std::vector<std::string> fields;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find(','));
    fields.emplace_back(field);
    text.remove_prefix(std::min(field.size() + 1, text.size()));
  }
  return fields;
}

// The first thing that `row` says otherwise than `first`, a row of the same topic.
std::optional<Difference> find_difference(const SsvRow& row, const SsvRow& first, serde::SubjectNameStrategy strategy) {
  if (row.make_it_topic.value != first.make_it_topic.value) {
    return differs(row.make_it_topic.position, "make_it_topic is", row.make_it_topic.value ? "true" : "false",
                   first.make_it_topic.value ? "true" : "false");
  }
  if (row.partitions.value != first.partitions.value) {
    return differs(row.partitions.position, "partitions is", std::to_string(row.partitions.value),
                   std::to_string(first.partitions.value));
  }
  if (row.replication_factor.value != first.replication_factor.value) {
    return differs(row.replication_factor.position, "replication_factor is",
                   std::to_string(row.replication_factor.value), std::to_string(first.replication_factor.value));
  }
  if (!same_config_value(kCleanupPolicy, row.cleanup_policy.value, first.cleanup_policy.value)) {
    return differs(row.cleanup_policy.position, "cleanup_policy is", row.cleanup_policy.value,
                   first.cleanup_policy.value);
  }
  const auto there = configs_of(first);
  for (const auto& [name, value] : row.configs) {
    const auto found = there.find(name);
    if (found == there.end()) return differs(value.position, name + " is", value.value, "not set");
    if (!same_config_value(name, value.value, found->second.value)) {
      return differs(value.position, name + " is", value.value, found->second.value);
    }
  }
  const auto here = configs_of(row);
  for (const auto& [name, value] : first.configs) {
    if (!here.contains(name)) return differs(row.topic_name.position, name + " is", "not set", value.value);
  }
  const auto level_of = [](const SsvRow& r) { return r.compatibility ? r.compatibility->value : "not set"; };
  if (level_of(row) != level_of(first)) {
    return differs(row.compatibility ? row.compatibility->position : row.topic_name.position, "compatibility is",
                   level_of(row), level_of(first));
  }
  for (const auto& [name, here_text, there_text] : {std::tuple(kIndex, &row.index, &first.index),
                                                    {kTimeToLive, &row.ttl, &first.ttl},
                                                    {kBoard, &row.board, &first.board}}) {
    const auto value_of = [](const auto& text) { return text ? text->value : "not set"; };
    if (value_of(*here_text) == value_of(*there_text)) continue;
    return differs(*here_text ? (*here_text)->position : row.topic_name.position, std::string(name) + " is",
                   value_of(*here_text), value_of(*there_text));
  }
  if (const std::string pins = pins_text(row), other_pins = pins_text(first); pins != other_pins) {
    return differs(row.topic_name.position, "pinned are", pins, other_pins);
  }
  // The other strategies allow several types of records in a topic.
  if (strategy != serde::SubjectNameStrategy::kTopicName) return std::nullopt;
  if (row.schema_file.value != first.schema_file.value) {
    return differs(row.schema_file.position, "schema_file is", row.schema_file.value, first.schema_file.value);
  }
  if (row.has_key_schema.value != first.has_key_schema.value) {
    return differs(row.has_key_schema.position, "has_key_schema is", row.has_key_schema.value ? "true" : "false",
                   first.has_key_schema.value ? "true" : "false");
  }
  return std::nullopt;
}

DesiredTopic make_topic(const SsvRow& row, const std::string& file) {
  DesiredTopic topic;
  topic.name = row.topic_name.value;
  topic.partitions = row.partitions.value;
  topic.replication_factor = row.replication_factor.value;
  const auto place = [&](const std::string& what, TextPosition position) { topic.places[what] = {file, position}; };
  place("name", row.topic_name.position);
  place("partitions", row.partitions.position);
  place("replication_factor", row.replication_factor.position);
  topic.configs[std::string(kCleanupPolicy)] = row.cleanup_policy.value;
  place(std::string(kCleanupPolicy), row.cleanup_policy.position);
  for (const auto& [name, value] : row.configs) {
    topic.configs[name] = value.value;
    place(name, value.position);
  }
  if (row.index) {
    place(std::string(kIndex), row.index->position);
    topic.indexes = split_fields(row.index->value);
  }
  if (row.board) {
    place(std::string(kBoard), row.board->position);
    topic.board = split_fields(row.board->value);
  }
  if (row.ttl) {
    place(std::string(kTimeToLive), row.ttl->position);
    topic.ttl = row.ttl->value;
  }
  return topic;
}

bool names_same_schemas(const SsvRow& row, const SsvRow& other) {
  return row.schema_file.value == other.schema_file.value && row.has_key_schema.value == other.has_key_schema.value;
}

std::optional<Mistake> min_insync_problem(const DesiredTopic& topic) {
  const std::string name = "min.insync.replicas";
  const auto setting = topic.configs.find(name);
  if (setting == topic.configs.end()) return std::nullopt;
  int64_t replicas = 0;
  std::from_chars(setting->second.data(), setting->second.data() + setting->second.size(), replicas);
  if (topic.replication_factor == kBrokerDefault || replicas <= topic.replication_factor) return std::nullopt;
  return Mistake{
      topic.places.at(name),
      fmt::format("topic {}: {} is {}, above the replication factor {}: a producer with acks=all could never "
                  "write",
                  topic.name, name, replicas, topic.replication_factor)};
}

std::string key_schema_file(const SsvRow& row) {
  constexpr std::string_view kSuffix = ".avsc";
  if (row.schema_file.value == kNoSchema) return row.topic_name.value + "-key.avsc";
  std::string_view stem = row.schema_file.value;
  if (stem.ends_with(kSuffix)) stem.remove_suffix(kSuffix.size());
  return std::string(stem) + "-key.avsc";
}

}  // namespace

std::vector<DesiredTopic> collect_topics(const SsvFile& ssv, const std::string& file,
                                         serde::SubjectNameStrategy strategy, Findings& findings) {
  std::vector<DesiredTopic> topics;
  std::map<std::string, const SsvRow*> first_rows;
  std::map<std::string, const SsvRow*> first_by_metric_name;
  for (const SsvRow& row : ssv.rows) {
    if (!row.is_right) continue;
    const auto [first, is_new] = first_rows.emplace(row.topic_name.value, &row);
    if (!is_new) {
      if (const auto difference = find_difference(row, *first->second, strategy)) {
        findings.mistakes.push_back(
            {{file, difference->position},
             fmt::format("topic {} is also in line {}, and differently: {}; keep one of the rows", row.topic_name.value,
                         first->second->topic_name.position.line, difference->what)});
      } else if (names_same_schemas(row, *first->second)) {
        findings.warnings.push_back({{file, row.topic_name.position},
                                     fmt::format("topic {}: line {} says the same; keep one of the rows",
                                                 row.topic_name.value, first->second->topic_name.position.line)});
      }
      continue;
    }
    if (!row.make_it_topic.value) continue;
    const auto [other, is_alone] = first_by_metric_name.emplace(metric_name(row.topic_name.value), &row);
    if (!is_alone) {
      findings.mistakes.push_back(
          {{file, row.topic_name.position},
           fmt::format("topic {} collides with {} of line {}: Kafka names metrics alike for '.' and '_'; "
                       "rename one of them",
                       row.topic_name.value, other->second->topic_name.value,
                       other->second->topic_name.position.line)});
    }
    topics.push_back(make_topic(row, file));
    if (auto warning = min_insync_problem(topics.back())) findings.warnings.push_back(*std::move(warning));
  }
  return topics;
}

std::vector<SchemaRequest> collect_schema_requests(const SsvFile& ssv, const std::string& file) {
  std::vector<SchemaRequest> requests;
  for (const SsvRow& row : ssv.rows) {
    if (!row.schema_file.is_right || !row.topic_name.is_right) continue;
    SchemaRequest request{.topic = row.topic_name.value,
                          .is_shared_type = row.make_it_topic.is_right && !row.make_it_topic.value,
                          .file = row.schema_file.value,
                          .place = {file, row.schema_file.position},
                          .compatibility = row.compatibility,
                          .pinned_references = pins_of(row)};
    if (request.file != kNoSchema) requests.push_back(request);
    if (row.has_key_schema.is_right && row.has_key_schema.value) {
      request.is_key = true;
      request.file = key_schema_file(row);
      requests.push_back(request);
    }
  }
  return requests;
}

}  // namespace omashu::provision
