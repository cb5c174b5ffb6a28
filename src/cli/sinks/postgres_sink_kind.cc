#include <fmt/core.h>

#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/sinks/sink_kind.h"
#include "sink/postgres/connection_string.h"
#include "sink/postgres/postgres_sink.h"

namespace omashu::cli {

namespace {

using sink::postgres::Mode;
using sink::postgres::TableName;

class PostgresSinkKind : public SinkKind {
 public:
  Description description() const override {
    return {
        .name = "postgres",
        .summary = "Keep a table of PostgreSQL as a topic says, exactly once",
        .usages = {"--dsn DSN [--table TABLE] [--create] TOPIC"},
        .details =
            "Columns come from the latest schemas of the topic's keys and values. --mode latest has a row per key, "
            "which no older record covers and a tombstone deletes; --mode history has a row per record. The positions "
            "of the group are in a table of the same database and move with the rows, in one transaction: a record is "
            "written once, whatever is killed, and two processes of one group share the partitions. A row that the "
            "server refuses is set aside alone.\n\n"
            "The password comes from where libpq looks for it: ~/.pgpass, PGPASSFILE, PGPASSWORD, PGSERVICE. Without "
            "--create and --evolve a table that does not suit is an error with the statements that would make it suit. "
            "Types, names and what cannot be written are in docs/sinks.md.",
        .examples = {
            {"The latest status of every download, as rows",
             "omashu sink postgres --dsn 'host=db dbname=platform user=omashu' --table downloads --create "
             "status-download"},
            {"Every status there was, with what cannot be written set aside",
             "omashu sink postgres --dsn service=platform --table download_history --mode history --create --evolve "
             "--dead-letters status-download.dead status-download"},
            {"Deleted keys stay, flagged, and nested records become columns",
             "omashu sink postgres --dsn service=platform --tombstones flag --nested flatten --create "
             "status-download"}}};
  }

  void declare(OptionParser& options) override {
    options.heading("PostgreSQL");
    options.option("--dsn", "DSN", dsn_,
                   "the database: 'host=… dbname=… user=…' or postgresql://user@host/database, without a password; "
                   "default: libpq's environment (PGHOST, PGDATABASE, PGSERVICE…)");
    options.option("--table", "TABLE", table_, "TABLE or SCHEMA.TABLE, as it is written; default: the topic's name");
    options.choice("--mode", "MODE", mode_, {"latest", "history"},
                   "a row per key, or a row per record; default: latest");
    options.flag("--create", creates_, "make the tables where they are not there");
    options.flag("--evolve", evolves_,
                 "add columns and widen them where the schema asks for it; nothing is lost by it");
    options.choice("--tombstones", "WHAT", tombstones_, {"delete", "flag"},
                   "latest: delete the row, or set its kafka_deleted; default: delete");
    options.choice("--enums", "TYPE", enums_, {"text", "native"},
                   "text with a check, or a type of PostgreSQL's; default: text");
    options.choice("--nested", "FORM", nested_, {"jsonb", "flatten"},
                   "records in records as jsonb, or as columns of their own (a_b); default: jsonb");
    options.option("--key-column", "NAME", key_column_, "the column of a key that is no record; default: key");
    options.option("--key-prefix", "TEXT", key_prefix_, "put before the names of the key's columns");
    options.option("--positions-table", "TABLE", positions_table_,
                   "where the group's positions are kept; default: omashu_positions");
  }

  Result<void> check() override {
    if (auto checked = sink::postgres::check_connection_string(dsn_); !checked) return checked;
    for (const auto& [option, text] :
         {std::pair("--table", &table_), std::pair("--positions-table", &positions_table_)}) {
      if (!*text) continue;
      if (auto name = TableName::parse(**text); !name) return fail(std::move(name.error()).within(option));
    }
    if (key_column_.empty()) return fail(ErrorCode::kInvalidArgument, "--key-column: a column has a name");
    if (mode_ == "history" && tombstones_) {
      return fail(ErrorCode::kInvalidArgument,
                  "--tombstones is for --mode latest: a history has a row for each tombstone, with kafka_deleted");
    }
    return {};
  }

  Result<std::unique_ptr<sink::Sink>> open(const SinkPlace& place) override {
    if (place.topics.size() != 1) {
      return fail(ErrorCode::kInvalidArgument,
                  "a table is made of one topic: name one, and run more sinks from a file (omashu sink --config)");
    }
    auto registry = place.cluster.registry();
    if (!registry) return fail(std::move(registry.error()));
    auto table = TableName::parse(table_ ? *table_ : "\"" + place.topics[0] + "\"");
    if (!table) return fail(std::move(table.error()).within("--table"));
    return sink::postgres::make_postgres_sink(
        **registry, {.dsn = dsn_,
                     .table = *std::move(table),
                     .positions_table = *TableName::parse(positions_table_.value_or("omashu_positions")),
                     .topic = place.topics[0],
                     .group = place.group,
                     .shape = {.mode = mode_ == "history" ? Mode::kHistory : Mode::kLatest,
                               .flags_tombstones = tombstones_ == "flag",
                               .has_native_enums = enums_ == "native",
                               .flattens_records = nested_ == "flatten",
                               .key_column = key_column_,
                               .key_prefix = key_prefix_},
                     .setup = {.creates = creates_,
                               .evolves = evolves_,
                               .on_statement = [&messages = place.context.messages,
                                                name = place.name](const std::string& statement) {
                                 messages.note(fmt::format("{}: {}", name, statement));
                               }}});
  }

 private:
  std::string dsn_;
  std::optional<std::string> table_, positions_table_;
  std::string mode_ = "latest", enums_ = "text", nested_ = "jsonb";
  std::optional<std::string> tombstones_;
  bool creates_ = false, evolves_ = false;
  std::string key_column_ = "key", key_prefix_;
};

}  // namespace

std::unique_ptr<SinkKind> make_postgres_sink_kind() { return std::make_unique<PostgresSinkKind>(); }

}  // namespace omashu::cli
