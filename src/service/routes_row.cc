// GET /v1/tables/{table}/rows/{key}
//
// It is answered on the connection's thread where the row is in memory and its schema is known; everything that waits,
// for the disk, the registry or the brokers, is done by the executor.

#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

#include "service/parts.h"
#include "service/read_options.h"
#include "service/row_answer.h"
#include "service/row_history.h"
#include "service/row_key.h"

namespace omashu::service {

namespace {

struct RowQuestion {
  http::ExchangePtr exchange;
  table::LiveTable* table = nullptr;
  std::shared_ptr<table::TypedTopic> typed;
  std::string key = {};
  RowForm form = RowForm::kPlainJson;
  ReadOptions read = {};
  HistoryOptions history = {};
};

Answer<RowQuestion> parse_question(const Parts& parts, const http::ExchangePtr& exchange) {
  const auto table = table_of(parts, *exchange);
  if (!table) return refuse(table.error());
  RowQuestion question{.exchange = exchange, .table = *table, .typed = (*table)->typed()};
  const auto form = row_form(exchange->request());
  if (!form) return refuse(form.error());
  question.form = *form;
  auto read = parse_read_options(exchange->request(), **table);
  if (!read) return refuse(std::move(read.error()));
  question.read = *std::move(read);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(parts.now().time_since_epoch());
  const auto history = parse_history_options(exchange->request(), now.count());
  if (!history) return refuse(history.error());
  question.history = *history;
  auto key = logical_key(*question.typed, exchange->parameter("key"));
  if (!key) return refuse(std::move(key.error()));
  question.key = *std::move(key);
  return question;
}

// False where the row is not in memory, or its schema is not known yet: nothing was answered.
bool answer_from(const Parts& parts, const RowQuestion& question, table::Reach reach) {
  const TableHead head(*question.table);
  const auto lookup = question.table->find(question.key, reach);
  if (reach == table::Reach::kMemory) {
    if (!lookup && lookup.error().code == ErrorCode::kUnavailable) return false;
    const bool is_known = question.form == RowForm::kPlainJson
                              ? !lookup || !lookup->row || question.typed->knows_schema_of(lookup->row->view())
                              : question.form == RowForm::kBytes;
    if (!is_known) return false;
  }
  if (!lookup) {
    answer(question.exchange, problem_of(lookup.error()));
  } else {
    question.exchange->answer(row_answer(question.exchange->request(), question.form, *question.table, *question.typed,
                                         parts.registry, head, question.key, *lookup));
  }
  return true;
}

void get_row(const Parts& parts, const http::ExchangePtr& exchange) {
  auto parsed = parse_question(parts, exchange);
  if (!parsed) return answer(exchange, parsed.error());
  // The usual question asks for nothing more than the row.
  const bool is_bare = !parsed->read.is_asked() && !parsed->history.is_asked();
  if (is_bare && answer_from(parts, *parsed, table::Reach::kMemory)) return;
  const auto question = std::make_shared<RowQuestion>(*std::move(parsed));
  if (is_bare) return parts.executor.post([&parts, question] { answer_from(parts, *question, table::Reach::kDisk); });
  when_fresh(*question->table, exchange, question->read, [&parts, question] {
    if (question->history.is_asked()) {
      return parts.executor.post([&parts, question] {
        question->exchange->answer(history_answer(question->exchange->request(), question->history, question->form,
                                                  *question->table, *question->typed, parts.registry, question->key));
      });
    }
    if (answer_from(parts, *question, table::Reach::kMemory)) return;
    parts.executor.post([&parts, question] { answer_from(parts, *question, table::Reach::kDisk); });
  });
}

}  // namespace

Operations row_operations(const Parts& parts) {
  Operation get{.pattern = "/v1/tables/{table}/rows/{key}",
                .id = "getRow",
                .tag = "Rows",
                .summary = "The value of one key",
                .description =
                    "ETag and Last-Modified say which record it comes from, Omashu-Position up to where the topic had "
                    "been read, and Omashu-Lag how many milliseconds that is behind it. 404: the whole topic was read, "
                    "and the key is not in it; 410: it was deleted; 503 while the topic is being read for the first "
                    "time and the key may still come.",
                .parameters = {table_parameter(), key_parameter()},
                .answers = {{200, {"The value, or its records where `history` was asked for", row_contents()}},
                            {304, {"The client has it already (If-None-Match)"}}},
                .problems = {ProblemType::kUnknownTable, ProblemType::kRowNotFound, ProblemType::kRowDeleted,
                             ProblemType::kNotAcceptable, ProblemType::kRestoring, ProblemType::kTooStale,
                             ProblemType::kUnavailable, ProblemType::kNotReachedInTime},
                .handler = [&parts](const http::ExchangePtr& exchange) { get_row(parts, exchange); }};
  std::ranges::move(read_parameters(), std::back_inserter(get.parameters));
  std::ranges::move(history_parameters(), std::back_inserter(get.parameters));
  get.parameters.push_back({.name = "If-None-Match",
                            .place = Parameter::Place::kHeader,
                            .description = "304 where the row still comes from the record with this tag"});
  Operations operations;
  operations.push_back(std::move(get));
  return operations;
}

}  // namespace omashu::service
