#include "cli/records/record_writer.h"

#include <fmt/core.h>

#include "base/json.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"

namespace omashu::cli {

RecordWriter::RecordWriter(Context& context, Cluster& cluster, std::unique_ptr<kafka::Producer> producer, Form form)
    : context_(context), cluster_(cluster), form_(form), problems_(context.messages), producer_(std::move(producer)) {}

// A broker refuses the batch that such a record stands in, and with it the records beside it.
Result<void> RecordWriter::check_key(const kafka::Record& record) {
  if (record.key) return {};
  auto known = compacted_topics_.find(record.topic);
  if (known == compacted_topics_.end()) {
    known = compacted_topics_.emplace(record.topic, cluster_.is_compacted(record.topic)).first;
  }
  if (!known->second) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("a record of {} needs a key, since that topic is compacted (cleanup.policy)", record.topic));
}

void RecordWriter::send(kafka::Record record, std::string place) {
  if (auto allowed = check_key(record); !allowed) return refuse(place, allowed.error());
  Pending& pending = pending_.emplace_back(Pending{.place = std::move(place), .is_done = false, .line = ""});
  const auto sent = producer_->send(
      std::move(record),
      [this, &pending](const Result<kafka::RecordMetadata>& delivered) { on_delivery(pending, delivered); });
  if (!sent) on_delivery(pending, fail(sent.error()));
  print_done();
}

void RecordWriter::refuse(const std::string& place, const Error& error) { problems_.add(place, error); }

void RecordWriter::on_delivery(Pending& pending, const Result<kafka::RecordMetadata>& delivered) {
  pending.is_done = true;
  if (!delivered) {
    problems_.add(pending.place, delivered.error());
    return;
  }
  ++written_;
  if (form_ == Form::kText) {
    pending.line = fmt::format("{}-{}-{}", delivered->topic, delivered->partition, delivered->offset);
  } else if (form_ == Form::kJson) {
    json::Value line = json::Value::object();
    line.add("topic", delivered->topic).add("partition", delivered->partition).add("offset", delivered->offset);
    pending.line = json::to_text(line);
  }
}

// Elements go only from here, when no callback is running: each callback holds a reference to its own.
void RecordWriter::print_done() {
  while (!pending_.empty() && pending_.front().is_done) {
    if (!pending_.front().line.empty()) context_.out.line(pending_.front().line);
    pending_.pop_front();
  }
}

void RecordWriter::poll(std::chrono::milliseconds timeout) {
  producer_->poll(timeout);
  print_done();
  (void)context_.out.flush();
}

Result<ExitCode> RecordWriter::finish(std::chrono::milliseconds timeout) {
  const auto flushed = producer_->flush(timeout);
  print_done();
  problems_.finish();
  if (!flushed) return fail(flushed.error());
  if (problems_.count() == 0) return ExitCode::kDone;
  context_.messages.error(
      fmt::format("{} of {} records were written", grouped(written_), grouped(written_ + problems_.count())));
  return ExitCode::kFailed;
}

}  // namespace omashu::cli
