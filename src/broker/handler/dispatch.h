// From a frame to its handler, and from the handler's answer to a frame.

#pragma once

#include <span>

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"
#include "omashu/result.h"

namespace omashu::broker {

class Broker;

// Handles a request, without the four bytes of its size; the frame is needed until this returns, and record batches in
// it may be changed (Produce writes their offsets into them). Either `send` is called once, now or later, from whatever
// thread, or there is an error, after which the connection has to be closed: Kafka does the same.
Result<void> dispatch(Broker& broker, const Peer& peer, std::span<char> frame, SendAnswer send);

}  // namespace omashu::broker
