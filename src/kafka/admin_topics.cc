// Topics: made, widened, deleted, awaited.

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>
#include <utility>

#include "kafka/admin_call.h"
#include "kafka/admin_client.h"
#include "kafka/error_codes.h"
#include "kafka/list_offsets.h"
#include "kafka/retry.h"
#include "kafka/topic_batches.h"
#include "kafka/topic_descriptions.h"

namespace omashu::kafka {
namespace {

template <class T>
struct Destroyer {
  void operator()(T* object) const {
    if constexpr (std::is_same_v<T, rd_kafka_NewTopic_t>) rd_kafka_NewTopic_destroy(object);
    if constexpr (std::is_same_v<T, rd_kafka_NewPartitions_t>) rd_kafka_NewPartitions_destroy(object);
    if constexpr (std::is_same_v<T, rd_kafka_DeleteTopic_t>) rd_kafka_DeleteTopic_destroy(object);
  }
};
template <class T>
using Owned = std::unique_ptr<T, Destroyer<T>>;

using Answers = std::vector<Result<void>>;

// A request about topics, in librdkafka's form: `item` may be null where the library refuses it before it is sent.
template <class T>
struct Request {
  int operation = 0;
  bool validate_only = false;
  std::function<std::string(size_t)> name_of;
  std::function<Result<Owned<T>>(size_t)> make;
  void (*send)(rd_kafka_t*, T**, size_t, const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*) = nullptr;
  const rd_kafka_topic_result_t** (*results)(rd_kafka_event_t*, size_t*) = nullptr;
  // Says that what was asked for is already so: success, where an earlier try may have been carried out.
  std::function<bool(int code, std::string_view words)> is_already_so;
};

// One request about the topics `which`; one answer for each.
template <class T>
Result<Answers> send(ClientHandle& client, const Request<T>& request, std::span<const size_t> which, bool is_second_try,
                     Clock::time_point deadline) {
  std::vector<Owned<T>> items;
  std::map<std::string, Result<void>, std::less<>> found;
  for (const size_t i : which) {
    if (auto item = request.make(i)) {
      items.push_back(std::move(*item));
    } else {
      found.emplace(request.name_of(i), fail(std::move(item.error())));
    }
  }
  if (!items.empty()) {
    std::vector<T*> pointers;
    for (const Owned<T>& item : items) pointers.push_back(item.get());
    const auto answer = call(client, {.operation = request.operation,
                                      .deadline = deadline,
                                      .validate_only = request.validate_only,
                                      .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                        request.send(client.get(), pointers.data(), pointers.size(), options, queue);
                                      }});
    if (!answer) return fail(answer.error());
    size_t count = 0;
    const rd_kafka_topic_result_t** results = request.results(answer->event.get(), &count);
    for (size_t i = 0; i < count; ++i) {
      const int code = rd_kafka_topic_result_error(results[i]);
      const char* words = rd_kafka_topic_result_error_string(results[i]);
      const std::string_view text = words == nullptr ? "" : words;
      Result<void> result;
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR &&
          !((answer->was_resent || is_second_try) && request.is_already_so(code, text))) {
        result = fail(broker_error(code, text));
      }
      found.insert_or_assign(rd_kafka_topic_result_name(results[i]), std::move(result));
    }
  }
  Answers answers;
  for (const size_t i : which) {
    const std::string name = request.name_of(i);
    const auto result = found.find(name);
    answers.push_back(result != found.end() ? result->second
                                            : fail(ErrorCode::kInternal, "the broker's answer leaves it out"));
  }
  return answers;
}

// All of it, tried again while it may pass.
template <class T>
Answers send_all(ClientHandle& client, const Request<T>& request, size_t count, Clock::time_point deadline) {
  bool is_second_try = false;
  return retry_each<void>(count, deadline, [&](std::span<const size_t> which) {
    return send(client, request, which, std::exchange(is_second_try, true), deadline);
  });
}

Result<Owned<rd_kafka_NewTopic_t>> make_new_topic(const NewTopic& topic) {
  char words[256] = "";
  Owned<rd_kafka_NewTopic_t> item(
      rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replication_factor, words, sizeof(words)));
  if (!item) return fail(ErrorCode::kInvalidArgument, words);
  for (const auto& [name, value] : topic.configs) rd_kafka_NewTopic_set_config(item.get(), name.c_str(), value.c_str());
  return item;
}

Request<rd_kafka_NewTopic_t> create_request(std::span<const NewTopic> topics, bool validate_only) {
  return {.operation = RD_KAFKA_ADMIN_OP_CREATETOPICS,
          .validate_only = validate_only,
          .name_of = [topics](size_t i) { return topics[i].name; },
          .make = [topics](size_t i) { return make_new_topic(topics[i]); },
          .send = rd_kafka_CreateTopics,
          .results =
              [](rd_kafka_event_t* event, size_t* count) {
                return rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), count);
              },
          .is_already_so =
              [validate_only](int code, std::string_view) {
                return !validate_only && code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
              }};
}

Request<rd_kafka_NewPartitions_t> widen_request(std::span<const Admin::NewPartitions> topics, bool validate_only) {
  return {.operation = RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
          .validate_only = validate_only,
          .name_of = [topics](size_t i) { return topics[i].topic; },
          .make = [topics](size_t i) -> Result<Owned<rd_kafka_NewPartitions_t>> {
            char words[256] = "";
            Owned<rd_kafka_NewPartitions_t> item(rd_kafka_NewPartitions_new(
                topics[i].topic.c_str(), static_cast<size_t>(std::max(topics[i].total, 0)), words, sizeof(words)));
            if (!item) return fail(ErrorCode::kInvalidArgument, words);
            return item;
          },
          .send = rd_kafka_CreatePartitions,
          .results =
              [](rd_kafka_event_t* event, size_t* count) {
                return rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), count);
              },
          // Kafka says "Topic already has 6 partition(s)." for just the number that was asked for.
          .is_already_so =
              [](int code, std::string_view words) {
                return code == RD_KAFKA_RESP_ERR_INVALID_PARTITIONS && words.contains("already has");
              }};
}

Request<rd_kafka_DeleteTopic_t> delete_request(std::span<const std::string> topics) {
  return {.operation = RD_KAFKA_ADMIN_OP_DELETETOPICS,
          .name_of = [topics](size_t i) { return topics[i]; },
          .make = [topics](size_t i) -> Result<Owned<rd_kafka_DeleteTopic_t>> {
            return Owned<rd_kafka_DeleteTopic_t>(rd_kafka_DeleteTopic_new(topics[i].c_str()));
          },
          .send = rd_kafka_DeleteTopics,
          .results =
              [](rd_kafka_event_t* event, size_t* count) {
                return rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), count);
              },
          .is_already_so = [](int code, std::string_view) { return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART; }};
}

// Those of `topics` that are not ready yet, each with the reason.
std::map<std::string, std::string> unready(ClientHandle& client, std::span<const std::string> topics,
                                           Clock::time_point deadline) {
  std::map<std::string, std::string> reasons;
  OffsetQuery ends;
  const auto descriptions = describe_topics(client, topics, deadline);
  for (size_t i = 0; i < topics.size(); ++i) {
    if (!descriptions[i]) {
      reasons[topics[i]] = descriptions[i].error().message;
    } else if (descriptions[i]->leaderless_partitions > 0) {
      reasons[topics[i]] = fmt::format("{} of {} partitions have no leader", descriptions[i]->leaderless_partitions,
                                       descriptions[i]->partitions);
    } else {
      for (PartitionId p = 0; p < descriptions[i]->partitions; ++p) ends[{topics[i], p}] = kLatestTimestamp;
    }
  }
  // Only the leader itself knows whether it has the log open.
  for (const auto& [partition, end] : list_offsets(client, ends, false, deadline)) {
    if (!end) reasons[partition.topic] = end.error().message;
  }
  return reasons;
}

}  // namespace

std::vector<Result<TopicDescription>> AdminClient::describe_topics(std::span<const std::string> topics) {
  return kafka::describe_topics(*client_, topics, deadline());
}

std::vector<Result<void>> AdminClient::create_topics(std::span<const NewTopic> topics, bool validate_only) {
  const Clock::time_point end = deadline();
  Answers answers;
  for (const size_t size : create_batch_sizes(topics)) {
    const std::span<const NewTopic> batch = topics.subspan(answers.size(), size);
    for (Result<void>& answer : send_all(*client_, create_request(batch, validate_only), size, end)) {
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

std::vector<Result<void>> AdminClient::create_partitions(std::span<const NewPartitions> topics, bool validate_only) {
  return send_all(*client_, widen_request(topics, validate_only), topics.size(), deadline());
}

std::vector<Result<void>> AdminClient::delete_topics(std::span<const std::string> topics) {
  return send_all(*client_, delete_request(topics), topics.size(), deadline());
}

Result<void> AdminClient::wait_until_ready(std::span<const std::string> topics, std::chrono::milliseconds timeout) {
  const Clock::time_point end = Clock::now() + timeout;
  std::vector<std::string> waiting(topics.begin(), topics.end());
  for (Backoff backoff;; backoff.wait(end)) {
    const auto reasons = unready(*client_, waiting, end);
    if (reasons.empty()) return {};
    waiting.clear();
    for (const auto& [topic, reason] : reasons) waiting.push_back(topic);
    if (Clock::now() < end) continue;
    const auto& [topic, reason] = *reasons.begin();
    return fail(ErrorCode::kTimeout,
                fmt::format("{} of {} topics were not ready within {:.3g} s, {} among them: {}", reasons.size(),
                            topics.size(), static_cast<double>(timeout.count()) / 1000.0, topic, reason));
  }
}

}  // namespace omashu::kafka
