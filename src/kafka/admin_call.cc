#include "kafka/admin_call.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <utility>

#include "kafka/error_codes.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};

struct OptionsDeleter {
  void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
};
using OptionsPtr = std::unique_ptr<rd_kafka_AdminOptions_t, OptionsDeleter>;

Result<OptionsPtr> make_options(rd_kafka_t* client, const AdminCall& request) {
  OptionsPtr options(rd_kafka_AdminOptions_new(client, static_cast<rd_kafka_admin_op_t>(request.operation)));
  char words[256] = "";
  rd_kafka_resp_err_t code = rd_kafka_AdminOptions_set_request_timeout(
      options.get(), std::max(1, to_timeout_ms(time_left(request.deadline))), words, sizeof(words));
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && request.validate_only) {
    code = rd_kafka_AdminOptions_set_validate_only(options.get(), 1, words, sizeof(words));
  }
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && request.read_committed) {
    rd_kafka_error_t* error =
        rd_kafka_AdminOptions_set_isolation_level(options.get(), RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED);
    code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
  }
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR && request.broker) {
    code = rd_kafka_AdminOptions_set_broker(options.get(), *request.broker, words, sizeof(words));
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, words));
  return options;
}

using QueuePtr = std::unique_ptr<rd_kafka_queue_t, QueueDeleter>;

// Sends the request; its answer comes to the queue.
Result<QueuePtr> start(ClientHandle& client, const AdminCall& request) {
  const Result<OptionsPtr> options = make_options(client.get(), request);
  if (!options) return fail(options.error());
  QueuePtr queue(rd_kafka_queue_new(client.get()));
  request.send(options->get(), queue.get());
  return queue;
}

// No event where the time was up first.
Result<EventPtr> wait_for_event(ClientHandle& client, const Result<QueuePtr>& queue, Clock::time_point deadline,
                                Clock::time_point waiting_since) {
  if (!queue) return fail(queue.error());
  for (;;) {
    const auto left = time_left(deadline);
    EventPtr event(rd_kafka_queue_poll(queue->get(), to_timeout_ms(std::min(left, kWaitSlice))));
    rd_kafka_poll(client.get(), 0);  // serves the errors that reason_to_give_up() looks at
    if (event) return event;
    if (auto reason = client.reason_to_give_up(waiting_since)) return fail(std::move(*reason));
    if (left.count() == 0) return nullptr;
  }
}

// Waits for the answer of a request that was sent, and sends it again where that may help.
Result<AdminAnswer> finish(ClientHandle& client, const AdminCall& request, Result<QueuePtr> queue,
                           Clock::time_point started) {
  for (Backoff backoff;;) {
    Result<EventPtr> event = wait_for_event(client, queue, request.deadline, started);
    if (!event) return fail(std::move(event.error()));
    const int code = *event ? rd_kafka_event_error(event->get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    const bool has_time = time_left(request.deadline).count() > 0;
    switch (code) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        client.note_answer();
        return AdminAnswer{std::move(*event), backoff.attempts() > 0};
      case RD_KAFKA_RESP_ERR__TRANSPORT:
      case RD_KAFKA_RESP_ERR__TIMED_OUT:
      case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
        if (has_time && code == RD_KAFKA_RESP_ERR__TRANSPORT) break;
        if (auto reason = client.reason_to_give_up(started)) return fail(std::move(*reason));
        return fail(client.no_answer(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started)));
      default:
        if (has_time && is_passing(code)) break;
        return fail(broker_error(code, rd_kafka_event_error_string(event->get())));
    }
    backoff.wait(request.deadline);
    queue = start(client, request);
  }
}

}  // namespace

void EventDeleter::operator()(rd_kafka_op_s* event) const { rd_kafka_event_destroy(event); }

Result<AdminAnswer> call(ClientHandle& client, const AdminCall& request) {
  const Clock::time_point started = Clock::now();
  return finish(client, request, start(client, request), started);
}

std::vector<Result<AdminAnswer>> call_all(ClientHandle& client, std::span<const AdminCall> requests) {
  const Clock::time_point started = Clock::now();
  std::vector<Result<QueuePtr>> queues;
  for (const AdminCall& request : requests) queues.push_back(start(client, request));
  std::vector<Result<AdminAnswer>> answers;
  for (size_t i = 0; i < requests.size(); ++i) {
    answers.push_back(finish(client, requests[i], std::move(queues[i]), started));
  }
  return answers;
}

}  // namespace omashu::kafka
