// Settings of topics: read and changed.

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "kafka/admin_call.h"
#include "kafka/admin_client.h"
#include "kafka/error_codes.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

// An answer to DescribeConfigs takes some 10 KB a topic, and librdkafka takes 100 MB at the most.
constexpr size_t kTopicsPerRequest = 1'000;

struct ResourceDeleter {
  void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
};
using ResourcePtr = std::unique_ptr<rd_kafka_ConfigResource_t, ResourceDeleter>;

ResourcePtr topic_resource(const std::string& topic) {
  return ResourcePtr(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
}

using SendResources = void (*)(rd_kafka_t*, rd_kafka_ConfigResource_t**, size_t, const rd_kafka_AdminOptions_t*,
                               rd_kafka_queue_t*);

Result<AdminAnswer> send(ClientHandle& client, int operation, SendResources send_resources,
                         const std::vector<ResourcePtr>& resources, bool validate_only, Clock::time_point deadline) {
  std::vector<rd_kafka_ConfigResource_t*> pointers;
  for (const ResourcePtr& resource : resources) pointers.push_back(resource.get());
  return call(client, {.operation = operation,
                       .deadline = deadline,
                       .validate_only = validate_only,
                       .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                         send_resources(client.get(), pointers.data(), pointers.size(), options, queue);
                       }});
}

Result<void> error_of(const rd_kafka_ConfigResource_t* resource) {
  const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resource);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const char* words = rd_kafka_ConfigResource_error_string(resource);
  return fail(broker_error(code, words == nullptr ? "" : words));
}

ConfigSource source_of(const rd_kafka_ConfigEntry_t* entry) {
  switch (rd_kafka_ConfigEntry_source(entry)) {
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG: return ConfigSource::kTopic;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG: return ConfigSource::kDynamicBroker;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG: return ConfigSource::kDynamicDefault;
    case RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG: return ConfigSource::kStaticBroker;
    case RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG: return ConfigSource::kDefault;
    default: return ConfigSource::kUnknown;
  }
}

Result<TopicConfigs> read_configs(const rd_kafka_ConfigResource_t* resource) {
  if (auto answer = error_of(resource); !answer) {
    return fail(std::move(answer).error().within(std::string("topic ") + rd_kafka_ConfigResource_name(resource)));
  }
  TopicConfigs configs;
  size_t count = 0;
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    const ConfigSource source = source_of(entries[i]);
    configs[rd_kafka_ConfigEntry_name(entries[i])] = {
        .value = value == nullptr ? "" : value,
        .is_default = source != ConfigSource::kTopic,
        .is_read_only = rd_kafka_ConfigEntry_is_read_only(entries[i]) == 1,
        .is_sensitive = rd_kafka_ConfigEntry_is_sensitive(entries[i]) == 1,
        .source = source};
  }
  return configs;
}

// The answers by topic, put in the order of the questions.
template <class T>
std::vector<Result<T>> in_order(std::span<const size_t> which, const std::function<std::string(size_t)>& topic_of,
                                const std::map<std::string, Result<T>>& found) {
  std::vector<Result<T>> answers;
  for (const size_t i : which) {
    const auto answer = found.find(topic_of(i));
    answers.push_back(answer != found.end() ? answer->second
                                            : fail(ErrorCode::kInternal, "the broker's answer leaves a topic out"));
  }
  return answers;
}

ResourcePtr change_resource(const ConfigChange& change) {
  ResourcePtr resource = topic_resource(change.topic);
  for (const auto& [name, value] : change.set) {
    const auto operation = value ? RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET : RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE;
    // Its only error is a name that is missing.
    rd_kafka_error_t* error = rd_kafka_ConfigResource_add_incremental_config(resource.get(), name.c_str(), operation,
                                                                             value ? value->c_str() : nullptr);
    if (error != nullptr) rd_kafka_error_destroy(error);
  }
  return resource;
}

}  // namespace

std::vector<Result<TopicConfigs>> AdminClient::describe_configs(std::span<const std::string> topics,
                                                                std::span<const std::string> names) {
  const Clock::time_point end = deadline();
  const auto topic_of = [&](size_t i) { return topics[i]; };
  const auto attempt = [&](std::span<const size_t> which) -> Result<std::vector<Result<TopicConfigs>>> {
    std::map<std::string, Result<TopicConfigs>> found;
    std::set<std::string> asked;  // librdkafka refuses a topic that occurs twice
    for (const size_t i : which) asked.insert(topics[i]);
    for (auto topic = asked.begin(); topic != asked.end();) {
      std::vector<ResourcePtr> resources;
      for (; topic != asked.end() && resources.size() < kTopicsPerRequest; ++topic) {
        resources.push_back(topic_resource(*topic));
        for (const std::string& name : names)
          rd_kafka_ConfigResource_set_config(resources.back().get(), name.c_str(), "");
      }
      const auto answer =
          send(*client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, rd_kafka_DescribeConfigs, resources, false, end);
      if (!answer) return fail(answer.error());
      size_t count = 0;
      const rd_kafka_ConfigResource_t** results =
          rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer->event.get()), &count);
      for (size_t i = 0; i < count; ++i) {
        found.insert_or_assign(rd_kafka_ConfigResource_name(results[i]), read_configs(results[i]));
      }
    }
    return in_order<TopicConfigs>(which, topic_of, found);
  };
  return retry_each<TopicConfigs>(topics.size(), end, attempt);
}

std::vector<Result<void>> AdminClient::alter_configs(std::span<const ConfigChange> changes, bool validate_only) {
  const Clock::time_point end = deadline();
  const auto topic_of = [&](size_t i) { return changes[i].topic; };
  const auto attempt = [&](std::span<const size_t> which) -> Result<std::vector<Result<void>>> {
    std::map<std::string, Result<void>> found;
    for (size_t next = 0; next < which.size();) {
      std::vector<ResourcePtr> resources;
      for (; next < which.size() && resources.size() < kTopicsPerRequest; ++next) {
        const ConfigChange& change = changes[which[next]];
        if (change.set.empty()) {
          found.emplace(change.topic, Result<void>());
        } else {
          resources.push_back(change_resource(change));
        }
      }
      if (resources.empty()) continue;
      const auto answer = send(*client_, RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS, rd_kafka_IncrementalAlterConfigs,
                               resources, validate_only, end);
      if (!answer) return fail(answer.error());
      size_t count = 0;
      const rd_kafka_ConfigResource_t** results = rd_kafka_IncrementalAlterConfigs_result_resources(
          rd_kafka_event_IncrementalAlterConfigs_result(answer->event.get()), &count);
      for (size_t i = 0; i < count; ++i) {
        found.insert_or_assign(rd_kafka_ConfigResource_name(results[i]), error_of(results[i]));
      }
    }
    return in_order<void>(which, topic_of, found);
  };
  return retry_each<void>(changes.size(), end, attempt);
}

}  // namespace omashu::kafka
