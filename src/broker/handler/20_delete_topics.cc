// DeleteTopics, 1 to 6. The topics of a request go with one write to the disk; the files of their records are removed
// in the background. A topic that the request names twice stays, as in Kafka.
//
// Groups forget what they have committed for the topics. Kafka's own topic cannot be deleted here: what it holds is in
// use as long as the broker runs.

#include "broker/protocol/20_delete_topics.h"

#include <fmt/core.h>

#include <expected>
#include <map>
#include <span>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestTopic = DeleteTopicsRequest::Topic;
using Found = std::expected<TopicPtr, Refusal>;

Found find(const TopicStore& topics, const RequestTopic& request_topic) {
  const bool has_id = request_topic.topic_id != Uuid();
  const auto refuse = [](KafkaError error, std::string message) {
    return std::unexpected(Refusal{error, std::move(message)});
  };
  if (!request_topic.name && !has_id)
    return refuse(KafkaError::kInvalidRequest, "Neither topic name nor id were specified.");
  if (request_topic.name && has_id) {
    return refuse(KafkaError::kInvalidRequest, "You may not specify both topic name and topic id.");
  }
  TopicPtr topic = request_topic.name ? topics.find(*request_topic.name) : topics.find(request_topic.topic_id.bytes);
  if (topic == nullptr && has_id) return refuse(KafkaError::kUnknownTopicId, "There is no topic with this id.");
  if (topic == nullptr) return std::unexpected(unknown_topic(*request_topic.name));
  if (topic->is_internal()) {
    return refuse(KafkaError::kInvalidTopicException, fmt::format("The topic {} is the broker's own.", topic->name));
  }
  return topic;
}

std::vector<Found> find_all(const TopicStore& topics, std::span<const RequestTopic> requested) {
  std::vector<Found> found;
  std::map<TopicPtr, int> mentions;
  for (const RequestTopic& topic : requested) {
    found.push_back(find(topics, topic));
    if (found.back()) ++mentions[*found.back()];
  }
  for (Found& topic : found) {
    if (topic && mentions[*topic] > 1) {
      topic = std::unexpected(Refusal{KafkaError::kInvalidRequest, "Duplicate topic name."});
    }
  }
  return found;
}

DeleteTopicsResponse::Result answer(const RequestTopic& request_topic, const Found& found) {
  DeleteTopicsResponse::Result result{.topic_id = request_topic.topic_id};
  if (request_topic.name) result.name = std::string(*request_topic.name);
  if (found) {
    result.name = (*found)->name;
    result.topic_id = {(*found)->id};
  } else {
    result.error_code = found.error().error;
    result.error_message = found.error().message;
  }
  return result;
}

}  // namespace

DeleteTopicsResponse handle_delete_topics(Broker& broker, const RequestContext&, const DeleteTopicsRequest& request) {
  std::vector<RequestTopic> requested = request.topics;
  for (const std::string_view name : request.topic_names) requested.push_back({.name = name});
  std::vector<Found> found = find_all(broker.topics(), requested);
  std::vector<std::string_view> names;
  for (const Found& topic : found) {
    if (topic) names.push_back((*topic)->name);
  }
  const auto removed = broker.remove_topics(names);
  // With an error of the disk they may be gone, too.
  std::vector<std::string_view> gone;
  for (const Found& topic : found) {
    if (topic && broker.topics().find((*topic)->id) == nullptr) gone.push_back((*topic)->name);
  }
  broker.groups().topics_deleted(gone);
  DeleteTopicsResponse response;
  for (size_t i = 0; i < requested.size(); ++i) {
    if (found[i] && !removed) {
      found[i] = std::unexpected(Refusal{KafkaError::kKafkaStorageError, removed.error().message});
    }
    response.responses.push_back(answer(requested[i], found[i]));
  }
  return response;
}

}  // namespace omashu::broker
