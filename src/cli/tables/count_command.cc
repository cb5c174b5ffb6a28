#include <fmt/core.h>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/tables/table_loader.h"
#include "cli/tables/where_options.h"
#include "table/aggregation.h"
#include "table/stored_value.h"

namespace omashu::cli {

namespace {

using table::AggregateFunction;

class CountCommand : public Command {
 public:
  Description description() const override {
    return {.name = "count",
            .summary = "Count the keys by fields of their latest values, and add other fields up",
            .usages = {"TOPIC [--by FIELD]… [--sum FIELD]… [--where CONDITION]…"},
            .details =
                "A row for each combination of the values of the --by fields, the largest count first. A field that "
                "lies in an array counts once for each item. Rows without a value of a field are left out of its sum, "
                "average, minimum and maximum. Sums of whole numbers and of decimals are exact.",
            .examples = {{"How many downloads there are of each status", "omashu count status-download --by status"},
                         {"How many failed", "omashu count status-download --where status=FAILED"},
                         {"Bytes by status and attempt",
                          "omashu count status-download --by status --by attempt --sum bytesSoFar --max updatedAt"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("TOPIC", topic_, "the topic");
    options.option("--by", "FIELD", by_, "count each value of this field, as a.b; several count by all of them");
    options.option("--sum", "FIELD", sum_, "and the sum of this field: numbers and decimals; may be repeated");
    options.option("--avg", "FIELD", average_, "and its average");
    options.option("--min", "FIELD", min_, "and its minimum: of dates, times and texts too");
    options.option("--max", "FIELD", max_, "and its maximum");
    where_.declare(options, "rows");
    rows_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (auto read = where_.check(); !read) return read;
    if (auto usable = rows_.check(); !usable) return usable;
    for (const std::string& text : by_) {
      auto path = table::FieldPath::parse(text);
      if (!path) return fail(std::move(path.error()).within("--by"));
      by_paths_.push_back(*std::move(path));
    }
    for (const auto& [name, texts, function] : {std::tuple("--sum", &sum_, AggregateFunction::kSum),
                                                {"--avg", &average_, AggregateFunction::kAverage},
                                                {"--min", &min_, AggregateFunction::kMin},
                                                {"--max", &max_, AggregateFunction::kMax}}) {
      for (const std::string& text : *texts) {
        auto path = table::FieldPath::parse(text);
        if (!path) return fail(std::move(path.error()).within(name));
        aggregates_.push_back({.function = function, .path = *std::move(path)});
      }
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    auto loader = TableLoader::open(context, *cluster, topic_);
    if (!loader) return fail(std::move(loader.error()));
    const table::FilterSchemas schemas = loader->topic().schemas();
    if (auto bound = where_.filter().bind(schemas); !bound) return fail(std::move(bound.error()).within("--where"));
    const auto aggregation = table::Aggregation::make(by_paths_, aggregates_, schemas);
    if (!aggregation) return fail(aggregation.error());
    table::LatestTable table;
    const TableView view = {.filter = &where_.filter(), .aggregation = &*aggregation};
    if (auto loaded = loader->load(table, view); !loaded) return fail(std::move(loaded.error()));

    table::AggregateTotals totals(*aggregation);
    table.for_each_row([&](const table::Row& row) {
      const table::StoredValue stored = table::read_stored_value(*row.value);
      if (!stored.is_match) return;
      totals.add(stored.payload);
      if (stored.is_as_written) loader->note_as_written(row);
    });
    const auto printed = print(context, totals);
    loader->report(table);
    if (!printed) return fail(printed.error());
    return ExitCode::kDone;
  }

 private:
  Result<void> print(Context& context, const table::AggregateTotals& totals) {
    const auto value_of = [](const std::string& text) {
      auto parsed = json::parse(text);
      return parsed ? *std::move(parsed) : json::Value(text);
    };
    for (const table::AggregateTotals::Group& group : totals.groups()) {
      json::Value row = json::Value::object();
      for (size_t i = 0; i < group.by.size(); ++i) row.add(by_paths_[i].text(), value_of(group.by[i]));
      row.add("count", group.count);
      for (size_t i = 0; i < group.aggregates.size(); ++i)
        row.add(aggregates_[i].name(), value_of(group.aggregates[i]));
      rows_.add(context.out, std::move(row));
    }
    for (const std::string& name : totals.wide_sums()) {
      context.messages.warning(
          fmt::format("{} is beyond 64 bits: all digits are printed, and a reader of JSON may round them", name));
    }
    return rows_.finish(context);
  }

  std::string topic_;
  std::vector<std::string> by_, sum_, average_, min_, max_;
  WhereOptions where_;
  RowOutput rows_;
  ConnectionOptions connection_;
  std::vector<table::FieldPath> by_paths_;
  std::vector<table::Aggregate> aggregates_;
};

}  // namespace

std::unique_ptr<Command> make_count_command() { return std::make_unique<CountCommand>(); }

}  // namespace omashu::cli
