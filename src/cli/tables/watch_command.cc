#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/output/row_columns.h"
#include "cli/output/row_form.h"
#include "cli/output/row_output.h"
#include "cli/tables/table_loader.h"
#include "cli/tables/where_options.h"
#include "table/row_json.h"
#include "table/stored_value.h"
#include "table/watcher.h"

namespace omashu::cli {

namespace {

class WatchCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "watch",
        .summary = "Print the latest value of every key, then every change",
        .usages = {"TOPIC [--where CONDITION]…"},
        .details =
            "Rows as list prints them, with an event: enter (the row is there, is new, or the conditions "
            "apply to it now), update, leave (the conditions apply to it no more), delete. First come the "
            "rows that are there, then the changes as they are written, until it is stopped.",
        .examples = {{"What is running, from now on", "omashu watch status-download --where status=RUNNING"},
                     {"Wait for the first failure", "omashu watch status-download --where status=FAILED | head -n 1"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    where_.declare(options, "rows");
    form_.declare(options);
    rows_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
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
    if (auto loaded = loader->load(table, {.filter = &where_.filter(), .keeps_others = true}); !loaded) {
      if (loaded.error().code == ErrorCode::kCancelled) return ExitCode::kDone;
      return fail(std::move(loaded.error()));
    }
    table::Watcher watcher;
    std::string line, json;
    const auto tell = [&](const table::Row& kept) {
      const bool is_match = kept.value && table::read_stored_value(*kept.value).is_match;
      const auto event = watcher.observe(kept, is_match);
      const auto plain = event ? loader->shown(kept, json) : std::nullopt;
      const auto row = plain ? form_.of(context, loader->topic(), *plain) : std::nullopt;
      if (!row) return;
      if (!rows_.is_plain_json(context.out)) return rows_.add(context.out, row_columns(*row, event));
      line.clear();
      table::append_row(line, *row, event);
      context.out.line(line);
    };
    table.for_each_row_by_key([&](const table::Row& row) {
      tell(row);
      return !context.out.is_broken();
    });
    rows_.flush(context.out);
    loader->report(table);
    if (context.messages.is_terminal()) {
      context.messages.note(
          fmt::format("{} keys are there; waiting for changes", grouped(static_cast<int64_t>(table.size()))));
    }
    const auto tell_change = [&](const table::Row& row) {
      tell(row);
      rows_.flush(context.out);
    };
    if (auto followed = loader->follow(table, tell_change); !followed) return fail(std::move(followed.error()));
    if (auto printed = rows_.finish(context); !printed) return fail(std::move(printed.error()));
    return form_.has_failed() ? ExitCode::kFailed : ExitCode::kDone;
  }

 private:
  std::string topic_;
  WhereOptions where_;
  ConnectionOptions connection_;
  RowForm form_;
  RowOutput rows_;
};

}  // namespace

std::unique_ptr<Command> make_watch_command() { return std::make_unique<WatchCommand>(); }

}  // namespace omashu::cli
