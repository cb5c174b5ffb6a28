#include <fmt/core.h>

#include "base/counted.h"
#include "base/json.h"
#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "cli/change_report.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/init_kafka/topic_move.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"

namespace omashu::cli {

namespace {

class MoveCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "move",
        .summary = "Copy a compacted topic into one with more partitions, by key, and follow it until the switch",
        .usages = {"TOPIC --partitions N [--to NEW]"},
        .details =
            "Partitions cannot be added to a compacted topic in place: a key's new records would go to another "
            "partition than its old ones, compaction would keep both, and no order says which is the latest. So NEW is "
            "made, with the settings, replicas and schemas of TOPIC, and gets the records of each key in their order, "
            "under the latest encoding of the key. Then the command follows TOPIC until it is stopped (Ctrl-C), and "
            "says what is to be done for the switch. TOPIC is only read.\n\n"
            "All keys are held in memory meanwhile, some 100 bytes each.",
        .examples = {
            {"Copy and follow, until the writers have stopped", "init-kafka move status-download --partitions 24"},
            {"Copy what is there, and end", "init-kafka move status-download --partitions 6 --once --to s-6"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", source_, "the compacted topic");
    options.option("--partitions", "N", partitions_, "of the new topic");
    options.option("--to", "NEW", target_, "its name (default: TOPIC-N)");
    options.flag("--once", once_, "copy what is there and end, in place of following");
    options.flag("--again", again_,
                 "NEW may have records already, of an earlier run: nobody else may have written to it");
    report_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (partitions_ < 1 || partitions_ > 100'000) {
      return fail(ErrorCode::kInvalidArgument, "--partitions N is needed, from 1 to 100000");
    }
    if (target_.empty()) target_ = fmt::format("{}-{}", source_, partitions_);
    if (auto problem = topic_name_problem(target_)) {
      return fail(ErrorCode::kInvalidArgument, "--to: " + *problem);
    }
    if (target_ == source_) return fail(ErrorCode::kInvalidArgument, "--to must name another topic");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto source = cluster->topic(source_);
    if (!source) return fail(source.error());
    if (!cluster->is_compacted(source_)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{} is not compacted: give it more partitions in place (the file's column partitions, or "
                              "omashu topics alter)",
                              source_));
    }
    if (auto free = check_target(*cluster); !free) return fail(std::move(free.error()));
    auto move = TopicMove::open(context, *cluster, source_);
    if (!move) return fail(std::move(move.error()));
    // Before anything is made: a key that does not decode stops the move here.
    if (auto found = move->find_keys(); !found) return fail(std::move(found.error()));
    if (auto made = make_target(*cluster, *source); !made) return fail(std::move(made.error()));
    if (auto copied = move->copy_to(target_, static_cast<int>(partitions_)); !copied) {
      return fail(std::move(copied.error()));
    }
    if (!once_) {
      tell_how_to_switch(context);
      if (auto followed = move->follow(); !followed) return fail(std::move(followed.error()));
    }
    json::Value object = json::Value::object();
    object.add("topic", source_);
    object.add("to", target_);
    object.add("partitions", partitions_);
    object.add("keys", uint64_t{move->keys()});
    object.add("records", move->counts().records);
    object.add("superseded", move->counts().superseded);
    report_.print(
        context,
        fmt::format("{} has {} of {} ({} copied, {} left out since a later one is in another partition)", target_,
                    counted(move->keys(), "key"), source_,
                    counted(static_cast<size_t>(move->counts().records), "record"), move->counts().superseded),
        object);
    return ExitCode::kDone;
  }

 private:
  // That the new topic is not there yet, or is what an earlier run has left.
  Result<void> check_target(Cluster& cluster) {
    const auto admin = cluster.admin();
    if (!admin) return fail(admin.error());
    const auto described = std::move((*admin)->describe_topics(std::span(&target_, 1)).front());
    if (!described) {
      if (described.error().code == ErrorCode::kNotFound) return {};
      return fail(described.error());
    }
    if (again_ && described->partitions == partitions_) return {};
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("{} exists, with {}: name another with --to, or give --again where an earlier run has made "
                            "it and nobody else has written to it",
                            target_, counted(static_cast<size_t>(described->partitions), "partition")));
  }

  // The topic, its settings, and the subjects of its schemas.
  Result<void> make_target(Cluster& cluster, const kafka::TopicDescription& source) {
    const auto registry = cluster.registry();
    if (!registry) return fail(registry.error());
    for (const char* part : {"-key", "-value"}) {
      const auto latest = (*registry)->latest(source_ + part);
      if (!latest && latest.error().code == ErrorCode::kNotFound) continue;
      if (!latest) return fail(latest.error());
      const auto registered = (*registry)->register_schema(target_ + part, latest->text, /*normalize=*/false);
      if (!registered) return fail(Error(registered.error()).within("registering " + target_ + part));
    }
    kafka::Admin& admin = **cluster.admin();
    kafka::NewTopic topic{
        .name = target_, .partitions = static_cast<int>(partitions_), .replication_factor = source.replication_factor};
    const auto configs = std::move(admin.describe_configs(std::span(&source_, 1)).front());
    if (!configs) return fail(configs.error());
    for (const auto& [name, entry] : *configs) {
      if (entry.source == kafka::ConfigSource::kTopic && !entry.is_sensitive) topic.configs[name] = entry.value;
    }
    auto made = std::move(admin.create_topics(std::span(&topic, 1), /*validate_only=*/false).front());
    if (!made && !(again_ && made.error().code == ErrorCode::kAlreadyExists)) return made;
    return admin.wait_until_ready(std::span(&target_, 1), cluster.timeout());
  }

  void tell_how_to_switch(Context& context) const {
    context.messages.note(fmt::format(
        "{0} has what {1} has, and follows it. To switch: 1. stop the writers of {1}; 2. end this command (Ctrl-C): it "
        "copies what came last; 3. start writers and readers on {0} (groups begin there at its start); 4. write {0} in "
        "place of {1} into the file, and delete {1} once nobody reads it",
        target_, source_));
  }

  std::string source_;
  std::string target_;
  int64_t partitions_ = 0;
  bool once_ = false;
  bool again_ = false;
  ChangeReport report_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_move() { return std::make_unique<MoveCommand>(); }

}  // namespace omashu::cli
