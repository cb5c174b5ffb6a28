// From a frame to its handler, and from the handler's answer to a frame.

#pragma once

#include <functional>
#include <span>

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"
#include "omashu/result.h"

namespace omashu::broker {

class Broker;

enum class Dispatched {
  kHandled,
  kInExecutor,
};

// From an executor's thread, once a request has been handled there: its records are appended, its topics made.
using HandledCallback = std::move_only_function<void()>;

// Handles a request, without the four bytes of its size; the frame is needed until this returns, and record batches in
// it may be changed (Produce writes their offsets into them). Either `send` is called once, now or later, from whatever
// thread, or there is an error, after which the connection has to be closed: Kafka does the same.
//
// A request that has to wait for the disk (those that protocol/api_list.h says to be Blocking, and what disk_waits.h
// finds) is handled in an executor of the broker. The next request of the same connection must not be dispatched before
// `handled` is called: it might overtake this one.
Result<Dispatched> dispatch(Broker& broker, const Peer& peer, std::span<char> frame, SendAnswer send,
                            HandledCallback handled = {});

}  // namespace omashu::broker
