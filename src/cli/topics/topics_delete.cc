#include "cli/change_report.h"
#include "cli/confirmation.h"
#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/topics/topics_verbs.h"

namespace omashu::cli {

namespace {

class TopicsDeleteCommand : public Command {
 public:
  Description description() const override {
    return {.name = "delete",
            .summary = "Delete topics with all their records",
            .usages = {"TOPIC…"},
            .details = "Nothing is deleted where one of the topics is not there. Their subjects stay in the registry.",
            .examples = {{"A topic; its name is to be typed once more", "omashu topics delete old-events"},
                         {"In a script", "omashu topics delete old-events --yes"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("TOPIC", topics_, "the topics");
    confirmation_.declare(options);
    report_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override { return confirmation_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    const auto described = (*admin)->describe_topics(topics_);
    for (size_t i = 0; i < topics_.size(); ++i) {
      if (described[i]) continue;
      const bool is_missing = described[i].error().code == ErrorCode::kNotFound;
      return fail(is_missing ? cluster->unknown_topic(topics_[i]) : described[i].error());
    }
    if (auto confirmed = confirmation_.ask(context, topics_, "the topic with all its records"); !confirmed) {
      return fail(std::move(confirmed.error()));
    }
    return report_.print_results(context, "deleted", "topic", topics_, (*admin)->delete_topics(topics_));
  }

 private:
  std::vector<std::string> topics_;
  Confirmation confirmation_;
  ChangeReport report_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_topics_delete() { return std::make_unique<TopicsDeleteCommand>(); }

}  // namespace omashu::cli
