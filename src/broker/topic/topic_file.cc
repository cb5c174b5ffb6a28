#include "broker/topic/topic_file.h"

#include <fmt/core.h>

#include <set>

#include "base/json.h"
#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "broker/log/text_checksum.h"

namespace omashu::broker {
namespace {

constexpr int kVersion = 1;
constexpr std::string_view kHasBrokerConfigs = "has_broker_configs";

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<TopicFile> parse() {
    const auto root = json::parse(text_);
    if (!root) return fail(root.error());
    const json::Value* version = root->find("version");
    if (version == nullptr || version->as_int64() != kVersion) return wrong(*root, "this is no file of version 1");
    const json::Value* cluster_id = root->find("cluster_id");
    if (cluster_id == nullptr || !cluster_id->is_string()) return wrong(*root, "cluster_id is missing");
    if (auto checked = check_text(*root); !checked) return fail(std::move(checked).error());
    TopicFile file{.cluster_id = cluster_id->text(), .topics = {}, .removing = {}};
    if (const json::Value* has_broker_configs = root->find(kHasBrokerConfigs); has_broker_configs != nullptr) {
      if (!has_broker_configs->is_boolean()) {
        return wrong(*has_broker_configs, fmt::format("{} is wrong", kHasBrokerConfigs));
      }
      file.has_broker_configs = has_broker_configs->boolean();
    }
    if (auto done = parse_topics(*root, "topics", file.topics); !done) return fail(std::move(done).error());
    if (auto done = parse_topics(*root, "removing", file.removing); !done) return fail(std::move(done).error());
    std::set<std::string, MetricNameLess> names;
    for (const TopicEntry& topic : file.topics) {
      if (!names.insert(topic.name).second) return wrong(*root, fmt::format("the topic {} is there twice", topic.name));
    }
    return file;
  }

 private:
  // A member that is not known may be one whose name is damaged.
  Result<void> check_text(const json::Value& root) const {
    for (const json::Member& member : root.members()) {
      const bool is_known = member.name == "version" || member.name == "cluster_id" || member.name == "topics" ||
                            member.name == "removing" || member.name == kHasBrokerConfigs ||
                            member.name == kJsonChecksum;
      if (!is_known) return wrong(member.value, fmt::format("{} is not known", member.name));
      if (member.name != kJsonChecksum) continue;
      if (const auto problem = json_checksum_problem(text_)) return wrong(member.value, *problem);
    }
    return {};
  }

  Result<void> parse_topics(const json::Value& root, std::string_view member, std::vector<TopicEntry>& topics) {
    const json::Value* list = root.find(member);
    if (list == nullptr || !list->is_array()) return wrong(root, fmt::format("{} are missing", member));
    for (const json::Value& item : list->items()) {
      auto topic = parse_topic(item);
      if (!topic) return fail(std::move(topic).error());
      topics.push_back(*std::move(topic));
    }
    return {};
  }

  Result<TopicEntry> parse_topic(const json::Value& topic) {
    TopicEntry entry;
    const json::Value* name = topic.find("name");
    if (name == nullptr || !name->is_string() || topic_name_problem(name->text())) return wrong(topic, "name is wrong");
    entry.name = name->text();
    const json::Value* id = topic.find("id");
    const auto parsed_id = id != nullptr && id->is_string() ? parse_id(id->text()) : std::nullopt;
    if (!parsed_id) return wrong(topic, "id is wrong");
    entry.id = *parsed_id;
    const json::Value* partitions = topic.find("partitions");
    const auto count = partitions != nullptr ? partitions->as_int64() : std::nullopt;
    if (!count || *count < 1 || *count > kMaxPartitionsOfTopic) return wrong(topic, "partitions are wrong");
    entry.partitions = static_cast<int32_t>(*count);
    const json::Value* configs = topic.find("configs");
    if (configs == nullptr || !configs->is_object()) return wrong(topic, "configs are missing");
    for (const json::Member& config : configs->members()) {
      const bool is_known = find_topic_config(config.name) != nullptr;
      if (!is_known || !config.value.is_string()) return wrong(config.value, "the config is wrong");
      if (auto problem = topic_config_problem(config.name, config.value.text())) return wrong(config.value, *problem);
      entry.configs[config.name] = config.value.text();
    }
    return entry;
  }

  std::unexpected<Error> wrong(const json::Value& value, std::string_view what) const {
    return fail(Error{ErrorCode::kCorrupt, std::string(what), json::position_at(text_, value.offset())});
  }

  std::string_view text_;
};

// A line for each topic, so that people can read it and compare two of them.
void append_topics(std::string& text, const std::vector<TopicEntry>& topics) {
  text += '[';
  for (const TopicEntry& topic : topics) {
    json::Value configs = json::Value::object();
    for (const auto& [name, value] : topic.configs) configs.add(name, value);
    json::Value line = json::Value::object();
    line.add("name", topic.name).add("id", id_text(topic.id)).add("partitions", topic.partitions);
    line.add("configs", std::move(configs));
    text += &topic == topics.data() ? "\n" : ",\n";
    json::append_text(text, line);
  }
  text += ']';
}

}  // namespace

std::string topic_file_text(const TopicFile& file) {
  std::string text = fmt::format("{{\"version\":{},\"cluster_id\":", kVersion);
  json::append_quoted(text, file.cluster_id);
  text += ",\"topics\":";
  append_topics(text, file.topics);
  text += ",\"removing\":";
  append_topics(text, file.removing);
  if (file.has_broker_configs) text += fmt::format(",\n\"{}\":true", kHasBrokerConfigs);
  return with_json_checksum(std::move(text));
}

Result<TopicFile> parse_topic_file(std::string_view text) { return Parser(text).parse(); }

}  // namespace omashu::broker
