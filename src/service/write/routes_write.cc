// PUT, PATCH, DELETE /v1/tables/{table}/rows/{key}
//
// A request is read and checked on the connection's thread, or by the executor where that may wait; the writer takes it
// from there, and answers on its own thread.

#include <fmt/core.h>

#include <iterator>
#include <utility>

#include "base/digest.h"
#include "base/mutex.h"
#include "service/row_key.h"
#include "service/table_head.h"
#include "service/write/write_operations.h"
#include "service/write/writer.h"
#include "table/position_set.h"

namespace omashu::service {

namespace {

using Kind = WriteRequest::Kind;

constexpr size_t kMaxIdempotencyKey = 255;  // bytes

// What all three operations share. Held by their handlers.
class RowWrites {
 public:
  RowWrites(const Parts& parts, WriteOptions options)
      : parts_(parts), options_(std::move(options)), keys_(options_.idempotency) {}

  // Writes that are under way are not answered any more.
  void stop() EXCLUDES(mutex_) {
    std::shared_ptr<Writer> writer;
    {
      const MutexLock lock(mutex_);
      is_stopped_ = true;
      writer = std::move(writer_);
    }
  }

  void handle(Kind kind, const http::ExchangePtr& exchange) {
    const auto table = table_of(parts_, *exchange);
    if (!table) return answer(exchange, table.error());
    auto respond = responder(exchange);
    if (!respond) return answer(exchange, respond.error());
    if (!*respond) return;  // it is answered as another request is
    if (!reading_may_wait(exchange->request())) return write(kind, **table, exchange, *std::move(respond));
    parts_.executor.post([this, kind, table = *table, exchange, respond = *std::move(respond)]() mutable {
      write(kind, *table, exchange, std::move(respond));
    });
  }

 private:
  using Respond = std::function<void(http::Response response)>;

  // With an Idempotency-Key the answer is kept. No function where the request was or is being done already.
  Answer<Respond> responder(const http::ExchangePtr& exchange) {
    const http::Request& request = exchange->request();
    std::string key(request.field("idempotency-key"));
    if (key.empty()) return [exchange](http::Response response) { exchange->answer(std::move(response)); };
    if (key.size() > kMaxIdempotencyKey) {
      return refuse(
          ProblemType::kMalformedRequest,
          fmt::format("the Idempotency-Key has {} bytes, and at most {} are taken", key.size(), kMaxIdempotencyKey));
    }
    const auto standing =
        keys_.begin(key, digest(request), [exchange](const http::Response& response) { exchange->answer(response); });
    if (standing == IdempotencyKeys::Standing::kOtherRequest) {
      return refuse(ProblemType::kIdempotencyKeyReused,
                    "another request was made under this Idempotency-Key: make a new key for each request");
    }
    if (standing == IdempotencyKeys::Standing::kSame) return Respond();
    return [this, exchange, key = std::move(key)](http::Response response) {
      keys_.finish(key, response, response.status < 500);
      exchange->answer(std::move(response));
    };
  }

  static IdempotencyKeys::Digest digest(const http::Request& request) {
    std::string all;
    const auto add = [&](std::string_view part) {
      all += fmt::format("{}:", part.size());
      all += part;
    };
    add(http::method_name(request.method));
    add(request.target);
    for (const std::string_view name : {"content-type", "if-match", "if-none-match"}) add(request.field(name));
    add(request.body);
    return sha256(all);
  }

  void write(Kind kind, table::LiveTable& table, const http::ExchangePtr& exchange, Respond respond) {
    auto request = read_write_request(kind, table, *exchange);
    if (!request) return respond(problem_response(request.error()));
    auto permit = options_.permit(table.topic(), request->key_bytes.front());
    if (!permit) return respond(problem_response(permit.error()));
    request->permit = *std::move(permit);
    const auto writer = opened_writer();
    if (!writer) return respond(problem_response(problem_of(writer.error())));
    (*writer)->submit(std::make_shared<const WriteRequest>(*std::move(request)),
                      [respond = std::move(respond)](const WriteRequest& written, KeyWrite::Finish outcome) {
                        respond(response_of(written, std::move(outcome)));
                      });
  }

  Result<std::shared_ptr<Writer>> opened_writer() EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (is_stopped_) return fail(ErrorCode::kCancelled, "the server stops");
    if (writer_ == nullptr) {
      auto producer = options_.open_producer();
      if (!producer) return fail(std::move(producer.error()));
      writer_ = Writer::start({.producer = *std::move(producer), .executor = parts_.executor, .now = parts_.now});
    }
    return writer_;
  }

  static http::Response response_of(const WriteRequest& request, KeyWrite::Finish outcome) {
    const TableHead head(*request.table);
    Answer<KeyWrite::Written>& result = outcome.result;
    const std::string& topic = request.table->topic();
    if (!result) {
      Problem& problem = result.error();
      if (outcome.restored) tell_position(problem, topic, *outcome.restored);
      head.add_to(problem.fields);
      return problem_response(problem);
    }
    http::Response response;
    const std::string place = table::position_text(topic, result->position);
    response.fields.reserve(4);
    if (request.kind == Kind::kDelete) {
      response.status = 204;
      response.fields.push_back({"Omashu-Record", place});
    } else {
      response.status = is_there(result->before) ? 200 : 201;
      response.content_type = "application/json";
      response.body = fmt::format(R"({{"key":{},"position":"{}"}})", request.key, place);
      response.fields.push_back({"ETag", '"' + place + '"'});
    }
    head.add_to(response.fields);
    return response;
  }

  // In place of where the row was when it was refused.
  static void tell_position(Problem& problem, const std::string& topic, const table::Position& position) {
    for (json::Member& member : problem.members) {
      if (member.name == "position") member.value = table::position_text(topic, position);
    }
    for (http::Field& field : problem.fields) {
      if (field.name == "ETag") field.value = entity_tag(topic, position);
    }
  }

  const Parts& parts_;
  const WriteOptions options_;
  IdempotencyKeys keys_;
  Mutex mutex_;
  std::shared_ptr<Writer> writer_ GUARDED_BY(mutex_);
  bool is_stopped_ GUARDED_BY(mutex_) = false;
};

constexpr const char* kWritten =
    R"({"type":"object","required":["key","position"],"properties":{"key":{"$ref":"#/components/schemas/Key"},"position":{"type":"string"}}})";

Operation operation(http::Method method, std::string id, std::string summary, std::string description) {
  return {.method = method,
          .pattern = "/v1/tables/{table}/rows/{key}",
          .id = std::move(id),
          .tag = "Rows",
          .summary = std::move(summary),
          .description = std::move(description),
          .parameters = {table_parameter(),
                         key_parameter(),
                         {.name = "If-Match",
                          .place = Parameter::Place::kHeader,
                          .description = "write only where the row comes from a record with one of these tags (the "
                                         "row's ETag), or, with *, where there is a row"},
                         {.name = "If-None-Match",
                          .place = Parameter::Place::kHeader,
                          .description = "with *, write only where there is no row"},
                         {.name = "Idempotency-Key",
                          .place = Parameter::Place::kHeader,
                          .description = "who sends the same request under the same key again gets the same answer, "
                                         "and nothing is written a second time",
                          .schema = R"({"type":"string","maxLength":255})"}},
          .problems = {ProblemType::kUnknownTable, ProblemType::kPreconditionFailed, ProblemType::kIdempotencyKeyReused,
                       ProblemType::kRestoring, ProblemType::kUnavailable, ProblemType::kNotReachedInTime,
                       ProblemType::kNotAcknowledged},
          .access = http::Access::kWrite};
}

}  // namespace

Operations write_operations(const Parts& parts, WriteOptions options) {
  const auto writes = std::make_shared<RowWrites>(parts, std::move(options));
  parts.at_stop([writes] { writes->stop(); });
  const auto handler = [&writes](Kind kind) {
    return [writes, kind](const http::ExchangePtr& exchange) { writes->handle(kind, exchange); };
  };
  const AnswerDescription replaced{"The record stands on the topic, and reads see it",
                                   {{"application/json", kWritten}}};
  const auto with_values = [](Operation& one) {
    one.problems.insert(one.problems.end(),
                        {ProblemType::kMalformedBody, ProblemType::kValueDoesNotSuit, ProblemType::kConflict,
                         ProblemType::kImpossibleTransition, ProblemType::kBodyTooLarge});
  };

  Operation put = operation(http::Method::kPut, "putRow", "Write the value of one key",
                            "Answered once the record is on the topic (acks=all) and the next read sees it. The ETag "
                            "is the row's new one.");
  put.request = {{"application/json", R"({"$ref":"#/components/schemas/Value"})"},
                 {"application/vnd.omashu.avro+json", ""},
                 {"application/octet-stream", ""}};
  put.answers = {{200, replaced}, {201, {"There was no row, and now there is", replaced.contents}}};
  put.handler = handler(Kind::kPut);
  with_values(put);

  Operation patch = operation(http::Method::kPatch, "patchRow", "Change members of the value of one key",
                              "The body is a JSON merge patch (RFC 7396) of the value's plain JSON: its members take "
                              "the place of the row's, and null takes one away, so that it has its default.");
  patch.request = {{"application/merge-patch+json", ""}, {"application/json", ""}};
  patch.answers = {{200, replaced}};
  patch.handler = handler(Kind::kPatch);
  patch.problems.insert(patch.problems.end(), {ProblemType::kRowNotFound, ProblemType::kRowDeleted});
  with_values(patch);

  Operation remove = operation(http::Method::kDelete, "deleteRow", "Delete one key",
                               "A tombstone is written under every encoding that a version of the key's schema has "
                               "for it. Omashu-Record is the place of the first.");
  remove.answers = {{204, {"The row is deleted"}}};
  remove.handler = handler(Kind::kDelete);
  remove.problems.insert(remove.problems.end(), {ProblemType::kRowNotFound, ProblemType::kRowDeleted});

  Operations operations;
  operations.push_back(std::move(put));
  operations.push_back(std::move(patch));
  operations.push_back(std::move(remove));
  return operations;
}

Operations write_operations(const Parts& parts) {
  return write_operations(
      parts, {.open_producer =
                  [&parts] {
                    kafka::ClientConfig config{.properties = {}, .give_up_after = parts.kafka.give_up_after};
                    // As long as it takes to hand over the records of a batch (record_batches.h).
                    config.set("linger.ms", "0.1");
                    config.set("socket.nagle.disable", "true");
                    config.set("delivery.timeout.ms", "30000");
                    config.properties.insert(config.properties.end(), parts.kafka.properties.begin(),
                                             parts.kafka.properties.end());
                    return kafka::Producer::open(config);
                  },
              .permit = parts.permit_write});
}

}  // namespace omashu::service
