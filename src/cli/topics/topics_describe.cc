#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/report_format.h"
#include "cli/shared_error.h"
#include "cli/topics/topic_tables.h"
#include "cli/topics/topics_verbs.h"
#include "inspect/topic_report_json.h"

namespace omashu::cli {

namespace {

class TopicsDescribeCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "describe",
        .summary = "Describe topics: partitions, sizes, settings, newest record, and the groups that read them",
        .usages = {"TOPIC…"},
        .details =
            "Of the settings those are shown that are not Kafka's default, with who set them. The lag of a group "
            "is what it has yet to read of the topic, over the partitions for which it has committed an offset. "
            "Offsets count what was written, not what compaction has left. The bytes of a partition are those of its "
            "leader's log; `replicas_bytes` in the JSON counts the other replicas too.",
        .examples = {{"One topic", "omashu topics describe status-download"},
                     {"The lag of each group", "omashu topics describe status-download --output json | jq '.groups'"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("TOPIC", topics_, "the topics");
    format_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    ExitCode exit_code = ExitCode::kDone;
    std::vector<kafka::TopicDescription> found;
    const auto described = (*admin)->describe_topics(topics_);
    if (auto error = shared_error(described)) return fail(*std::move(error));
    for (size_t i = 0; i < topics_.size(); ++i) {
      if (described[i]) {
        found.push_back(*described[i]);
        continue;
      }
      const bool is_missing = described[i].error().code == ErrorCode::kNotFound;
      context.messages.error(is_missing ? cluster->unknown_topic(topics_[i]) : described[i].error());
      exit_code = ExitCode::kFailed;
    }
    if (found.empty()) return exit_code;
    const auto groups = cluster->group_admin();
    if (!groups) return fail(groups.error());
    const auto observed = inspect::observe_topics({.admin = **admin,
                                                   .groups = **groups,
                                                   .open_consumer = [&] { return cluster->consumer(); },
                                                   .timeout = cluster->timeout()},
                                                  std::move(found));
    for (const std::string& warning : observed.warnings) context.messages.warning(warning);
    bool is_first = true;
    for (const inspect::TopicReport& report : observed.reports) {
      if (format_.is_json(context)) {
        context.out.line(json::to_text(inspect::topic_report_json(report)));
      } else {
        if (!std::exchange(is_first, false)) context.out.line("");
        print(context, report);
      }
    }
    return exit_code;
  }

 private:
  static void print(Context& context, const inspect::TopicReport& report) {
    context.out.text(topic_summary(report));
    for (const TextRows& table : {partition_rows(report), config_rows(report), reader_rows(report)}) {
      if (table.rows.empty()) continue;
      context.out.line("");
      print_table(context, table.titles, table.rows);
    }
  }

  std::vector<std::string> topics_;
  ReportFormat format_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_topics_describe() { return std::make_unique<TopicsDescribeCommand>(); }

}  // namespace omashu::cli
