#include <fmt/core.h>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/sinks/sink_kind.h"
#include "sink/dynamodb/aws_environment.h"
#include "sink/dynamodb/dynamodb_sink.h"

namespace omashu::cli {

namespace {

using namespace sink::dynamodb;

constexpr int64_t kMaxConcurrency = 256;

// The ids of the topics; a topic that is gone, whose records wait in a retry topic, has none.
DescribeTopics describe_topics_with(kafka::Admin& admin) {
  return [&admin](const std::set<std::string>& topics) -> Result<TopicIds> {
    const std::vector<std::string> names(topics.begin(), topics.end());
    const auto described = admin.describe_topics(names);
    TopicIds ids;
    for (size_t i = 0; i < described.size() && i < names.size(); ++i) {
      if (!described[i] && described[i].error().code != ErrorCode::kNotFound) return fail(described[i].error());
      ids[names[i]] = described[i] ? described[i]->id : "";
    }
    return ids;
  };
}

class DynamodbSinkKind : public SinkKind {
 public:
  Description description() const override {
    return {
        .name = "dynamodb",
        .summary = "Write records into a table of DynamoDB, the latest of each key or all of them",
        .usages = {"--table TABLE TOPIC…"},
        .details =
            "In latest mode an item is written where no newer record is there: a rewind, or a process that was thought "
            "dead, writes over nothing. A tombstone becomes an item with the key and _deleted, which DynamoDB removes "
            "when its time to live (_expires) is over. In history mode every record is an item. The attribute "
            "_position says which record an item is.\n\n"
            "The names and types of the table's key are its own; --hash and --sort say what goes there: key, "
            "partition, offset, position (time, partition and offset: unique, and sorted by time), or a FIELD as in "
            "source.url; NAME=… before it is the name of the attribute that --create makes.\n\n"
            "Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, from the profile "
            "AWS_PROFILE of ~/.aws/credentials and ~/.aws/config, or from the container's endpoint.",
        .examples = {
            {"Keep the latest status of each download", "omashu sink dynamodb --table downloads status-download"},
            {"Try it on a server of this machine, and make the table",
             "omashu sink dynamodb --endpoint http://127.0.0.1:8000 --table downloads --create "
             "--hash omashuId=key --exit-at-end status-download"},
            {"Every request, by key and time",
             "omashu sink dynamodb --mode history --table requests --sort position download-request"}}};
  }

  void declare(OptionParser& options) override {
    options.heading("DynamoDB");
    options.option("--table", "NAME", table_, "the table");
    options.choice("--mode", "MODE", mode_, {"latest", "history"}, "the latest record of each key, or every record");
    options.option("--hash", "SOURCE", hash_, "what the hash (partition) key is: key, partition, or a FIELD");
    options.option("--sort", "SOURCE", sort_, "what the sort key is: offset, position, or a FIELD");
    options.flag("--create", create_, "make the table where it is not there, with capacity on demand");
    options.choice("--times", "FORM", times_, {"text", "number"}, "dates and timestamps in ISO 8601, or as they count");
    options.choice("--tombstones", "HOW", tombstones_, {"mark", "delete"},
                   "in latest mode: keep a mark that no older record passes, or delete the item");
    options.option("--tombstone-ttl", "DURATION", tombstone_ttl_, "how long a mark is kept; 0 is for ever");
    options.option("--concurrency", "COUNT", concurrency_,
                   "requests under way at once, at most; fewer while DynamoDB throttles");
    options.option("--region", "REGION", region_, "else that of the environment or the profile");
    options.option("--endpoint", "URL", endpoint_, "a server with DynamoDB's API; else that of the region");
    options.option("--position-attribute", "NAME", items_.position_attribute, "in place of _position");
    options.option("--deleted-attribute", "NAME", items_.deleted_attribute, "in place of _deleted");
    options.option("--expires-attribute", "NAME", items_.expires_attribute, "in place of _expires");
  }

  Result<void> check() override {
    if (table_.empty()) return fail(ErrorCode::kInvalidArgument, "--table NAME is missing: where to write");
    if (concurrency_ < 1 || concurrency_ > kMaxConcurrency) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("--concurrency is from 1 to {}", kMaxConcurrency));
    }
    auto hash = parse_key_source(hash_);
    if (!hash) return fail(std::move(hash.error()).within("--hash"));
    source_of_hash_ = *std::move(hash);
    if (sort_) {
      auto sort = parse_key_source(*sort_);
      if (!sort) return fail(std::move(sort.error()).within("--sort"));
      source_of_sort_ = *std::move(sort);
    }
    if (endpoint_) {
      auto endpoint = sink::dynamodb::parse_endpoint(*endpoint_);
      if (!endpoint) return fail(std::move(endpoint.error()).within("--endpoint"));
      endpoint_ = *std::move(endpoint);
    }
    return check_mode();
  }

  Result<std::unique_ptr<sink::Sink>> open(const SinkPlace& place) override {
    const AwsEnvironment environment = aws_environment_of_process();
    auto api = api_options(environment);
    if (!api) return fail(std::move(api.error()));
    auto admin = place.cluster.admin();
    if (!admin) return fail(std::move(admin.error()));
    DynamodbOptions options;
    options.api = *std::move(api);
    options.history = mode_ == "history";
    options.hash = source_of_hash_;
    options.sort = source_of_sort_;
    options.items = items_;
    options.items.values.numeric_times = times_ == "number";
    options.deletes = tombstones_ == "delete";
    options.tombstone_ttl.reset();
    if (tombstone_ttl_.count() > 0) {
      options.tombstone_ttl = std::chrono::duration_cast<std::chrono::seconds>(tombstone_ttl_);
    }
    options.create = create_;
    return open_dynamodb_sink(std::move(options), environment, describe_topics_with(**admin));
  }

 private:
  Result<void> check_mode() const {
    using Kind = KeySource::Kind;
    const bool is_history = mode_ == "history";
    const auto names_record = [](const KeySource& source) {
      return source.kind == Kind::kPartition || source.kind == Kind::kOffset || source.kind == Kind::kPosition;
    };
    if (!is_history && (names_record(source_of_hash_) || (source_of_sort_ && names_record(*source_of_sort_)))) {
      return fail(ErrorCode::kInvalidArgument,
                  "in latest mode the table's key comes from the record's key: --hash and --sort are key or a FIELD of "
                  "it; write --mode history for an item for every record");
    }
    if (is_history && !source_of_sort_) {
      return fail(ErrorCode::kInvalidArgument,
                  "in history mode --sort says what tells the records of one hash key apart: position, or offset with "
                  "--hash partition");
    }
    return {};
  }

  // AWS's own variables for endpoints hold here, too.
  Result<ApiOptions> api_options(const AwsEnvironment& environment) const {
    ApiOptions api;
    api.table = table_;
    api.max_in_flight = static_cast<int>(concurrency_);
    auto region = region_ ? Result<std::string>(*region_) : find_region(environment);
    if (!region) return fail(std::move(region.error()));
    api.region = *std::move(region);
    auto endpoint = endpoint_;
    for (const char* name : {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"}) {
      if (!endpoint) endpoint = environment.variable(name);
    }
    if (endpoint) {
      auto parsed = sink::dynamodb::parse_endpoint(*endpoint);
      if (!parsed) return fail(std::move(parsed.error()));
      api.endpoint = *std::move(parsed);
      if (api.region.empty()) api.region = "us-east-1";
      return api;
    }
    if (api.region.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "no AWS region: give --region, AWS_REGION, or a region in the profile of ~/.aws/config");
    }
    api.endpoint = default_endpoint(api.region);
    auto parsed = sink::dynamodb::parse_endpoint(api.endpoint);
    if (!parsed) return fail(ErrorCode::kInvalidArgument, fmt::format("{} is no region", api.region));
    return api;
  }

  std::string table_;
  std::string mode_ = "latest";
  std::string hash_ = "key";
  std::optional<std::string> sort_;
  bool create_ = false;
  std::string times_ = "text";
  std::string tombstones_ = "mark";
  std::chrono::milliseconds tombstone_ttl_ = std::chrono::hours(7 * 24);
  int64_t concurrency_ = 8;
  std::optional<std::string> region_;
  std::optional<std::string> endpoint_;
  ItemOptions items_;

  KeySource source_of_hash_;
  std::optional<KeySource> source_of_sort_;
};

}  // namespace

std::unique_ptr<SinkKind> make_dynamodb_sink_kind() { return std::make_unique<DynamodbSinkKind>(); }

}  // namespace omashu::cli
