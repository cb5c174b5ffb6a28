#include <fmt/core.h>

#include "base/topic_name.h"
#include "cli/change_report.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/shared_error.h"
#include "cli/topics/topic_settings.h"
#include "cli/topics/topics_verbs.h"

namespace omashu::cli {

namespace {

class TopicsCreateCommand : public Command {
 public:
  Description description() const override {
    return {.name = "create",
            .summary = "Create topics",
            .usages = {"TOPIC… [--partitions N] [--config NAME=VALUE]…"},
            .details =
                "What is not given is as the broker has it by default. Topics with schemas are better described in a "
                "file, for init-kafka.",
            .examples = {
                {"A compacted topic", "omashu topics create status --partitions 3 --config cleanup.policy=compact"},
                {"Records are kept for a week", "omashu topics create events --config retention.ms=7d"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("TOPIC", topics_, "the names");
    options.option("--partitions", "N", partitions_, "how many partitions (default: the broker's num.partitions)");
    options.option("--replication-factor", "N", replication_factor_,
                   "on how many brokers each is (default: the broker's)");
    options.option("--config", "NAME=VALUE", settings_, "a setting, such as retention.ms=7d; may be repeated");
    options.flag("--if-not-exists", accepts_existing_, "a topic that is there is no error");
    options.flag("--dry-run", is_dry_run_, "let the broker check it, and create nothing");
    report_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override {
    for (const std::string& topic : topics_) {
      if (const auto problem = topic_name_problem(topic)) return fail(ErrorCode::kInvalidArgument, *problem);
    }
    constexpr int64_t kMaxPartitions = 1'000'000;
    constexpr int64_t kMaxReplicas = 32'767;
    if (partitions_ && (*partitions_ < 1 || *partitions_ > kMaxPartitions)) {
      return fail(ErrorCode::kInvalidArgument, "--partitions: a topic has 1 partition or more");
    }
    if (replication_factor_ && (*replication_factor_ < 1 || *replication_factor_ > kMaxReplicas)) {
      return fail(ErrorCode::kInvalidArgument, "--replication-factor: a partition is on 1 broker or more");
    }
    auto settings = parse_topic_settings(settings_);
    if (!settings) return fail(std::move(settings).error().within("--config"));
    configs_ = *std::move(settings);
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    constexpr int kBrokerDefault = -1;
    std::vector<kafka::NewTopic> wanted;
    for (const std::string& topic : topics_) {
      wanted.push_back({.name = topic,
                        .partitions = static_cast<int>(partitions_.value_or(kBrokerDefault)),
                        .replication_factor = static_cast<int>(replication_factor_.value_or(kBrokerDefault)),
                        .configs = configs_});
    }
    ExitCode exit_code = ExitCode::kDone;
    std::vector<std::string> created;
    const auto results = (*admin)->create_topics(wanted, is_dry_run_);
    if (auto error = shared_error(results)) return fail(*std::move(error));
    for (size_t i = 0; i < topics_.size(); ++i) {
      if (results[i]) {
        created.push_back(topics_[i]);
      } else if (accepts_existing_ && results[i].error().code == ErrorCode::kAlreadyExists) {
        report_.print_result(context, "found", "topic", topics_[i]);
      } else {
        context.messages.error(fmt::format("topic {}: {}", topics_[i], results[i].error().message));
        exit_code = ExitCode::kFailed;
      }
    }
    if (!is_dry_run_ && !created.empty()) {
      if (auto ready = (*admin)->wait_until_ready(created, cluster->timeout()); !ready) {
        return fail(std::move(ready.error()));
      }
    }
    for (const std::string& topic : created) {
      report_.print_result(context, is_dry_run_ ? "would create" : "created", "topic", topic);
    }
    return exit_code;
  }

 private:
  std::vector<std::string> topics_;
  std::optional<int64_t> partitions_, replication_factor_;
  std::vector<std::string> settings_;
  bool accepts_existing_ = false;
  bool is_dry_run_ = false;
  ChangeReport report_;
  ConnectionOptions connection_;

  std::map<std::string, std::string> configs_;
};

}  // namespace

std::unique_ptr<Command> make_topics_create() { return std::make_unique<TopicsCreateCommand>(); }

}  // namespace omashu::cli
