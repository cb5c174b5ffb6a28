#include <fmt/core.h>

#include "base/topic_configs.h"
#include "cli/change_report.h"
#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/topics/topic_settings.h"
#include "cli/topics/topics_verbs.h"

namespace omashu::cli {

namespace {

class TopicsAlterCommand : public Command {
 public:
  Description description() const override {
    return {.name = "alter",
            .summary = "Change settings of a topic, or give it more partitions",
            .usages = {"TOPIC --config NAME=VALUE", "TOPIC --default NAME", "TOPIC --partitions N"},
            .details =
                "Only what is named changes. More partitions are refused for a compacted topic: new records of a key "
                "may go to another partition than its old ones, and both stay; --allow-repartition does it all the "
                "same. A topic that a file describes is better changed there, with init-kafka.",
            .examples = {{"Keep records for two days", "omashu topics alter events --config retention.ms=2d"},
                         {"As long as the broker's default again", "omashu topics alter events --default retention.ms"},
                         {"More partitions", "omashu topics alter events --partitions 6"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.option("--config", "NAME=VALUE", settings_, "a setting, such as retention.ms=7d; may be repeated");
    options.option("--default", "NAME", defaults_, "a setting to take away from the topic; may be repeated");
    options.option("--partitions", "N", partitions_, "how many partitions there are then");
    options.flag("--allow-repartition", allows_repartition_, "more partitions for a compacted topic");
    report_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override {
    auto settings = parse_topic_settings(settings_);
    if (!settings) return fail(std::move(settings).error().within("--config"));
    for (auto& [name, value] : *settings) change_.set[name] = std::move(value);
    for (const std::string& name : defaults_) change_.set[name] = std::nullopt;
    constexpr int64_t kMaxPartitions = 1'000'000;
    if (partitions_ && (*partitions_ < 1 || *partitions_ > kMaxPartitions)) {
      return fail(ErrorCode::kInvalidArgument, "--partitions: a topic has 1 partition or more");
    }
    if (!partitions_ && change_.set.empty()) {
      return fail(ErrorCode::kInvalidArgument, "say what to change: --config, --default or --partitions");
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(topic_); !topic) return fail(topic.error());
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    if (auto allowed = may_repartition(**admin); !allowed) return fail(std::move(allowed.error()));
    if (!change_.set.empty()) {
      change_.topic = topic_;
      auto altered = (*admin)->alter_configs(std::span(&change_, 1), /*validate_only=*/false).front();
      if (!altered) return fail(std::move(altered).error().within("topic " + topic_));
      for (const auto& [name, value] : change_.set) {
        json::Value object = json::Value::object();
        object.add("topic", topic_);
        object.add("config", name);
        object.add("value", value ? json::Value(*value) : json::Value());
        report_.print(context, fmt::format("{}: {} = {}", topic_, name, value.value_or("(the broker's default)")),
                      object);
      }
    }
    if (partitions_) {
      const kafka::Admin::NewPartitions more{topic_, static_cast<int>(*partitions_)};
      auto widened = (*admin)->create_partitions(std::span(&more, 1), /*validate_only=*/false).front();
      if (!widened) return fail(std::move(widened).error().within("topic " + topic_));
      json::Value object = json::Value::object();
      object.add("topic", topic_);
      object.add("partitions", *partitions_);
      report_.print(context, fmt::format("{}: {} partitions", topic_, *partitions_), object);
    }
    return ExitCode::kDone;
  }

 private:
  Result<void> may_repartition(kafka::Admin& admin) const {
    if (!partitions_ || allows_repartition_) return {};
    const std::string name(kCleanupPolicy);
    auto configs = admin.describe_configs(std::span(&topic_, 1), std::span(&name, 1)).front();
    if (!configs) return fail(std::move(configs.error()));
    const auto policy = configs->find(name);
    if (policy == configs->end() || !is_compacted(policy->second.value)) return {};
    return fail(ErrorCode::kConflict,
                fmt::format("topic {} is compacted: with more partitions, new records of a key may go elsewhere than "
                            "its old ones; --allow-repartition does it all the same",
                            topic_));
  }

  std::string topic_;
  std::vector<std::string> settings_, defaults_;
  std::optional<int64_t> partitions_;
  bool allows_repartition_ = false;
  ChangeReport report_;
  ConnectionOptions connection_;

  kafka::ConfigChange change_;
};

}  // namespace

std::unique_ptr<Command> make_topics_alter() { return std::make_unique<TopicsAlterCommand>(); }

}  // namespace omashu::cli
