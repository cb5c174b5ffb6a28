#include "provision/export.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/json.h"
#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "provision/ssv_file.h"
#include "provision/type_definitions.h"

namespace omashu::provision {

using schema_registry::SubjectVersion;

namespace {

// What one row will say; without a topic it registers schemas only.
struct Row {
  std::string name;
  const LiveCluster::Topic* topic = nullptr;
  const SubjectVersion* value = nullptr;
  const SubjectVersion* key = nullptr;
};

struct Owner {
  std::string topic;
  bool is_key = false;
};

std::string root_name(const SubjectVersion& version) {
  const auto json = json::parse(version.text.schema);
  if (!json) return {};
  const std::vector<TypeDefinition> definitions = find_type_definitions(*json);
  return !definitions.empty() && definitions.front().value == &*json ? definitions.front().full_name : std::string();
}

std::optional<std::string> without_suffix(std::string_view text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return std::nullopt;
  return std::string(text.substr(0, text.size() - suffix.size()));
}

// The row under which the strategy would register the subject.
std::optional<Owner> owner_of(const SubjectVersion& version, serde::SubjectNameStrategy strategy) {
  switch (strategy) {
    case serde::SubjectNameStrategy::kTopicName:
      if (auto topic = without_suffix(version.subject, "-value")) return Owner{*topic, false};
      if (auto topic = without_suffix(version.subject, "-key")) return Owner{*topic, true};
      return std::nullopt;
    case serde::SubjectNameStrategy::kRecordName:
      if (version.subject != root_name(version)) return std::nullopt;
      return Owner{version.subject, false};
    case serde::SubjectNameStrategy::kTopicRecordName: {
      const std::string root = root_name(version);
      if (root.empty()) return std::nullopt;
      if (auto topic = without_suffix(version.subject, "-" + root)) return Owner{*topic, false};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

class Exporter {
 public:
  Exporter(const LiveCluster& cluster, const ExportOptions& options) : cluster_(cluster), options_(options) {}

  Export run() {
    for (const LiveCluster::Topic& topic : cluster_.topics) rows_of(topic.description.name).front().topic = &topic;
    for (const SubjectVersion& subject : cluster_.subjects) add_subject(subject);
    lines_.push_back({"topic_name", "partitions", "replication_factor", "schema_file", "has_key_schema",
                      "cleanup_policy", "make_it_topic", ""});
    add_lone_keys();
    // Types that belong to no topic first, as a reader meets them.
    for (const bool with_topic : {false, true}) {
      for (const auto& [name, rows] : rows_) {
        for (const Row& row : rows) {
          if ((rows.front().topic != nullptr) == with_topic) add_line(row, rows.front().topic);
        }
      }
    }
    export_.files[std::string(kExportedFileName)] = table_text();
    export_.topics = cluster_.topics.size();
    return std::move(export_);
  }

 private:
  using Line = std::array<std::string, 8>;

  std::vector<Row>& rows_of(const std::string& topic) {
    std::vector<Row>& rows = rows_[topic];
    if (rows.empty()) rows.push_back({.name = topic});
    return rows;
  }

  void add_subject(const SubjectVersion& subject) {
    if (subject.text.schema_type != "AVRO") {
      warn(
          fmt::format("subject {} holds a schema of type {}: not exported", subject.subject, subject.text.schema_type));
      return;
    }
    const auto owner = owner_of(subject, options_.strategy);
    if (!owner || topic_name_problem(owner->topic) || owner->topic.empty()) {
      warn(fmt::format("subject {} is not named as {} names subjects: not exported", subject.subject,
                       serde::subject_name_strategy_name(options_.strategy)));
      return;
    }
    ++export_.schemas;
    std::vector<Row>& rows = rows_of(owner->topic);
    if (owner->is_key) {
      rows.front().key = &subject;
    } else if (rows.front().value == nullptr) {
      rows.front().value = &subject;
    } else {
      rows.push_back({.name = owner->topic, .value = &subject});
    }
  }

  // Without a value's schema the name of the key's file is not free: `<topic_name>-key.avsc`.
  void add_lone_keys() {
    for (const auto& [name, rows] : rows_) {
      if (rows.front().value == nullptr && rows.front().key != nullptr)
        add_schema(name + "-key.avsc", *rows.front().key);
    }
  }

  void add_line(const Row& row, const LiveCluster::Topic* topic) {
    const std::string stem = free_stem(row);
    Line line{row.name,
              "1",
              "1",
              row.value != nullptr ? stem + ".avsc" : std::string(kNoSchema),
              row.key != nullptr ? "true" : "false",
              "delete",
              topic != nullptr ? "true" : "false",
              ""};
    add_level(row, line);
    add_pinned_references(row, line);
    if (row.value != nullptr) add_schema(stem + ".avsc", *row.value);
    if (row.value != nullptr && row.key != nullptr) add_schema(stem + "-key.avsc", *row.key);
    if (topic != nullptr) fill_topic(*topic, line);
    lines_.push_back(std::move(line));
  }

  // A row has one level for both of its subjects.
  void add_level(const Row& row, Line& line) {
    const std::string value = row.value == nullptr ? "" : level_of(row.value->subject);
    const std::string key = row.key == nullptr ? "" : level_of(row.key->subject);
    if (row.value != nullptr && row.key != nullptr && value != key) {
      warn(fmt::format("subjects {} and {} have different compatibility levels, which one row cannot say: left out",
                       row.value->subject, row.key->subject));
      return;
    }
    const std::string& level = row.value != nullptr ? value : key;
    if (!level.empty()) add_setting(line, kCompatibility, level);
  }

  // Of references to versions that are not the latest of their subject.
  void add_pinned_references(const Row& row, Line& line) {
    std::map<std::string, int> pinned;
    for (const SubjectVersion* version : {row.value, row.key}) {
      if (version == nullptr) continue;
      for (const schema_registry::Reference& reference : version->text.references) {
        const auto latest = cluster_.latest_versions.find(reference.subject);
        if (latest != cluster_.latest_versions.end() && latest->second == reference.version) continue;
        pinned.emplace(reference.subject, reference.version);
      }
    }
    for (const auto& [subject, version] : pinned)
      add_setting(line, fmt::format("{}{}", kReferencePrefix, subject), version);
  }

  template <class Value>
  static void add_setting(Line& line, std::string_view name, const Value& value) {
    line[7] += fmt::format("{}{}={}", line[7].empty() ? "" : " ", name, value);
  }

  // "" where it is the global one.
  std::string level_of(const std::string& subject) const {
    const auto level = cluster_.levels.find(subject);
    return level == cluster_.levels.end() ? "" : level->second;
  }

  // The row's files are STEM.avsc and STEM-key.avsc; topics `a` and `a-key` would share one.
  std::string free_stem(const Row& row) const {
    std::string stem = row.name;
    for (int number = 2; is_taken(stem); ++number) stem = fmt::format("{}-{}", row.name, number);
    return stem;
  }

  bool is_taken(const std::string& stem) const {
    return export_.files.contains(stem + ".avsc") || export_.files.contains(stem + "-key.avsc");
  }

  void add_schema(const std::string& path, const SubjectVersion& version) {
    const auto json = json::parse(version.text.schema);
    export_.files[path] = (json ? json::to_pretty_text(*json) : version.text.schema) + "\n";
  }

  void fill_topic(const LiveCluster::Topic& topic, Line& line) {
    line[1] = std::to_string(topic.description.partitions);
    line[2] = std::to_string(topic.description.replication_factor);
    for (const auto& [name, entry] : topic.configs) {
      if (name == kCleanupPolicy) {
        line[5] = entry.value;
        std::erase(line[5], ' ');
        if (line[5].empty()) line[5] = "delete";
        continue;
      }
      if (entry.is_default || entry.is_read_only || entry.is_sensitive) continue;
      if (entry.value.find_first_of(" \t\r\n") != std::string::npos) {
        warn(fmt::format("topic {}: the value of {} has spaces in it, which the file cannot say: left out",
                         topic.description.name, name));
        continue;
      }
      add_setting(line, name, entry.value);
    }
  }

  std::string table_text() const {
    std::array<size_t, 8> widths{};
    for (const Line& line : lines_) {
      for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    }
    std::string text =
        "# Topics and schemas as they were found. `init-kafka topics_and_schemas.txt` makes a cluster agree.\n\n";
    for (const Line& line : lines_) {
      std::string out;
      for (size_t i = 0; i < line.size(); ++i) out += fmt::format("{:{}}  ", line[i], widths[i]);
      text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
  }

  void warn(std::string text) { export_.warnings.push_back(std::move(text)); }

  const LiveCluster& cluster_;
  const ExportOptions& options_;
  std::map<std::string, std::vector<Row>> rows_;  // by topic; several where a topic has several types of records
  std::vector<Line> lines_;
  Export export_;
};

Result<void> read_levels(schema_registry::Client& registry, LiveCluster& cluster) {
  std::vector<std::string> names = {""};
  for (const SubjectVersion& subject : cluster.subjects) names.push_back(subject.subject);
  const auto levels = registry.compatibility_level_of_all(names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (!levels[i]) return fail(levels[i].error());
    if (i > 0 && *levels[i] != *levels[0]) cluster.levels[names[i]] = *levels[i];
  }
  return {};
}

Result<void> read_latest_versions(schema_registry::Client& registry, LiveCluster& cluster) {
  std::set<std::string> others;
  for (const SubjectVersion& subject : cluster.subjects) {
    cluster.latest_versions[subject.subject] = subject.version;
    for (const schema_registry::Reference& reference : subject.text.references) others.insert(reference.subject);
  }
  for (const auto& [known, version] : cluster.latest_versions) others.erase(known);
  const std::vector<std::string> names(others.begin(), others.end());
  for (auto& latest : registry.latest_of_all(names)) {
    if (latest) {
      cluster.latest_versions[latest->subject] = latest->version;
    } else if (latest.error().code != ErrorCode::kNotFound) {
      return fail(std::move(latest).error());
    }
  }
  return {};
}

}  // namespace

Result<LiveCluster> read_live_cluster(kafka::Admin& admin, schema_registry::Client& registry,
                                      const ExportOptions& options) {
  LiveCluster cluster;
  auto topics = admin.list_topics();
  if (!topics) return fail(std::move(topics).error());
  std::ranges::sort(*topics, {}, &kafka::TopicDescription::name);
  std::vector<std::string> names;
  for (kafka::TopicDescription& topic : *topics) {
    if (is_internal_topic(topic.name) || !topic.name.starts_with(options.prefix)) continue;
    names.push_back(topic.name);
    cluster.topics.push_back({std::move(topic), {}});
  }
  auto configs = admin.describe_configs(names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (!configs[i]) return fail(std::move(configs[i]).error());
    cluster.topics[i].configs = *std::move(configs[i]);
  }
  auto subjects = registry.subjects();
  if (!subjects) return fail(std::move(subjects).error());
  std::erase_if(*subjects, [&](const std::string& subject) { return !subject.starts_with(options.prefix); });
  std::ranges::sort(*subjects);
  for (auto& latest : registry.latest_of_all(*subjects)) {
    if (latest) {
      cluster.subjects.push_back(*std::move(latest));
    } else if (latest.error().code != ErrorCode::kNotFound) {
      return fail(std::move(latest).error());
    }
  }
  if (auto read = read_levels(registry, cluster); !read) return fail(std::move(read).error());
  if (auto read = read_latest_versions(registry, cluster); !read) return fail(std::move(read).error());
  return cluster;
}

Export export_cluster(const LiveCluster& cluster, const ExportOptions& options) {
  return Exporter(cluster, options).run();
}

}  // namespace omashu::provision
