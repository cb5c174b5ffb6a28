// A handler for each API of protocol/api_list.h: handle_produce in 00_produce.cc, and so on. Those that answer at once
// return the answer; the others get a Reply, and keep of the request, which views its frame, only copies.

#pragma once

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"
#include "broker/protocol/api_list.h"

namespace omashu::broker {

class Broker;

#define OMASHU_DECLARE_Returned(Name, name) \
  Name##Response handle_##name(Broker&, const RequestContext&, const Name##Request&);
#define OMASHU_DECLARE_Later(Name, name) \
  void handle_##name(Broker&, const RequestContext&, const Name##Request&, Reply<Name##Response>);
#define OMASHU_DECLARE_HANDLER(Name, name, answers, runs) \
  struct Name##Request;                                   \
  struct Name##Response;                                  \
  OMASHU_DECLARE_##answers(Name, name)

OMASHU_BROKER_APIS(OMASHU_DECLARE_HANDLER)

#undef OMASHU_DECLARE_HANDLER
#undef OMASHU_DECLARE_Later
#undef OMASHU_DECLARE_Returned

}  // namespace omashu::broker
