#include "base/topic_name.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/topics/topics_verbs.h"
#include "inspect/topic_report_json.h"

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
    const auto found = inspect::observe_topic_list(**admin, nullptr, *std::move(topics));
    for (const std::string& warning : found.warnings) context.messages.warning(warning);
    rows_.show_as_sizes("bytes");
    for (const inspect::TopicSummary& topic : found.topics) rows_.add(context.out, inspect::topic_row(topic));
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
