// Every request goes through the table of handlers here: handler/NN_name.cc stands behind the entry of
// protocol/api_list.h with this name.

#include "broker/handler/dispatch.h"

#include <array>
#include <type_traits>

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

struct Handler {
  Runs runs;
  Result<void> (*call)(Broker&, const RequestContext&, const RequestFrame&, SendAnswer);
};

template <class Request, auto handle>
Result<void> decode_and_call(Broker& broker, const RequestContext& context, const RequestFrame& frame,
                             SendAnswer send) {
  using Response = typename Request::Response;
  const auto request = decode<Request>(frame.body, frame.header.api_version, LeftOver::kIgnored);
  if (!request) return fail(request.error());
  Reply<Response> reply(std::move(send), frame.header.api_version, frame.header.correlation_id);
  if constexpr (std::is_invocable_v<decltype(handle), Broker&, const RequestContext&, const Request&>) {
    reply(handle(broker, context, *request));
  } else {
    handle(broker, context, *request, std::move(reply));
  }
  return {};
}

// In the order of all_apis().
#define OMASHU_HANDLER_OF(Name, name, answers, runs) Handler{Runs::runs, decode_and_call<Name##Request, handle_##name>},
constexpr std::array kHandlers = {OMASHU_BROKER_APIS(OMASHU_HANDLER_OF)};
#undef OMASHU_HANDLER_OF

}  // namespace

Result<void> dispatch(Broker& broker, const Peer& peer, std::span<char> frame, SendAnswer send) {
  const auto request = parse_request({frame.data(), frame.size()});
  if (!request) return fail(request.error());
  const RequestHeader& header = request->header;
  const Api* api = find_api(header.api_key);  // parse_request has refused an API that is not spoken here
  if (!api->versions.contains(header.api_version)) {
    // Only ApiVersions comes so far: the client learns from the answer what to ask in.
    send(Answer{.frame = encode_response(unsupported_api_versions(), 0, header.correlation_id), .slices = {}});
    return {};
  }
  const RequestContext context{
      .peer = peer, .client_id = header.client_id.value_or(std::string_view()), .api_version = header.api_version};
  const Handler& handler = kHandlers[static_cast<size_t>(api - all_apis().data())];
  return handler.call(broker, context, *request, std::move(send));
}

}  // namespace omashu::broker
