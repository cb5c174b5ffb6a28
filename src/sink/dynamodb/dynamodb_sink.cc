#include "sink/dynamodb/dynamodb_sink.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/pause.h"
#include "sink/dynamodb/table_check.h"

namespace omashu::sink::dynamodb {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::milliseconds kPollTable{500};

bool is_worth_a_retry(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout || code == ErrorCode::kCancelled;
}

WriteFailure failure_of(Error error) {
  return is_worth_a_retry(error.code) ? WriteFailure::try_again(std::move(error))
                                      : WriteFailure::stop(std::move(error));
}

WriteFailure failure_of(Answer answer) {
  return answer.verdict == Verdict::kStop || answer.verdict == Verdict::kRefused
             ? WriteFailure::stop(std::move(answer.error))
             : WriteFailure::try_again(std::move(answer.error));
}

class DynamodbSink : public Sink {
 public:
  DynamodbSink(DynamodbOptions options, AwsEnvironment environment, DescribeTopics describe_topics,
               std::unique_ptr<Api> api)
      : options_(std::move(options)),
        credentials_(std::move(environment), is_loopback(options_.api.endpoint)),
        describe_topics_(std::move(describe_topics)),
        api_(std::move(api)) {}

  std::expected<Positions, WriteFailure> begin(std::span<const kafka::TopicPartition> partitions,
                                               const std::stop_token& stop) override {
    if (WriteResult ready = use_credentials(); !ready) return std::unexpected(std::move(ready.error()));
    std::set<std::string> topics;
    for (const kafka::TopicPartition& partition : partitions) topics.insert(partition.topic);
    if (WriteResult known = learn_topics(topics); !known) return std::unexpected(std::move(known.error()));
    if (!mapper_) {
      if (WriteResult opened = open_table(stop); !opened) return std::unexpected(std::move(opened.error()));
    }
    return Positions{};
  }

  WriteResult write(const Batch& batch, Rejections& rejections, const std::stop_token& stop) override {
    if (WriteResult ready = use_credentials(); !ready) return ready;
    std::vector<Rejected> rejected;
    Result<std::vector<MappedItem>> items = map(batch, rejected);
    if (!items) return std::unexpected(failure_of(std::move(items.error())));
    if (WriteResult written = write_items(*std::move(items), rejected, stop); !written) return written;
    if (rejected.empty()) return {};
    std::ranges::sort(rejected, {}, &Rejected::index);
    return rejections.set_aside(rejected);
  }

  void end(std::span<const kafka::TopicPartition>) override {}

  std::vector<SinkMetric> metrics() const override {
    const Api::Counts counts = api_->counts();
    return {
        {"omashu_sink_dynamodb_requests_total", "Requests sent, repetitions among them.",
         static_cast<double>(counts.requests)},
        {"omashu_sink_dynamodb_throttled_total", "Requests that DynamoDB throttled, as a whole or in part.",
         static_cast<double>(counts.throttled)},
        {"omashu_sink_dynamodb_repeated_total", "Requests that were repeated.", static_cast<double>(counts.repeated)},
        {"omashu_sink_dynamodb_older_total", "Records that were not written because a newer one was there.",
         static_cast<double>(older_)},
        {"omashu_sink_dynamodb_concurrency", "Requests that may be under way at once.",
         static_cast<double>(counts.limit)}};
  }

 private:
  WriteResult use_credentials() {
    if (api_->take_expired()) credentials_.forget();
    Result<Credentials> keys = credentials_.get(system_clock::now());
    if (!keys) return std::unexpected(failure_of(std::move(keys.error())));
    api_->use(*std::move(keys));
    return {};
  }

  WriteResult learn_topics(const std::set<std::string>& topics) {
    Result<TopicIds> ids = describe_topics_(topics);
    if (!ids) return std::unexpected(WriteFailure::try_again(std::move(ids.error())));
    for (auto& [topic, id] : *ids) topic_ids_[topic] = id.empty() ? topic : std::move(id);
    return {};
  }

  WriteResult open_table(const std::stop_token& stop) {
    const std::string& table = options_.api.table;
    Answer answer = api_->call(describe_table(table), stop);
    if (answer.error.code == ErrorCode::kNotFound && answer.verdict == Verdict::kStop && options_.create) {
      answer = create(stop);
    }
    for (;;) {
      if (answer.verdict != Verdict::kDone) return std::unexpected(failure_of(std::move(answer)));
      const Result<TableDescription> description = parse_table(answer.body);
      if (!description) {
        return std::unexpected(
            WriteFailure::stop(Error(description.error()).within(fmt::format("DescribeTable of {}", table))));
      }
      if (description->status == "ACTIVE" || description->status == "UPDATING") return use_table(*description);
      pause(stop, kPollTable);
      answer = api_->call(describe_table(table), stop);
    }
  }

  // The answer of DescribeTable. Where the table is made, tombstones are to go by themselves; a server that has no time
  // to live keeps them.
  Answer create(const std::stop_token& stop) {
    const std::string& table = options_.api.table;
    Answer answer = api_->call(create_table(table, options_.hash, options_.sort), stop);
    if (answer.verdict != Verdict::kDone) return answer;
    Answer described = api_->call(describe_table(table), stop);
    while (described.verdict == Verdict::kDone && described.body.find("\"CREATING\"") != std::string::npos) {
      pause(stop, kPollTable);
      described = api_->call(describe_table(table), stop);
    }
    if (!options_.history && !options_.deletes && options_.tombstone_ttl) {
      (void)api_->call(enable_ttl(table, options_.items.expires_attribute), stop);
    }
    return described;
  }

  WriteResult use_table(const TableDescription& description) {
    Result<TableKey> key = match_key(options_.api.table, description, options_.hash, options_.sort);
    if (!key) return std::unexpected(WriteFailure::stop(std::move(key.error())));
    ItemOptions items = options_.items;
    items.key_from_record_key = !options_.history;
    mapper_.emplace(*std::move(key), std::move(items));
    return {};
  }

  std::optional<int64_t> tombstone_expiry() const {
    if (options_.history || !options_.tombstone_ttl) return std::nullopt;
    const auto time = std::chrono::floor<std::chrono::seconds>(system_clock::now()) + *options_.tombstone_ttl;
    return time.time_since_epoch().count();
  }

  Result<std::vector<MappedItem>> map(const Batch& batch, std::vector<Rejected>& rejected) {
    std::vector<MappedItem> items;
    items.reserve(batch.records.size());
    const std::optional<int64_t> expires_s = tombstone_expiry();
    for (size_t i = 0; i < batch.records.size(); ++i) {
      const SinkRecord& record = batch.records[i];
      const Result<std::string> topic_id = id_of(std::string(record.topic));
      if (!topic_id) return fail(topic_id.error());
      Result<Item> item = mapper_->map(record, *topic_id, expires_s);
      if (item) {
        items.push_back({i, *std::move(item)});
      } else {
        rejected.push_back({i, std::move(item.error())});
      }
    }
    return items;
  }

  // A record from a retry topic is of a topic for which begin() may not have been called.
  Result<std::string> id_of(const std::string& topic) {
    if (const auto id = topic_ids_.find(topic); id != topic_ids_.end()) return id->second;
    Result<TopicIds> ids = describe_topics_({topic});
    if (!ids) return fail(Error{ErrorCode::kUnavailable, ids.error().message, std::nullopt});
    const std::string id = (*ids)[topic];
    return topic_ids_[topic] = id.empty() ? topic : id;
  }

  WriteResult write_items(std::vector<MappedItem> items, std::vector<Rejected>& rejected, const std::stop_token& stop) {
    std::unique_ptr<Writes> writes;
    if (options_.history) {
      writes = std::make_unique<HistoryWrites>(options_.api.table, mapper_->key(), std::move(items));
    } else {
      writes =
          std::make_unique<LatestWrites>(options_.api.table, mapper_->options(), options_.deletes, std::move(items));
    }
    WriteResult written = api_->run(*writes, stop);
    older_ += writes->older();
    if (written) rejected.insert(rejected.end(), writes->rejected().begin(), writes->rejected().end());
    return written;
  }

  const DynamodbOptions options_;
  CredentialChain credentials_;
  const DescribeTopics describe_topics_;
  std::map<std::string, std::string> topic_ids_;
  std::optional<ItemMapper> mapper_;  // once the table's key is known
  std::atomic<uint64_t> older_ = 0;
  const std::unique_ptr<Api> api_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_dynamodb_sink(DynamodbOptions options, AwsEnvironment environment,
                                                 DescribeTopics describe_topics) {
  Result<std::unique_ptr<Api>> api = Api::open(options.api);
  if (!api) return fail(std::move(api.error()));
  return std::make_unique<DynamodbSink>(std::move(options), std::move(environment), std::move(describe_topics),
                                        *std::move(api));
}

}  // namespace omashu::sink::dynamodb
