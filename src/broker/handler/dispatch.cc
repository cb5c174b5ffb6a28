// Every request goes through the table of handlers here: handler/NN_name.cc stands behind the entry of
// protocol/api_list.h with this name.

#include "broker/handler/dispatch.h"

#include <array>
#include <string>
#include <type_traits>

#include "broker/handler/broker.h"
#include "broker/handler/disk_waits.h"
#include "broker/handler/handlers.h"
#include "broker/protocol/api_list.h"
#include "broker/protocol/apis.h"
#include "broker/protocol/frame.h"
#include "broker/protocol/messages.h"

namespace omashu::broker {
namespace {

enum class Runs {
  Inline,
  Blocking,
};

// Handles the request, or says what has to be waited for before that: then `send` is not used. A request that may wait
// is handled in any case.
using Handle = Result<DiskWait> (*)(Broker&, const RequestContext&, const RequestFrame&, bool may_wait,
                                    SendAnswer& send);

struct Handler {
  Runs runs;
  Handle handle;
};

template <class Request, auto handle>
Result<DiskWait> decode_and_call(Broker& broker, const RequestContext& context, const RequestFrame& frame,
                                 bool may_wait, SendAnswer& send) {
  using Response = typename Request::Response;
  const auto request = decode<Request>(frame.body, frame.header.api_version, LeftOver::kIgnored);
  if (!request) return fail(request.error());
  if constexpr (requires { disk_wait(broker, *request); }) {
    if (!may_wait) {
      DiskWait wait = disk_wait(broker, *request);
      if (wait.is_needed()) return wait;
    }
  }
  Reply<Response> reply(std::move(send), frame.header.api_version, frame.header.correlation_id);
  if constexpr (std::is_invocable_v<decltype(handle), Broker&, const RequestContext&, const Request&>) {
    reply(handle(broker, context, *request));
  } else {
    handle(broker, context, *request, std::move(reply));
  }
  return DiskWait{};
}

// In the order of all_apis().
#define OMASHU_HANDLER_OF(Name, name, answers, runs) Handler{Runs::runs, decode_and_call<Name##Request, handle_##name>},
constexpr std::array kHandlers = {OMASHU_BROKER_APIS(OMASHU_HANDLER_OF)};
#undef OMASHU_HANDLER_OF

Result<DiskWait> handle(Broker& broker, const Peer& peer, const RequestFrame& request, bool may_wait,
                        SendAnswer& send) {
  const RequestHeader& header = request.header;
  const RequestContext context{
      .peer = peer, .client_id = header.client_id.value_or(std::string_view()), .api_version = header.api_version};
  const Handler& handler = kHandlers[static_cast<size_t>(find_api(header.api_key) - all_apis().data())];
  if (handler.runs == Runs::Blocking && !may_wait) return DiskWait{.executor = &broker.executor(), .unopened_logs = {}};
  return handler.handle(broker, context, request, may_wait, send);
}

// In an executor's thread. The frame is the request's own; that it can be parsed is known.
void handle_in_executor(Broker& broker, const Peer& peer, std::string& frame, SendAnswer& send) {
  const auto request = parse_request(frame);
  if (request && handle(broker, peer, *request, /*may_wait=*/true, send)) return;
  send(Answer{.frame = {}, .slices = {}, .closes_connection = true});
}

}  // namespace

Result<Dispatched> dispatch(Broker& broker, const Peer& peer, std::span<char> frame, SendAnswer send,
                            HandledCallback handled) {
  const auto request = parse_request({frame.data(), frame.size()});
  if (!request) return fail(request.error());
  const RequestHeader& header = request->header;
  // parse_request has refused an API that is not spoken here.
  if (!find_api(header.api_key)->versions.contains(header.api_version)) {
    // Only ApiVersions comes so far: the client learns from the answer what to ask in.
    send(Answer{.frame = encode_response(unsupported_api_versions(), 0, header.correlation_id), .slices = {}});
    return Dispatched::kHandled;
  }
  auto wait = handle(broker, peer, *request, /*may_wait=*/false, send);
  if (!wait) return fail(std::move(wait).error());
  if (!wait->is_needed()) return Dispatched::kHandled;
  auto task = [&broker, peer, frame = std::string(frame.data(), frame.size()), send = std::move(send),
               handled = std::move(handled)]() mutable {
    handle_in_executor(broker, peer, frame, send);
    if (handled) handled();
  };
  if (wait->unopened_logs.empty()) {
    wait->executor->post(std::move(task));
  } else {
    broker.log_opener().open(std::move(wait->unopened_logs), std::move(task));
  }
  return Dispatched::kInExecutor;
}

}  // namespace omashu::broker
