#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/row_columns.h"
#include "cli/output/row_form.h"
#include "cli/output/row_output.h"
#include "cli/tables/table_loader.h"
#include "cli/tables/where_options.h"
#include "table/row_json.h"
#include "table/stored_value.h"

namespace omashu::cli {

namespace {

class ListCommand : public Command {
 public:
  Description description() const override {
    return {.name = "list",
            .summary = "Print the latest value of every key",
            .usages = {"TOPIC [--where CONDITION]… [--limit N]"},
            .details =
                "On a terminal a table, else a line of JSON per row, by key: "
                "{\"key\":…,\"value\":…,\"partition\":…,\"offset\":…,"
                "\"timestamp\":…}. One logical key is one row, also where its schema changed; keys that have "
                "several live records, and records that do not decode, are named on standard error.",
            .examples = {{"Every download that failed", "omashu list status-download --where status=FAILED"},
                         {"The newest first, a few columns",
                          "omashu list status-download --columns omashuId,status,timestamp --sort -timestamp"},
                         {"Of one source, as JSON",
                          "omashu list status-download --where source.url=https://example.org/a --output json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    where_.declare(options, "rows");
    options.option("-n,--limit", "N", limit_, "at most N rows");
    form_.declare(options);
    rows_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (limit_ && *limit_ < 0) return fail(ErrorCode::kInvalidArgument, "--limit: must not be negative");
    if (auto read = where_.check(); !read) return read;
    return rows_.check();
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    auto loader = TableLoader::open(context, *cluster, topic_);
    if (!loader) return fail(std::move(loader.error()));
    if (auto bound = where_.filter().bind(loader->topic().schemas()); !bound) {
      return fail(std::move(bound.error()).within("--where"));
    }
    table::LatestTable table;
    if (auto loaded = loader->load(table, {.filter = &where_.filter()}); !loaded)
      return fail(std::move(loaded.error()));
    const auto printed = print(context, *loader, table);
    loader->report(table);
    if (!printed) return fail(printed.error());
    return form_.has_failed() ? ExitCode::kFailed : ExitCode::kDone;
  }

 private:
  Result<void> print(Context& context, TableLoader& loader, const table::LatestTable& table) {
    if (limit_) rows_.limit(static_cast<size_t>(*limit_));
    const bool is_plain = rows_.is_plain_json(context.out);
    int64_t lines = 0;
    std::string line, json;
    // One row at a time becomes text, and none that will not be printed.
    table.for_each_row_by_key([&](const table::Row& kept) {
      if (rows_.is_full() || (limit_ && is_plain && lines >= *limit_) || context.out.is_broken()) return false;
      if (!table::read_stored_value(*kept.value).is_match) return true;
      const auto plain = loader.shown(kept, json);
      const auto row = plain ? form_.of(context, loader.topic(), *plain) : std::nullopt;
      if (!row) return true;
      if (!is_plain) {
        rows_.add(context.out, row_columns(*row));
        return true;
      }
      ++lines;
      line.clear();
      table::append_row(line, *row);
      context.out.line(line);
      return true;
    });
    return rows_.finish(context);
  }

  std::string topic_;
  WhereOptions where_;
  std::optional<int64_t> limit_;
  RowForm form_;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_list_command() { return std::make_unique<ListCommand>(); }

}  // namespace omashu::cli
