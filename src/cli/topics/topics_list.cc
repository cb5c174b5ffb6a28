#include <algorithm>

#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/topics/topics_verbs.h"
#include "inspect/topic_report_json.h"
#include "kafka/partition_sizes.h"

namespace omashu::cli {

namespace {

class TopicsListCommand : public Command {
 public:
  Description description() const override {
    return {.name = "list",
            .summary = "List topics: partitions, replication, cleanup policy, retention and size",
            .usages = {""},
            .details =
                "Few requests are made, however many topics there are. Kafka's own topics and the registry's are left "
                "out without --all. `bytes` is what one copy takes on disk: of each partition the log of its leader.",
            .examples = {{"All topics", "omashu topics list"},
                         {"Those of one team, the largest first", "omashu topics list --prefix billing. --sort -bytes"},
                         {"Names alone, Kafka's own too", "omashu topics list --all --output json | jq -r .topic"}}};
  }

  void declare(OptionParser& options) override {
    options.flag("--all", is_all_, "Kafka's own topics and the registry's too");
    options.option("--prefix", "P", prefix_, "only topics whose names start so");
    rows_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    auto topics = (*admin)->list_topics(/*with_internal=*/true);
    if (!topics) return fail(std::move(topics.error()));
    std::erase_if(*topics, [this](const kafka::TopicDescription& topic) { return !is_wanted(topic.name); });
    std::ranges::sort(*topics, {}, &kafka::TopicDescription::name);

    std::vector<std::string> names;
    for (const kafka::TopicDescription& topic : *topics) names.push_back(topic.name);
    const std::vector<std::string> settings = {std::string(kCleanupPolicy), "retention.ms"};
    const auto configs = (*admin)->describe_configs(names, settings);
    const auto sizes = kafka::find_partition_sizes(**admin, *topics);
    if (sizes.unknown) context.messages.warning("the sizes are not all known: " + sizes.unknown->message);
    rows_.show_as_sizes("bytes");
    for (size_t i = 0; i < names.size(); ++i) {
      // One that was deleted meanwhile, or whose settings this user may not see, is listed without them.
      rows_.add(context.out, inspect::topic_row((*topics)[i], configs[i].value_or(kafka::TopicConfigs()),
                                                kafka::topic_size((*topics)[i], sizes)));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  bool is_wanted(const std::string& name) const {
    return name.starts_with(prefix_) && (is_all_ || !is_internal_topic(name));
  }

  bool is_all_ = false;
  std::string prefix_;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_topics_list() { return std::make_unique<TopicsListCommand>(); }

}  // namespace omashu::cli
