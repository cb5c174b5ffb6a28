#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/row_columns.h"
#include "cli/output/row_form.h"
#include "cli/output/row_output.h"
#include "cli/tables/table_loader.h"
#include "table/key_partitions.h"
#include "table/row_json.h"

namespace omashu::cli {

namespace {

class GetCommand : public Command {
 public:
  Description description() const override {
    return {.name = "get",
            .summary = "Print the latest value of a key",
            .usages = {"TOPIC KEY"},
            .details =
                "On a terminal a table of one row, else the value as one line of JSON. A key that is not there, or was "
                "deleted, is an error (exit code "
                "1). Every partition is read in which a version of the key's schema and a usual partitioner can "
                "have put the key, and all of them before it is said not to be there.",
            .examples = {{"The status of one download", "omashu get status-download om-1"},
                         {"One field of it", "omashu get status-download om-1 | jq -r .status"},
                         {"With its key, place and time", "omashu get status-download om-1 --row"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.argument("KEY", key_, "the key: JSON, or the bare value of a key of one field");
    options.flag("--row", is_row_, "print JSON with key, value, partition, offset and timestamp, as list does");
    form_.declare(options);
    rows_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    auto loader = TableLoader::open(context, *cluster, topic_);
    if (!loader) return fail(std::move(loader.error()));
    const auto key = loader->topic().key_from_text(key_);
    if (!key) return fail(key.error());
    const auto encodings = loader->topic().every_key_encoding(*key);
    if (!encodings) return fail(encodings.error());
    const auto logical_key = loader->topic().logical_key(encodings->front());
    if (!logical_key) return fail(logical_key.error());

    table::LatestTable table;
    const auto likely = table::partitions_of_key(*encodings, loader->partition_count());
    if (auto loaded = loader->load(table, {.key = *logical_key}, likely); !loaded)
      return fail(std::move(loaded.error()));
    if (table.size() == 0 && static_cast<int>(likely.size()) < loader->partition_count()) {
      if (auto loaded = loader->load(table, {.key = *logical_key}); !loaded) return fail(std::move(loaded.error()));
    }
    std::string json;
    std::optional<table::Row> row = table.find(*logical_key);
    if (row) row = loader->shown(*row, json);
    loader->report(table);
    if (row) row = form_.of(context, loader->topic(), *row);
    if (form_.has_failed()) return ExitCode::kFailed;
    return print(context, row);
  }

 private:
  Result<ExitCode> print(Context& context, const std::optional<table::Row>& row) {
    if (row && row->value && !rows_.is_plain_json(context.out)) {
      rows_.add(context.out, row_columns(*row));
      if (auto printed = rows_.finish(context); !printed) return fail(std::move(printed.error()));
      return ExitCode::kDone;
    }
    if (row && row->value) {
      std::string line(*row->value);
      if (is_row_) {
        line.clear();
        table::append_row(line, *row);
      }
      context.out.line(line);
      return ExitCode::kDone;
    }
    context.messages.error(row ? fmt::format("{}: key {} was deleted ({}-{}-{}, {})", topic_, key_, topic_,
                                             row->position.partition, row->position.offset,
                                             table::timestamp_text(row->timestamp_ms))
                               : fmt::format("{}: key {} is not there", topic_, key_));
    return ExitCode::kFailed;
  }

  std::string topic_;
  std::string key_;
  bool is_row_ = false;
  RowForm form_;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_get_command() { return std::make_unique<GetCommand>(); }

}  // namespace omashu::cli
