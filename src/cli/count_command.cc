#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/option_parser.h"
#include "cli/row_output.h"
#include "cli/table_loader.h"
#include "cli/where_options.h"
#include "table/field_path.h"

namespace omashu::cli {

namespace {

class CountCommand : public Command {
 public:
  Description description() const override {
    return {.name = "count",
            .summary = "Count the keys, by a field of their latest values",
            .usages = {"TOPIC [--by FIELD] [--where CONDITION]…"},
            .details = "",
            .examples = {{"How many downloads there are of each status", "omashu count status-download --by status"},
                         {"How many failed", "omashu count status-download --where status=FAILED"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.option("--by", "FIELD", by_, "count each value of this field, as a.b");
    where_.declare(options, "rows");
    rows_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (auto read = where_.check(); !read) return read;
    if (auto usable = rows_.check(); !usable || !by_) return usable;
    auto path = table::FieldPath::parse(*by_);
    if (!path) return fail(std::move(path.error()).within("--by"));
    path_ = *std::move(path);
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    auto loader = TableLoader::open(context, *cluster, topic_);
    if (!loader) return fail(std::move(loader.error()));
    if (auto known = loader->topic().bind(where_.filter()); !known)
      return fail(std::move(known.error()).within("--where"));
    if (path_) {
      if (auto known = loader->topic().check(*path_); !known) return fail(std::move(known.error()).within("--by"));
    }
    table::LatestTable table;
    if (auto loaded = loader->load(table); !loaded) return fail(std::move(loaded.error()));
    const auto printed = print(context, table);
    loader->report(table);
    if (!printed) return fail(printed.error());
    return ExitCode::kDone;
  }

 private:
  // The values of the field, as JSON, with their numbers: the largest first. A row counts once for each item of an
  // array that the path leads through.
  std::vector<std::pair<std::string, int64_t>> counts(const table::LatestTable& table) const {
    std::map<std::string, int64_t> by_value;
    for (const table::Row& row : table.rows()) {
      if (!where_.filter().matches_json(row.key, *row.value)) continue;
      const auto value = json::parse(*row.value);
      if (!value) continue;
      for (const json::Value* found : path_->find_all(*value)) ++by_value[json::to_text(*found)];
    }
    std::vector<std::pair<std::string, int64_t>> counts(by_value.begin(), by_value.end());
    std::ranges::stable_sort(counts, std::greater(), &std::pair<std::string, int64_t>::second);
    return counts;
  }

  Result<void> print(Context& context, const table::LatestTable& table) {
    if (!path_) {
      int64_t count = 0;
      for (const table::Row& row : table.rows()) count += where_.filter().matches_json(row.key, *row.value) ? 1 : 0;
      rows_.add(context.out, json::Value::object().add("count", count));
      return rows_.finish(context);
    }
    for (const auto& [value, count] : counts(table)) {
      auto parsed = json::parse(value);
      json::Value row = json::Value::object();
      row.add(path_->text(), parsed ? *std::move(parsed) : json::Value(value)).add("count", count);
      rows_.add(context.out, std::move(row));
    }
    return rows_.finish(context);
  }

  std::string topic_;
  std::optional<std::string> by_;
  WhereOptions where_;
  RowOutput rows_;
  ConnectionOptions connection_;
  std::optional<table::FieldPath> path_;
};

}  // namespace

std::unique_ptr<Command> make_count_command() { return std::make_unique<CountCommand>(); }

}  // namespace omashu::cli
