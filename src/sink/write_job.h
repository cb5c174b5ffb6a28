// One batch on the sink's thread: decodes it, sets aside what does not decode, and has the sink write the rest.

#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "sink/batch_decoder.h"
#include "sink/set_aside.h"
#include "sink/sink.h"

namespace omashu::sink {

WriteResult write_batch(Sink& sink, BatchDecoder& decoder, SetAside& set_aside,
                        std::span<const kafka::Message* const> messages, const Positions& next,
                        const std::stop_token& stop);

}  // namespace omashu::sink
