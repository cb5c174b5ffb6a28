#include "cli/commands.h"
#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/records/record_writer.h"
#include "table/typed_topic.h"

namespace omashu::cli {

namespace {

class DeleteCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "delete",
        .summary = "Delete a key (write a tombstone)",
        .usages = {"TOPIC KEY"},
        .details =
            "A tombstone is written for the key as every version of its schema encodes it: one alone would "
            "leave records under other bytes to come back when compaction has removed it.",
        .examples = {{"Forget a download", "omashu delete status-download om-1"},
                     {"A key of several fields", "omashu delete prices '{\"market\":\"XETR\",\"symbol\":\"SAP\"}'"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.argument("KEY", key_, "the key: JSON, or the bare value of a key of one field");
    options.choice("--output", "FORM", output_, {"text", "json"},
                   "how to print where a tombstone landed: text (default) or json");
    connection_.declare(options);
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    if (const auto topic = cluster->topic(topic_); !topic) return fail(topic.error());
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto typed = table::TypedTopic::open(**registry, topic_);
    if (!typed) return fail(std::move(typed.error()));
    const auto key = typed->key_from_text(key_);
    if (!key) return fail(key.error());
    const auto encodings = typed->every_key_encoding(*key);
    if (!encodings) return fail(encodings.error());

    auto producer = cluster->producer();
    if (!producer) return fail(std::move(producer.error()));
    RecordWriter writer(context, *cluster, *std::move(producer),
                        output_ == "json" ? RecordWriter::Form::kJson : RecordWriter::Form::kText);
    for (const std::string& encoding : *encodings) {
      kafka::Record tombstone;
      tombstone.topic = topic_;
      tombstone.key = encoding;
      writer.send(std::move(tombstone), topic_);
    }
    return writer.finish(cluster->timeout() + std::chrono::seconds(5));
  }

 private:
  std::string topic_;
  std::string key_;
  std::string output_ = "text";
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_delete_command() { return std::make_unique<DeleteCommand>(); }

}  // namespace omashu::cli
